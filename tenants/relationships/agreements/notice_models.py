"""Notice: somebody ends a relationship as the agreement says (K53)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique_where


class Ground(StrEnum):
    MONTH = "month"  # no reason needed
    BREACH = "breach"  # the other one does not keep the agreement: one day
    CONFIDENCE = "confidence"  # confidence was broken: at once


class NoticeState(StrEnum):
    GIVEN = "given"
    TAKEN_BACK = "taken_back"
    DONE = "done"
    LAPSED = "lapsed"  # it had ended otherwise before


class Notice(TenantRow):
    """`reason` is for coordinators alone. At the beginning of `ends_on`, where the organisation is, it takes effect."""

    __tablename__ = "notice"
    __table_args__ = keys(
        unique_where("notice", "once", "relationship_id", "participation_id", where="state = 'given'"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("ground", Ground),
        one_of("state", NoticeState),
        index("relationship_id"),
        index("participation_id"),
        index("state", "ends_on"),
    )

    relationship_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    ground: Mapped[str]
    state: Mapped[str] = mapped_column(default=NoticeState.GIVEN)
    reason: Mapped[str | None]
    given_at: Mapped[datetime]
    ends_on: Mapped[date]
    settled_at: Mapped[datetime | None]
