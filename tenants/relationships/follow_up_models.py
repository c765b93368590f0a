"""Follow-ups: what each of a pair is asked while it runs, and what she replies (K41)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, refers


class FollowUp(TenantRow):
    """
    One question to one person, so many days after the pair began.

    `next_on` is the day of the reminder; none is left after that. Coordinators of the case read the reply,
    the other of the pair does not.
    """

    __tablename__ = "follow_up"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "relationship_id", "participation_id", "after_days", name="follow_up_once_key"
        ),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        CheckConstraint("after_days > 0", name="after_days"),
        index("participation_id"),
        index("next_on"),
    )

    relationship_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    after_days: Mapped[int]
    reply_by: Mapped[date]
    next_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    goals: Mapped[str | None]  # how far with what they set out to do
    news: Mapped[str | None]
