"""Two private answers: both yes, a no, and what may still be changed."""

import pytest
from sqlalchemy import select

from infra.errors import Invalid
from tenants.audit.models import AuditEvent
from tenants.proposals import listing, places, queries, rules
from tenants.proposals.models import AskedFor, ProposalState
from tenants.registration.models import Status

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON


async def seen(stage, whose, proposal):
    async with stage.session(whose.actor) as session:
        return await queries.see(session, whose.actor, proposal)


async def test_the_whole_way_to_a_pair(stage, case):  # K11 K30 K33 K37 K39 N07
    mentor, mentee, proposal = case
    before = await seen(stage, mentee, proposal)
    assert (before.other.full_name, before.other.email, before.other.phone) == ("Njeri Mwangi", None, None)
    assert (await stage.answer(mentee, proposal, MEET)).state == ProposalState.OPEN
    # The other one is not told what was answered, nor that anything was.
    assert (await seen(stage, mentor, proposal)).my_answers == {}
    assert (await seen(stage, mentee, proposal)).my_answers == {"meet": True}
    assert (await stage.answer(mentor, proposal, MEET)).state == ProposalState.MEETING
    after = await seen(stage, mentee, proposal)
    assert after.other.phone == "+45 70 12 34 56" and "@" in after.other.email
    assert await stage.letters(mentee) == ["proposal.meet", "proposal.contact"]
    assert await stage.status(mentee) == Status.READY
    await stage.both_go_on(proposal, mentee, mentor)
    assert (await stage.read(proposal)).state == ProposalState.CONFIRMED
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.IN_RELATIONSHIP,) * 2
    assert (await stage.held(mentor), await stage.held(mentee)) == (1, 1)
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "relationship.confirmed"


async def test_a_no_closes_it_without_blame(stage, case):  # K33 K35 N07
    mentor, mentee, proposal = case
    await stage.answer(mentor, proposal, MEET)
    await stage.answer(mentee, proposal, MEET, False, reason="  She was my teacher.  ")
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.READY, Status.READY)
    assert (await stage.held(mentor), await stage.held(mentee)) == (0, 0)
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "proposal.closed"
    assert [kind for kind, _ in await stage.tasks()] == ["proposal.next"]
    # What the other one sees of it says nothing about who, or why.
    other = await seen(stage, mentor, proposal)
    assert other.my_answers == {"meet": True}
    assert (other.other.email, other.other.phone) == (None, None)
    async with stage.session(stage.by) as session:
        assert await places.is_tried(session, mentee.person_id, mentor.person_id)
        said = await listing.answers(session, stage.by, proposal)
        assert [(one.is_yes, one.reason) for one in said] == [(True, None), (False, "She was my teacher.")]
        # Nor does the trail, which more people read than the case.
        trail = await session.execute(
            select(AuditEvent.person_id, AuditEvent.details).where(
                AuditEvent.object_id == proposal,
                AuditEvent.event.in_(("proposal.answered", "proposal.closed")),
            )
        )
        assert {row.person_id for row in trail} == {None}


async def test_a_no_after_the_meeting_takes_the_contact_data_back(stage, case):  # K35
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, GO_ON)
    await stage.answer(mentee, proposal, GO_ON, False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    assert (await seen(stage, mentor, proposal)).other.phone is None


async def test_an_answer_may_be_changed_until_it_is_decided(stage, case):
    mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET)
    await stage.answer(mentee, proposal, MEET, False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    for whose in (mentor, mentee):
        with pytest.raises(rules.ProposalClosed):
            await stage.answer(whose, proposal, MEET)


async def test_only_the_question_of_the_moment(stage, case):
    mentor, mentee, proposal = case
    with pytest.raises(rules.ProposalClosed):
        await stage.answer(mentee, proposal, GO_ON)
    await stage.both_meet(proposal, mentor, mentee)
    with pytest.raises(rules.ProposalClosed):
        await stage.answer(mentee, proposal, MEET, False)


async def test_a_reason_has_an_end(stage, case):
    _, mentee, proposal = case
    with pytest.raises(Invalid) as refused:
        await stage.answer(mentee, proposal, MEET, False, reason="x" * 2_001)
    assert refused.value.problems[0].code == "too_long"
    assert (await stage.read(proposal)).state == ProposalState.OPEN
