"""Tombstones of destroyed keys, in the main database: what tells a restored key database which keys must not come back."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, keys

_TOMBSTONE = ["organisation_id", "id", "subject", "record", "created_at"]


class KeyTombstone(TenantRow):
    """
    One key that was destroyed, with all keys beneath it: of a record or, without one, of a subject.

    A row without a subject would mean the organisation itself. A policy refuses it, and nothing is destroyed by it.
    """

    __tablename__ = "key_tombstone"
    __table_args__ = keys(reads={"resolver": _TOMBSTONE}, append_only=True)

    subject: Mapped[UUID | None]
    record: Mapped[UUID | None]
