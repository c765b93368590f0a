"""A case gets another coordinator, or stands again as it stood before something was done to many."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.relationships import actions, queries
from tenants.relationships.events import Event
from tenants.relationships.models import Relationship, RelationshipState


async def locked(
    session: AsyncSession, actor: Actor, relationship_ids: Sequence[UUID]
) -> Sequence[Relationship]:
    """Those of the actor's cases, held until the transaction ends, in the order in which all who hold several hold them."""
    actor.require(Permission.RELATIONSHIP_CHANGE)
    query = queries.reached(
        select(Relationship).where(bulk.any_of(Relationship.id, relationship_ids)), actor
    ).order_by(Relationship.id)
    found: Sequence[Relationship] = (
        await session.scalars(
            query.with_for_update(of=Relationship).execution_options(populate_existing=True)
        )
    ).all()
    return found


def give(session: AsyncSession, actor: Actor, case: Relationship, to_id: UUID | None) -> None:
    """Another coordinator accompanies it from now on; of nobody (None) only where it was nobody's before."""
    was = case.coordinator_id
    case.coordinator_id = to_id
    audit.record(
        session, actor, Event.HANDED_OVER, kind="relationship", id=case.id, was=str(was), to=str(to_id)
    )


async def restore_check_up(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, was: date | None, now: date | None
) -> bool:
    """The check-up is due when it was before, also if that is over; not if somebody has set it anew since."""
    found = await locked(session, actor, [relationship_id])
    if not found or found[0].state != RelationshipState.RUNNING or found[0].check_up_on != now:
        return False
    await actions.move_check_up(session, actor, found[0], was)
    audit.record(
        session, actor, Event.CHECK_UP_SET, kind="relationship", id=relationship_id, on=str(was), back=True
    )
    return True
