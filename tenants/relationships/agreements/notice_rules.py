"""How a relationship ends by notice (K53): when it takes effect, and which deed each state allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from infra.errors import Invalid, Problem, WrongState
from tenants.relationships.agreements.notice_models import Ground, NoticeState
from tenants.relationships.rules import months_after

LOOK_BACK = timedelta(days=7)  # the last week of a notice, in which both are asked for their evaluation
MAX_REASON = 4_000


class NoticeClosed(WrongState):
    """It was taken back, or has taken effect."""

    code = "notice_closed"


class NoticeGiven(WrongState):
    """She has given notice already."""

    code = "notice_given"


class Deed(StrEnum):
    TAKE_BACK = "take_back"  # by whoever gave it
    TAKE_EFFECT = "take_effect"  # by the house, on the day
    LAPSE = "lapse"  # by the house: it has ended otherwise


# What may be done in each state, and what comes of it; whatever does not stand here is refused.
MOVES: Mapping[tuple[NoticeState, Deed], NoticeState] = {
    (NoticeState.GIVEN, Deed.TAKE_BACK): NoticeState.TAKEN_BACK,
    (NoticeState.GIVEN, Deed.TAKE_EFFECT): NoticeState.DONE,
    (NoticeState.GIVEN, Deed.LAPSE): NoticeState.LAPSED,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ground asks for, and when it takes effect."""

    wants_reason: bool
    months: int = 0
    days: int = 0


TERMS: Mapping[Ground, Terms] = {
    Ground.MONTH: Terms(wants_reason=False, months=1),
    Ground.BREACH: Terms(wants_reason=True, days=1),
    Ground.CONFIDENCE: Terms(wants_reason=True),
}


def moved(state: str, deed: Deed) -> NoticeState:
    """
    Raises:
        NoticeClosed: this state does not allow it.
    """
    to = MOVES.get((NoticeState(state), deed))
    if to is None:
        raise NoticeClosed(state=state)
    return to


def ends_on(ground: Ground, today: date) -> date:
    """The day at whose beginning it takes effect; today means at once."""
    terms = TERMS[ground]
    return months_after(today, terms.months) + timedelta(days=terms.days)


def tidy_reason(ground: Ground, reason: str | None) -> str | None:
    """
    Raises:
        Invalid: none where the coordinator has to know, or too long a one.
    """
    told = (reason or "").replace("\0", "").strip()
    if not told and TERMS[ground].wants_reason:
        raise Invalid(Problem("reason", "notice_reason"))
    if len(told) > MAX_REASON:
        raise Invalid(Problem("reason", "too_long", {"maximum": MAX_REASON}))
    return told or None
