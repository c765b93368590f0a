"""Whether pairs keep meeting: did you meet, the monthly rhythm, and the three questions where nothing was heard."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.errors import Forbidden, Invalid, NotFound
from tenants.people.models import Person
from tenants.registration import leaving
from tenants.relationships import actions, returning, rules
from tenants.relationships import meeting as meetings
from tenants.relationships.keeping import met, not_heard, noting, reckoning, rhythm, settings
from tenants.relationships.keeping.models import GoesOn, MeetingAnswer, Met, NotHeard, Rhythm
from tenants.relationships.keeping.not_heard import Said
from tenants.relationships.keeping.settings import Watching
from tenants.relationships.models import EndReason, MeetingState
from tests import making, pairing
from tests.pairing import MONDAY
from workers.sweeps import whole


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def act(stage, whose, action, *what, **facts) -> Any:
    actor = getattr(whose, "actor", whose)
    async with stage.session(actor) as session:
        return await action(session, actor, *what, **facts)


async def house(stage, *sweeps):
    """Twice: what is due is done once."""
    for sweep in sweeps * 2:
        await sweep(stage.session, stage.made.house)


async def agreed(stage, mentor, mentee, pair, when="2026-12-01T14:00", zone="Africa/Nairobi"):
    [made] = await act(stage, mentor, meetings.propose, pair.id, wall_times=[when], zone=zone)
    return await act(stage, mentee, meetings.agree, made.id)


async def kinds(stage, whose, prefix, *states):
    return [kind for kind in await stage.letters(whose, *states) if kind == prefix]


async def state(stage, meeting_id):
    async with stage.session() as session:
        found = select(meetings.Meeting.state).where(meetings.Meeting.id == meeting_id)
        return (await session.execute(found)).scalar_one()


async def test_both_are_asked_the_morning_after_and_one_yes_is_enough(stage, case, inbox):
    hand, mentor, mentee, pair = case
    async with stage.session() as session:
        zone = update(Person).where(Person.id == mentee.person_id).values(time_zone="America/Bogota")
        await session.execute(zone)
    one = await agreed(stage, mentor, mentee, pair)
    with pytest.raises(rules.MeetingNotYet):
        await act(stage, mentee, met.say, one.id, Met.MET)
    await house(stage, met.ask_all)
    assert await kinds(stage, mentor, "meeting.did_you_meet") == []
    hand.move_to("2026-12-01T12:30:00Z")
    await house(stage, met.ask_all)
    for whose in (mentor, mentee):
        assert len(await kinds(stage, whose, "meeting.did_you_meet")) == 1
    await stage.drain()
    assert await kinds(stage, mentor, "meeting.did_you_meet", "sent") == []  # it waits for her morning
    hand.move_to("2026-12-02T13:59:00Z")  # nine in Nairobi is long over, in Bogotá it is a minute away
    await stage.drain()
    assert await kinds(stage, mentor, "meeting.did_you_meet", "sent") == ["meeting.did_you_meet"]
    await act(stage, mentor, met.say, one.id, Met.MET)
    hand.move_to("2026-12-02T14:01:00Z")
    await stage.drain()
    assert await kinds(stage, mentee, "meeting.did_you_meet", "sent") == []
    assert await state(stage, one.id) == MeetingState.HELD


async def test_what_they_say_decides_and_where_they_differ_is_seen(stage, case):  # U09
    hand, mentor, mentee, pair = case
    one = await agreed(stage, mentor, mentee, pair)
    two = await agreed(stage, mentee, mentor, pair, "2026-12-02T14:00")
    three = await agreed(stage, mentor, mentee, pair, "2026-12-03T14:00")
    await act(stage, mentee, meetings.cancel, three.id)
    hand.move_to("2026-12-04T12:00:00Z")
    await act(stage, mentor, met.say, one.id, Met.NOT_MET)
    assert await state(stage, one.id) == MeetingState.MISSED
    await act(stage, mentee, met.say, one.id, Met.MET)
    assert await state(stage, one.id) == MeetingState.HELD
    await act(stage, mentee, met.say, two.id, Met.ANOTHER_DAY)
    assert await state(stage, two.id) == MeetingState.MISSED
    noted = await act(stage, mentor, noting.note, pair.id, on=date(2026, 12, 4))
    assert (await act(stage, mentee, noting.note, pair.id, on=date(2026, 12, 4))).id == noted.id
    found, kept = await act(stage, stage.by, reckoning.of_case, pair.id)
    assert [each.state for each in found] == ["held", "missed", "cancelled", "held"]
    assert (kept.held, kept.missed, kept.cancelled, kept.rate) == (2, 1, 1, 0.5)
    assert [(each.name, each.proposed, each.cancelled) for each in kept.shares] == [
        ("Njeri Mwangi", 3, 0),
        ("Wanjiru Kamau", 1, 1),
    ]
    assert [each.id for each in kept.disputed] == [one.id]
    for day in (date(2026, 12, 5), date(2026, 11, 22)):
        with pytest.raises(Invalid):
            await act(stage, mentor, noting.note, pair.id, on=day)
    with pytest.raises(rules.MeetingClosed):
        await act(stage, mentor, met.say, three.id, Met.MET)
    hand.move_to("2027-02-05T12:00:00Z")
    with pytest.raises(rules.MeetingAnswerLate):
        await act(stage, mentor, met.say, one.id, Met.MET)


async def look_on(stage, hand, day):
    hand.move_to(clock.instant(day, datetime.min.time().replace(hour=10), "UTC"))
    await house(stage, met.ask_all, whole(rhythm.look))


async def test_a_long_silence_is_one_letter_and_then_one_task(stage, case, inbox):  # K52
    hand, mentor, mentee, pair = case
    async with stage.session() as session:  # where it is the day after already when they meet
        zone = update(Person).where(Person.id == mentee.person_id).values(time_zone="Pacific/Kiritimati")
        await session.execute(zone)
    hand.move_to("2026-11-23T13:00:00Z")
    await house(stage, whole(rhythm.look))
    await act(stage, mentor, noting.note, pair.id, on=date(2026, 11, 23))
    await look_on(stage, hand, date(2026, 12, 27))
    assert await kinds(stage, mentor, "relationship.quiet") == []
    await look_on(stage, hand, date(2026, 12, 28))  # five weeks
    for whose in (mentor, mentee):
        assert await kinds(stage, whose, "relationship.quiet") == ["relationship.quiet"]
    await stage.drain()
    for whose in (mentor, mentee):
        assert await kinds(stage, whose, "relationship.quiet", "sent") == ["relationship.quiet"]
    await look_on(stage, hand, date(2026, 12, 29))
    await act(stage, stage.by, not_heard.ask, pair.id)
    [hers] = await act(stage, mentor, not_heard.own_of, pair.id)
    await act(stage, mentor, not_heard.answer, hers.id, Said(goes_on=GoesOn.YES))
    await look_on(stage, hand, date(2027, 1, 10))  # what was heard brings the task no earlier
    assert "relationship.quiet" not in dict(await stage.tasks())
    await look_on(stage, hand, date(2027, 1, 11))
    assert dict(await stage.tasks())["relationship.quiet"] == date(2027, 1, 11)
    await act(stage, mentee, leaving.leave, mentee.id)
    await look_on(stage, hand, date(2027, 3, 1))
    assert len(await kinds(stage, mentor, "relationship.quiet")) == 1
    await act(stage, mentee, returning.come_back, mentee.id)
    assert "relationship.quiet" in dict(await stage.tasks())
    # They met: the task is done, also after one of them was away, and the next silence is counted anew.
    await act(stage, mentee, noting.note, pair.id, on=date(2027, 3, 1))
    assert "relationship.quiet" not in dict(await stage.tasks())
    await look_on(stage, hand, date(2027, 4, 4))
    assert len(await kinds(stage, mentor, "relationship.quiet")) == 1
    planned = await agreed(stage, mentor, mentee, pair, "2027-04-20T14:00")
    await look_on(stage, hand, date(2027, 4, 6))
    assert len(await kinds(stage, mentor, "relationship.quiet")) == 1  # one is to come
    await act(stage, mentee, meetings.cancel, planned.id)
    await look_on(stage, hand, date(2027, 4, 13))  # within a week, and not once its day is over
    assert len(await kinds(stage, mentor, "relationship.quiet")) == 2
    await look_on(stage, hand, date(2027, 4, 27))
    assert "relationship.quiet" in dict(await stage.tasks())
    await act(stage, stage.by, actions.end, pair.id, reason=EndReason.NO_CONTACT)
    await look_on(stage, hand, date(2027, 6, 1))
    assert "relationship.quiet" not in dict(await stage.tasks())
    async with stage.session() as session:
        assert (await session.execute(select(Rhythm.id))).all() == []


async def test_whoever_has_left_is_asked_nothing(stage, case):
    hand, mentor, mentee, pair = case
    await house(stage, whole(rhythm.look))
    await agreed(stage, mentor, mentee, pair)
    await act(stage, mentee, leaving.leave, mentee.id)
    hand.move_to("2026-12-01T12:30:00Z")
    await house(stage, met.ask_all)
    await look_on(stage, hand, date(2026, 12, 29))
    asked = await act(stage, stage.by, not_heard.ask, pair.id)
    assert [one.participation_id for one in asked] == [mentor.id]
    assert not {"meeting.did_you_meet", "relationship.quiet", "relationship.not_heard"} & set(
        await stage.letters(mentee)
    )
    assert len(await kinds(stage, mentor, "meeting.did_you_meet")) == 1
    assert await kinds(stage, mentor, "relationship.quiet") == []  # her coordinator talks with her


async def test_a_programme_says_how_it_watches(stage, case, database):
    hand, mentor, mentee, _pair = case
    programme_id = stage.launched.programme.id
    manager = await making.somebody(database, stage.made.id, pairing.Role.PROGRAMME_MANAGER)
    await act(stage, manager, settings.change, programme_id, Watching(quiet_days=7, task_days=1))
    await look_on(stage, hand, date(2026, 11, 30))
    assert await kinds(stage, mentee, "relationship.quiet") == ["relationship.quiet"]
    await act(stage, manager, settings.change, programme_id, Watching(is_watched=False))
    await look_on(stage, hand, date(2026, 12, 28))
    assert {kind for kind, _ in await stage.tasks()} == {"relationship.check_up"}
    with pytest.raises(Invalid) as refused:
        await act(stage, manager, settings.change, programme_id, Watching(quiet_days=6, task_days=91))
    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("quiet_days", "too_small"),
        ("task_days", "too_large"),
    ]
    with pytest.raises(Forbidden):
        await act(stage, mentor, settings.change, programme_id, Watching())


async def test_where_nothing_is_heard_the_coordinator_asks_three_questions(stage, case):  # K34 K37 K38
    hand, mentor, mentee, pair = case
    await look_on(stage, hand, date(2026, 12, 20))
    assert "relationship.not_heard" not in dict(await stage.tasks())
    await look_on(stage, hand, date(2026, 12, 21))  # three weeks for agreement and plan, and one more
    assert dict(await stage.tasks())["relationship.not_heard"] == date(2026, 12, 21)
    for_both = await act(stage, stage.by, not_heard.ask, pair.id)
    assert {one.participation_id for one in for_both} == {mentor.id, mentee.id}
    assert "relationship.not_heard" not in dict(await stage.tasks())
    with pytest.raises(not_heard.AskedLately):  # a doubled click
        await act(stage, stage.by, not_heard.ask, pair.id)
    [hers] = await act(stage, mentor, not_heard.own_of, pair.id)
    with pytest.raises(Invalid):
        await act(stage, mentor, not_heard.answer, hers.id, Said(words="  "))
    with pytest.raises(NotFound):
        await act(stage, mentee, not_heard.answer, hers.id, Said(goes_on=GoesOn.YES))
    said = Said(True, False, GoesOn.UNSURE, "We lost each other’s number.")
    far_away = replace(
        mentor, actor=replace(mentor.actor, time_zone="Pacific/Honolulu")
    )  # where it is yesterday still
    await act(stage, far_away, not_heard.answer, hers.id, said)
    assert dict(await stage.tasks())["relationship.doubt"] == clock.today("UTC")
    rows = await act(stage, stage.by, not_heard.of_case, pair.id)
    assert {row.full_name: row.NotHeard.goes_on for row in rows} == {
        "Njeri Mwangi": "unsure",
        "Wanjiru Kamau": None,
    }
    hand.shift(timedelta(days=8))
    again = await act(stage, stage.by, not_heard.ask, pair.id)
    assert len(again) == 2 and hers.id not in {one.id for one in again}  # what she answered stays as it is
    assert len(await kinds(stage, mentee, "relationship.not_heard")) == 2
    async with stage.session() as session:
        assert len((await session.execute(select(NotHeard.id))).all()) == 3
    await act(stage, stage.by, actions.end, pair.id, reason=EndReason.NO_CONTACT)
    with pytest.raises(rules.RelationshipEnded):
        await act(stage, mentor, not_heard.answer, hers.id, said)
    with pytest.raises(rules.RelationshipEnded):
        await act(stage, stage.by, not_heard.ask, pair.id)


async def test_others_find_nothing(stage, case, database, ground):  # isolation
    hand, mentor, mentee, pair = case
    one = await agreed(stage, mentor, mentee, pair)
    hand.move_to("2026-12-04T12:00:00Z")
    await house(stage, met.ask_all, whole(rhythm.look))
    [asked, _] = await act(stage, stage.by, not_heard.ask, pair.id)
    far = await pairing.stage(database, ground)
    stranger, outsider = await stage.joins(name="Somebody Else"), await far.joins("mentor")
    for on, whose in ((stage, stranger), (far, outsider)):
        for action, what in (
            (met.say, (one.id, Met.MET)),
            (not_heard.answer, (asked.id, Said(goes_on=GoesOn.NO))),
        ):
            with pytest.raises(NotFound):
                await act(on, whose, action, *what)
        with pytest.raises(NotFound):
            await act(on, whose, noting.note, pair.id, on=date(2026, 12, 4))
    for action in (reckoning.of_case, not_heard.of_case, not_heard.ask):
        with pytest.raises(NotFound):
            await act(far, far.by, action, pair.id)
    async with far.session() as session:
        for table in (MeetingAnswer, Rhythm, NotHeard):
            assert (await session.execute(select(table.id))).all() == []
