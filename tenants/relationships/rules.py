"""Dates of a case, and what may be done with it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from infra import clock
from infra.errors import Invalid, NotFound, Problem, WrongState
from tenants.registration.models import ParticipantRole, Status
from tenants.registration.rules import END_CHOICES, StatusNotReachable
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState

LEAST_TOGETHER = 2  # people of a group or circle that goes on
MOST_SLOTS = 3  # times that one offers at once
MOST_MINUTES = 480
MAX_PLACE = 200
MAX_NOTE = 4_000
AHEAD = timedelta(days=366)  # how far meetings are arranged, and check-ups twice as far
_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


class RelationshipEnded(WrongState):
    code = "relationship_ended"


class PartOver(NotFound):
    """She has left this group or circle, which goes on without her: she may know that it was there."""

    code = "relationship_part_over"


class LastOnes(WrongState):
    """Without her nobody, or no mentor, would be left: the group or circle has to be ended."""

    code = "relationship_last_ones"


class MeetingClosed(WrongState):
    code = "meeting_closed"


class MeetingTime(Invalid):
    code = "meeting_time"


class MeetingNotYet(MeetingClosed):
    """Nobody can say yet whether they met."""

    code = "meeting_not_yet"


class MeetingAnswerLate(MeetingClosed):
    code = "meeting_answer_late"


class QuestionsSettled(WrongState):
    code = "questions_settled"


class OwnMeeting(WrongState):
    """Only the other one can agree to a time."""

    code = "meeting_own"


def goes_on_without(role: str, people: int) -> bool:
    """Whether a group or circle of so many people goes on once somebody in this role has left it."""
    return role != ParticipantRole.MENTOR and people > LEAST_TOGETHER


def must_be_running(relationship: Relationship) -> None:
    """
    Raises:
        RelationshipEnded: it is closed.
    """
    if relationship.state != RelationshipState.RUNNING:
        raise RelationshipEnded


def must_be_open(meeting: Meeting) -> None:
    """
    Raises:
        MeetingClosed: held or cancelled.
    """
    if meeting.state not in (MeetingState.PROPOSED, MeetingState.AGREED):
        raise MeetingClosed(state=meeting.state)


def must_be_to_come(meeting: Meeting) -> None:
    """
    Raises:
        MeetingClosed: held, cancelled, or over.
    """
    must_be_open(meeting)
    if meeting.starts_at <= clock.now():
        raise MeetingClosed(state=meeting.state)


def must_be_noted_day(on: date, first: date, today: date) -> None:
    """
    Raises:
        MeetingTime: a day on which they cannot have met.
    """
    if not first <= on <= today:
        raise MeetingTime(Problem("on", "meeting_noted_day"))


def must_be_check_up_day(on: date, today: date) -> None:
    """
    Raises:
        Invalid: over, or further ahead than anybody plans.
    """
    if not today <= on <= today + 2 * AHEAD:
        raise Invalid(Problem("on", "check_up_day"))


def must_be_end_choice(status: Status) -> None:
    """
    Raises:
        StatusNotReachable: not one of the three choices of K13.
    """
    if status not in END_CHOICES:
        raise StatusNotReachable(found=Status.IN_RELATIONSHIP.value, wanted=status.value)


def tidy_note(note: str | None) -> str | None:
    """
    Raises:
        Invalid: too long.
    """
    told = (note or "").strip().replace("\0", "")
    if len(told) > MAX_NOTE:
        raise Invalid(Problem("note", "too_long", {"maximum": MAX_NOTE}))
    return told or None


def read_slots(wall_times: Sequence[str], zone: str) -> list[tuple[str, datetime]]:
    """
    Wall times such as 2026-11-23T14:00 with the instants that they mean in `zone`, each once, in order.

    Of an hour that the clocks repeat the first is meant.

    Raises:
        MeetingTime: none or too many, one that cannot be read, is over, too far ahead or skipped by the clocks, or an
            unknown zone.
    """
    if zone not in clock.zones():
        raise MeetingTime(Problem("zone", "time_zone_unknown", {"found": zone}))
    if not wall_times:
        raise MeetingTime(Problem("times", "missing"))
    if len(wall_times) > MOST_SLOTS:
        raise MeetingTime(Problem("times", "too_long", {"maximum": MOST_SLOTS}))
    read = {_read(number, wall, zone): wall for number, wall in enumerate(wall_times)}
    return [(wall, moment) for moment, wall in sorted(read.items())]


def _read(number: int, wall: str, zone: str) -> datetime:
    field = f"times[{number}]"
    try:
        if not _WALL.fullmatch(wall):
            raise ValueError
        meant = datetime.fromisoformat(wall)
    except ValueError as error:
        raise MeetingTime(Problem(field, "meeting_time_unreadable", {"found": wall[:40]})) from error
    # Compared before it is turned into an instant: the last days of the calendar have none in every zone.
    today = clock.today(zone)
    if meant.date() > today + AHEAD:
        raise MeetingTime(Problem(field, "meeting_too_far", {"found": wall}))
    if meant.date() < today or (moment := clock.instant(meant.date(), meant.time(), zone)) <= clock.now():
        raise MeetingTime(Problem(field, "meeting_in_the_past", {"found": wall}))
    if (real := clock.real(meant.date(), meant.time(), zone)) != meant:
        raise MeetingTime(
            Problem(field, "meeting_in_gap", {"found": wall, "next": real.isoformat(timespec="minutes")})
        )
    return moment


def tidy_meeting(minutes: int, place: str | None) -> tuple[int, str | None]:
    """
    Raises:
        Invalid: no meeting lasts so long or so short, or the place is too long.
    """
    told = (place or "").strip().replace("\0", "")
    if not 5 <= minutes <= MOST_MINUTES:
        code, bound = (
            ("too_small", {"minimum": 5}) if minutes < 5 else ("too_large", {"maximum": MOST_MINUTES})
        )
        raise MeetingTime(Problem("minutes", code, bound))
    if len(told) > MAX_PLACE:
        raise MeetingTime(Problem("place", "too_long", {"maximum": MAX_PLACE}))
    return minutes, told or None


class Person(Protocol):
    """One of the people of a relationship."""

    @property
    def role(self) -> str: ...

    @property
    def person_id(self) -> UUID: ...


def tried_together(relationship: Relationship, people: Sequence[Person]) -> list[tuple[UUID, UUID]]:
    """Who are not proposed to each other again once it ends: all of a pair, and a group's mentor with each mentee."""
    mentors = [one for one in people if one.role == ParticipantRole.MENTOR]
    others = [one for one in people if one.role != ParticipantRole.MENTOR]
    if relationship.party_id is None and len(others) == 2:
        return [(others[0].person_id, others[1].person_id)]  # two peers
    return [(mentor.person_id, one.person_id) for mentor in mentors for one in others]


def accompanied_by(approved_by: UUID | None, people: Sequence[UUID]) -> UUID | None:
    """Whoever approved it accompanies it; where she is one of its people, nobody yet, and a colleague takes it on."""
    return None if approved_by in people else approved_by


def left_keys(relationship_id: UUID, participation_id: UUID | None = None) -> str:
    """How the keys of the tasks begin to talk with whom somebody (or this one) has left in a pair."""
    return f"relationship.left:{relationship_id}:{participation_id or ''}"


def check_up_keys(relationship_id: UUID) -> str:
    """How the keys of a case's check-up tasks begin."""
    return f"relationship.check_up:{relationship_id}:"


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_first - timedelta(days=1))


def next_check_up(begun_on: date, offsets: Sequence[int], after: date) -> date | None:
    """The first check-up of the programme that lies after a day; None when all have passed."""
    days = [begun_on + timedelta(days=offset) for offset in sorted(offsets)]
    return next((day for day in days if day > after), None)
