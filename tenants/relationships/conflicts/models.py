"""Conflicts and the steps of their mediation."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where


class ConflictState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Outcome(StrEnum):
    SETTLED = "settled"  # they go on as before
    CHANGED = "changed"  # they go on in another way
    PARTED = "parted"  # the relationship ends
    PASSED_ON = "passed_on"  # somebody else has to deal with it
    UNFOUNDED = "unfounded"  # there was none


class Conflict(TenantRow):
    """
    One conflict of a case. Whoever accompanies the case reads it, who opened it, and a colleague who helps.

    `agreed` is what the people of the case see once `shared_at` is set; nothing else of it is shown to them.
    `concern_id` leads to the concern from which it arose, for those to whom that was told.
    """

    __tablename__ = "conflict"
    __table_args__ = keys(
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("concern_id", "concern", on_delete="SET NULL"),
        refers("opened_by", "person"),
        refers("helper_id", "person", on_delete="SET NULL"),
        refers("closed_by", "person"),
        one_of("state", ConflictState),
        one_of("outcome", Outcome),
        CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name="closed"),
        CheckConstraint("shared_at IS NULL OR agreed IS NOT NULL", name="shared"),
        unique_where("conflict", "open", "relationship_id", where="state = 'open'"),
        index("relationship_id"),
        index("concern_id"),
        index("opened_by"),
        index("helper_id"),
        index("closed_by"),
    )

    relationship_id: Mapped[UUID]
    concern_id: Mapped[UUID | None]
    opened_by: Mapped[UUID]
    helper_id: Mapped[UUID | None]
    summary: Mapped[str]
    state: Mapped[str] = mapped_column(default=ConflictState.OPEN)
    outcome: Mapped[str | None]
    agreed: Mapped[str | None]
    shared_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]


class ConflictStep(TenantRow):
    """One step of the mediation: of our checklist (`item`), or one of the coordinator's own (`title`)."""

    __tablename__ = "conflict_step"
    __table_args__ = keys(
        refers("conflict_id", "conflict", on_delete="CASCADE"),
        refers("done_by", "person"),
        unique("conflict_id", "place"),
        CheckConstraint("num_nonnulls(item, title) = 1", name="named"),
        index("done_by"),
    )

    conflict_id: Mapped[UUID]
    place: Mapped[int]
    item: Mapped[str | None]
    title: Mapped[str | None]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[UUID | None]
    note: Mapped[str | None]
