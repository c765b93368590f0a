"""What somebody has said by telephone, noted by a coordinator."""

import pytest
import time_machine
from sqlalchemy import update

from infra import clock
from infra.errors import Forbidden, NotFound
from tenants.actor import person
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.proposals import actions, rules
from tenants.proposals.models import AskedFor, ProposalState
from tenants.registration.models import Status
from tenants.relationships import actions as relationships

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON


async def note(stage, proposal, whose, asked_for=MEET, *, by=None, is_yes=True, **facts):
    actor = by or stage.by
    async with stage.session(actor) as session:
        return await relationships.note_answer(
            session, actor, proposal, whose.id, asked_for, is_yes=is_yes, **facts
        )


async def test_a_coordinator_notes_what_she_was_told(stage, case):  # K33
    mentor, mentee, proposal = case
    await note(stage, proposal, mentee, reason="Told me at the workshop")
    await stage.answer(mentor, proposal, MEET)
    assert (await stage.read(proposal)).state == ProposalState.MEETING
    await stage.answer(mentor, proposal, GO_ON)
    assert (await note(stage, proposal, mentee, GO_ON)).state == ProposalState.CONFIRMED
    assert await stage.status(mentee) == Status.IN_RELATIONSHIP


async def test_nobody_notes_over_an_answer_that_was_given(stage, case):
    mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET)
    with pytest.raises(rules.AnsweredAlready):
        await note(stage, proposal, mentee, is_yes=False)
    await note(stage, proposal, mentor, is_yes=False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED


async def test_what_was_noted_goes_with_an_approval_that_is_taken_back(stage):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    run, [proposal] = await stage.drafts((mentor, mentee))
    await stage.approve(run)
    await note(stage, proposal, mentee)
    async with stage.session(stage.by) as session:
        assert await actions.undo_approval(session, stage.by, run) == 1
    await stage.approve(run)
    with time_machine.travel(clock.now() + rules.UNDO, tick=True):
        await stage.drain()
        await stage.answer(mentor, proposal, MEET)
        assert (await stage.read(proposal)).state == ProposalState.OPEN  # she is asked anew
        await stage.answer(mentee, proposal, MEET, is_yes=False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED


async def test_nobody_notes_answers_in_a_case_of_her_own(stage, case):
    mentor, mentee, proposal = case
    both = person(stage.made.id, mentor.person_id, frozenset({Role.COORDINATOR, Role.PARTICIPANT}))
    with pytest.raises(Forbidden):
        await note(stage, proposal, mentee, by=both)
    with pytest.raises(Forbidden):
        await note(stage, proposal, mentee, by=mentor.actor)
    with pytest.raises(NotFound):
        await note(stage, proposal, await stage.joins(name="Somebody Else"))


async def test_whoever_has_no_address_is_called(stage):  # K04
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(email=None))
    [proposal] = await stage.sent((mentor, mentee))
    assert [kind for kind, _ in await stage.tasks()] == ["proposal.unanswered"]
    await note(stage, proposal, mentee)
    await note(stage, proposal, mentor)
    assert sorted(kind for kind, _ in await stage.tasks()) == ["proposal.check_up", "proposal.unanswered"]
    await note(stage, proposal, mentor, GO_ON)
    await note(stage, proposal, mentee, GO_ON)
    assert [kind for kind, _ in await stage.tasks()] == ["relationship.check_up"]
