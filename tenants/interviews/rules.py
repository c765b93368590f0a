"""What a note holds, how long it is kept, and what may be done with it in which state."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from infra.errors import Conflict, Forbidden, Invalid, Problem, WrongState
from tenants.interviews import talk
from tenants.interviews.models import AskedFor, EmergencyState, Kind, Note, NoteState, Purpose
from tenants.programmes.guide_starters import EXPLAINED

# The seven sections of K19 that are words (the other two are the date and the interviewer), the referral of K21, and
# the talk itself, question by question.
SECTIONS = ("knowledge", "personal", "professional", "network", "visions", "match", "others")
FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Kind.INTERVIEW: (*SECTIONS, "referral", talk.FIELD),
        Kind.DEBRIEF: ("debrief",),
        Kind.SHARED: ("shared",),
    }
)
MAX_SECTION = 10_000  # characters; six pages, where a talk of an hour rarely fills one
MAX_TALK = 120_000  # the talk: eighty questions with long answers, which hardly anybody writes down
MAX_REASON = 1_000
LEAST_REASON = 20  # characters: "urgent" is none

# How long a note is kept unless its author says otherwise, and the longest that she may say; in days.
KEPT: Mapping[str, int] = MappingProxyType({Kind.INTERVIEW: 730, Kind.DEBRIEF: 180, Kind.SHARED: 365})
KEPT_AT_MOST = 1_096

GRANT_PURPOSES = (Purpose.MATCHING, Purpose.SUPPORT, Purpose.HAND_OVER, Purpose.CONCERN)
GRANT_DAYS = (1, 7, 30, 90)
# How long a note is open to whoever asked; and how long the question can be answered: nobody answers a cry for help of
# last week, and a case that was handed over can wait for some days.
LASTS: Mapping[str, timedelta] = MappingProxyType(
    {AskedFor.EMERGENCY: timedelta(minutes=60), AskedFor.HAND_OVER: timedelta(days=90)}
)
ASKED_LASTS: Mapping[str, timedelta] = MappingProxyType(
    {AskedFor.EMERGENCY: timedelta(hours=24), AskedFor.HAND_OVER: timedelta(days=14)}
)


class NoteClosed(Forbidden):
    """There is such a note, and the actor may know it, but not read it."""

    code = "note_closed"


class NoteDestroyed(WrongState):
    code = "note_destroyed"


class NoteEmpty(WrongState):
    """Nothing has been written yet."""

    code = "note_empty"


class NoteStillDraft(WrongState):
    """Its author has not sealed it yet; so nobody else gets to read it."""

    code = "note_still_draft"


class NoteChangedElsewhere(Conflict):
    """It was saved from another window since this one was opened; `version` is what counts now."""

    code = "note_changed_elsewhere"


class EmergencyOver(WrongState):
    """It was decided already, or asked too long ago."""

    code = "emergency_over"


class AuthorHere(WrongState):
    """Its author still works here, so it is hers to give."""

    code = "note_author_here"


class GrantOver(WrongState):
    code = "grant_over"


def tidy(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """
    The words of a note by section, those that hold anything.

    Raises:
        Invalid: `too_long`.
    """
    words = {name: given.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS[kind]}
    too_long = [
        Problem(name, "too_long", {"maximum": longest(name)})
        for name, said in words.items()
        if len(said) > longest(name)
    ]
    if too_long:
        raise Invalid(*too_long)
    return {name: said for name, said in words.items() if said}


def longest(name: str) -> int:
    return MAX_TALK if name == talk.FIELD else MAX_SECTION


def reason(text: str) -> str:
    """
    Raises:
        Invalid: `missing`, `reason_short` or `too_long`.
    """
    tidied = text.strip()
    if not tidied:
        raise Invalid(Problem("reason", "missing"))
    if len(tidied) < LEAST_REASON:
        raise Invalid(Problem("reason", "reason_short", {"least": LEAST_REASON}))
    if len(tidied) > MAX_REASON:
        raise Invalid(Problem("reason", "too_long", {"maximum": MAX_REASON}))
    return tidied


def day_held(on: date, today: date) -> date:
    """
    Raises:
        Invalid: a day that is still to come, or of another age.
    """
    if on > today:
        raise Invalid(Problem("held_on", "day_to_come"))
    if on < today - timedelta(days=KEPT_AT_MOST):
        raise Invalid(Problem("held_on", "unusable"))
    return on


def last_day(on: date, today: date) -> date:
    """
    The day on which a note is destroyed.

    Raises:
        Invalid: not between tomorrow and three years from now.
    """
    if not today < on <= today + timedelta(days=KEPT_AT_MOST):
        raise Invalid(Problem("destroy_on", "note_last_day"))
    return on


def must_be_there(note: Note) -> None:
    """
    Raises:
        NoteDestroyed: its key is gone.
    """
    if not note.is_there:
        raise NoteDestroyed


def must_be_sealed(note: Note) -> None:
    """
    Raises:
        NoteDestroyed: its key is gone. NoteStillDraft: its author is still writing.
    """
    must_be_there(note)
    if note.state != NoteState.SEALED:
        raise NoteStillDraft


def must_be_of_now(note: Note, *, version: int, window: UUID) -> None:
    """
    Raises:
        NoteChangedElsewhere: another window has saved since this one was opened.
    """
    if note.window != window and note.version != version:
        raise NoteChangedElsewhere(version=note.version)


def is_open(state: str, asked_at: datetime, now: datetime, asked_for: str = AskedFor.EMERGENCY) -> bool:
    """Whether an emergency, or a hand-over, can still be decided."""
    return state == EmergencyState.ASKED and now - asked_at <= ASKED_LASTS[asked_for]


def is_explained(role: str, given: list[str]) -> list[str]:
    """Those of the ticks that belong to the role, in their order."""
    return [code for code in EXPLAINED.get(role, ()) if code in given]
