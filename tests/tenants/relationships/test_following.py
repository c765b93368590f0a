"""Following up: both are asked after three and nine months, reminded once, and their replies stay with the case."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock
from infra.db.batches import within
from infra.errors import Forbidden, Invalid, NotFound
from tenants.registration import leaving
from tenants.relationships import actions, following
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.keeping import rhythm
from tenants.relationships.models import EndReason, Relationship
from tenants.relationships.rules import RelationshipEnded
from tests import making
from tests.pairing import MONDAY
from tests.working import drain


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor = await stage.joins("mentor", name="Njeri Mwangi")
        mentee = await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def on(stage, hand, day):
    """The sweep of a day, twice."""
    hand.move_to(clock.instant(day, clock.now().time(), "UTC"))
    for _ in range(2):
        async with stage.session() as session:
            await following.follow_up(within(session), stage.made.house)


async def letters(stage, whose, *states):
    return [kind for kind in await stage.letters(whose, *states) if kind.startswith("follow_up.")]


async def asked(stage, whose, pair):
    async with stage.session(whose.actor) as session:
        return await following.own_of(session, whose.actor, pair.id)


async def reply(stage, whose, one, goals="Two of three.", news=None):
    async with stage.session(whose.actor) as session:
        return await following.reply(session, whose.actor, one.id, goals=goals, news=news)


async def test_both_are_asked_after_three_and_nine_months(stage, case):  # K41
    hand, mentor, mentee, pair = case
    for day, count in (
        (date(2026, 12, 7), 0),
        (date(2027, 2, 21), 0),
        (date(2027, 2, 22), 1),
        (date(2027, 8, 23), 1),
        (date(2027, 8, 24), 2),
        (date(2027, 11, 20), 2),
    ):
        await on(stage, hand, day)
        for whose in (mentor, mentee):
            assert len(await asked(stage, whose, pair)) == count, day
    assert (await letters(stage, mentor)).count("follow_up.asked") == 2


async def test_one_reminder_after_two_weeks_and_none_after_a_reply(stage, case):  # K41
    hand, mentor, mentee, pair = case
    await on(stage, hand, date(2027, 2, 22))
    [one] = await asked(stage, mentor, pair)
    assert one.reply_by == date(2027, 3, 8)
    await reply(stage, mentor, one)
    await on(stage, hand, date(2027, 3, 7))
    assert await letters(stage, mentee) == ["follow_up.asked"]
    await on(stage, hand, date(2027, 3, 8))
    await on(stage, hand, date(2027, 4, 8))
    assert await letters(stage, mentee) == ["follow_up.asked", "follow_up.reminder"]
    assert await letters(stage, mentor) == ["follow_up.asked"]
    assert await letters(stage, mentor, "withdrawn") == ["follow_up.asked"]
    await stage.drain()
    assert await letters(stage, mentee, "sent") == ["follow_up.asked", "follow_up.reminder"]


async def test_replies_stay_with_the_case_and_away_from_the_other(stage, case):  # K38 K41
    hand, mentor, mentee, pair = case
    await on(stage, hand, date(2026, 12, 21))
    async with stage.session() as session:
        await rhythm.look(session, stage.made.house)
    await on(stage, hand, date(2027, 2, 22))
    [one] = await asked(stage, mentor, pair)
    assert "relationship.not_heard" in dict(await stage.tasks())
    await reply(stage, mentor, one, goals=" She found work. ", news="")
    assert "relationship.not_heard" not in dict(await stage.tasks())  # they are heard of
    async with stage.session(stage.by) as session:
        rows = await following.of_case(session, stage.by, pair.id)
    assert {row.full_name: row.FollowUp.goals for row in rows} == {
        "Njeri Mwangi": "She found work.",
        "Wanjiru Kamau": None,
    }
    with pytest.raises(NotFound):
        await reply(stage, mentee, one)
    async with stage.session(mentee.actor) as session:
        with pytest.raises(Forbidden):
            await following.of_case(session, mentee.actor, pair.id)
    stranger = await making.organisation(stage.database)
    async with stage.database.tenant_session(stranger.coordinator.context()) as session:
        with pytest.raises(NotFound):
            await following.of_case(session, stranger.coordinator, pair.id)


UNUSABLE = (
    ("", None),
    ("  ", " \0 "),
    ("x" * 4_001, None),
    (None, "x" * 4_001),
)


async def test_nothing_and_too_much_are_refused(stage, case):
    hand, mentor, _, pair = case
    await on(stage, hand, date(2027, 2, 22))
    [one] = await asked(stage, mentor, pair)
    for goals, news in UNUSABLE:
        with pytest.raises(Invalid):
            await reply(stage, mentor, one, goals=goals, news=news)


async def test_an_ended_pair_is_asked_no_more(stage, case):  # K43
    hand, mentor, mentee, pair = case
    await on(stage, hand, date(2027, 2, 22))
    [one] = await asked(stage, mentor, pair)
    async with stage.session(stage.by) as session:
        await actions.end(session, stage.by, pair.id, reason=EndReason.GOALS_REACHED)
    await stage.drain()
    await on(stage, hand, date(2027, 8, 24))
    assert await letters(stage, mentor, "sent") == [] and len(await asked(stage, mentee, pair)) == 1
    with pytest.raises(RelationshipEnded):
        await reply(stage, mentor, one)


async def test_a_house_that_was_away_asks_late_but_not_about_the_past(stage, case):
    hand, mentor, _, pair = case
    await on(stage, hand, date(2027, 2, 22) + timedelta(days=21))
    assert len(await asked(stage, mentor, pair)) == 1
    await on(stage, hand, date(2027, 8, 24) + timedelta(days=22))
    assert len(await asked(stage, mentor, pair)) == 1


async def test_whoever_left_gets_no_letter(stage, case):
    hand, mentor, mentee, _ = case
    async with stage.session(mentee.actor) as session:
        await leaving.leave(session, mentee.actor, mentee.id)
    await on(stage, hand, date(2027, 2, 22))
    await stage.drain()
    assert "follow_up.asked" in await letters(stage, mentor, "sent")


async def test_more_than_one_transaction_can_hold_are_asked_side_by_side(stage, case, ground, monkeypatch):
    hand, *_ = case
    pairs = [case[3], *[await stage.pair(await stage.joins("mentor"), await stage.joins()) for _ in range(2)]]
    monkeypatch.setattr(following, "AT_ONCE", 1)

    async def asked_of():
        async with stage.session() as session:
            query = select(FollowUp.relationship_id).where(FollowUp.after_days == 91)
            return Counter(await session.scalars(query))

    await on(stage, hand, date(2027, 2, 22))
    assert len(await asked_of()) == 2  # one in each sweep
    async with stage.session() as beside:
        # What another sweep writes about pairs, as their rhythm, keeps nobody from being asked: the job comes once.
        await beside.execute(select(Relationship.id).with_for_update(read=True, key_share=True))
        assert "follow_up.ask" in await drain(ground, stage.made.id, kinds=("follow_up.ask",))
    assert await asked_of() == {one.id: 2 for one in pairs}


async def test_what_a_batch_has_reminded_stays_where_the_next_one_dies(stage, case, monkeypatch):
    hand, _, mentee, _ = case
    await on(stage, hand, date(2027, 2, 22))
    monkeypatch.setattr(following, "AT_ONCE", 1)
    hand.move_to(clock.instant(date(2027, 3, 8), clock.now().time(), "UTC"))
    begun = []

    def transactions():
        begun.append(clock.now())
        if len(begun) == 3:
            raise ConnectionError
        return stage.session()

    async def reminded():
        async with stage.session() as session:
            return await session.scalar(
                select(func.count()).select_from(FollowUp).where(FollowUp.reminded_at.is_not(None))
            )

    with pytest.raises(ConnectionError):
        await following.follow_up(transactions, stage.made.house)
    assert await reminded() == 1
    await on(stage, hand, date(2027, 3, 8))
    assert await reminded() == 2
    assert (await letters(stage, mentee)).count("follow_up.reminder") == 1
