"""Audit events. The application may add and read them, never change or remove one."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys


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
