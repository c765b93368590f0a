"""
Writing iCalendar objects (RFC 5545), as far as arranging meetings needs them: events at instants in UTC.

A change of an event keeps its `uid` and has a higher `sequence`, by which
calendars know it again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from infra import clock

MEDIA_TYPE = "text/calendar"
FOLD = 75  # octets of a line without its break: RFC 5545, 3.1
PRODUCT = "-//Mentorweave//Meetings//EN"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Event:
    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    summary: str = field(repr=False)
    location: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who sends an event by mail, and to whom; addresses as they stand in the mail's own header."""

    organizer: str = field(repr=False)
    organizer_name: str = field(repr=False)
    attendee: str = field(repr=False)


def write(events: Iterable[Event], *, method: str = "PUBLISH", invitation: Invitation | None = None) -> str:
    """
    The object as text, its lines folded and broken as the standard asks.

    `method` is PUBLISH for a file; REQUEST and CANCEL (RFC 5546) need an invitation.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    for event in events:
        lines += _event(event, invitation)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _event(event: Event, invitation: Invitation | None) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_moment(clock.now())}"
    yield f"DTSTART:{_moment(event.starts_at)}"
    yield f"DTEND:{_moment(event.starts_at + timedelta(minutes=event.minutes))}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.url:
        yield f"URL:{_line(event.url)}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    if invitation:
        yield f'ORGANIZER;CN="{_quoted(invitation.organizer_name)}":mailto:{_line(invitation.organizer)}'
        yield f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{_line(invitation.attendee)}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    return _CONTROLS.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).translate(_ESCAPED)


def _line(value: str) -> str:
    return _CONTROLS.sub("", value.replace("\n", ""))


def _quoted(value: str) -> str:
    """A parameter's value; a quotation mark cannot stand in it at all."""
    return _line(value).replace('"', "'")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, none of which breaks a character; all but the first begin with a blank."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > FOLD:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece
