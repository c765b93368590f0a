"""When an interview can be, and what may be done with its appointment in which state."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from infra import clock
from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.registration.appointment_models import OPEN, Appointment, AppointmentState
from tenants.registration.models import Status
from tenants.registration.rules import AppointmentStands

MOST = 60  # people invited at once: as many as one page shows with their times
MOST_PROPOSED = 3
MINUTES = (10, 240)
USUAL_MINUTES = 45
USUAL_PAUSE = 15
AHEAD = timedelta(days=366)
MAX_PLACE = 200
MAX_LINK = 500
MAX_WORD = 1_000
REMINDED = timedelta(
    hours=2
)  # a reminder that would go sooner than so long after the invitation only repeats it
_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_LINK = re.compile(r"https://[^\s\"'<>\\]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class NotToInterview(WrongState):
    """Only who is registered, or awaits an interview, is invited to one."""

    code = "not_to_interview"


class HeldAlready(WrongState):
    code = "interview_held_already"


class AppointmentOver(WrongState):
    """Cancelled or held; or, for her who answers, its hour has come."""

    code = "appointment_over"


class AppointmentChanged(Conflict):
    """Somebody moved it, or she answered, since the page was shown."""

    code = "appointment_changed"


class NotProposed(WrongState):
    """She does not propose this time (any more)."""

    code = "appointment_not_proposed"


@dataclass(frozen=True, slots=True)
class Time:
    """A wall time in its zone, and the instant that it means."""

    wall: str
    zone: str
    at: datetime

    def kept(self) -> dict[str, str]:
        return {"wall": self.wall, "zone": self.zone, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class Details:
    """What all who are invited together have in common. `link` opens a call; without one there is a place."""

    minutes: int
    place: str | None
    link: str | None


def refusal(status: str, *, is_held: bool, has_open: bool) -> WrongState | None:
    """Why somebody cannot be invited now."""
    if status not in (Status.REGISTERED, Status.AWAITING_INTERVIEW):
        return NotToInterview()
    if is_held:
        return HeldAlready()
    return AppointmentStands() if has_open else None


def read_time(wall: str, zone: str, field: str) -> Time:
    """
    Raises:
        Invalid: unreadable, over, too far ahead, or an hour that the clocks leave out on that day.
    """
    must_be_a_zone(zone)
    if not wall:
        raise Invalid(Problem(field, "missing"))
    try:
        if not _WALL.fullmatch(wall):
            raise ValueError
        meant = datetime.fromisoformat(wall)
    except ValueError as error:
        raise Invalid(Problem(field, "meeting_time_unreadable", {"found": wall[:40]})) from error
    # Compared before it becomes an instant: the last days of the calendar have none in every zone.
    today = clock.today(zone)
    if meant.date() > today + AHEAD:
        raise Invalid(Problem(field, "interview_too_far"))
    if meant.date() < today:
        raise Invalid(Problem(field, "interview_in_the_past"))
    at = clock.instant(meant.date(), meant.time(), zone)
    if wall_of(at, zone) != wall:
        raise Invalid(Problem(field, "interview_hour_left_out"))
    if at <= clock.now():
        raise Invalid(Problem(field, "interview_in_the_past"))
    return Time(wall, zone, at)


def wall_of(at: datetime, zone: str) -> str:
    return f"{clock.local(at, zone):%Y-%m-%dT%H:%M}"


def one_after_another(first: Time, count: int, *, minutes: int, pause: int) -> list[str]:
    """The wall times of so many talks, the first at `first`, with a pause between two."""
    step = timedelta(minutes=minutes + pause)
    return [wall_of(first.at + number * step, first.zone) for number in range(count)]


def is_a_zone(zone: str) -> bool:
    return zone in _zones()


def must_be_a_zone(zone: str) -> None:
    if not is_a_zone(zone):
        raise Invalid(Problem("zone", "time_zone_unknown", {"found": zone[:60]}))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def details(minutes: int, place: str | None, link: str | None) -> Details:
    """
    Raises:
        Invalid: too short or too long a talk, neither a place nor a link, or a link that is none.
    """
    where, call = _tidy(place), _tidy(link)
    least, most = MINUTES
    problems = []
    if not least <= minutes <= most:
        code, bound = (
            ("too_small", {"minimum": least}) if minutes < least else ("too_large", {"maximum": most})
        )
        problems.append(Problem("minutes", code, bound))
    if not where and not call:
        problems.append(Problem("place", "interview_place"))
    if where and len(where) > MAX_PLACE:
        problems.append(Problem("place", "too_long", {"maximum": MAX_PLACE}))
    if call and (len(call) > MAX_LINK or not _LINK.fullmatch(call)):
        problems.append(Problem("link", "interview_link"))
    if problems:
        raise Invalid(*problems)
    return Details(minutes, where, call)


def spoken(code: str, otherwise: str) -> str:
    """
    Raises:
        Invalid: no code of a language.
    """
    if not code:
        return otherwise
    if not _LANGUAGE.fullmatch(code):
        raise Invalid(Problem("language", "not_a_choice"))
    return code


def tidy_word(word: str | None) -> str | None:
    """
    Raises:
        Invalid: too long.
    """
    told = _tidy(word)
    if told and len(told) > MAX_WORD:
        raise Invalid(Problem("word", "too_long", {"maximum": MAX_WORD}))
    return told


def _tidy(text: str | None) -> str | None:
    return (text or "").replace("\0", "").strip() or None


def read_proposed(walls: Sequence[str], zone: str) -> list[Time]:
    """
    Up to three times in the zone of whoever proposes them, each once, the soonest first.

    Raises:
        Invalid: none, too many, or one that cannot be used.
    """
    must_be_a_zone(zone)
    if not walls:
        raise Invalid(Problem("times[0]", "missing"))
    if len(walls) > MOST_PROPOSED:
        raise Invalid(Problem("times", "too_long", {"maximum": MOST_PROPOSED}))
    found = {time.at: time for time in (read_time(wall, zone, f"times[{n}]") for n, wall in enumerate(walls))}
    return [found[at] for at in sorted(found)]


def overlapping(
    times: Mapping[UUID, Time], minutes: int, taken: Sequence[tuple[datetime, int]]
) -> list[UUID]:
    """Whose talk would fall into another one, the later of two; `taken` are beginnings with their minutes."""
    busy = [(at, at + timedelta(minutes=long)) for at, long in taken]
    found = []
    for who, time in sorted(times.items(), key=lambda one: one[1].at):
        end = time.at + timedelta(minutes=minutes)
        if any(time.at < until and since < end for since, until in busy):
            found.append(who)
        busy.append((time.at, end))
    return found


def must_be_open(appointment: Appointment) -> None:
    """
    Raises:
        AppointmentOver: cancelled or held.
    """
    if appointment.state not in OPEN:
        raise AppointmentOver(state=appointment.state)


def must_be_of_now(appointment: Appointment, version: str | None) -> None:
    """
    Raises:
        AppointmentChanged: what the page showed is not what stands now.
    """
    if version is not None and version != version_of(appointment):
        raise AppointmentChanged(version=version_of(appointment))


def version_of(appointment: Appointment) -> str:
    """Changes with each time that is set and each answer."""
    answered = appointment.answered_at
    return f"{appointment.sequence}-{int(answered.timestamp() * 1000) if answered else 0}"


def is_answerable(appointment: Appointment) -> bool:
    return appointment.state in OPEN and appointment.starts_at > clock.now()


def may_be_taken_back(appointment: Appointment, undo: timedelta) -> bool:
    return (
        appointment.state == AppointmentState.ASKED
        and appointment.sequence == 0
        and clock.now() - appointment.created_at <= undo
    )
