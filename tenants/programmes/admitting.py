"""Who may register for a programme (U10, U21, U28), as its manager states it: gender, grades, years of work."""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.errors import Invalid, Problem
from tenants.people.models import Gender

GRADES_MOST = 40
GRADE_LENGTH = 20  # characters
YEARS_MOST = 60
# The question that has to be asked for a condition to bind anybody, by the condition.
QUESTION = {
    "genders": "gender",
    "grades": "grade",
    "by_gender": "grade",
    "years_min": "experience_years",
    "years_max": "experience_years",
}


def tidy(asked: Mapping[str, Any]) -> dict[str, Any]:
    """
    The conditions as they are kept: grades in capitals, each once, and nothing that asks nothing.

    Raises:
        Invalid: at `eligibility.<condition>`, all that is wrong at once.
    """
    problems: list[Problem] = []
    genders = list(dict.fromkeys(asked.get("genders") or ()))
    if set(genders) - set(Gender):
        problems.append(Problem("eligibility.genders", "not_a_choice"))
    grades = _grades(asked.get("grades") or (), "eligibility.grades", problems)
    by_gender = {
        gender: found
        for gender, some in (asked.get("by_gender") or {}).items()
        if (found := _grades(some, f"eligibility.by_gender.{gender}", problems))
    }
    if set(by_gender) - set(Gender):
        problems.append(Problem("eligibility.by_gender", "not_a_choice"))
    least, most = (
        _years(asked.get(name), f"eligibility.{name}", problems) for name in ("years_min", "years_max")
    )
    if least is not None and most is not None and least > most:
        problems.append(Problem("eligibility.years_max", "too_small", {"minimum": least}))
    if problems:
        raise Invalid(*problems)
    all_of_it = {
        "genders": genders, "grades": grades, "by_gender": by_gender, "years_min": least or None, "years_max": most,
    }  # fmt: skip
    return {name: value for name, value in all_of_it.items() if value not in (None, [], {})}


def unasked(eligibility: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """The questions (their keys) without which a condition binds nobody, since the form does not put them."""
    needed = dict.fromkeys(QUESTION[name] for name in eligibility)
    return [key for key in needed if key not in keys]


def _grades(given: Sequence[str], field: str, problems: list[Problem]) -> list[str]:
    found = list(dict.fromkeys(one.strip().upper() for one in given if one.strip()))
    if len(found) > GRADES_MOST:
        problems.append(Problem(field, "too_long", {"maximum": GRADES_MOST}))
    elif any(len(one) > GRADE_LENGTH or not one.isprintable() for one in found):
        problems.append(Problem(field, "grade_too_long", {"maximum": GRADE_LENGTH}))
    return found


def _years(given: int | None, field: str, problems: list[Problem]) -> int | None:
    if given is None:
        return None
    if given < 0:
        problems.append(Problem(field, "too_small", {"minimum": 0}))
    elif given > YEARS_MOST:
        problems.append(Problem(field, "too_large", {"maximum": YEARS_MOST}))
    return given
