"""What becomes due around workshops."""

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.gatherings import leaving
from tenants.gatherings.jobs import LetGoOfGuest
from workers.handling import handles


@handles(LetGoOfGuest)
async def let_go_of_guest(session: AsyncSession, actor: Actor, job: LetGoOfGuest) -> None:
    await leaving.let_go(session, actor, job.participation_id)
