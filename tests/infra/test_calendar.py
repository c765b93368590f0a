"""iCalendar objects as the standard has them: lines, folds, escapes, zones with their rules. Section G, Beans #145."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from infra.calendar import Event, Invitation, write

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def event(**others):
    facts = {"uid": "1@meetings", "sequence": 0, "starts_at": AT, "minutes": 60, "summary": "Mentoring"}
    return Event(**(facts | others))


def read(text: str) -> dict[str, str]:
    """The properties of the one event, unfolded and unescaped, as a calendar reads them."""
    lines = text.replace("\r\n ", "").split("\r\n")
    inside = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in inside)


def plain(value: str) -> str:
    out, signs = "", iter(value)
    for sign in signs:
        if sign == "\\":
            after = next(signs)
            out += "\n" if after in "nN" else after
        else:
            out += sign
    return out


def test_an_object_as_the_standard_has_it():
    text = write([event(sequence=2, location="Café Tito, Sarajevo; upstairs", url="https://a.example/me")])
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") and text.endswith("END:VCALENDAR\r\n")
    assert "METHOD:PUBLISH\r\n" in text
    found = read(text)
    assert (found["UID"], found["SEQUENCE"], found["STATUS"]) == ("1@meetings", "2", "CONFIRMED")
    assert (found["DTSTART"], found["DTEND"]) == ("20261123T140000Z", "20261123T150000Z")
    assert found["LOCATION"] == "Café Tito\\, Sarajevo\\; upstairs"
    assert found["URL"] == "https://a.example/me"


def test_a_cancellation_and_an_invitation():
    invitation = Invitation("no-reply@example.org", 'The "Network"', "ana@example.org")
    text = write([event(is_cancelled=True, sequence=1)], method="CANCEL", invitation=invitation)
    found = read(text)
    assert "METHOD:CANCEL" in text and found["STATUS"] == "CANCELLED"
    assert "ORGANIZER;CN=\"The 'Network'\":mailto:no-reply@example.org" in text.replace("\r\n ", "")
    assert found["ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"] == "mailto:ana@example.org"


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_breaks_out_of_its_property(summary, place):
    text = write([event(summary=summary, location=place)])
    raw = text.encode("utf-8", "surrogatepass")
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    found = read(text)
    assert set(found) <= {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS",
    }  # fmt: skip
    if summary.isprintable():
        assert plain(found["SUMMARY"]) == summary


@pytest.mark.parametrize("zone", sorted(available_timezones())[::40])
def test_a_time_of_any_zone_is_the_same_instant(zone):
    for day in (datetime(2027, 3, 28), datetime(2027, 10, 31), datetime(2027, 6, 1)):
        moment = day.replace(hour=1, minute=30, tzinfo=ZoneInfo(zone))
        told = read(write([event(starts_at=moment)]))["DTSTART"]
        meant = datetime.strptime(told, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert meant - moment.astimezone(UTC) == timedelta()


def strict(text: str):
    """The events as `icalendar` reads them by the rules that the object brings: its zones have names that nobody knows."""
    return Calendar.from_ical(re.sub(r"TZID([=:])", r"TZID\1Told-", text)).events


@pytest.mark.parametrize("zone", sorted(available_timezones())[::25])
def test_an_object_brings_the_rules_of_its_zone(zone):
    """Each hour around every change of the clocks is the same instant by these rules; the second of two also."""
    changes = [at for day in range(0, 730, 30) for at in hours_of_change(zone, AT + timedelta(days=day))]
    moments = [at + timedelta(minutes=30 * n) for at in changes or [AT] for n in range(-5, 6)]
    made = [event(uid=str(n), starts_at=one, time_zone=zone) for n, one in enumerate(moments)]
    for one, told in zip(moments, strict(write(made)), strict=True):
        assert told.start.astimezone(UTC) == one, zone
        assert told.end.astimezone(UTC) == one + timedelta(hours=1), zone


def hours_of_change(zone: str, begin: datetime):
    hours = [begin + timedelta(hours=n) for n in range(721)]
    offsets = [one.astimezone(ZoneInfo(zone)).utcoffset() for one in hours]
    return [at for at, before, after in zip(hours[1:], offsets, offsets[1:], strict=False) if before != after]


def test_summer_time_begins_by_the_clock_as_it_went_before():
    text = write([event(time_zone="Europe/Paris")])
    assert text.count("BEGIN:VTIMEZONE") == 1 and "TZID:Europe/Paris" in text
    assert "DTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST" in text
    assert "DTSTART:20271031T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET" in text
    assert "DTSTART;TZID=Europe/Paris:20261123T150000" in text


def test_the_second_of_two_equal_hours_is_said_in_utc():
    told = read(write([event(starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), time_zone="Europe/Paris")]))
    assert told["DTSTART;TZID=Europe/Paris"] == "20271031T023000"
    assert told["DTEND"] == "20271031T013000Z"  # half past two again


def test_a_monthly_event_keeps_its_hour_through_the_changes_of_the_clocks():
    series = event(
        time_zone="Europe/Paris",
        rule="FREQ=MONTHLY;BYDAY=4MO;COUNT=12",
        until=AT + timedelta(days=340),
        sequence=1,
    )
    moved = event(
        time_zone="Europe/Paris", instead_of=datetime(2027, 4, 26, 13, tzinfo=UTC), sequence=2,
        starts_at=datetime(2027, 4, 27, 13, tzinfo=UTC), changed_at=AT,
    )  # fmt: skip
    whole, one = strict(write([series, moved]))
    times = whole.rrules[0].to_ical().decode()
    assert times == "FREQ=MONTHLY;COUNT=12;BYDAY=4MO"
    found = list(rrulestr(times, dtstart=whole.start))
    assert {at.hour for at in found} == {15}  # by the wall, as people meet
    assert [at.astimezone(UTC).hour for at in found] == [14] * 5 + [13] * 7
    assert one["RECURRENCE-ID"].dt in found and one["LAST-MODIFIED"].dt == AT
    assert (one.uid, one.sequence) == (whole.uid, 2)
