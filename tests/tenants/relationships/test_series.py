"""Meetings of every month: their hour, what letters and feeds say of them, and cancelling them as a whole."""

import pytest
from icalendar import Calendar
from sqlalchemy import select

from infra import clock
from infra.errors import Invalid, NotFound
from tenants.people.models import Person
from tenants.relationships import actions, calendar, cancelling, rules
from tenants.relationships import meeting as meetings
from tenants.relationships.models import EndReason
from tests.tenants.relationships.test_meetings import act, case, offer, states

__all__ = ["case"]  # a fixture that both files use


async def test_meetings_of_every_month_keep_their_hour(stage, case):  # Beans #123, K52
    _, mentor, mentee, pair = case
    made = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="Europe/Paris", monthly=True)
    assert [one.wall_time[5:10] for one in made][:5] == ["12-08", "01-12", "02-09", "03-09", "04-13"]
    assert len(made) == 12 and made[-1].starts_at.date() <= pair.ends_on
    assert {clock.local(one.starts_at, "Europe/Paris").hour for one in made} == {14}
    assert {one.starts_at.hour for one in made} == {12, 13}
    await act(stage, mentee, meetings.agree, made[3].id)
    assert await states(stage, pair) == ["agreed"] * 12
    [other] = await offer(
        stage, mentee, pair, "2027-02-10T09:00", zone="America/Bogota", instead_of=made[2].id
    )
    moved = await act(stage, mentor, meetings.agree, other.id)
    assert (moved.wall_time, moved.time_zone) == (
        "2027-02-10T15:00",
        "Europe/Paris",
    )  # the clock of the series
    assert moved.series_wall == "2027-02-09T14:00"
    await act(stage, mentor, meetings.cancel, made[4].id)
    assert (await states(stage, pair)).count("agreed") == 11
    assert (await stage.letters(mentee)).count("meeting.agreed") == 1


def letter_event(inbox, address):
    """The events of the last letter with any, and its METHOD."""
    parts = [
        (one.get_param("method"), Calendar.from_ical(one.get_content()).events)
        for mail in inbox.to(address)
        for one in mail.walk()
        if one.get_content_type() == "text/calendar"
    ]
    return parts[-1]


@pytest.fixture
async def address(stage, case):
    async with stage.session() as session:
        return await session.scalar(select(Person.email).where(Person.id == case[2].person_id))


async def test_a_letter_speaks_of_what_stands_when_it_goes(stage, case, inbox, address):
    """One of several times was taken back; the meeting that she clicked on was cancelled, and the series stands."""
    _, mentor, mentee, pair = case
    first, _second = await offer(stage, mentor, pair, "2026-12-01T14:00", "2026-12-02T14:00")
    await act(stage, mentor, meetings.cancel, first.id)
    await stage.drain()
    text = inbox.to(address)[-1].get_body(("plain",)).get_content()
    assert "2 December" in text and "1 December" not in text
    made = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="Europe/Paris", monthly=True)
    await act(stage, mentee, meetings.agree, made[3].id)
    await act(stage, mentee, meetings.cancel, made[3].id)
    await act(stage, mentee, meetings.cancel, made[0].id)
    await stage.drain()
    texts = [mail.get_body(("plain",)).get_content() for mail in inbox.to(address)]
    [agreed] = [one for one in texts if "11 meetings" in one or "10 meetings" in one]
    assert "12 January" in agreed and "10 meetings" in agreed
    rules_sent = [
        one
        for mail in inbox.to(address)
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
        for one in Calendar.from_ical(part.get_content()).events
        if one.get("RRULE")
    ]
    [rule] = rules_sent
    assert rule["RRULE"]["COUNT"] == [12]
    assert [one.dt.strftime("%m-%d %H:%M") for one in rule["EXDATE"].dts] == ["12-08 14:00", "03-09 14:00"]


async def test_a_feed_counts_a_series_as_a_whole(stage, case):
    """Its first meeting was moved behind the second, which lies before what a feed shows."""
    hand, mentor, mentee, pair = case
    made = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="UTC", monthly=True)
    await act(stage, mentee, meetings.agree, made[0].id)
    [other] = await offer(stage, mentee, pair, "2027-01-20T14:00", zone="UTC", instead_of=made[0].id)
    await act(stage, mentor, meetings.agree, other.id)
    async with stage.session(mentee.actor) as session:
        before = {(one.uid, one.rule) for one in await calendar.own(session, mentee.actor, pages="")}
    hand.move_to("2028-01-15T12:00:00Z")
    async with stage.session(mentee.actor) as session:
        found = await calendar.own(session, mentee.actor, pages="")
    assert {(one.uid, one.rule) for one in found} == before and found[0].starts_at == made[0].starts_at


@pytest.mark.parametrize("met_before", [False, True])
async def test_a_whole_series_is_cancelled_in_one_letter(stage, case, inbox, address, met_before):
    hand, mentor, mentee, pair = case
    made = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="Europe/Paris", monthly=True)
    with pytest.raises(rules.MeetingClosed):  # only offered so far
        await act(stage, mentor, cancelling.cancel_series, made[0].id)
    await act(stage, mentee, meetings.agree, made[0].id)
    [other] = await offer(stage, mentor, pair, "2027-02-10T09:00", zone="Europe/Paris", instead_of=made[2].id)
    await stage.drain()
    if met_before:
        hand.move_to("2026-12-08T15:00:00Z")
    gone = await act(stage, mentee, cancelling.cancel_series, made[5].id)
    assert [one.id for one in gone] == [one.id for one in made[met_before:]]
    assert await act(stage, mentor, cancelling.cancel_series, made[5].id) == []  # a second click
    with pytest.raises(rules.MeetingClosed):
        await act(stage, mentee, meetings.agree, other.id)
    await stage.drain()
    for whose in (mentor, mentee):
        assert (await stage.letters(whose, "sent")).count("meeting.cancelled") == 1
    mail = inbox.to(address)[-1]
    assert f"{len(gone)} meetings that were still to come" in mail.get_body(("plain",)).get_content()
    assert len(mail.as_bytes()) < 30_000
    method, events = letter_event(inbox, address)
    assert method == "CANCEL" and {one["STATUS"] for one in events} == {"CANCELLED"}
    assert {one.uid for one in events} == {f"{made[0].series_id}@meetings.mentorweave"}
    assert {one.sequence for one in events} == {1}
    recurring = [one["RECURRENCE-ID"].dt for one in events if "RECURRENCE-ID" in one]
    assert len(recurring) == (11 if met_before else 0) and ("RRULE" in events[0]) != met_before
    found = await act(stage, mentee, calendar.one, made[0].id, pages="")
    assert [one.is_cancelled for one in found] == ([False] + [True] * 11 if met_before else [True])
    single = await agreed_alone(stage, mentor, mentee, pair)
    with pytest.raises(NotFound):
        await act(stage, mentee, cancelling.cancel_series, single.id)
    stranger = await stage.joins(name="Somebody Else")
    with pytest.raises(NotFound):
        await act(stage, stranger, cancelling.cancel_series, made[0].id)


async def test_the_end_takes_meetings_to_come_out_of_calendars(stage, case, inbox, address):  # WCC #664
    _, mentor, mentee, pair = case
    made = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="Europe/Paris", monthly=True)
    await act(stage, mentee, meetings.agree, made[0].id)
    await stage.drain()
    async with stage.session(stage.by) as session:
        await actions.end(session, stage.by, pair.id, reason=EndReason.GOALS_REACHED)
    await stage.drain()
    [ended] = [mail for mail in inbox.to(address) if "has come to its end" in words_of(mail)]
    assert f"The {len(made)} meetings that were still to come" in words_of(ended)
    method, events = letter_event(inbox, address)
    assert method == "CANCEL" and [one["STATUS"] for one in events] == ["CANCELLED"]
    assert (events[0].uid, events[0].sequence) == (f"{made[0].series_id}@meetings.mentorweave", 1)


async def test_the_end_cancels_every_series_and_every_single_meeting(stage, case, inbox, address):  # WCC #664
    """One object is about one event (RFC 5546): the soonest stands in the letter, the others are files beside it."""
    _, mentor, mentee, pair = case
    first = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="Europe/Paris", monthly=True)
    await act(stage, mentee, meetings.agree, first[0].id)
    second = await offer(stage, mentor, pair, "2026-12-17T09:00", zone="UTC", monthly=True)
    await act(stage, mentee, meetings.agree, second[0].id)
    await act(stage, mentee, meetings.cancel, second[1].id)
    single = await agreed_alone(stage, mentor, mentee, pair)
    async with stage.session(stage.by) as session:
        await actions.end(session, stage.by, pair.id, reason=EndReason.GOALS_REACHED)
    await stage.drain()
    [ended] = [mail for mail in inbox.to(address) if "has come to its end" in words_of(mail)]
    assert f"The {len(first) + len(second)} meetings that were still to come" in words_of(ended)
    files = [one for one in ended.walk() if one.get_content_type() == "text/calendar"]
    assert [one.get_param("method") for one in files] == ["CANCEL"] * 3
    assert [one.get_filename() for one in files] == [None, "calendar-2.ics", "calendar-3.ics"]
    told = [Calendar.from_ical(one.get_content()) for one in files]
    assert [str(one["METHOD"]) for one in told] == ["CANCEL"] * 3
    uids = [{event.uid for event in one.events} for one in told]
    ours = (first[0].series_id, second[0].series_id, single.id)
    assert uids == [{f"{one}@meetings.mentorweave"} for one in ours]
    assert {event["STATUS"] for one in told for event in one.events} == {"CANCELLED"}
    async with stage.session(mentee.actor) as session:
        feed = await calendar.own(session, mentee.actor, pages="")
    assert {one.uid for one in feed} == set().union(*uids) and all(one.is_cancelled for one in feed)


def words_of(mail):
    return mail.get_body(("plain",)).get_content()


async def agreed_alone(stage, mentor, mentee, pair):
    [single] = await offer(stage, mentor, pair, "2027-02-10T09:00", zone="UTC")
    return await act(stage, mentee, meetings.agree, single.id)


async def test_of_monthly_meetings_those_to_come_are_agreed(stage, case):
    hand, mentor, mentee, pair = case
    made = await offer(stage, mentor, pair, "2026-12-08T14:00", zone="UTC", monthly=True)
    hand.move_to("2026-12-08T15:00:00Z")
    await act(stage, mentee, meetings.agree, made[1].id)
    assert await states(stage, pair) == ["cancelled"] + ["agreed"] * (len(made) - 1)
    [event] = await act(stage, mentee, calendar.one, made[1].id, pages="")
    assert event.starts_at == made[1].starts_at and event.rule.endswith(f"COUNT={len(made) - 1}")


NOT_MONTHLY = (
    (["2026-12-01T14:00", "2026-12-02T14:00"], "UTC", "monthly", "meeting_monthly_alone"),
    (["2027-11-22T14:00"], "UTC", "monthly", "meeting_monthly_short"),
    (["2026-12-27T02:30"], "Europe/Paris", "times[0]", "meeting_in_gap"),  # the last Sunday of March,
)


async def test_what_cannot_come_back_each_month(stage, case):
    _, mentor, _, pair = case
    for times, zone, field, code in NOT_MONTHLY:
        with pytest.raises(Invalid) as refused:
            await offer(stage, mentor, pair, *times, zone=zone, monthly=True)
        assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]
        assert await states(stage, pair) == []
