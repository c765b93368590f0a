"""Evaluations of relationships, and which form a programme asks with."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique
from tenants.registration.models import ParticipantRole


class EvaluationState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"  # a coordinator has found that no answer will come


class Wording(StrEnum):
    """K69: the mentee's form as it was printed speaks to her as to a mentor; the plain one speaks to her."""

    PLAIN = "plain"
    PRINTED = "printed"


class Evaluation(TenantRow):
    """
    What one person thinks of one relationship. Coordinators of her office read it, and nobody else but her.

    `wording` and `benefit_many` are those of the day on which she was asked. `next_on` is the day of the
    next step (K44): a reminder, and after that a call, as the two times say.
    """

    __tablename__ = "evaluation"
    __table_args__ = keys(
        unique("relationship_id", "participation_id"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("programme_id", "programme"),
        refers("recorded_by", "person", on_delete="SET NULL"),
        one_of("role", ParticipantRole),
        one_of("state", EvaluationState),
        one_of("wording", Wording),
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered"),
        index("participation_id"),
        index("programme_id", "created_at", "id"),
        index("state", "next_on"),
        index("recorded_by"),
    )

    relationship_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    programme_id: Mapped[UUID]
    role: Mapped[str]
    state: Mapped[str] = mapped_column(default=EvaluationState.ASKED)
    wording: Mapped[str]
    benefit_many: Mapped[bool]
    next_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recorded_by: Mapped[UUID | None]  # the coordinator who keyed in what she was told


class EvaluationSetting(TenantRow):
    """How a programme asks. Without a row it asks with the plain form, and reminds as K44 says."""

    __tablename__ = "evaluation_setting"
    __table_args__ = keys(
        unique("programme_id"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        one_of("wording", Wording),
        CheckConstraint("remind_days BETWEEN 1 AND 90", name="remind_days"),
        CheckConstraint("call_days BETWEEN 1 AND 90", name="call_days"),
    )

    programme_id: Mapped[UUID]
    is_on: Mapped[bool] = mapped_column(default=True)
    wording: Mapped[str] = mapped_column(default=Wording.PLAIN)
    benefit_many: Mapped[bool] = mapped_column(default=False)
    remind_days: Mapped[int] = mapped_column(default=14)
    call_days: Mapped[int] = mapped_column(default=7)
