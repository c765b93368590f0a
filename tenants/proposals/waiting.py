"""What happens when nobody answers: once more a letter, then a coordinator, who may call."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.proposals import moving, places, queries, rules
from tenants.proposals.models import AskedFor, Proposal, ProposalState


async def remind(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """Write once more to whoever has not said whether she wants to meet."""
    proposal = await queries.own_proposal(session, proposal_id, lock=True)
    if proposal is None or proposal.state != ProposalState.OPEN or proposal.answer_by is None:
        return
    if proposal.answer_by > clock.now():
        return  # sent anew since: that sending has a job of its own
    await _write_to_silent(session, actor, proposal, AskedFor.MEET, "remind", "remind")


async def expire(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """
    The time is over. An unanswered question releases both, and the coordinator learns who was silent;
    a meeting that has led to no answer stays, and she is asked to call (K38).
    """
    proposal = await queries.own_proposal(session, proposal_id, lock=True)
    if proposal is None or proposal.state not in rules.LIVE:
        return
    until = await queries.held_until(session, proposal_id)
    if until is None or until > clock.now():
        return  # it has moved on, or was sent anew: that has a job of its own
    if proposal.state == ProposalState.OPEN:
        await places.lock(session, (proposal.mentor_id, proposal.mentee_id))
        silent = await _silent(session, proposal, AskedFor.MEET)
        await moving.close(
            session, actor, proposal, ProposalState.EXPIRED, silent=",".join(side.role for side in silent)
        )
        return
    zone = (await organisations.own(session)).time_zone
    await notifications.ask(
        session, actor, "proposal.unanswered", key=rules.task_key(proposal, "unanswered"),
        due_on=clock.today(zone), person_id=proposal.approved_by, proposal_id=proposal.id,
    )  # fmt: skip


async def ask_after_meeting(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """
    Ask each alone whether she goes on, not before the morning after the meeting where its day is known.

    Whoever is still silent some working days later is put before the coordinator (K38).
    """
    proposal = await queries.own_proposal(session, proposal_id, lock=True)
    if proposal is None or proposal.state != ProposalState.MEETING:
        return
    zone = (await organisations.own(session)).time_zone
    if proposal.first_meeting_on and proposal.first_meeting_on >= clock.today(zone):
        return  # that day has a job of its own
    kind = rules.go_on_letter(proposal)
    await _write_to_silent(session, actor, proposal, AskedFor.GO_ON, "go_on", kind)
    if proposal.first_meeting_on:
        programme = await moving.programme_of(session, proposal)
        due = rules.after_working_days(clock.now(), programme.answer_days, zone)
        await notifications.ask(
            session, actor, "proposal.unanswered", key=rules.task_key(proposal, "silent"),
            due_on=clock.local(due, zone).date(), person_id=proposal.approved_by, proposal_id=proposal.id,
        )  # fmt: skip


async def _write_to_silent(
    session: AsyncSession, actor: Actor, proposal: Proposal, asked_for: AskedFor, kind: str, key: str
) -> None:
    for side in await _silent(session, proposal, asked_for):
        await notifications.write(
            session, actor, f"proposal.{kind}", key=rules.letter_key(proposal, key, side.participation_id),
            person_id=side.person_id, proposal_id=proposal.id,
        )  # fmt: skip


async def _silent(session: AsyncSession, proposal: Proposal, asked_for: AskedFor) -> list[queries.Side]:
    said = await queries.said(session, proposal.id, asked_for)
    return [side for side in await queries.sides(session, proposal) if side.participation_id not in said]
