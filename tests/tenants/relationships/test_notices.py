"""Notice: a month, a day or at once; taken back; and what is asked and told meanwhile (K53)."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.db.batches import within
from infra.errors import Forbidden, Invalid, NotFound
from tenants.evaluations import actions as evaluations
from tenants.evaluations.models import Evaluation
from tenants.notifications.models import Letter, LetterState
from tenants.programmes.models import Structure
from tenants.relationships import actions as cases
from tenants.relationships import notices, parties, queries
from tenants.relationships.agreements.notice_models import Ground, Notice, NoticeState
from tenants.relationships.agreements.notice_rules import MOVES, Deed, NoticeClosed, NoticeGiven, moved
from tenants.relationships.models import EndReason, Relationship
from tenants.relationships.rules import RelationshipEnded
from tests.agreeing import act
from tests.pairing import MONDAY
from tests.pairing import stage as set_stage
from tests.parties import begun, says, sent


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor = await stage.joins("mentor", name="Njeri Mwangi")
        mentee = await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def on(stage, hand, day):
    """The sweeps of a day, twice; says how the relationship stands."""
    hand.move_to(clock.instant(day, clock.now().time(), "UTC"))
    for _ in range(2):
        async with stage.session() as session:
            await notices.take_effect(session, stage.made.house)
        async with stage.session() as session:
            await evaluations.follow_up(within(session), stage.made.house)
    async with stage.session() as session:
        return (await session.execute(select(Relationship.state).order_by(Relationship.id))).scalars().first()


async def asked(stage):
    async with stage.session() as session:
        return len((await session.execute(select(Evaluation.id))).all())


async def told(stage, whose):
    return [
        kind
        for kind in await stage.letters(whose)
        if kind.startswith(("notice.", "evaluation.", "relationship.ended"))
    ]


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("state", list(NoticeState))
def test_each_state_has_its_deeds(state, deed):
    if state is NoticeState.GIVEN:
        assert moved(state, deed) is MOVES[state, deed]
    else:
        with pytest.raises(NoticeClosed):
            moved(state, deed)


async def test_a_month_with_a_look_back_in_its_last_week(stage, case):
    hand, mentor, mentee, pair = case
    given = await act(stage, mentee, notices.give, pair.id, Ground.MONTH)
    assert (given.ends_on, given.reason) == (date(2026, 12, 23), None)
    assert ("notice.given", date(2026, 11, 23)) in await stage.tasks()
    assert await told(stage, mentor) == ["notice.given"] and await told(stage, mentee) == []
    with pytest.raises(NoticeGiven):
        await act(stage, mentee, notices.give, pair.id, Ground.BREACH, reason="She never came.")
    assert await on(stage, hand, date(2026, 12, 15)) == "running" and await asked(stage) == 0
    assert await on(stage, hand, date(2026, 12, 16)) == "running" and await asked(stage) == 2
    assert await on(stage, hand, date(2026, 12, 22)) == "running"
    assert await on(stage, hand, date(2026, 12, 23)) == "ended"
    assert await told(stage, mentor) == ["notice.given", "evaluation.asked", "relationship.ended"]
    assert await asked(stage) == 2
    async with stage.session(stage.by) as session:
        found = await queries.shown(session, stage.by, pair.id)
        [row] = await notices.of_case(session, stage.by, pair.id)
    assert found.Relationship.end_reason == EndReason.ASKED_TO_END
    assert (row.Notice.state, row.full_name) == (NoticeState.DONE, "Wanjiru Kamau")
    with pytest.raises(RelationshipEnded):
        await act(stage, mentee, notices.take_back, pair.id)


async def test_whoever_gave_it_takes_it_back_until_its_day(stage, case):
    hand, mentor, mentee, pair = case
    await act(stage, mentee, notices.give, pair.id, Ground.MONTH)
    await act(stage, mentee, notices.take_back, pair.id)
    waiting = await stage.letters(mentor, "waiting")  # the letter was caught, so nobody hears of it
    assert [one for one in waiting if one.startswith("notice.")] == []
    await act(stage, mentee, notices.give, pair.id, Ground.MONTH)
    with pytest.raises(NoticeClosed):
        await act(stage, mentor, notices.take_back, pair.id)
    async with stage.session() as session:
        await session.execute(update(Letter).values(state=LetterState.SENT))  # she has read of it
    await on(stage, hand, date(2026, 12, 20))
    assert await asked(stage) == 2
    await act(stage, mentee, notices.take_back, pair.id)
    assert (await told(stage, mentor))[-1] == "notice.taken_back"
    assert "notice.given" not in [kind for kind, _ in await stage.tasks()]
    assert await on(stage, hand, date(2027, 1, 10)) == "running"
    assert await asked(stage) == 0  # they are asked at the true end
    await act(stage, mentee, notices.give, pair.id, Ground.MONTH)
    await on(stage, hand, date(2027, 2, 5))
    # One answers before it is taken back: the other one is asked at the end.
    async with stage.session() as session:
        await session.execute(
            update(Evaluation)
            .where(Evaluation.participation_id == mentor.id)
            .values(state="answered", answered_at=clock.now())
        )
    await act(stage, mentee, notices.take_back, pair.id)
    assert await on(stage, hand, date(2027, 2, 6)) == "running" and await asked(stage) == 1
    await act(stage, mentee, notices.give, pair.id, Ground.MONTH)
    async with stage.session(stage.by) as session:
        await cases.end(session, stage.by, pair.id, reason=EndReason.GOALS_REACHED)
    async with stage.session() as session:
        states = (await session.execute(select(Notice.state).order_by(Notice.given_at))).scalars()
        assert list(states) == ["taken_back", "taken_back", "taken_back", "lapsed"]
    await on(stage, hand, date(2027, 3, 1))
    assert await asked(stage) == 2
    async with stage.session() as session:
        sent_out = await session.execute(select(Letter.kind).where(Letter.kind == "relationship.ended"))
        assert len(sent_out.all()) == 2


async def test_one_day_where_the_agreement_was_not_kept(stage, case):
    hand, mentor, mentee, pair = case
    for reason in (None, "  ", "x" * 4_001):
        with pytest.raises(Invalid):
            await act(stage, mentee, notices.give, pair.id, Ground.BREACH, reason=reason)
    given = await act(stage, mentee, notices.give, pair.id, Ground.BREACH, reason="She never came.")
    assert given.ends_on == date(2026, 11, 24)
    assert "notice.breach" in [kind for kind, _ in await stage.tasks()]
    async with stage.session(mentor.actor) as session:
        with pytest.raises(Forbidden):
            await notices.of_case(session, mentor.actor, pair.id)
        assert await notices.own(session, mentor.actor, pair.id) is None
    stranger = await stage.joins(name="Eve")
    with pytest.raises(NotFound):
        await act(stage, stranger, notices.give, pair.id, Ground.MONTH)
    # The mentor gives notice as well: the earlier day counts, and both are settled by it.
    await act(stage, mentor, notices.give, pair.id, Ground.MONTH)
    assert await on(stage, hand, date(2026, 11, 24)) == "ended"
    async with stage.session() as session:
        assert set((await session.execute(select(Notice.state))).scalars()) == {"done", "lapsed"}


async def test_broken_confidence_ends_it_at_once(stage, case):
    _, mentor, mentee, pair = case
    with pytest.raises(Invalid):
        await act(stage, mentee, notices.give, pair.id, Ground.CONFIDENCE)
    given = await act(stage, mentee, notices.give, pair.id, Ground.CONFIDENCE, reason="She told my employer.")
    assert (given.state, given.ends_on) == (NoticeState.DONE, date(2026, 11, 23))
    assert "notice.confidence" in [kind for kind, _ in await stage.tasks()]
    assert await told(stage, mentor) == ["relationship.ended"]  # and never why
    assert await stage.status(mentor) == await stage.status(mentee) == "READY TO BE MATCHED"
    async with stage.session(stage.by) as session:
        [row] = await notices.of_case(session, stage.by, pair.id)
        assert row.Notice.reason == "She told my employer."
        assert (await queries.shown(session, stage.by, pair.id)).Relationship.note is None
    with pytest.raises(RelationshipEnded):
        await act(stage, mentor, notices.give, pair.id, Ground.MONTH)


async def test_one_of_a_circle_leaves_it_and_the_others_go_on(database, ground):
    with time_machine.travel(MONDAY, tick=True) as hand:
        stage = await set_stage(database, ground, structure=Structure.CIRCLE)
        people = [await stage.joins("peer", name=f"Peer {n}") for n in range(3)]
        [party] = await sent(stage, [*people, fourth := await stage.joins("peer", name="Peer 4")], least=2)
        for one in (*people, fourth):
            await says(stage, party, one, yes=True)
        relationship = (await begun(stage, party))[0]
        await act(stage, fourth, notices.give, relationship.id, Ground.MONTH)
        async with stage.session(stage.by) as session:  # her coordinator lets her go sooner
            await parties.remove(session, stage.by, relationship.id, fourth.id)
            assert (await session.scalars(select(Notice.state))).all() == ["lapsed"]
        assert "notice.given" not in [kind for kind, _ in await stage.tasks()]
        await act(stage, people[0], notices.give, relationship.id, Ground.MONTH)
        await act(stage, people[1], notices.give, relationship.id, Ground.MONTH)
        assert (
            await on(stage, hand, date(2026, 12, 23)) == "ended"
        )  # the second leaves two, then only one would be left
        async with stage.session() as session:
            assert set((await session.execute(select(Notice.state))).scalars()) == {"done", "lapsed"}
        assert await stage.status(people[2]) == "READY TO BE MATCHED"
