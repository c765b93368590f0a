"""The steps of a mediation, and what may be done with a conflict in which state."""

from datetime import date, timedelta

from infra.errors import Invalid, Problem, WrongState
from tenants.relationships.conflicts.models import Conflict, ConflictState, Outcome
from tenants.relationships.contacts.rules import words as told

MAX_SUMMARY = 5_000
MAX_AGREED = 3_000
MAX_TITLE = 200
MAX_NOTE = 3_000
MOST_STEPS = 30
AHEAD = timedelta(days=366)

# Our checklist, and the day after the opening by which each step is due.
CHECKLIST = (
    ("hear_each", 2),
    ("what_each_wants", 2),
    ("colleague", 5),
    ("invite", 7),
    ("rules_of_talk", 14),
    ("talk", 14),
    ("write_down", 14),
    ("look_again", 28),
)


class ConflictClosed(WrongState):
    code = "conflict_closed"


class ConflictOpen(WrongState):
    """The case has one already: what is new belongs to it."""

    code = "conflict_open"


def must_be_open(conflict: Conflict) -> None:
    """
    Raises:
        ConflictClosed: it is over.
    """
    if conflict.state != ConflictState.OPEN:
        raise ConflictClosed


def summary(text: str) -> str:
    """
    Raises:
        Invalid: nothing, or too much.
    """
    return told("summary", text, MAX_SUMMARY)


def title(text: str) -> str:
    """
    Raises:
        Invalid: nothing, or too much.
    """
    return told("title", " ".join(text.split()), MAX_TITLE)


def optional(field: str, text: str | None, most: int) -> str | None:
    """
    Raises:
        Invalid: too much.
    """
    return told(field, text, most) if text and text.strip() else None


def due(on: date, today: date) -> date:
    """
    Raises:
        Invalid: a day that is over, or more than a year ahead.
    """
    if not today <= on <= today + AHEAD:
        raise Invalid(Problem("due_on", "task_day"))
    return on


def outcome(name: str) -> Outcome:
    """
    Raises:
        Invalid: none, or not one of ours.
    """
    found = next((one for one in Outcome if one == name), None)
    if found is None:
        raise Invalid(Problem("outcome", "not_a_choice" if name else "missing"))
    return found
