"""The steps of a proposal from state to state, with all that goes along: places, letters, jobs and tasks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.outbox import Promise, enqueue, enqueue_all, withdraw, withdraw_all
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed, Asked
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
    await let_go(session, actor, [proposal], to)
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
    proposals: Sequence[Proposal],
    days: rules.Days,
    *,
    due_at: datetime | None = None,
) -> None:
    """
    Release the contact data, and set the two dates of K31; in as many statements for hundreds as for one.

    `days` are those that were promised when the proposals were sent.
    """
    zone = (await organisations.own(session)).time_zone
    today = clock.local(due_at or clock.now(), zone).date()
    meet_by = today + timedelta(days=days.to_meet)
    date_by = today + timedelta(days=days.to_set_a_date)
    for one in proposals:
        one.state = ProposalState.MEETING
        one.date_days, one.meet_days = days
        one.meet_by = meet_by
        audit.record(session, actor, Event.PROPOSAL_MEETING, kind="proposal", id=one.id)
    await withdraw_all(
        session, keys=[rules.job_key(one, kind) for one in proposals for kind in _OF_FIRST_QUESTION]
    )
    await _write_to_both(session, actor, proposals, "contact", due_at, date_by=date_by)
    await _ask(session, actor, proposals, "proposal.check_up", "date", date_by)
    await notifications.settle_all(session, actor, keys=[rules.task_key(one, "call") for one in proposals])
    await _ask_to_call(session, actor, proposals, "call_again", today)
    until = clock.instant(meet_by, datetime.min.time(), zone)
    await _hold(session, actor, proposals, until)
    ask_at = _morning(date_by, zone)
    await enqueue_all(
        session,
        [
            promise
            for one in proposals
            for promise in (
                Promise(
                    AskAfterMeeting(proposal_id=one.id), rules.job_key(one, AskAfterMeeting.KIND), ask_at
                ),
                Promise(ExpireProposal(proposal_id=one.id), rules.job_key(one, _OVERDUE), until),
            )
        ],
    )


async def open_to_both(
    session: AsyncSession, actor: Actor, proposals: Sequence[Proposal], programme: Programme
) -> None:
    """
    Send proposals of one programme: their places are held from now, their letters go in ten minutes.

    In as many statements for hundreds as for one.
    """
    now = clock.now()
    due_at = now + rules.UNDO
    zone = (await organisations.own(session)).time_zone
    days = rules.days_of(programme)
    for one in proposals:
        one.approved_by = actor.person_id
        one.sent_at = now
        one.date_days, one.meet_days = days
    if rules.first_state(programme) is ProposalState.MEETING:
        await let_them_meet(session, actor, proposals, days, due_at=due_at)
        return
    answer_by = rules.after_working_days(now, programme.answer_days, zone)
    expires_at = rules.after_working_days(answer_by, programme.answer_days, zone)
    for one in proposals:
        one.state = ProposalState.OPEN
        one.answer_by = answer_by
    await _hold(session, actor, proposals, expires_at)
    await _write_to_both(session, actor, proposals, "meet", due_at)
    await _ask_to_call(session, actor, proposals, "call", clock.local(now, zone).date())
    await enqueue_all(
        session,
        [
            Promise(job, rules.job_key(one, job.KIND), due)
            for one in proposals
            for job, due in (
                (RemindOfProposal(proposal_id=one.id), answer_by),
                (ExpireProposal(proposal_id=one.id), expires_at),
            )
        ],
    )


async def meet_on(session: AsyncSession, actor: Actor, proposal: Proposal, on: date) -> None:
    """Keep the day of the first meeting, and ask each the morning after."""
    zone = (await organisations.own(session)).time_zone
    proposal.first_meeting_on = on
    await withdraw(session, key=rules.job_key(proposal, AskAfterMeeting.KIND))
    key, due_at = _day_key(proposal, on), _morning(on + timedelta(days=1), zone)
    if due_at <= clock.now():  # on that morning there may have been a job that found another day
        key += f":{clock.now().isoformat()}"
    await enqueue(session, AskAfterMeeting(proposal_id=proposal.id), key=key, due_at=due_at)
    await notifications.settle(session, actor, key=rules.task_key(proposal, "date"))
    audit.record(
        session, actor, Event.FIRST_MEETING_NOTED, kind="proposal", id=proposal.id, on=on.isoformat()
    )


async def confirm(session: AsyncSession, actor: Actor, proposal: Proposal) -> None:
    """The match (K11): its places stay taken; the room above begins the pair in the same transaction."""
    proposal.state = ProposalState.CONFIRMED
    proposal.closed_at = clock.now()
    await _forget(session, actor, [proposal])
    audit.record(session, actor, Event.PROPOSAL_CONFIRMED, kind="proposal", id=proposal.id)


async def let_go(
    session: AsyncSession, actor: Actor, proposals: Sequence[Proposal], to: ProposalState
) -> None:
    """Free the places, take back letters, jobs and tasks that speak of them."""
    await _forget(session, actor, proposals)
    for one in proposals:
        one.state = to
        one.closed_at = clock.now()
    await session.execute(delete(Hold).where(bulk.any_of(Hold.proposal_id, [one.id for one in proposals])))


async def _write_to_both(
    session: AsyncSession,
    actor: Actor,
    proposals: Sequence[Proposal],
    kind: str,
    due_at: datetime | None,
    **about: Any,
) -> None:
    both = await queries.sides_of(session, proposals)
    letters = [
        Addressed(
            rules.letter_key(one, kind, side.participation_id),
            side.person_id,
            {"proposal_id": one.id, **about},
        )
        for one in proposals
        for side in both[one.id]
    ]
    await notifications.write_all(session, actor, f"proposal.{kind}", letters, due_at=due_at)


async def _ask(
    session: AsyncSession, actor: Actor, proposals: Sequence[Proposal], kind: str, task: str, due_on: date
) -> None:
    """A task about each, for whoever approved it."""
    tasks = [
        Asked(rules.task_key(one, task), due_on, {"proposal_id": one.id}, person_id=one.approved_by)
        for one in proposals
    ]
    await notifications.ask_all(session, actor, kind, tasks)


async def _ask_to_call(
    session: AsyncSession, actor: Actor, proposals: Sequence[Proposal], task: str, today: date
) -> None:
    """Whoever has no address gets no letter: her coordinator tells her, and notes what she answers."""
    both = await queries.sides_of(session, proposals)
    silent = [one for one in proposals if not all(side.email for side in both[one.id])]
    await _ask(session, actor, silent, "proposal.unanswered", task, today)


async def _forget(session: AsyncSession, actor: Actor, proposals: Sequence[Proposal]) -> None:
    letters = [
        rules.letter_key(one, kind, side)
        for one in proposals
        for kind in ("meet", "remind", "contact", rules.go_on_letter(one))
        for side in (one.mentor_id, one.mentee_id)
    ]
    await notifications.withdraw_letters(session, keys=letters)
    jobs = (*_OF_FIRST_QUESTION, _OVERDUE, AskAfterMeeting.KIND)
    keys = [rules.job_key(one, job) for one in proposals for job in jobs]
    # One that is taken back and sent anew has no day yet, and its people would be asked on that of before.
    keys += [_day_key(one, one.first_meeting_on) for one in proposals if one.first_meeting_on]
    await withdraw_all(session, keys=keys)
    await notifications.settle_all(
        session, actor, keys=[rules.task_key(one, task) for one in proposals for task in _TASKS]
    )


def _day_key(proposal: Proposal, on: date) -> str:
    """The key of the job that asks the morning after this day."""
    return f"{rules.job_key(proposal, AskAfterMeeting.KIND)}:{on}"


async def _hold(session: AsyncSession, actor: Actor, proposals: Sequence[Proposal], until: datetime) -> None:
    table = bulk.table(Hold)
    places = sorted((side, one.id) for one in proposals for side in (one.mentor_id, one.mentee_id))
    for part in bulk.batches(places):
        rows = [
            {
                "organisation_id": actor.organisation_id, "id": ids.random(), "proposal_id": proposal_id,
                "participation_id": participation_id, "until": until,
            }
            for participation_id, proposal_id in part
        ]  # fmt: skip
        await session.execute(
            insert(table)
            .from_select(list(rows[0]), bulk.given(table, rows).select())
            .on_conflict_do_update(
                index_elements=[table.c.organisation_id, table.c.proposal_id, table.c.participation_id],
                set_={"until": until},
            )
        )


async def programme_of(session: AsyncSession, proposal: Proposal) -> Programme:
    return await programme_of_cycle(session, proposal.cycle_id)


async def programme_of_cycle(session: AsyncSession, cycle_id: UUID) -> Programme:
    cycle = await programmes.own_cycle(session, cycle_id)
    return await programmes.own_programme(session, cycle.programme_id)


async def _today(session: AsyncSession) -> date:
    return clock.today((await organisations.own(session)).time_zone)


def _morning(day: date, zone: str) -> datetime:
    return clock.instant(day, rules.ASK_AT, zone)
