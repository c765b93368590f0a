"""What becomes due while proposals are open."""

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.proposals import waiting
from tenants.proposals.jobs import AskAfterMeeting, ExpireProposal, RemindOfProposal
from workers.handling import handles


@handles(RemindOfProposal)
async def remind(session: AsyncSession, actor: Actor, job: RemindOfProposal) -> None:
    await waiting.remind(session, actor, job.proposal_id)


@handles(ExpireProposal)
async def expire(session: AsyncSession, actor: Actor, job: ExpireProposal) -> None:
    await waiting.expire(session, actor, job.proposal_id)


@handles(AskAfterMeeting)
async def ask_after_meeting(session: AsyncSession, actor: Actor, job: AskAfterMeeting) -> None:
    await waiting.ask_after_meeting(session, actor, job.proposal_id)
