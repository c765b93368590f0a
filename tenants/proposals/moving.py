"""The steps of a proposal from state to state, with all that goes along: places, letters, jobs and tasks."""

from datetime import date, datetime, timedelta
from typing import Any

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

_OVERDUE = "proposal.overdue"  # the key of the second expiry, that of the two months to meet
_OF_FIRST_QUESTION = (RemindOfProposal.KIND, ExpireProposal.KIND)
_TASKS = ("date", "silent", "unanswered", "call", "call_again")


async def close(
    session: AsyncSession, actor: Actor, proposal: Proposal, to: ProposalState, *, silent: str = ""
) -> None:
    """
    End an open proposal as declined, expired or withdrawn: places free, the same words to both.

    Whoever has not been told of it yet is not told of its end either. `silent` are
    the roles that did not answer, for the coordinator.
    """
    told = await queries.told(session, proposal, lock=True)
    await let_go(session, actor, proposal, to)
    audit.record(session, actor, Event.PROPOSAL_CLOSED, kind="proposal", id=proposal.id, state=to)
    for side in await queries.sides(session, proposal):
        if side.participation_id in told:
            await notifications.write(
                session, actor, "proposal.closed", key=rules.letter_key(proposal, "closed", side.participation_id),
                person_id=side.person_id, proposal_id=proposal.id,
            )  # fmt: skip
    about: dict[str, Any] = {"proposal_id": proposal.id} | ({"silent": silent} if silent else {})
    await notifications.ask(
        session, actor, "proposal.next", key=rules.task_key(proposal, "next"), due_on=await _today(session),
        person_id=proposal.approved_by, **about,
    )  # fmt: skip
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
    zone = (await organisations.own(session)).time_zone
    today = clock.local(due_at or clock.now(), zone).date()
    proposal.state = ProposalState.MEETING
    proposal.meet_by = today + timedelta(days=programme.meet_days)
    date_by = today + timedelta(days=programme.date_days)
    for kind in _OF_FIRST_QUESTION:
        await withdraw(session, key=rules.job_key(proposal, kind))
    for side in await queries.sides(session, proposal):
        await notifications.write(
            session, actor, "proposal.contact", key=rules.letter_key(proposal, "contact", side.participation_id),
            person_id=side.person_id, due_at=due_at, proposal_id=proposal.id, date_by=date_by,
        )  # fmt: skip
    await notifications.ask(
        session, actor, "proposal.check_up", key=rules.task_key(proposal, "date"), due_on=date_by,
        person_id=proposal.approved_by, proposal_id=proposal.id,
    )  # fmt: skip
    await notifications.settle(session, actor, key=rules.task_key(proposal, "call"))
    await _ask_to_call(session, actor, proposal, "call_again", today)
    until = clock.instant(proposal.meet_by, datetime.min.time(), zone)
    await _hold(session, actor, proposal, until)
    for job, key, due in (
        (AskAfterMeeting(proposal_id=proposal.id), AskAfterMeeting.KIND, _morning(date_by, zone)),
        (ExpireProposal(proposal_id=proposal.id), _OVERDUE, until),
    ):
        await enqueue(session, job, key=rules.job_key(proposal, key), due_at=due)
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
    await _ask_to_call(session, actor, proposal, "call", clock.local(now, zone).date())
    for job, due in (
        (RemindOfProposal(proposal_id=proposal.id), proposal.answer_by),
        (ExpireProposal(proposal_id=proposal.id), expires_at),
    ):
        await enqueue(session, job, key=rules.job_key(proposal, job.KIND), due_at=due)


async def meet_on(session: AsyncSession, actor: Actor, proposal: Proposal, on: date) -> None:
    """Keep the day of the first meeting, and ask each the morning after."""
    zone = (await organisations.own(session)).time_zone
    proposal.first_meeting_on = on
    key = rules.job_key(proposal, AskAfterMeeting.KIND)
    await withdraw(session, key=key)
    await enqueue(
        session,
        AskAfterMeeting(proposal_id=proposal.id),
        key=f"{key}:{on}",
        due_at=_morning(on + timedelta(days=1), zone),
    )
    await notifications.settle(session, actor, key=rules.task_key(proposal, "date"))
    audit.record(
        session, actor, Event.FIRST_MEETING_NOTED, kind="proposal", id=proposal.id, on=on.isoformat()
    )


async def confirm(session: AsyncSession, actor: Actor, proposal: Proposal) -> None:
    """The match (K11): its places stay taken; the room above begins the pair in the same transaction."""
    proposal.state = ProposalState.CONFIRMED
    proposal.closed_at = clock.now()
    await _forget(session, actor, proposal)
    audit.record(session, actor, Event.PROPOSAL_CONFIRMED, kind="proposal", id=proposal.id)


async def let_go(session: AsyncSession, actor: Actor, proposal: Proposal, to: ProposalState) -> None:
    """Free the places, take back letters, jobs and tasks that speak of it."""
    await _forget(session, actor, proposal)
    proposal.state = to
    proposal.closed_at = clock.now()
    await session.execute(delete(Hold).where(Hold.proposal_id == proposal.id))


async def _ask_to_call(
    session: AsyncSession, actor: Actor, proposal: Proposal, task: str, today: date
) -> None:
    """Whoever has no address gets no letter: her coordinator tells her, and notes what she answers."""
    if all(side.email for side in await queries.sides(session, proposal)):
        return
    await notifications.ask(
        session, actor, "proposal.unanswered", key=rules.task_key(proposal, task), due_on=today,
        person_id=proposal.approved_by, proposal_id=proposal.id,
    )  # fmt: skip


async def _forget(session: AsyncSession, actor: Actor, proposal: Proposal) -> None:
    kinds = ("meet", "remind", "contact", rules.go_on_letter(proposal))
    await notifications.withdraw_letters(
        session,
        keys=[
            rules.letter_key(proposal, kind, side)
            for kind in kinds
            for side in (proposal.mentor_id, proposal.mentee_id)
        ],
    )
    for job in (*_OF_FIRST_QUESTION, _OVERDUE, AskAfterMeeting.KIND):
        await withdraw(session, key=rules.job_key(proposal, job))
    for task in _TASKS:
        await notifications.settle(session, actor, key=rules.task_key(proposal, task))


async def _hold(session: AsyncSession, actor: Actor, proposal: Proposal, until: datetime) -> None:
    for participation_id in sorted((proposal.mentor_id, proposal.mentee_id)):
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


async def programme_of(session: AsyncSession, proposal: Proposal) -> Programme:
    cycle = await programmes.own_cycle(session, proposal.cycle_id)
    return await programmes.own_programme(session, cycle.programme_id)


async def _today(session: AsyncSession) -> date:
    return clock.today((await organisations.own(session)).time_zone)


def _morning(day: date, zone: str) -> datetime:
    return clock.instant(day, rules.ASK_AT, zone)
