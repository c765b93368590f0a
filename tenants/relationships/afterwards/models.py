"""What each is asked at the end of a relationship, and what she chooses."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra import ids
from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class Choice(StrEnum):
    AGAIN = "again"  # matched again, in the same role
    MENTOR = "mentor"  # from now on as a mentor
    NEWS = "news"  # network participant: news of events and courses only
    LEAVE = "leave"


class Afterwards(TenantRow):
    """One question to one person. Its id is random: the link of her letter carries it."""

    __tablename__ = "afterwards"
    __table_args__ = keys(
        unique("relationship_id", "participation_id"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("noted_by", "person", on_delete="SET NULL"),
        one_of("choice", Choice),
        CheckConstraint("(choice IS NULL) = (chosen_at IS NULL)", name="chosen"),
        index("participation_id"),
    )

    id: Mapped[UUID] = mapped_column(default=ids.random)
    relationship_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    open_until: Mapped[datetime]
    choice: Mapped[str | None]
    chosen_at: Mapped[datetime | None]
    noted_by: Mapped[UUID | None]  # the coordinator whom she told; None where she answered herself
