"""The steps of a proposal from state to state, with all that goes along: places, letters, jobs and tasks."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.outbox import enqueue, withdraw
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.proposals import queries, rules
from tenants.proposals.events import Event
from tenants.proposals.jobs import AskAfterMeeting, ExpireProposal, RemindOfProposal
from tenants.proposals.models import Hold, Proposal, ProposalState
from tenants.registration import watching


async def close(session: AsyncSession, actor: Actor, proposal: Proposal, to: ProposalState) -> None:
    """End an open proposal as declined, expired or withdrawn: places free, the same words to both."""
    await let_go(session, actor, proposal, to)
    audit.record(session, actor, Event.PROPOSAL_CLOSED, kind="proposal", id=proposal.id, state=to)
    for side in await queries.sides(session, proposal):
        await notifications.write(
            session, actor, "proposal.closed", key=rules.letter_key(proposal, "closed", side.participation_id),
            person_id=side.person_id, proposal_id=proposal.id,
        )  # fmt: skip
    await notifications.ask(
        session,
        actor,
        "proposal.next",
        key=rules.task_key(proposal, "next"),
        due_on=clock.today("UTC"),
        person_id=proposal.approved_by,
        proposal_id=proposal.id,
    )
    await watching.changed(session, [proposal.mentor_id, proposal.mentee_id])


async def let_them_meet(
    session: AsyncSession,
    actor: Actor,
    proposal: Proposal,
    programme: Programme,
    *,
    due_at: datetime | None = None,
) -> None:
    """Release the contact data, and set the two dates of K31."""
    begin = due_at or clock.now()
    zone = (await organisations.own(session)).time_zone
    today = clock.local(begin, zone).date()
    proposal.state = ProposalState.MEETING
    proposal.meet_by = today + timedelta(days=programme.meet_days)
    date_by = today + timedelta(days=programme.date_days)
    for side in await queries.sides(session, proposal):
        await notifications.write(
            session, actor, "proposal.contact", key=rules.letter_key(proposal, "contact", side.participation_id),
            person_id=side.person_id, due_at=due_at, proposal_id=proposal.id, date_by=date_by,
        )  # fmt: skip
    ask_at = clock.instant(date_by, datetime.min.time().replace(hour=9), zone)
    key = rules.job_key(proposal, AskAfterMeeting.KIND)
    await enqueue(session, AskAfterMeeting(proposal_id=proposal.id), key=key, due_at=ask_at)
    await notifications.ask(
        session, actor, "proposal.check_up", key=rules.task_key(proposal, "date"), due_on=date_by,
        person_id=proposal.approved_by, proposal_id=proposal.id,
    )  # fmt: skip
    until = clock.instant(proposal.meet_by, datetime.min.time(), zone)
    await _hold(session, actor, proposal, until)
    await enqueue(
        session,
        ExpireProposal(proposal_id=proposal.id),
        key=rules.job_key(proposal, "proposal.overdue"),
        due_at=until,
    )
    audit.record(session, actor, Event.PROPOSAL_MEETING, kind="proposal", id=proposal.id)


async def open_to_both(session: AsyncSession, actor: Actor, proposal: Proposal, programme: Programme) -> None:
    """Send one proposal: its places are held from now, its letters go in ten minutes."""
    now = clock.now()
    due_at = now + rules.UNDO
    zone = (await organisations.own(session)).time_zone
    proposal.approved_by = actor.person_id
    proposal.sent_at = now
    if rules.first_state(programme) is ProposalState.MEETING:
        await let_them_meet(session, actor, proposal, programme, due_at=due_at)
        return
    proposal.state = ProposalState.OPEN
    proposal.answer_by = rules.after_working_days(now, programme.answer_days, zone)
    expires_at = rules.after_working_days(proposal.answer_by, programme.answer_days, zone)
    await _hold(session, actor, proposal, expires_at)
    for side in await queries.sides(session, proposal):
        await notifications.write(
            session, actor, "proposal.meet", key=rules.letter_key(proposal, "meet", side.participation_id),
            person_id=side.person_id, due_at=due_at, proposal_id=proposal.id,
        )  # fmt: skip
    for job, due in (
        (RemindOfProposal(proposal_id=proposal.id), proposal.answer_by),
        (ExpireProposal(proposal_id=proposal.id), expires_at),
    ):
        await enqueue(session, job, key=rules.job_key(proposal, job.KIND), due_at=due)


async def _hold(session: AsyncSession, actor: Actor, proposal: Proposal, until: datetime) -> None:
    for participation_id in (proposal.mentor_id, proposal.mentee_id):
        await session.execute(
            insert(Hold)
            .values(
                organisation_id=actor.organisation_id,
                id=ids.random(),
                proposal_id=proposal.id,
                participation_id=participation_id,
                until=until,
            )
            .on_conflict_do_update(
                index_elements=[Hold.organisation_id, Hold.proposal_id, Hold.participation_id],
                set_={"until": until},
            )
        )


async def let_go(session: AsyncSession, actor: Actor, proposal: Proposal, to: ProposalState) -> None:
    """Free the places, take back letters and tasks that speak of it."""
    proposal.state = to
    proposal.closed_at = clock.now()
    await session.execute(delete(Hold).where(Hold.proposal_id == proposal.id))
    sides = (proposal.mentor_id, proposal.mentee_id)
    kinds = ("meet", "remind", "contact", "go_on")
    await notifications.withdraw_letters(
        session, keys=[rules.letter_key(proposal, kind, side) for kind in kinds for side in sides]
    )
    await withdraw(session, key=rules.job_key(proposal, AskAfterMeeting.KIND))
    for task in ("date", "unanswered"):
        await notifications.settle(session, actor, key=rules.task_key(proposal, task))


async def programme_of(session: AsyncSession, proposal: Proposal) -> Programme:
    cycle = await programmes.own_cycle(session, proposal.cycle_id)
    return await programmes.own_programme(session, cycle.programme_id)
