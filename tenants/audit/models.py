"""
Audit events and their chain. The application may add and read events, never change or remove one; links are made by
the database alone, when the transaction of their event commits.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import Base, TenantRow, index, keys, unique


class AuditEvent(TenantRow):
    __tablename__ = "audit_event"
    __table_args__ = keys(
        index("created_at"),
        index("object_kind", "object_id", "created_at"),
        append_only=True,
    )

    event: Mapped[str]
    actor_kind: Mapped[str]
    person_id: Mapped[UUID | None]
    token_id: Mapped[UUID | None]
    object_kind: Mapped[str]
    object_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    # Without it, nobody can tell from a digest what the details were once they are gone.
    salt: Mapped[bytes] = mapped_column(server_default=text("uuid_send(gen_random_uuid())"), deferred=True)


class AuditLink(Base):
    """The place of one event in its organisation's chain: 1, 2, 3 without a gap."""

    __tablename__ = "audit_link"
    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "seq"),
        unique("audit_event_id"),
        {"info": {"tenant": True, "reads": {}, "append_only": True, "read_only": True}},
    )

    organisation_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    audit_event_id: Mapped[UUID]
    details_digest: Mapped[bytes]
    hash: Mapped[bytes]


class AuditCheckpoint(TenantRow):
    """What the chain's last link was at a moment, as a signed note."""

    __tablename__ = "audit_checkpoint"
    __table_args__ = keys(unique("seq"), append_only=True)

    seq: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[str]
