"""Jobs of registration: forgetting what nobody confirmed."""

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.registration import forgetting
from tenants.registration.jobs import ExpireRegistration
from workers.handling import handles


@handles(ExpireRegistration)
async def expire(session: AsyncSession, actor: Actor, job: ExpireRegistration) -> None:
    await forgetting.expire(session, actor, job.registration_id)
