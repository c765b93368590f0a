"""Meetings of a pair: offers in one zone, read in another, over changes of the clock."""

import asyncio
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.errors import Invalid, NotFound
from tenants.people.models import Person
from tenants.relationships import meeting as meetings
from tenants.relationships import queries, rules
from tenants.relationships.keeping import met
from tenants.relationships.keeping.models import Met
from tests.pairing import MONDAY


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def act(stage, whose, action, what, **facts):
    async with stage.session(whose.actor) as session:
        return await action(session, whose.actor, what, **facts)


async def hold(session, actor, meeting_id):
    return await met.say(session, actor, meeting_id, Met.MET)


async def offer(stage, whose, pair, *times, zone="Africa/Nairobi", **facts):
    return await act(stage, whose, meetings.propose, pair.id, wall_times=times, zone=zone, **facts)


async def states(stage, pair):
    async with stage.session() as session:
        return [one.state for one in await queries.meetings(session, pair.id)]


async def test_three_times_one_is_chosen_and_the_others_fall_away(stage, case):
    _, mentor, mentee, pair = case
    made = await offer(
        stage, mentor, pair, "2026-12-03T18:00", "2026-12-01T14:00", "2026-12-02T14:00", place="Café Sarajevo"
    )
    assert [one.wall_time for one in made] == ["2026-12-01T14:00", "2026-12-02T14:00", "2026-12-03T18:00"]
    assert made[0].starts_at.isoformat() == "2026-12-01T11:00:00+00:00"
    await act(stage, mentee, meetings.agree, made[1].id)
    assert await states(stage, pair) == ["cancelled", "agreed", "cancelled"]
    assert (await stage.letters(mentee))[-2:] == [
        "meeting.proposed",
        "meeting.agreed",
    ]  # for her calendar, too
    assert (await stage.letters(mentor))[-1] == "meeting.agreed"


async def test_new_offers_take_the_place_of_the_old(stage, case):
    _, mentor, _, pair = case
    await offer(stage, mentor, pair, "2026-12-01T14:00")
    await offer(stage, mentor, pair, "2026-12-02T14:00")
    assert await states(stage, pair) == ["cancelled", "proposed"]


async def test_one_cannot_agree_to_ones_own_offer(stage, case):
    _, mentor, _, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    with pytest.raises(rules.OwnMeeting):
        await act(stage, mentor, meetings.agree, made.id)


async def test_two_who_agree_to_two_times_at_once_get_one(stage, case):
    _, mentor, mentee, pair = case
    [hers] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    [mine] = await offer(stage, mentee, pair, "2026-12-02T14:00")
    outcomes = await asyncio.gather(
        act(stage, mentee, meetings.agree, hers.id),
        act(stage, mentor, meetings.agree, mine.id),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Meeting", "MeetingClosed"]
    assert sorted(await states(stage, pair)) == ["agreed", "cancelled"]


async def test_cancelling_tells_the_other_and_every_list(stage, case):  # WCC #664
    _, mentor, mentee, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    await act(stage, mentee, meetings.agree, made.id)
    await act(stage, mentee, meetings.cancel, made.id)
    assert await states(stage, pair) == ["cancelled"]
    assert (await stage.letters(mentor))[-1] == "meeting.cancelled"
    for action in (meetings.agree, meetings.cancel, hold):
        with pytest.raises(rules.MeetingClosed):
            await act(stage, mentor, action, made.id)


async def test_an_offer_that_is_taken_back_writes_no_letter(stage, case):
    _, mentor, mentee, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    await act(stage, mentor, meetings.cancel, made.id)
    assert "meeting.cancelled" not in await stage.letters(mentee)


async def test_held_only_what_was_agreed_and_is_over(stage, case):
    hand, mentor, mentee, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    with pytest.raises(rules.MeetingClosed):
        await act(stage, mentee, hold, made.id)
    await act(stage, mentee, meetings.agree, made.id)
    with pytest.raises(rules.MeetingClosed):
        await act(stage, mentee, hold, made.id)
    hand.move_to("2026-12-01T12:00:00Z")
    await act(stage, mentee, hold, made.id)
    async with stage.session(stage.by) as session:
        [row] = await queries.listed(session, stage.by)
    assert row.last_meeting_at == made.starts_at


async def test_an_offer_that_is_over_cannot_be_agreed_to(stage, case):
    hand, mentor, mentee, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    hand.move_to("2026-12-01T12:00:00Z")
    with pytest.raises(rules.MeetingClosed):
        await act(stage, mentee, meetings.agree, made.id)


UNUSABLE = (
    ([], {}, "times", "missing"),
    (["2026-12-01T14:00"] * 4, {}, "times", "too_long"),
    (["tomorrow"], {}, "times[0]", "meeting_time_unreadable"),
    (["2026-12-01T14:00", "2026-13-01T14:00"], {}, "times[1]", "meeting_time_unreadable"),
    (["2026-12-01T14:00+05:00"], {}, "times[0]", "meeting_time_unreadable"),
    (["2026-12-01"], {}, "times[0]", "meeting_time_unreadable"),
    (["2026-11-23T11:59"], {}, "times[0]", "meeting_in_the_past"),
    (["0001-01-01T00:00"], {}, "times[0]", "meeting_in_the_past"),
    (["9999-12-31T23:59"], {}, "times[0]", "meeting_too_far"),
    (["2026-12-01T14:00"], {"zone": "Mars/Olympus"}, "zone", "time_zone_unknown"),
    (["2026-12-01T14:00"], {"minutes": 4}, "minutes", "too_small"),
    (["2026-12-01T14:00"], {"minutes": 481}, "minutes", "too_large"),
    (["2026-12-01T14:00"], {"place": "x" * 201}, "place", "too_long"),
)


async def test_what_cannot_be_used_is_named(stage, case):
    _, mentor, _, pair = case
    for times, facts, field, code in UNUSABLE:
        with pytest.raises(Invalid) as refused:
            await offer(stage, mentor, pair, *times, **facts)
        assert [(one.field, one.code) for one in refused.value.problems] == [(field, code)]
        assert await states(stage, pair) == []


async def test_a_time_stays_what_was_written_over_a_change_of_the_clock(stage, case):  # Beans #123
    _, mentor, _, pair = case
    before, after = await offer(
        stage, mentor, pair, "2027-03-27T14:00", "2027-03-28T14:00", zone="Europe/Copenhagen"
    )
    assert after.starts_at - before.starts_at == timedelta(hours=23)
    for one in (before, after):
        assert clock.local(one.starts_at, one.time_zone).strftime("%H:%M") == "14:00"


async def test_a_time_that_the_clock_skips_is_refused_and_one_it_repeats_is_the_first(stage, case):
    _, mentor, _, pair = case
    with pytest.raises(rules.MeetingTime) as refused:
        await offer(stage, mentor, pair, "2027-03-28T02:30", zone="Europe/Copenhagen")
    [problem] = refused.value.problems
    assert (problem.code, problem.facts["next"]) == ("meeting_in_gap", "2027-03-28T03:00")
    [repeated] = await offer(stage, mentor, pair, "2027-10-31T02:30", zone="Europe/Copenhagen")
    assert repeated.starts_at.isoformat() == "2027-10-31T00:30:00+00:00"


async def test_another_time_is_the_same_meeting(stage, case):
    """Beans #145, N07: calendars move what they have. It stands until the other agrees, and is cancelled with its offers."""
    _, mentor, mentee, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00", place="Café Tito")
    await act(stage, mentee, meetings.agree, made.id)
    first, _second = await offer(
        stage, mentee, pair, "2026-12-02T09:00", "2026-12-03T09:00", zone="Europe/Paris", instead_of=made.id
    )
    assert await states(stage, pair) == ["agreed", "proposed", "proposed"]
    with pytest.raises(rules.OwnMeeting):
        await act(stage, mentee, meetings.agree, first.id)
    moved = await act(stage, mentor, meetings.agree, first.id)
    assert (moved.id, moved.sequence, moved.moved) == (made.id, 1, 1)
    assert (await act(stage, mentor, meetings.agree, first.id)).sequence == 1  # a doubled click
    assert (moved.wall_time, moved.time_zone) == ("2026-12-02T09:00", "Europe/Paris")
    assert sorted(await states(stage, pair)) == ["agreed", "cancelled", "cancelled"]
    for whose in (mentor, mentee):
        assert (await stage.letters(whose))[-1] == "meeting.moved"
    [again] = await offer(stage, mentor, pair, "2026-12-04T14:00", instead_of=made.id)
    await act(stage, mentor, meetings.cancel, made.id)
    with pytest.raises(rules.MeetingClosed):  # one who agrees while the other cancels
        await act(stage, mentee, meetings.agree, again.id)
    with pytest.raises(rules.MeetingClosed):
        await offer(stage, mentor, pair, "2026-12-05T14:00", instead_of=made.id)
    for unknown in (uuid4(), pair.id):
        with pytest.raises(NotFound):
            await offer(stage, mentor, pair, "2026-12-05T14:00", instead_of=unknown)


async def test_a_letter_names_every_time_by_its_readers_clock(stage, case, inbox):
    _, mentor, mentee, pair = case
    async with stage.session() as session:
        await session.execute(
            update(Person).where(Person.id == mentee.person_id).values(time_zone="America/Bogota")
        )
        await session.execute(
            update(Person).where(Person.id == mentor.person_id).values(time_zone="Africa/Nairobi")
        )
        address = await session.scalar(select(Person.email).where(Person.id == mentee.person_id))
    await offer(stage, mentor, pair, "2026-12-01T04:00", "2026-12-02T18:00")
    await stage.drain()
    text = re.sub(r"\s+", " ", inbox.to(address)[-1].get_body(("plain",)).get_content())
    assert "Monday 30 November, 20:00 in Bogotá" in text or "Monday 30 November, 20:00 in Bogota" in text
    assert (
        "Wednesday 2 December, 10:00 in Bogot" in text and "· 18:00 in Nairobi" in text
    )  # and by the other's
    assert "Tuesday 1 December, 04:00 in Nairobi" in text  # with its day, where it is another


async def test_a_letter_of_a_meeting_that_was_cancelled_meanwhile_is_not_sent(stage, case, inbox):
    _, mentor, _mentee, pair = case
    [made] = await offer(stage, mentor, pair, "2026-12-01T14:00")
    await act(stage, mentor, meetings.cancel, made.id)
    await stage.drain()
    assert all("proposes a meeting" not in mail["Subject"] for mail in inbox.mails)


def test_the_first_check_up_that_is_still_to_come():
    begun = date(2026, 11, 23)
    assert rules.next_check_up(begun, (274, 14, 91), begun) == date(2026, 12, 7)
    assert rules.next_check_up(begun, (14, 91, 274), date(2026, 12, 7)) == date(2027, 2, 22)
    assert rules.next_check_up(begun, (), begun) is None


def test_wall_times_are_read_in_order_and_once():
    with time_machine.travel(MONDAY):
        read = rules.read_slots(["2026-12-02T14:00", "2026-12-01T14:00", "2026-12-02T14:00"], "UTC")
    assert [wall for wall, _ in read] == ["2026-12-01T14:00", "2026-12-02T14:00"]
