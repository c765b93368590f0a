"""Which cycle is meant, who may take part, in which language a text is shown: pure predicates."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from infra.errors import Invalid, Problem, WrongState
from tenants.programmes.models import Cycle, Programme, ProgrammeState
from tenants.programmes.structures import role_of_question

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CYCLE_NAME_MOST = 80  # characters
SLUG_MOST = 60  # characters of an address that people type from a poster


class ProgrammeIsDraft(WrongState):
    code = "programme_is_draft"


class ProgrammeIsClosed(WrongState):
    code = "programme_is_closed"


class Dated(Protocol):
    """The dates of a cycle, of whatever row they were read into."""

    opens_on: date
    closes_on: date
    ends_on: date


class Asked(Protocol):
    asked_of: str


D = TypeVar("D", bound=Dated)
Q = TypeVar("Q", bound=Asked)


def text_in(texts: Mapping[str, str], language: str, languages: Sequence[str]) -> str:
    """
    The text in the reader's language, else in the first language of `languages` that has it.

    `languages` is the chain of the programme, its own first language at the
    head; a text that none of them has is shown in whatever language there is.
    """
    for code in (language, *languages, *texts):
        if found := texts.get(code, ""):
            return found
    return ""


def missing_languages(texts: Mapping[str, str], languages: Sequence[str]) -> list[str]:
    """The languages of the programme in which this text falls back to another."""
    return [code for code in languages if not texts.get(code)]


def current_cycle(cycles: Sequence[D], today: date) -> D | None:
    """
    The cycle that somebody who comes today means; cycles of one programme may overlap (I17).

    First the one whose registration is open, the soonest to close; then the next
    one to open; then the last that still runs; then the last of all.
    """
    if not cycles:
        return None
    taking = [c for c in cycles if takes_registrations(c, today)]
    if taking:
        return min(taking, key=lambda c: (c.closes_on, c.opens_on))
    coming = [c for c in cycles if c.opens_on > today]
    if coming:
        return min(coming, key=lambda c: (c.opens_on, c.closes_on))
    running = [c for c in cycles if c.ends_on >= today]
    return max(running or cycles, key=lambda c: (c.closes_on, c.opens_on))


def takes_registrations(cycle: Dated, today: date) -> bool:
    return cycle.opens_on <= today <= cycle.closes_on


def questions_for(questions: Sequence[Q], role: str) -> list[Q]:
    """The questions that somebody in this role is asked, in their order (K05)."""
    return [question for question in questions if role_of_question(question.asked_of, role)]


def eligibility_problems(
    eligibility: Mapping[str, Any], *, gender: str | None, grade: str | None, years: int | None
) -> list[Problem]:
    """
    What stands against taking part, field by field; an absent condition asks nothing (U10, U21, U28).

    `by_gender` overrides the grades for one gender: {"man": ["G6", "G7"]}. An
    answer that was not given is no problem here: whether it must be given is
    the question's own affair.
    """
    problems = []
    genders = eligibility.get("genders", [])
    if genders and gender and gender not in genders:
        problems.append(Problem("gender", "not_eligible_gender", {"genders": list(genders)}))
    grades = eligibility.get("by_gender", {}).get(gender) or eligibility.get("grades", [])
    if grades and grade and grade.upper() not in grades:
        problems.append(Problem("grade", "not_eligible_grade", {"grades": ", ".join(grades)}))
    least, most = eligibility.get("years_min"), eligibility.get("years_max")
    if years is not None and least is not None and years < least:
        problems.append(Problem("experience_years", "not_eligible_years_min", {"years": least}))
    if years is not None and most is not None and years > most:
        problems.append(Problem("experience_years", "not_eligible_years_max", {"years": most}))
    return problems


def must_be_a_slug(slug: str) -> None:
    if len(slug) > SLUG_MOST or not _SLUG.fullmatch(slug):
        raise Invalid(Problem("slug", "slug_bad"))


def must_be_a_cycle_name(name: str) -> None:
    if not name.strip():
        raise Invalid(Problem("cycle_name", "missing"))
    if len(name) > CYCLE_NAME_MOST:
        raise Invalid(Problem("cycle_name", "too_long", {"maximum": CYCLE_NAME_MOST}))


def must_be_in_order(cycle: Cycle) -> None:
    days = (cycle.opens_on, cycle.closes_on, cycle.matching_on, cycle.launch_on, cycle.ends_on)
    if list(days) != sorted(days):
        raise Invalid(Problem("opens_on", "cycle_dates"))


def must_be_open(programme: Programme) -> None:
    """
    Raises:
        ProgrammeIsDraft, ProgrammeIsClosed: nobody can register.
    """
    if programme.state == ProgrammeState.DRAFT:
        raise ProgrammeIsDraft
    if programme.state == ProgrammeState.CLOSED:
        raise ProgrammeIsClosed
