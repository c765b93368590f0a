"""Dates of a case, and what may be done with it."""

from collections.abc import Sequence
from datetime import date, timedelta

from infra.errors import Invalid, WrongState
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState


class RelationshipEnded(WrongState):
    code = "relationship_ended"


class MeetingClosed(WrongState):
    code = "meeting_closed"


class MeetingTime(Invalid):
    code = "meeting_time"


class OwnMeeting(WrongState):
    """Only the other one can agree to a time."""

    code = "meeting_own"


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
