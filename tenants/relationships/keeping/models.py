"""Whether pairs keep meeting: what each says of a meeting, the rhythm of a pair, and who was not heard of (K38, K52, U09)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where

QUIET_DAYS = 35  # K52: once a month, and a few days to find a time
TASK_DAYS = 14
NOT_HEARD_DAYS = (
    28  # K37: agreement and plan are due three weeks after the beginning, and a week to send them
)


class Met(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    ANOTHER_DAY = "another_day"


class GoesOn(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class MeetingAnswer(TenantRow):
    """Whether a meeting took place, as one of its people says. Its id is random: the link of a letter carries it."""

    __tablename__ = "meeting_answer"
    __table_args__ = keys(
        unique("meeting_id", "participation_id"),
        refers("meeting_id", "meeting", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("answer", Met),
        index("participation_id"),
    )

    meeting_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class Rhythm(TenantRow):
    """When to look next whether a pair still meets. `told_on`: its people were written to about the present silence."""

    __tablename__ = "rhythm"
    __table_args__ = keys(
        unique("relationship_id"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        index("look_on"),
    )

    relationship_id: Mapped[UUID]
    look_on: Mapped[date]
    told_on: Mapped[date | None]


class NotHeard(TenantRow):
    """The three questions of K38 to one person. Its id is random: the link of her letter carries it."""

    __tablename__ = "not_heard"
    __table_args__ = keys(
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("asked_by", "person", on_delete="SET NULL"),
        one_of("goes_on", GoesOn),
        unique_where("not_heard", "open", "relationship_id", "participation_id", where="answered_at IS NULL"),
        index("relationship_id", "created_at"),
        index("participation_id"),
        index("asked_by"),
    )

    relationship_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]  # the last time: the same questions may be sent again
    is_agreement_coming: Mapped[bool | None]
    has_met_again: Mapped[bool | None]
    goes_on: Mapped[str | None]
    words: Mapped[str | None]
    answered_at: Mapped[datetime | None]


class MeetingSetting(TenantRow):
    """How a programme watches its pairs, where it has chosen; else the numbers above."""

    __tablename__ = "meeting_setting"
    __table_args__ = keys(
        unique("programme_id"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        CheckConstraint("quiet_days BETWEEN 7 AND 366", name="quiet_days"),
        CheckConstraint("task_days BETWEEN 1 AND 90", name="task_days"),
        CheckConstraint("not_heard_days BETWEEN 7 AND 366", name="not_heard_days"),
    )

    programme_id: Mapped[UUID]
    is_watched: Mapped[bool] = mapped_column(default=True)
    quiet_days: Mapped[int] = mapped_column(default=QUIET_DAYS)
    task_days: Mapped[int] = mapped_column(default=TASK_DAYS)
    not_heard_days: Mapped[int] = mapped_column(default=NOT_HEARD_DAYS)
