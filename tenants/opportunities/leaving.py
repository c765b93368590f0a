"""Somebody's data is deleted: what she proposed and nobody has decided about is taken back with it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.opportunities.actions import task_key
from tenants.opportunities.events import Event
from tenants.opportunities.models import Opportunity, OpportunityState


async def withdraw_undecided(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """As the house. The task to decide would go with her, and a proposal that is on nobody's desk waits for ever."""
    query = select(Opportunity).where(
        Opportunity.posted_by == person_id, Opportunity.state == OpportunityState.PROPOSED
    )
    for one in (await session.execute(query.order_by(Opportunity.id).with_for_update())).scalars().all():
        one.state, one.ended_at = OpportunityState.WITHDRAWN, clock.now()
        await notifications.settle(session, actor, key=task_key(one.id))
        audit.record(session, actor, Event.WITHDRAWN, kind="opportunity", id=one.id)
