"""The morning before a meeting, and a meeting that is noted by its day."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from tenants.notifications import choices
from tenants.people.models import Person
from tenants.registration import leaving
from tenants.relationships import meeting as meetings
from tenants.relationships import rules
from tenants.relationships.keeping import noting, reckoning, reminding
from tests.tenants.relationships.test_keeping import act, agreed, case, house, kinds

__all__ = ["case"]  # a fixture that both files use


async def test_a_day_that_is_noted_is_the_meeting_that_was_agreed_for_it(stage, case):  # U09
    hand, mentor, mentee, pair = case
    one = await agreed(stage, mentor, mentee, pair)
    hand.move_to("2026-12-01T09:00:00Z")
    with pytest.raises(rules.MeetingNotYet):
        await act(stage, mentee, noting.note, pair.id, on=date(2026, 12, 1))
    hand.move_to("2026-12-01T12:00:00Z")
    assert (await act(stage, mentee, noting.note, pair.id, on=date(2026, 12, 1))).id == one.id
    two = await agreed(stage, mentor, mentee, pair, "2026-12-02T14:00")
    hand.move_to("2027-03-01T12:00:00Z")  # too long ago for "did you meet?", and not for a note
    assert (await act(stage, mentee, noting.note, pair.id, on=date(2026, 12, 2))).id == two.id
    east, west = (
        replace(whose.actor, time_zone=zone)
        for whose, zone in ((mentor, "Pacific/Auckland"), (mentee, "America/Bogota"))
    )
    for actor in (east, west, east):
        await act(stage, actor, noting.note, pair.id, on=date(2026, 12, 9))
    found, kept = await act(stage, stage.by, reckoning.of_case, pair.id)
    assert (kept.held, kept.missed, len(found)) == (3, 0, 3)


async def test_each_is_reminded_once_on_the_morning_before_by_her_own_clock(stage, case, inbox):
    hand, mentor, mentee, pair = case
    async with stage.session() as session:
        for whose, zone in ((mentor, "Africa/Nairobi"), (mentee, "America/Bogota")):
            await session.execute(update(Person).where(Person.id == whose.person_id).values(time_zone=zone))
        address = await session.scalar(select(Person.email).where(Person.id == mentee.person_id))

    async def reminded(at):
        hand.move_to(at)
        await house(stage, reminding.remind_all)
        await stage.drain()
        return [await kinds(stage, whose, reminding.KIND, "sent") for whose in (mentor, mentee)]

    one = await agreed(stage, mentor, mentee, pair, "2026-12-01T01:00")  # in Bogotá on the day before
    assert await reminded("2026-11-28T21:00:00Z") == [[], []]
    assert await reminded("2026-11-29T14:01:00Z") == [[], [reminding.KIND]]  # nine in Bogotá
    assert "17:00 in Bogot" in inbox.to(address)[-1].get_body(("plain",)).get_content()
    assert await reminded("2026-11-30T06:01:00Z") == [[reminding.KIND], [reminding.KIND]]  # nine in Nairobi
    # A time that moves is reminded of anew; whoever has said so is not, and a letter that waits looks again.
    [other] = await act(
        stage,
        mentor,
        meetings.propose,
        pair.id,
        wall_times=["2026-12-03T14:00"],
        zone="UTC",
        instead_of=one.id,
    )
    await act(stage, mentee, meetings.agree, other.id)
    two = await agreed(stage, mentor, mentee, pair, "2026-12-03T20:00", "UTC")
    await act(stage, mentor, choices.choose, off=[reminding.KIND])
    hand.move_to("2026-12-02T05:00:00Z")
    await house(stage, reminding.remind_all)
    await act(stage, mentor, meetings.cancel, two.id)
    assert [len(one) for one in await reminded("2026-12-02T14:01:00Z")] == [1, 2]
    # Who agrees in the evening before needs none; nobody is reminded of what is over, or when she has left.
    await agreed(stage, mentor, mentee, pair, "2026-12-03T22:00", "UTC")
    await agreed(stage, mentor, mentee, pair, "2026-12-10T10:00", "UTC")
    await act(stage, mentee, leaving.leave, mentee.id)
    offer = {"wall_times": ["2026-12-20T10:00"], "zone": "UTC"}
    await act(stage, mentor, meetings.propose, pair.id, **offer)  # and nothing is offered to her
    assert [len(one) for one in await reminded("2026-12-09T20:00:00Z")] == [1, 2]
    assert await kinds(stage, mentee, "meeting.proposed", "waiting", "sent") == []
