"""
From a result of a run to two private answers: approving, answering, closing.

Every change locks the proposal first and then the participations in the order
of their ids, so that two people who answer at once wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.outbox import enqueue, withdraw
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.proposals import moving, queries, rules
from tenants.proposals.events import Event
from tenants.proposals.jobs import AskAfterMeeting
from tenants.proposals.models import Answer, AskedFor, NeverAgain, Proposal, ProposalState
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
    Send proposals of a run to both people of each: all of them, or those that are named.

    Letters wait ten minutes in the outbox. A proposal whose mentor or mentee has
    no place left meanwhile stays a draft. `override` is a programme manager's
    reason to go beyond the caseload.

    Raises:
        NotApprovable: none of them is a draft (any more).
        CaseloadFull: the coordinator's matches of twelve months reach the limit (K28).
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    query = select(Proposal).where(Proposal.run_id == run_id, Proposal.state == ProposalState.DRAFT)
    if proposal_ids is not None:
        query = query.where(Proposal.id.in_(proposal_ids))
    drafts = (await session.execute(query.order_by(Proposal.id).with_for_update())).scalars().all()
    if not drafts:
        raise rules.NotApprovable(run_id=str(run_id))
    programme = await moving.programme_of(session, drafts[0])
    await _must_have_room(session, actor, programme, len(drafts), override)
    free = await _lock_places(
        session, [one for draft in drafts for one in (draft.mentor_id, draft.mentee_id)]
    )
    sent = [draft for draft in drafts if _take(free, draft)]
    for draft in sent:
        await moving.open_to_both(session, actor, draft, programme)
    audit.record(
        session,
        actor,
        Event.PROPOSALS_APPROVED,
        kind="run",
        id=run_id,
        sent=len(sent),
        override=bool(override),
    )
    await watching.changed(session, [one for draft in sent for one in (draft.mentor_id, draft.mentee_id)])
    return Approval(len(sent), len(drafts) - len(sent))


async def undo_approval(session: AsyncSession, actor: Actor, run_id: UUID) -> int:
    """
    Take an approval back while its letters wait: drafts again, places free, letters and tasks withdrawn.

    Raises:
        UndoTooLate: no proposal of this run is young enough.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    query = select(Proposal).where(
        Proposal.run_id == run_id,
        Proposal.state.in_(rules.LIVE),
        Proposal.sent_at > clock.now() - rules.UNDO,
    )
    young = (await session.execute(query.order_by(Proposal.id).with_for_update())).scalars().all()
    if not young:
        raise rules.UndoTooLate(run_id=str(run_id))
    for proposal in young:
        await moving.let_go(session, actor, proposal, ProposalState.DRAFT)
        proposal.sent_at = proposal.answer_by = proposal.closed_at = None
        proposal.approved_by = proposal.meet_by = None
    audit.record(session, actor, Event.APPROVAL_UNDONE, kind="run", id=run_id, proposals=len(young))
    await watching.changed(session, [one for p in young for one in (p.mentor_id, p.mentee_id)])
    return len(young)


async def answer(
    session: AsyncSession,
    actor: Actor,
    proposal_id: UUID,
    asked_for: AskedFor,
    *,
    is_yes: bool,
    reason: str | None = None,
) -> Proposal:
    """
    Keep one person's private answer, and draw the conclusion once it is due.

    She may change it until the question is decided. A no closes the proposal: both
    get the same words, and the pair is not proposed again (K33, K35). The second
    yes to meeting releases the contact data. The second yes to going on is for
    `tenants.relationships.actions.answer`, which begins the relationship in the
    same transaction; doors call that one.

    Raises:
        NotFound: not one of the actor's proposals.
        ProposalClosed: it is no longer open.
    """
    actor.require(Permission.OWN_CASE)
    await session.execute(select(Proposal.id).where(Proposal.id == proposal_id).with_for_update())
    seen = await queries.see(session, actor, proposal_id)
    proposal = seen.proposal
    await session.refresh(proposal)
    rules.must_be_answerable(proposal, asked_for)
    await _keep(session, actor, proposal, seen.me.participation_id, asked_for, is_yes, reason)
    audit.record(
        session, actor, Event.PROPOSAL_ANSWERED, kind="proposal", id=proposal.id, asked_for=asked_for
    )
    agreed = rules.both_said((await queries.said(session, proposal.id, asked_for)).values())
    if agreed is False:
        await _decline(session, actor, proposal)
    elif agreed and asked_for is AskedFor.MEET:
        await moving.let_them_meet(session, actor, proposal, await moving.programme_of(session, proposal))
    elif agreed:
        await _confirm(session, actor, proposal)
    return proposal


async def withdraw_proposal(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Proposal:
    """
    A coordinator takes an open proposal back; both are told that it does not go ahead.

    Raises:
        ProposalClosed: it is not open.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    proposal = await queries.access_proposal(session, actor, proposal_id, lock=True)
    if proposal.state not in rules.LIVE:
        raise rules.ProposalClosed(state=proposal.state)
    await moving.close(session, actor, proposal, ProposalState.WITHDRAWN)
    return proposal


async def note_first_meeting(session: AsyncSession, actor: Actor, proposal_id: UUID, *, on: date) -> Proposal:
    """One of the two, or a coordinator, says when the first meeting is; each is asked the day after."""
    if actor.may(Permission.PROPOSAL_READ):
        proposal = await queries.access_proposal(session, actor, proposal_id, lock=True)
    else:
        proposal = (await queries.see(session, actor, proposal_id)).proposal
    rules.must_be_answerable(proposal, AskedFor.GO_ON)
    proposal.first_meeting_on = on
    zone = (await organisations.own(session)).time_zone
    ask_at = clock.instant(on + timedelta(days=1), datetime.min.time().replace(hour=9), zone)
    await withdraw(session, key=rules.job_key(proposal, AskAfterMeeting.KIND))
    await enqueue(
        session,
        AskAfterMeeting(proposal_id=proposal.id),
        key=f"{rules.job_key(proposal, AskAfterMeeting.KIND)}:{on}",
        due_at=ask_at,
    )
    await notifications.settle(session, actor, key=rules.task_key(proposal, "date"))
    audit.record(
        session, actor, Event.FIRST_MEETING_NOTED, kind="proposal", id=proposal.id, on=on.isoformat()
    )
    return proposal


async def _keep(
    session: AsyncSession,
    actor: Actor,
    proposal: Proposal,
    participation_id: UUID,
    asked_for: AskedFor,
    is_yes: bool,
    reason: str | None,
) -> None:
    said = {"is_yes": is_yes, "reason": reason or None}
    statement = insert(Answer).values(
        organisation_id=actor.organisation_id,
        id=ids.new(),
        proposal_id=proposal.id,
        participation_id=participation_id,
        asked_for=asked_for,
        **said,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[
                Answer.organisation_id,
                Answer.proposal_id,
                Answer.participation_id,
                Answer.asked_for,
            ],
            set_=said,
        )
    )


async def _decline(session: AsyncSession, actor: Actor, proposal: Proposal) -> None:
    mentor, mentee = await queries.sides(session, proposal)
    one, other = rules.pair_key(mentor.person_id, mentee.person_id)
    await session.execute(
        insert(NeverAgain)
        .values(organisation_id=actor.organisation_id, id=ids.new(), one_id=one, other_id=other)
        .on_conflict_do_nothing()
    )
    await moving.close(session, actor, proposal, ProposalState.DECLINED)


async def _confirm(session: AsyncSession, actor: Actor, proposal: Proposal) -> None:
    proposal.state = ProposalState.CONFIRMED
    proposal.closed_at = clock.now()
    await notifications.settle(session, actor, key=rules.task_key(proposal, "date"))
    await notifications.settle(session, actor, key=rules.task_key(proposal, "unanswered"))
    audit.record(session, actor, Event.PROPOSAL_CONFIRMED, kind="proposal", id=proposal.id)


async def _must_have_room(
    session: AsyncSession, actor: Actor, programme: Programme, more: int, override: str | None
) -> None:
    if actor.person_id is None:
        return
    used = await queries.caseload(session, actor.person_id)
    if used + more <= programme.caseload_limit or (override and actor.may(Permission.PROGRAMME_CHANGE)):
        return
    raise rules.CaseloadFull(used=used, more=more, limit=programme.caseload_limit)


async def _lock_places(session: AsyncSession, participation_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Lock the participations in the order of their ids and tell how many places each has free."""
    await session.execute(
        select(Participation.id)
        .where(Participation.id.in_(participation_ids))
        .order_by(Participation.id)
        .with_for_update()
    )
    return await queries.free_places(session, participation_ids)


def _take(free: dict[UUID, int], draft: Proposal) -> bool:
    """Use up one place on each side, if both have one."""
    if free[draft.mentor_id] < 1 or free[draft.mentee_id] < 1:
        return False
    free[draft.mentor_id] -= 1
    free[draft.mentee_id] -= 1
    return True
