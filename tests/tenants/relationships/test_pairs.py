"""The case of a pair: its dates, its one check-up, its end with what each chooses."""

import asyncio
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.errors import Invalid
from tenants.pools.models import PoolCard
from tenants.proposals import places
from tenants.proposals.models import Proposal
from tenants.registration import leaving
from tenants.registration.models import Participation, Status
from tenants.registration.rules import StatusNotReachable
from tenants.relationships import accompanying, actions, queries, rules
from tenants.relationships import meeting as meetings
from tenants.relationships.keeping import reckoning
from tenants.relationships.models import EndReason, Meeting, RelationshipState
from tenants.reports import network
from tests.pairing import MONDAY


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor = await stage.joins("mentor", name="Njeri Mwangi", capacity=2)
        mentee = await stage.joins()
        yield hand, mentor, mentee, await stage.pair(mentor, mentee)


async def act(stage, action, *what, by=None, **facts):
    actor = by or stage.by
    async with stage.session(actor) as session:
        return await action(session, actor, *what, **facts)


async def end(stage, pair, reason=EndReason.GOALS_REACHED, **facts):
    return await act(stage, actions.end, pair.id, reason=reason, **facts)


def check_ups(tasks):
    return [due for kind, due in tasks if kind == "relationship.check_up"]


async def test_it_begins_with_its_dates(stage, case):  # K37 K39 K42 K45
    _, _, _, pair = case
    assert (pair.state, pair.coordinator_id) == (RelationshipState.RUNNING, stage.by.person_id)
    assert (pair.begun_at.date(), pair.ends_on) == (date(2026, 11, 23), date(2027, 11, 23))
    assert pair.check_up_on == date(2027, 2, 22)  # three months ahead
    assert await stage.tasks() == [("relationship.check_up", date(2027, 2, 22))]


async def test_nobody_accompanies_her_own_pair(stage):
    with time_machine.travel(MONDAY, tick=True):
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        [proposal] = await stage.sent((mentor, mentee))
        await stage.become_known(proposal)
        async with stage.session() as session:
            await session.execute(
                update(Proposal).where(Proposal.id == proposal).values(approved_by=mentor.person_id)
            )
        await stage.both_meet(proposal, mentor, mentee)
        await stage.both_go_on(proposal, mentor, mentee)
        case = await stage.relationship(proposal)
    assert case.coordinator_id is None
    assert await act(stage, accompanying.count_unaccompanied) == 1


async def test_check_ups_follow_one_another(stage, case):  # K39 K41 K42 K45
    hand, _, _, pair = case
    seen = []
    for day in (date(2027, 2, 23), date(2027, 8, 25), date(2027, 11, 24)):
        hand.move_to(clock.instant(day, (clock.now()).time(), "UTC"))
        seen.append((await act(stage, actions.finish_check_up, pair.id)).check_up_on)
    # Three and nine months from the confirmation, and the day after the term, to bring it to its end; then none.
    assert seen == [date(2027, 8, 24), date(2027, 11, 24), None]
    assert await stage.tasks() == []


async def test_a_check_up_is_moved_and_moved_back(stage, case):  # K45
    _, _, _, pair = case
    for day in (date(2026, 12, 14), date(2026, 12, 7), date(2026, 12, 14)):
        assert (await act(stage, actions.set_check_up, pair.id, on=day)).check_up_on == day
        assert check_ups(await stage.tasks()) == [day]


async def test_no_check_up_in_the_past_or_beyond_all_planning(stage, case):
    _, _, _, pair = case
    for day in (date(2026, 11, 22), date(2030, 1, 1), date.max):
        with pytest.raises(Invalid):
            await act(stage, actions.set_check_up, pair.id, on=day)
    assert check_ups(await stage.tasks()) == [date(2027, 2, 22)]


async def test_late_check_ups_come_first(stage, case):  # K45
    hand, mentor, _, pair = case
    other = await stage.pair(mentor, await stage.joins(name="Amina"))
    await act(stage, actions.set_check_up, other.id, on=date(2026, 11, 30))
    hand.move_to("2027-02-24T09:00:00Z")
    async with stage.session(stage.by) as session:
        due = await queries.due_check_ups(session, stage.by, clock.today("UTC"))
        counts = await queries.counts(session, stage.by, clock.today("UTC"))
    assert [row.Relationship.id for row in due] == [other.id, pair.id]
    assert (counts.running, counts.ended, counts.late) == (2, 0, 2)


@pytest.mark.parametrize(
    ("mentor_to", "mentee_to"),
    [
        (Status.READY, Status.LEFT),
        (Status.NETWORK_PARTICIPANT, Status.READY),
        (Status.LEFT, Status.NETWORK_PARTICIPANT),
    ],
)
async def test_each_chooses_at_the_end(stage, case, mentor_to, mentee_to):  # K12 K13
    _, mentor, mentee, pair = case
    ended = await end(
        stage, pair, note="They met eleven times.", mentor_goes_on_as=mentor_to, mentee_goes_on_as=mentee_to
    )
    assert (ended.state, ended.end_reason, ended.note) == ("ended", "goals_reached", "They met eleven times.")
    assert (await stage.status(mentor), await stage.status(mentee)) == (mentor_to, mentee_to)
    async with stage.session() as session:
        notes = await session.execute(select(Participation.note).where(Participation.id == mentee.id))
        assert notes.scalar_one() == "The goals are reached"  # K12: in the Note field of the profile
    assert (await stage.held(mentor), await stage.held(mentee)) == (0, 0)
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "relationship.ended"
    assert await stage.tasks() == []


async def test_cards_come_back_at_the_end(stage, case):  # K13
    _, mentor, mentee, pair = case

    async def cards():
        async with stage.session() as session:
            rows = await session.execute(select(PoolCard.participation_id, PoolCard.open_places))
            return {row[0]: row[1] for row in rows}

    assert await cards() == {mentor.id: 1}  # K11: the place that is left
    await end(stage, pair)
    assert await cards() == {mentor.id: 2, mentee.id: 1}


async def test_the_two_are_not_proposed_to_each_other_again(stage, case):
    _, mentor, mentee, pair = case
    await end(stage, pair)
    async with stage.session() as session:
        assert await places.is_tried(session, mentor.person_id, mentee.person_id)
    run, _ = await stage.drafts((mentor, mentee))
    assert (await stage.approve(run)).sent == 0


async def test_a_mentor_keeps_her_status_while_another_pair_runs(stage, case):  # K12
    _, mentor, _, pair = case
    other = await stage.pair(mentor, await stage.joins(name="Amina"))
    await end(stage, pair, mentor_goes_on_as=Status.LEFT)
    assert await stage.status(mentor) == Status.IN_RELATIONSHIP
    await end(stage, other)
    assert await stage.status(mentor) == Status.READY


async def test_ended_is_ended(stage, case):
    _, mentor, _, pair = case
    await end(stage, pair)
    for attempt in (
        act(stage, actions.end, pair.id, reason=EndReason.OTHER),
        act(stage, actions.set_check_up, pair.id, on=date(2026, 12, 1)),
        act(stage, actions.finish_check_up, pair.id),
        act(stage, meetings.propose, pair.id, by=mentor.actor, wall_times=["2026-12-01T10:00"], zone="UTC"),
    ):
        with pytest.raises(rules.RelationshipEnded):
            await attempt


async def test_ended_twice_at_once(stage, case):
    _, mentor, _, pair = case
    outcomes = await asyncio.gather(end(stage, pair), end(stage, pair), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Relationship", "RelationshipEnded"]
    assert (await stage.letters(mentor)).count("relationship.ended") == 1


async def test_only_the_three_choices(stage, case):  # K13
    _, _, _, pair = case
    for status in (Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.IN_RELATIONSHIP):
        with pytest.raises(StatusNotReachable):
            await end(stage, pair, mentee_goes_on_as=status)
    with pytest.raises(Invalid):
        await end(stage, pair, note="x" * 4_001)


async def test_the_end_cancels_meetings_to_come(stage, case):  # WCC #664
    _hand, mentor, mentee, pair = case
    [offer] = await act(
        stage, meetings.propose, pair.id, by=mentor.actor, wall_times=["2026-12-01T10:00"], zone="UTC"
    )
    await act(stage, meetings.agree, offer.id, by=mentee.actor)
    await end(stage, pair)
    async with stage.session() as session:
        assert (await session.execute(select(Meeting.state))).scalars().all() == ["cancelled"]
    async with stage.session(stage.by) as session:  # nobody cancelled it, so it lowers no share
        _found, kept = await reckoning.of_case(session, stage.by, pair.id)
        since, until = clock.now(), clock.now() + timedelta(days=30)
        told = await network.facts(session, stage.by, since, until)
    assert (kept.cancelled, kept.rate) == (told.cancelled, told.kept) == (0, None)


async def test_when_one_leaves_the_coordinator_is_asked_and_can_end_it(stage, case):
    _, mentor, mentee, pair = case
    await act(stage, leaving.leave, mentee.id, by=mentee.actor)
    await stage.drain()
    assert "relationship.left" in [kind for kind, _ in await stage.tasks()]
    await end(stage, pair, EndReason.LEFT_PROGRAMME)
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.READY, Status.LEFT)
    assert await stage.held(mentee) == 0


def test_months_end_with_their_last_day():
    assert rules.months_after(date(2027, 2, 28), 12) == date(2028, 2, 28)
    assert rules.months_after(date(2026, 10, 31), 4) == date(2027, 2, 28)
    assert rules.months_after(date(2026, 12, 31), 1) == date(2027, 1, 31)
    assert rules.months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
