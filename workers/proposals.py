"""What becomes due while proposals are open."""

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.proposals import leaving, waiting
from tenants.proposals.jobs import AskAfterMeeting, ExpireProposal, LetGoOfLeaver, RemindOfProposal
from tenants.proposals.parties import answering as asking
from tenants.proposals.parties.jobs import ExpireParty, RemindOfParty
from tenants.relationships import parties, returning
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
    if await leaving.has_left(session, job.participation_id):
        await parties.let_go_of_leaver(session, actor, job.participation_id)
    await returning.ask_about_leaver(session, actor, job.participation_id)


@handles(RemindOfParty)
async def remind_of_party(session: AsyncSession, actor: Actor, job: RemindOfParty) -> None:
    await asking.remind(session, actor, job.party_id)


@handles(ExpireParty)
async def expire_party(session: AsyncSession, actor: Actor, job: ExpireParty) -> None:
    await parties.expire(session, actor, job.party_id)
