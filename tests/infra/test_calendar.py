"""iCalendar objects as the standard has them: lines, folds, escapes, instants in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert found["ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE"] == "mailto:ana@example.org"


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
