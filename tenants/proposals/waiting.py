"""What happens when nobody answers: once more a letter, then a coordinator, who may call."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.proposals import moving, queries, rules
from tenants.proposals.models import AskedFor, Proposal, ProposalState


async def remind(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """Write once more to whoever has not said whether she wants to meet."""
    proposal = await _locked(session, proposal_id)
    if proposal is None or proposal.state != ProposalState.OPEN:
        return
    await _write_to_silent(session, actor, proposal, AskedFor.MEET, "remind")


async def expire(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """
    The time is over. An unanswered question releases both and goes to the coordinator;
    a meeting that has led to no answer stays, and she is asked to call (K38).
    """
    proposal = await _locked(session, proposal_id)
    if proposal is None or proposal.state not in rules.LIVE:
        return
    await notifications.ask(
        session, actor, "proposal.unanswered", key=rules.task_key(proposal, "unanswered"),
        due_on=clock.today("UTC"), person_id=proposal.approved_by, proposal_id=proposal.id,
    )  # fmt: skip
    if proposal.state == ProposalState.OPEN:
        await moving.close(session, actor, proposal, ProposalState.EXPIRED)


async def ask_after_meeting(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """Ask each alone whether she goes on; not before the day of the meeting, where it is known."""
    proposal = await _locked(session, proposal_id)
    if proposal is None or proposal.state != ProposalState.MEETING:
        return
    if proposal.first_meeting_on and proposal.first_meeting_on >= clock.today("UTC"):
        return  # that day has a job of its own
    await _write_to_silent(session, actor, proposal, AskedFor.GO_ON, "go_on")


async def _write_to_silent(
    session: AsyncSession, actor: Actor, proposal: Proposal, asked_for: AskedFor, kind: str
) -> None:
    said = await queries.said(session, proposal.id, asked_for)
    for side in await queries.sides(session, proposal):
        if side.participation_id not in said:
            await notifications.write(
                session, actor, f"proposal.{kind}", key=rules.letter_key(proposal, kind, side.participation_id),
                person_id=side.person_id, proposal_id=proposal.id,
            )  # fmt: skip


async def _locked(session: AsyncSession, proposal_id: UUID) -> Proposal | None:
    query = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()
