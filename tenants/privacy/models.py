"""Copies of somebody's data that were asked for, deletions and their proof, and how long people are kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where


class CopyState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class ErasureState(StrEnum):
    ASKED = "asked"  # waits for its day; may be taken back
    LEAVING = "leaving"  # she has left everything; the last letters are on their way
    DONE = "done"
    CANCELLED = "cancelled"


class PersonalCopy(TenantRow):
    """All that is kept of one person, for herself: sealed under her own key, gone after a few days."""

    __tablename__ = "personal_copy"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        one_of("state", CopyState),
        index("person_id", "created_at"),
        index("expires_at"),
    )

    person_id: Mapped[UUID]
    asked_by: Mapped[UUID]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default=CopyState.WAITING)
    made_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    readable: Mapped[bytes | None] = mapped_column(deferred=True)
    machine: Mapped[bytes | None] = mapped_column(deferred=True)


class Erasure(TenantRow):
    """
    One person's deletion, from the wish to its proof.

    The proof is `number`, the dates and `counts`: how many rows of which table were deleted or emptied. It
    leads to nobody, since the person behind `person_id` has no name any more.
    """

    __tablename__ = "erasure"
    __table_args__ = keys(
        unique("number"),
        refers("person_id", "person"),
        one_of("state", ErasureState),
        index("person_id", "created_at"),
        index("state", "due_at"),
        unique_where("erasure", "open", "person_id", where="state IN ('asked', 'leaving')"),
    )

    person_id: Mapped[UUID]
    asked_by: Mapped[UUID | None]  # None: nobody, but the organisation's period is over
    state: Mapped[str] = mapped_column(default=ErasureState.ASKED)
    number: Mapped[str]
    due_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Period(TenantRow):
    """After how many months without anything people are let go. No row: never by itself."""

    __tablename__ = "privacy_period"
    __table_args__ = keys(
        unique(),
        CheckConstraint("months BETWEEN 12 AND 240", name="months"),
    )

    months: Mapped[int]
