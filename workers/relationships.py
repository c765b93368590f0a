"""What becomes due around relationships."""

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.relationships import following
from tenants.relationships.jobs import AskFollowUps
from workers.handling import handles


@handles(AskFollowUps)
async def ask_follow_ups(session: AsyncSession, actor: Actor, job: AskFollowUps) -> None:
    await following.ask(session, actor, job)
