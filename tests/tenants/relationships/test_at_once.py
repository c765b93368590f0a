"""Two coordinators act on one case at once: one defined outcome, in words to whoever comes second, and nothing lost."""

import asyncio

import pytest

from infra import clock
from infra.errors import Conflict, WrongState
from tenants import sentences
from tenants.permissions import Role
from tenants.proposals import actions as proposals
from tenants.proposals.models import AskedFor, ProposalState
from tenants.registration.models import Status
from tenants.relationships import actions as relationships
from tenants.relationships.models import EndReason, RelationshipState
from tests import making

WORDS = sentences.every()


@pytest.fixture
async def other(stage):
    return await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, name="Dora Coordinator")


@pytest.fixture
async def case(stage):
    """Two people with an open proposal that both have been told of."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi", capacity=2), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    return mentor, mentee, proposal


async def at_once(stage, *deeds):
    """What each came to: its result, or the refusal; every refusal has words."""

    async def doing(actor, do):
        async with stage.session(actor) as session:
            return await do(session, actor)

    found = await asyncio.gather(*(doing(actor, do) for actor, do in deeds), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            assert isinstance(one, WrongState | Conflict), one
            assert WORDS[one.code]
    return found


def refusals(found):
    return sorted(one.code for one in found if isinstance(one, BaseException))


async def test_both_approve_the_same_drafts(stage, other):
    pairs = [(await stage.joins("mentor", name=f"M{n}"), await stage.joins(name=f"E{n}")) for n in range(2)]
    run, drafts = await stage.drafts(*pairs)
    approve = lambda session, actor: proposals.approve(session, actor, run)  # noqa: E731  two words, said twice
    found = await at_once(stage, (stage.by, approve), (other, approve))
    assert refusals(found) == ["proposal_not_approvable"]
    for one, (mentor, mentee) in zip(drafts, pairs, strict=True):
        assert (await stage.read(one)).state == ProposalState.OPEN
        assert (await stage.letters(mentor), await stage.letters(mentee)) == (
            ["proposal.meet"],
            ["proposal.meet"],
        )
        assert (await stage.held(mentor), await stage.held(mentee)) == (1, 1)


async def test_one_takes_the_approval_back_and_one_withdraws(stage, other, case):
    mentor, _mentee, _known = case
    run, [draft] = await stage.drafts((mentor, await stage.joins(name="Sokha Chan")))
    await stage.approve(run)
    found = await at_once(
        stage,
        (stage.by, lambda session, actor: proposals.undo_approval(session, actor, run)),
        (other, lambda session, actor: proposals.withdraw_proposal(session, actor, draft)),
    )
    state = (await stage.read(draft)).state
    # Whoever comes first decides: a draft again, or withdrawn. Nobody is told of it, for nobody had heard of it.
    assert (state, refusals(found)) in (
        (ProposalState.DRAFT, ["proposal_closed"]),
        (ProposalState.WITHDRAWN, ["approval_undo_too_late"]),
    )
    assert await stage.held(mentor) == 1  # the other proposal's


async def test_one_ends_and_one_ends_otherwise(stage, other, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    pair = await stage.relationship(proposal)
    found = await at_once(
        stage,
        *(
            (actor, lambda session, by, reason=reason: relationships.end(session, by, pair.id, reason=reason))
            for actor, reason in ((stage.by, EndReason.GOALS_REACHED), (other, EndReason.NO_CONTACT))
        ),
    )
    assert refusals(found) == ["relationship_ended"]
    kept = await stage.relationship(proposal)
    [done] = [one for one in found if not isinstance(one, BaseException)]
    assert (kept.state, kept.end_reason) == (RelationshipState.ENDED, done.end_reason)
    assert (await stage.letters(mentee)).count("relationship.ended") == 1
    assert (await stage.status(mentor), await stage.status(mentee)) == (Status.READY, Status.READY)


async def test_one_confirms_what_one_withdraws(stage, other, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.answer(mentor, proposal, AskedFor.GO_ON)
    found = await at_once(
        stage,
        (
            stage.by,
            lambda session, actor: relationships.note_answer(
                session, actor, proposal, mentee.id, AskedFor.GO_ON, is_yes=True
            ),
        ),
        (other, lambda session, actor: proposals.withdraw_proposal(session, actor, proposal)),
    )
    state = (await stage.read(proposal)).state
    assert refusals(found) == ["proposal_closed"] and state in (
        ProposalState.CONFIRMED,
        ProposalState.WITHDRAWN,
    )
    held = 1 if state == ProposalState.CONFIRMED else 0
    assert (await stage.held(mentor), await stage.held(mentee)) == (held, held)


async def test_both_set_the_check_up_and_one_ends(stage, other, case):  # K45
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    pair = await stage.relationship(proposal)
    days = [clock.today("UTC").replace(year=clock.today("UTC").year + 1, day=day) for day in (3, 4)]
    found = await at_once(
        stage,
        *(
            (actor, lambda session, by, on=on: relationships.set_check_up(session, by, pair.id, on=on))
            for actor, on in zip((stage.by, other), days, strict=True)
        ),
    )
    assert refusals(found) == [] and (await stage.relationship(proposal)).check_up_on in days
    due = [on for kind, on in await stage.tasks() if kind == "relationship.check_up"]
    assert due == [(await stage.relationship(proposal)).check_up_on]  # one date a case, one task
    found = await at_once(
        stage,
        (stage.by, lambda session, by: relationships.set_check_up(session, by, pair.id, on=days[0])),
        (other, lambda session, by: relationships.end(session, by, pair.id, reason=EndReason.TERM_OVER)),
    )
    assert refusals(found) in ([], ["relationship_ended"])
    assert (await stage.relationship(proposal)).check_up_on is None
    assert "relationship.check_up" not in [kind for kind, _on in await stage.tasks()]
