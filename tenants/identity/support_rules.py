"""How long support may stay, and why it is not let in."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.identity.support_models import SupportWindow

PURPOSE = "support"  # of the signed token in a link
MINUTES = (15, 30, 60)
MAX_OPERATOR, MAX_REASON = 80, 500
BEFORE_LETTER = "identity.support_before"
AFTER_LETTER = "identity.support_after"


class SupportIsIn(Conflict):
    """One window onto an account is open already."""

    code = "support_is_in"


class CannotBeTold(WrongState):
    """Support comes in to nobody who does not learn of it before."""

    code = "support_cannot_be_told"


class NotToldYet(WrongState):
    """The letter that tells her is still on its way."""

    code = "support_not_told_yet"


class Shut(WrongState):
    """The window is over, or somebody has come in by it already."""

    code = "support_shut"


class State(StrEnum):
    OPEN = "open"  # nobody has come in yet
    IN = "in"
    OVER = "over"


def state(window: SupportWindow, now: datetime) -> State:
    if window.ended_at is not None or window.expires_at <= now:
        return State.OVER
    return State.OPEN if window.entered_at is None else State.IN


def lasts(minutes: int) -> timedelta:
    """
    Raises:
        Invalid: `not_a_choice`.
    """
    if minutes not in MINUTES:
        raise Invalid(Problem("minutes", "not_a_choice"))
    return timedelta(minutes=minutes)


def words(operator: str, reason: str) -> tuple[str, str]:
    """
    Who comes in and why, tidied.

    Raises:
        Invalid: `missing`, `too_long`.
    """
    problems = []
    found = (" ".join(operator.split()), " ".join(reason.split()))
    for field, text, most in zip(("operator", "reason"), found, (MAX_OPERATOR, MAX_REASON), strict=True):
        if not text:
            problems.append(Problem(field, "missing"))
        elif len(text) > most:
            problems.append(Problem(field, "too_long", {"maximum": most}))
    if problems:
        raise Invalid(*problems)
    return found


def before_key(window_id: UUID) -> str:
    """The key of the letter that tells her before."""
    return f"{BEFORE_LETTER}:{window_id}"


def after_key(window_id: UUID) -> str:
    return f"{AFTER_LETTER}:{window_id}"
