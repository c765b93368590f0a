"""What a programme wants to know of its effects (K77, K79), and what is answered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class IndicatorKind(StrEnum):
    SCALE = "scale"  # answered from 1 to 5 before and at the end: did it become better?
    FACT = "fact"  # did it happen: stood for election, was elected, founded a company


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class Indicator(TenantRow):
    """One question of a programme to its mentees, or its peers. `label` holds it by language."""

    __tablename__ = "indicator"
    __table_args__ = keys(
        unique("programme_id", "code"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        one_of("kind", IndicatorKind),
    )

    programme_id: Mapped[UUID]
    code: Mapped[str]
    kind: Mapped[str]
    label: Mapped[dict[str, str]]
    position: Mapped[int]
    is_open: Mapped[bool] = mapped_column(default=True)


class IndicatorAnswer(TenantRow):
    """1 to 5 on a scale; of a fact 1 for yes and 0 for no."""

    __tablename__ = "indicator_answer"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "indicator_id", "participation_id", "moment", name="indicator_answer_once_key"
        ),
        refers("indicator_id", "indicator", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("noted_by", "person", on_delete="SET NULL"),
        one_of("moment", Moment),
        CheckConstraint("value BETWEEN 0 AND 5", name="value"),
        index("participation_id"),
    )

    indicator_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    moment: Mapped[str]
    value: Mapped[int]
    answered_at: Mapped[datetime]
    noted_by: Mapped[UUID | None]  # the coordinator who was told; None where she answered herself
