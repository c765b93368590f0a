"""What an organisation has thought through before its network opens."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, keys, one_of, refers, unique


class Step(StrEnum):
    """K80: ten steps, and four of how it is run."""

    AIM = "aim"
    AUDIENCE = "audience"
    MENTORS = "mentors"
    MENTEES = "mentees"
    MENTEE_NEEDS = "mentee_needs"
    MENTOR_SKILLS = "mentor_skills"
    MATCHING = "matching"
    SUPPORT = "support"
    TRAINING = "training"
    MEASURES = "measures"
    TIMELINE = "timeline"
    BUDGET = "budget"
    LOGISTICS = "logistics"
    STAKEHOLDERS = "stakeholders"


RUNNING = (Step.TIMELINE, Step.BUDGET, Step.LOGISTICS, Step.STAKEHOLDERS)


class SetUpStep(TenantRow):
    """One step of a programme. Its words are the organisation's own; `version` counts the changes."""

    __tablename__ = "set_up_step"
    __table_args__ = keys(
        unique("programme_id", "step"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        one_of("step", Step),
    )

    programme_id: Mapped[UUID]
    step: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
