"""Answers in the same moment, and while something else happens: one outcome, and the last place once."""

import asyncio

import pytest
from sqlalchemy import select, update

from tenants.proposals import actions, places, rules
from tenants.proposals.models import AskedFor, ProposalState
from tenants.registration import actions as registration
from tenants.registration import leaving
from tenants.registration.models import Participation, Status
from tenants.relationships.models import Relationship

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON


async def test_both_answer_at_once(stage, case):
    mentor, mentee, proposal = case
    await asyncio.gather(stage.answer(mentor, proposal, MEET), stage.answer(mentee, proposal, MEET))
    assert (await stage.read(proposal)).state == ProposalState.MEETING
    assert (await stage.letters(mentor)).count("proposal.contact") == 1
    await asyncio.gather(stage.answer(mentor, proposal, GO_ON), stage.answer(mentee, proposal, GO_ON))
    assert (await stage.read(proposal)).state == ProposalState.CONFIRMED
    assert (await stage.letters(mentor)).count("relationship.confirmed") == 1


async def test_a_yes_and_a_no_at_once(stage, case):
    mentor, mentee, proposal = case
    await asyncio.gather(
        stage.answer(mentor, proposal, MEET),
        stage.answer(mentee, proposal, MEET, False),
        return_exceptions=True,
    )
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    assert (await stage.letters(mentor)).count("proposal.closed") == 1


async def test_an_answer_while_it_is_withdrawn(stage, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, GO_ON)

    async def withdraw():
        async with stage.session(stage.by) as session:
            await actions.withdraw_proposal(session, stage.by, proposal)

    outcomes = await asyncio.gather(stage.answer(mentee, proposal, GO_ON), withdraw(), return_exceptions=True)
    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, rules.ProposalClosed)
    state = (await stage.read(proposal)).state
    assert state == (ProposalState.WITHDRAWN if outcomes[1] is None else ProposalState.CONFIRMED)
    last = "proposal.closed" if state == ProposalState.WITHDRAWN else "relationship.confirmed"
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == last


async def lowered(stage, *, by_the_mentor: bool):
    """A mentor of two with two first meetings held, of whose places one is gone; all but two have said yes."""
    mentor = await stage.joins("mentor", name="Njeri Mwangi", capacity=2)
    mentees = [await stage.joins(name=f"Mentee {n}") for n in range(2)]
    made = await stage.sent(*((mentor, mentee) for mentee in mentees))
    await stage.become_known(*made)
    for proposal, mentee in zip(made, mentees, strict=True):
        await stage.both_meet(proposal, mentor, mentee)
        await stage.answer(mentee if by_the_mentor else mentor, proposal, GO_ON)
    async with stage.session() as session:
        await session.execute(update(Participation).where(Participation.id == mentor.id).values(capacity=1))
    last = [mentor, mentor] if by_the_mentor else mentees
    return mentor, mentees, made, last


@pytest.mark.parametrize("by_the_mentor", [True, False])
async def test_the_last_place_is_given_once(stage, by_the_mentor):  # ReDI #997
    mentor, mentees, made, last = await lowered(stage, by_the_mentor=by_the_mentor)
    await asyncio.gather(
        *(stage.answer(whose, proposal, GO_ON) for whose, proposal in zip(last, made, strict=True))
    )
    states = [(await stage.read(proposal)).state for proposal in made]
    assert sorted(states) == [ProposalState.CONFIRMED, ProposalState.WITHDRAWN]
    async with stage.session() as session:
        [one] = (await session.execute(select(Relationship))).scalars().all()
    lucky = states.index(ProposalState.CONFIRMED)
    assert one.mentee_id == mentees[lucky].id
    # The other one is told kindly, keeps her status, and is free for the next.
    other = mentees[1 - lucky]
    assert (await stage.letters(other))[-1] == "proposal.closed"
    assert (await stage.status(other), await stage.held(other)) == (Status.READY, 0)
    assert (await stage.held(mentor), await stage.status(mentor)) == (1, Status.IN_RELATIONSHIP)
    async with stage.session() as session:
        assert not await places.is_tried(session, mentor.person_id, other.person_id)


async def test_a_mentor_of_two_is_matched_with_the_place_that_is_left(stage):  # K11
    mentor, first, second = (
        await stage.joins("mentor", capacity=2), await stage.joins(name="A"), await stage.joins(name="B"),
    )  # fmt: skip
    await stage.pair(mentor, first)
    run, _ = await stage.drafts((mentor, second))
    assert (await stage.approve(run)).sent == 1
    third, _ = await stage.drafts((mentor, await stage.joins(name="C")))
    assert (await stage.approve(third)).sent == 0


async def test_who_leaves_meanwhile_lets_the_other_go(stage, case):  # cncf #1392
    mentor, mentee, proposal = case
    async with stage.session(mentee.actor) as session:
        await leaving.leave(session, mentee.actor, mentee.id)
    assert "proposal.let_go_of_leaver" in await stage.drain()
    assert (await stage.read(proposal)).state == ProposalState.WITHDRAWN
    assert (await stage.held(mentor), (await stage.letters(mentor))[-1]) == (0, "proposal.closed")


async def test_the_second_yes_of_somebody_who_has_just_left_begins_nothing(stage, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, GO_ON)
    async with stage.session(stage.by) as session:
        await registration.leave(session, stage.by, mentee.id)
    assert (await stage.answer(mentee, proposal, GO_ON)).state == ProposalState.WITHDRAWN
    async with stage.session() as session:
        assert (await session.execute(select(Relationship))).all() == []
