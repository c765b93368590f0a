"""
What coordinators do with proposals: approve the results of a run, take an approval back, withdraw one.

Every change locks the proposal first and then the participations in the order
of their ids, so that two people who answer at once wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.proposals import caseloads, moving, places, queries, rules
from tenants.proposals.events import Event
from tenants.proposals.models import Answer, Proposal, ProposalState
from tenants.proposals.parties import actions as parties
from tenants.proposals.parties.moving import Seats
from tenants.proposals.party_models import Party
from tenants.registration import watching
from tenants.registration.models import Participation


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approval came to: proposals sent, and those that nobody has a place for any more."""

    sent: int
    left_out: int


async def approve(
    session: AsyncSession,
    actor: Actor,
    run_id: UUID,
    proposal_ids: Sequence[UUID] | None = None,
    *,
    override: str | None = None,
) -> Approval:
    """
    Send proposals of a run to the people of each: all of them, or those that are named, groups and circles too.

    Letters wait ten minutes in the outbox. A proposal stays a draft whose mentor or
    mentee has no place left meanwhile or takes part no more, or whose two people
    have been brought together before (K35). `override` is a programme manager's
    reason to go beyond the caseload.

    Raises:
        NotApprovable: none of them is a draft (any more) among the actor's cases.
        CaseloadFull: the coordinator's matches of twelve months reach the limit (K28).
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    drafts = await _drafts(session, actor, run_id, proposal_ids)
    groups, seats = await parties.draft_parties(session, actor, run_id, proposal_ids)
    if not drafts and not groups:
        raise rules.NotApprovable(run_id=str(run_id))
    return await send(session, actor, drafts, groups, seats, override=override, about=("run", run_id))


async def send(
    session: AsyncSession,
    actor: Actor,
    drafts: Sequence[Proposal],
    groups: Sequence[Party],
    seats: Seats,
    *,
    override: str | None,
    about: tuple[str, UUID],
) -> Approval:
    """
    Send drafts that the caller has locked; `about` is what the trail names: their run, or a proposal by hand.

    Raises:
        CaseloadFull: see `approve`.
    """
    sides = [one for draft in drafts for one in (draft.mentor_id, draft.mentee_id)]
    await places.lock(session, sides)
    free = await places.free(session, sides)
    tried = await places.tried(session, drafts)
    sent = [draft for draft in drafts if draft.id not in tried and _take(free, draft)]
    formed = await parties.with_places(session, groups, seats)
    if sent or formed:
        cycle_id = sent[0].cycle_id if sent else formed[0].cycle_id
        programme = await moving.programme_of_cycle(session, cycle_id)
        more = len(sent) + len(formed)
        is_beyond = await caseloads.must_have_room(
            session, actor, actor.person_id, programme.caseload_limit, more, override
        )
        if sent:
            await moving.open_to_both(session, actor, sent, programme)
        if formed:
            await parties.send(session, actor, formed, seats)
        # The reason for going beyond the caseload is about the house, not about anybody's case.
        facts = {"override": override} if is_beyond else {}
        kind, id = about
        audit.record(session, actor, Event.PROPOSALS_APPROVED, kind=kind, id=id, sent=more, **facts)
        await watching.changed(session, [one for draft in sent for one in (draft.mentor_id, draft.mentee_id)])
    made = len(sent) + len(formed)
    return Approval(made, len(drafts) + len(groups) - made)


async def undo_approval(session: AsyncSession, actor: Actor, run_id: UUID) -> int:
    """
    Take an approval back while its letters wait: drafts again, places free, letters and tasks withdrawn.

    A proposal of which a letter was sent before its time stays open.

    Raises:
        UndoTooLate: no proposal of this run can be taken back any more.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    query = select(Proposal).where(
        Proposal.run_id == run_id,
        Proposal.state.in_(rules.LIVE),
        Proposal.sent_at > clock.now() - rules.UNDO,
        *_reach(actor),
    )
    young = (await session.execute(query.order_by(Proposal.id).with_for_update())).scalars().all()
    unseen = await take_back(session, actor, young)
    formed = await parties.take_back(session, actor, run_id)
    if not unseen and not formed:
        raise rules.UndoTooLate(run_id=str(run_id))
    back = unseen + formed
    audit.record(session, actor, Event.APPROVAL_UNDONE, kind="run", id=run_id, proposals=back)
    return back


async def take_back(session: AsyncSession, actor: Actor, young: Sequence[Proposal]) -> int:
    """
    Make drafts again of those that nobody has been told of; they are locked by the caller.

    What a coordinator has noted of an answer goes with it: when it is sent anew, everybody is asked anew.
    """
    told = await queries.told_of(session, young, lock=True)
    unseen = [one for one in young if not told[one.id]]
    await moving.let_go(session, actor, unseen, ProposalState.DRAFT)
    await session.execute(delete(Answer).where(bulk.any_of(Answer.proposal_id, [one.id for one in unseen])))
    for proposal in unseen:
        proposal.sent_at = proposal.answer_by = proposal.closed_at = None
        proposal.approved_by = proposal.meet_by = proposal.first_meeting_on = None
        proposal.date_days = proposal.meet_days = None
    await watching.changed(session, [one for p in unseen for one in (p.mentor_id, p.mentee_id)])
    return len(unseen)


async def withdraw_proposal(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Proposal:
    """
    A coordinator takes an open proposal back; both are told that it does not go ahead.

    Raises:
        NotFound: not one of the actor's cases.
        ProposalClosed: it is not open.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    proposal = await queries.access_proposal(session, actor, proposal_id, lock=True)
    if proposal.state not in rules.LIVE:
        raise rules.ProposalClosed(state=proposal.state)
    await places.lock(session, (proposal.mentor_id, proposal.mentee_id))
    await moving.close(session, actor, proposal, ProposalState.WITHDRAWN)
    return proposal


async def _drafts(
    session: AsyncSession, actor: Actor, run_id: UUID, proposal_ids: Sequence[UUID] | None
) -> Sequence[Proposal]:
    query = select(Proposal).where(
        Proposal.run_id == run_id, Proposal.state == ProposalState.DRAFT, *_reach(actor)
    )
    if proposal_ids is not None:
        query = query.where(Proposal.id.in_(proposal_ids))
    return (await session.execute(query.order_by(Proposal.id).with_for_update())).scalars().all()


def _reach(actor: Actor) -> list[Any]:
    if not actor.offices:
        return []
    mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    return [or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine))]


def _take(free: dict[UUID, int], draft: Proposal) -> bool:
    """Use up one place on each side, if both have one."""
    if free[draft.mentor_id] < 1 or free[draft.mentee_id] < 1:
        return False
    free[draft.mentor_id] -= 1
    free[draft.mentee_id] -= 1
    return True
