"""Ticking what lies on the desk: a tick is a deed, so it goes to the room whose deed it is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications import queries
from tenants.permissions import Permission
from tenants.relationships import actions as relationships
from tenants.relationships.models import RelationshipState
from tenants.relationships.queries import access_relationship
from tenants.reports.naming import read_id

CHECK_UP = "relationship.check_up"


@dataclass(frozen=True, slots=True)
class Ticked:
    """A task that was done; `next_on` is the day of the next check-up, for a pair that goes on."""

    id: UUID
    kind: str
    can_undo: bool
    next_on: date | None = None


async def tick(session: AsyncSession, actor: Actor, task_id: UUID) -> Ticked:
    """
    Do a task. A check-up that is done gives its pair the next date (K45), which is not taken back by a click.

    Raises:
        NotFound: no such task on the actor's desk.
    """
    actor.require(Permission.STATUS_CHANGE)
    task = await queries.access_task(session, actor, task_id)
    relationship_id = read_id(task.about.get("relationship_id"))
    if task.kind == CHECK_UP and relationship_id is not None and task.done_at is None:
        relationship = await access_relationship(session, actor, relationship_id, lock=True)
        if relationship.state == RelationshipState.RUNNING and relationship.check_up_on == task.due_on:
            relationship = await relationships.finish_check_up(session, actor, relationship_id)
            return Ticked(task.id, task.kind, can_undo=False, next_on=relationship.check_up_on)
    await notifications.finish_task(session, actor, task_id)
    return Ticked(task.id, task.kind, can_undo=True)


async def untick(session: AsyncSession, actor: Actor, task_id: UUID) -> None:
    """
    Raises:
        NotFound: no such task on the actor's desk.
        TaskDoneLongAgo: the ten minutes are over.
    """
    await notifications.finish_task(session, actor, task_id, done=False)
