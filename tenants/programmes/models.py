"""Programmes (standing offers with rules) and cycles (their dated runs). Texts are kept per language."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class Structure(StrEnum):
    ONE_TO_ONE = "one_to_one"
    REVERSE = "reverse"
    GROUP = "group"
    CIRCLE = "circle"
    RECIPROCAL = "reciprocal"
    COFFEE = "coffee"


class Focus(StrEnum):  # U02
    INDUCTION = "induction"
    SKILLS = "skills"
    JOB_EXPOSURE = "job_exposure"
    CAREER = "career"
    TRANSITION = "transition"
    NETWORKING = "networking"


class ContactRelease(StrEnum):
    WITH_PROPOSAL = "with_proposal"  # K30: the mentor network's way
    AFTER_BOTH_YES = "after_both_yes"


class ProgrammeState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class QuestionKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    TIME_ZONE = "time_zone"
    LANGUAGES = "languages"
    TOPICS_OFFERED = "topics_offered"
    TOPICS_WANTED = "topics_wanted"


class AskedOf(StrEnum):
    EVERYBODY = "everybody"
    MENTOR = "mentor"
    MENTEE = "mentee"


class Programme(TenantRow):
    __tablename__ = "programme"
    __table_args__ = keys(
        unique("slug"),
        one_of("structure", Structure),
        one_of("state", ProgrammeState),
        one_of("contact_release", ContactRelease),
        CheckConstraint("term_months > 0", name="term"),
    )

    slug: Mapped[str]
    structure: Mapped[str]
    state: Mapped[str] = mapped_column(default=ProgrammeState.DRAFT)
    focus: Mapped[list[str]]
    name: Mapped[dict[str, str]]
    summary: Mapped[dict[str, str]]
    languages: Mapped[list[str]]
    contact_release: Mapped[str] = mapped_column(default=ContactRelease.AFTER_BOTH_YES)
    wants_interview: Mapped[bool] = mapped_column(default=True)
    # {"genders": ["woman"], "grades": ["P3"], "years_min": 0}; an absent key asks nothing (U10, U21, U28)
    eligibility: Mapped[dict[str, Any]]
    places: Mapped[int | None]
    answer_days: Mapped[int] = mapped_column(default=3)  # working days to answer the first question
    date_days: Mapped[int] = mapped_column(default=14)  # K31: to set a date for the first meeting
    meet_days: Mapped[int] = mapped_column(default=61)  # K31: two months to meet
    confirm_days: Mapped[int] = mapped_column(default=7)  # an unconfirmed registration lives so long
    check_up_days: Mapped[list[Any]]  # K36, K39, K41: offsets in days from the confirmation
    term_months: Mapped[int] = mapped_column(default=12)
    caseload_limit: Mapped[int] = mapped_column(default=80)  # K28


class Cycle(TenantRow):
    """Cycles of one programme may overlap (I17)."""

    __tablename__ = "cycle"
    __table_args__ = keys(
        unique("programme_id", "name"),
        refers("programme_id", "programme"),
        CheckConstraint("closes_on >= opens_on AND ends_on >= closes_on", name="dates"),
    )

    programme_id: Mapped[UUID]
    name: Mapped[str]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    matching_on: Mapped[date]
    launch_on: Mapped[date]
    ends_on: Mapped[date]


class Question(TenantRow):
    """
    One question of the registration form, obligatory or optional (K05).

    `field` names the participant's field that the answer fills; None keeps it
    among the free answers. `label`, `hint` and the options' labels are per language.

    One that was left out stays here, for the answers that were given; so does an
    option. `version` counts the changes.
    """

    __tablename__ = "question"
    __table_args__ = keys(
        unique("programme_id", "key"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        one_of("kind", QuestionKind),
        one_of("asked_of", AskedOf),
        index("programme_id", "position"),
    )

    programme_id: Mapped[UUID]
    key: Mapped[str]
    position: Mapped[int]
    kind: Mapped[str]
    asked_of: Mapped[str] = mapped_column(default=AskedOf.EVERYBODY)
    field: Mapped[str | None]
    is_obligatory: Mapped[bool]
    label: Mapped[dict[str, str]]
    hint: Mapped[dict[str, str]]
    options: Mapped[
        list[Any]
    ]  # [{"value": "...", "label": {"en": "..."}, "is_retired": true}]; the last where it is so
    is_asked: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    asked_since: Mapped[datetime | None]  # where it was left out and is asked again
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class Topic(TenantRow):
    """One that is offered no more stays here: who chose it keeps it, and its code never means another."""

    __tablename__ = "topic"
    __table_args__ = keys(
        unique("programme_id", "code"), refers("programme_id", "programme", on_delete="CASCADE")
    )

    programme_id: Mapped[UUID]
    code: Mapped[str]
    label: Mapped[dict[str, str]]
    position: Mapped[int]
    is_offered: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class CriterionChoice(TenantRow):
    """The weight of one criterion, or the setting of one constraint, as the programme has it by default."""

    __tablename__ = "criterion"
    __table_args__ = keys(
        unique("programme_id", "name"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        CheckConstraint("weight BETWEEN 0 AND 10", name="weight"),
    )

    programme_id: Mapped[UUID]
    name: Mapped[str]
    weight: Mapped[int]
    setting: Mapped[dict[str, Any]]


class ProgrammeRole(TenantRow):
    """A coordinator's or manager's part in one programme."""

    __tablename__ = "programme_role"
    __table_args__ = keys(
        unique("programme_id", "person_id", "role"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
    )

    programme_id: Mapped[UUID]
    person_id: Mapped[UUID]
    role: Mapped[str]
