"""What becomes due while proposals are open."""

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.proposals import leaving, waiting
from tenants.proposals.jobs import AskAfterMeeting, ExpireProposal, LetGoOfLeaver, RemindOfProposal
from tenants.relationships import actions as relationships
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


@handles(LetGoOfLeaver)
async def let_go_of_leaver(session: AsyncSession, actor: Actor, job: LetGoOfLeaver) -> None:
    await leaving.close_open(session, actor, job.participation_id)
    await relationships.ask_about_leaver(session, actor, job.participation_id)
