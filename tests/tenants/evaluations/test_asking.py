"""Who is asked for an evaluation, when, how often; and who is not."""

from datetime import date, timedelta

import time_machine
from sqlalchemy import select, update

from infra import clock
from tenants.evaluations import actions, ends
from tenants.evaluations.models import Evaluation
from tenants.evaluations.rules import Asking
from tenants.programmes.models import Structure
from tenants.registration import leaving
from tenants.registration.models import Participation, Status
from tenants.relationships import actions as relationships
from tenants.relationships import parties
from tenants.relationships.models import EndReason
from tests import pairing
from tests.pairing import MONDAY
from tests.parties import begun, says, sent
from tests.tenants.evaluations.test_evaluations import answer, asked, calls, case, end, every, kinds, sweep

__all__ = ["case"]  # fixtures that both files use


async def test_both_are_asked_at_the_end_and_once(stage, case):  # K42
    _, mentor, mentee, pair = case
    await sweep(stage)
    assert await every(stage) == {}
    found = await asked(stage, pair)
    await sweep(stage)
    assert set(found) == {"mentor", "mentee"} == set(await every(stage))
    assert {one.next_on for one in found.values()} == {date(2026, 12, 7)}
    for whose in (mentor, mentee):
        assert kinds(await stage.letters(whose)) == ["evaluation.asked"]


async def test_the_last_day_of_the_term_asks_too(stage, case):  # K42
    hand, _, _, pair = case
    hand.move_to(clock.instant(pair.ends_on, clock.now().time(), "UTC") - timedelta(days=1))
    await sweep(stage)
    assert await every(stage) == {}
    hand.move_to(clock.instant(pair.ends_on, clock.now().time(), "UTC"))
    await sweep(stage)
    assert set(await every(stage)) == {"mentor", "mentee"}


async def test_two_weeks_then_a_reminder_then_a_call(stage, case):  # K44
    hand, mentor, mentee, pair = case
    found = await asked(stage, pair)
    await answer(stage, mentor, found["mentor"])
    for day, letters, tasks in (
        (date(2026, 12, 6), ["evaluation.asked"], []),
        (date(2026, 12, 7), ["evaluation.asked", "evaluation.reminder"], []),
        (date(2026, 12, 13), ["evaluation.asked", "evaluation.reminder"], []),
        (date(2026, 12, 14), ["evaluation.asked", "evaluation.reminder"], [("evaluation.call", date(2026, 12, 14))]),
        (date(2027, 1, 20), ["evaluation.asked", "evaluation.reminder"], [("evaluation.call", date(2026, 12, 14))]),
    ):  # fmt: skip
        hand.move_to(clock.instant(day, clock.now().time(), "UTC"))
        await sweep(stage)
        await sweep(stage)
        assert kinds(await stage.letters(mentee)) == letters, day
        assert await calls(stage) == tasks, day
    assert kinds(await stage.letters(mentor)) == ["evaluation.asked"]
    await answer(stage, mentee, found["mentee"])
    assert await calls(stage) == []


async def test_letters_go_out_in_her_words_and_not_after_an_answer(stage, case):  # K44 K59
    _, mentor, mentee, pair = case
    found = await asked(stage, pair)
    await answer(stage, mentor, found["mentor"])
    await stage.drain()
    assert kinds(await stage.letters(mentor, "sent")) == []
    assert kinds(await stage.letters(mentee, "sent")) == ["evaluation.asked"]


async def test_whoever_left_before_is_not_asked_and_keeps_nobody_waiting(stage, case, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    monkeypatch.setattr(ends, "AT_ONCE", 1)
    hand, mentor, mentee, pair = case
    later = await stage.pair(await stage.joins("mentor", name="Zoë Last"), await stage.joins(name="Ana Last"))
    for whose in (mentor, mentee):
        async with stage.session(whose.actor) as session:
            await leaving.leave(session, whose.actor, whose.id)
    hand.shift(timedelta(hours=1))
    for one in (pair, later):
        await end(stage, one)
    await sweep(stage)
    async with stage.session() as session:
        asked_of = (await session.execute(select(Evaluation.relationship_id))).scalars().all()
    assert set(asked_of) == {later.id} and len(asked_of) == 2


async def test_who_leaves_at_the_end_is_asked(stage, case):  # K13
    _, _, _, pair = case
    await end(stage, pair, mentor_goes_on_as=Status.LEFT)
    await sweep(stage)
    assert set(await every(stage)) == {"mentor", "mentee"}


async def test_old_ends_and_programmes_that_do_not_ask_stay_silent(stage, case):
    hand, _, _, pair = case
    async with stage.session(stage.made.owner) as session:
        await actions.set_asking(session, stage.made.owner, pair.programme_id, Asking(is_on=False))
    await end(stage, pair)
    await sweep(stage)
    assert await every(stage) == {}
    hand.shift(timedelta(days=31))
    async with stage.session(stage.made.owner) as session:
        await actions.set_asking(session, stage.made.owner, pair.programme_id, Asking())
    await sweep(stage)
    assert await every(stage) == {}


async def test_who_comes_back_in_time_is_asked_how_her_circle_was(database, ground):  # K13 K42
    """Nobody who has left is written to; who is back while it is fresh is asked, once, as whoever is let go."""
    with time_machine.travel(MONDAY, tick=True) as hand:
        stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
        soon, late, never, *others = [await stage.joins("peer") for _ in range(5)]
        [party] = await sent(stage, [soon, late, never, *others])
        for one in (soon, late, never, *others):
            await says(stage, party, one, yes=True)
        circle, _ = await begun(stage, party)
        for one in (soon, late, never):
            async with stage.session(one.actor) as session:
                await leaving.leave(session, one.actor, one.id)
        hand.shift(timedelta(hours=1))
        for one in (soon, late, never):
            async with stage.session(stage.by) as session:
                await parties.remove(session, stage.by, circle.id, one.id, goes_on_as=Status.LEFT)
        await sweep(stage)
        assert await who_is_asked(stage) == []
        for days, one in ((28, soon), (3, late)):
            hand.shift(timedelta(days=days))
            async with stage.session() as session:
                hers = update(Participation).where(Participation.id == one.id)
                await session.execute(hers.values(status=Status.REGISTERED, status_at=clock.now()))
            await sweep(stage)
            await sweep(stage)
            assert await who_is_asked(stage) == [soon.id]
        async with stage.session(stage.by) as session:
            await relationships.end(session, stage.by, circle.id, reason=EndReason.TERM_OVER)
        await sweep(stage)
        assert set(await who_is_asked(stage)) == {soon.id, *(one.id for one in others)}


async def who_is_asked(stage):
    async with stage.session() as session:
        return list((await session.execute(select(Evaluation.participation_id))).scalars())
