"""What has had its last day: closed by the house, each hour."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.opportunities import queries
from tenants.opportunities.actions import task_key
from tenants.opportunities.models import Opportunity, OpportunityState

AT_ONCE = 500


async def close_over(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: whatever has had its last day is closed; a proposal nobody decided upon as well."""
    day = await queries.today(session)
    last: UUID | None = None
    while True:
        query = (
            select(Opportunity.id)
            .where(
                Opportunity.state.in_((OpportunityState.OPEN, OpportunityState.PROPOSED)),
                Opportunity.last_on < day,
            )
            .order_by(Opportunity.id)
            .limit(AT_ONCE)
        )
        if last is not None:
            query = query.where(Opportunity.id > last)
        found = list(await session.scalars(query))
        if not found:
            return
        await session.execute(
            update(Opportunity)
            .where(bulk.any_of(Opportunity.id, found))
            .values(state=OpportunityState.CLOSED, ended_at=clock.now())
        )
        await notifications.settle_all(session, actor, keys=[task_key(one) for one in found])
        last = found[-1]
