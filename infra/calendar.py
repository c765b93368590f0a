"""
Writing iCalendar objects (RFC 5545, RFC 5546), as far as meetings need them.

An event stands at the wall time of its zone, and the object brings the rules of that zone (VTIMEZONE), so that a
calendar shows the same instant even where its own tables of zones are older. A change of an event keeps its `uid` and
has a higher `sequence`, by which calendars know it again.

`icalendar` writes lines, folds and escapes. It is loaded by the first object that is written, and not when a process
starts. Where the clocks change is worked out here: `icalendar.Timezone.from_tzinfo` lets summer time begin an hour late.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from infra import clock

if TYPE_CHECKING:
    import icalendar

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Mentorweave//Meetings//EN"
AROUND = timedelta(days=366)  # how far before and after its events an object knows the rules of a zone
STEP = timedelta(days=7)  # no zone has changed its clocks twice within a week and been back where it was
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Event:
    """
    `rule` is a recurrence (RFC 5545, 3.3.10) of the wall time, such as FREQ=MONTHLY;BYDAY=2TU;COUNT=6; it lasts no
    longer than `until`, and leaves out the times in `left_out`. `instead_of` says which one of a repeated event this one
    replaces, by the time that the rule gives it. `is_accepted`: whoever is invited has said that she comes.
    """

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    summary: str = field(repr=False)
    location: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    is_cancelled: bool = False
    time_zone: str = "UTC"
    description: str = field(default="", repr=False)
    changed_at: datetime | None = None
    rule: str = ""
    until: datetime | None = None
    instead_of: datetime | None = None
    left_out: tuple[datetime, ...] = ()
    is_accepted: bool = False
    is_tentative: bool = False  # it may come to it or not: a place that somebody waits for
    is_all_day: bool = False  # then `starts_at` is the midnight with which its first day begins, in UTC

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


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
    from icalendar import Calendar

    written = list(events)
    whole = Calendar()
    for name, value in (
        ("VERSION", "2.0"),
        ("PRODID", PRODUCT),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method),
    ):
        whole.add(name, value)
    for zone in sorted({one.time_zone for one in written} - {"UTC"}):
        moments = [moment for one in written if one.time_zone == zone for moment in _moments(one)]
        whole.add_component(_timezone(zone, min(moments) - AROUND, max(moments) + AROUND))
    for one in written:
        whole.add_component(_event(one, invitation))
    return str(whole.to_ical(sorted=False), "utf-8")


def _moments(event: Event) -> Iterator[datetime]:
    yield from (event.starts_at, event.ends_at)
    yield from (moment for moment in (event.until, event.instead_of) if moment)


def _event(event: Event, invitation: Invitation | None) -> "icalendar.Event":
    from icalendar import Event as Component
    from icalendar import vRecur, vUri

    made = Component()
    made.add("UID", _line(event.uid))
    made.add("SEQUENCE", event.sequence)
    made.add("DTSTAMP", clock.now())
    if event.changed_at:
        made.add("LAST-MODIFIED", event.changed_at.astimezone(UTC))
    if event.instead_of:
        made.add("RECURRENCE-ID", _wall(event.instead_of, event.time_zone))
    if event.is_all_day:
        made.add("DTSTART", event.starts_at.date())
        made.add("DTEND", event.ends_at.date())
        made.add("TRANSP", "TRANSPARENT")  # a day on which something is due is not a day that is taken
    else:
        made.add("DTSTART", _wall(event.starts_at, event.time_zone))
        made.add("DTEND", _wall(event.ends_at, event.time_zone))
    if event.rule:
        made.add("RRULE", vRecur.from_ical(event.rule))
    if event.left_out:
        made.add("EXDATE", [_wall(one, event.time_zone) for one in event.left_out])
    made.add("SUMMARY", _text(event.summary))
    if event.description:
        made.add("DESCRIPTION", _text(event.description))
    if event.location:
        made.add("LOCATION", _text(event.location))
    if event.url:
        made.add("URL", vUri(_line(event.url)))
    made.add("STATUS", _status(event))
    if invitation:
        _invite(made, invitation, is_accepted=event.is_accepted)
    return made


def _status(event: Event) -> str:
    if event.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.is_tentative else "CONFIRMED"


def _invite(made: "icalendar.Event", invitation: Invitation, *, is_accepted: bool) -> None:
    from icalendar import vCalAddress

    organizer = vCalAddress(f"mailto:{_line(invitation.organizer)}")
    organizer.params["CN"] = _quoted(invitation.organizer_name)
    attendee = vCalAddress(f"mailto:{_line(invitation.attendee)}")
    answer = "ACCEPTED" if is_accepted else "NEEDS-ACTION"
    # An answer by mail would reach nobody: she answers on our pages.
    attendee.params.update({"PARTSTAT": answer, "RSVP": "FALSE"})
    made.add("ORGANIZER", organizer)
    made.add("ATTENDEE", attendee)


def _wall(moment: datetime, zone: str) -> datetime:
    """
    The wall time in its zone; in UTC where a wall time says something else.

    Of an hour that the clocks repeat a wall time means the first (RFC 5545, 3.3.5), so the second can only be said in UTC.
    """
    local = clock.local(moment, zone)
    return moment.astimezone(UTC) if zone == "UTC" or local.fold else local


def _timezone(zone: str, first: datetime, last: datetime) -> "icalendar.Timezone":
    """The rules of a zone from `first` to `last`: what holds at the beginning, and each change of the clocks."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    made = Timezone()
    made.add("TZID", zone)
    begin = clock.local(first, zone)
    before = _offset(begin)
    for change in [begin, *_changes(zone, first, last)]:
        offset = _offset(change)
        is_summer = bool(change.dst()) if change is begin else offset > before
        rules = TimezoneDaylight() if is_summer else TimezoneStandard()
        # An onset is told by the clock as it went before the change.
        rules.DTSTART = (change.astimezone(UTC) + before).replace(tzinfo=None, microsecond=0)
        rules.TZOFFSETFROM = before
        rules.TZOFFSETTO = offset
        rules.add("TZNAME", change.tzname() or zone)
        made.add_component(rules)
        before = offset
    return made


def _changes(zone: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """Each first moment of another offset after `first`, in the zone's own time."""
    rules = ZoneInfo(zone)
    moment = first.astimezone(UTC).replace(microsecond=0)
    while moment < last:
        low, high = moment, moment + STEP
        if _offset(low.astimezone(rules)) != _offset(high.astimezone(rules)):
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                same = _offset(middle.astimezone(rules)) == _offset(moment.astimezone(rules))
                low, high = (middle, high) if same else (low, middle)
            yield high.astimezone(rules)
        moment = high


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _text(value: str) -> str:
    return _CONTROLS.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))


def _line(value: str) -> str:
    return _CONTROLS.sub("", value.replace("\n", ""))


def _quoted(value: str) -> str:
    """A parameter's value; a quotation mark cannot stand in it at all."""
    return _line(value).replace('"', "'")
