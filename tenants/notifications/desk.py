"""What a coordinator does with an open task besides doing it: puts it off, or gives it to a colleague."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import queries, rules
from tenants.notifications.events import Event
from tenants.notifications.models import Task
from tenants.people.models import Person, RoleGrant
from tenants.permissions import ROLE_PERMISSIONS, Permission

AHEAD = timedelta(days=366)


class TaskIsDone(WrongState):
    code = "task_is_done"


class TaskIsPersonal(WrongState):
    """It was told to its reader in confidence and is nobody else's."""

    code = "task_is_personal"


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    full_name: str


async def postpone(session: AsyncSession, actor: Actor, task_id: UUID, *, on: date) -> Task:
    """
    Set the day on which a task is due, from today on.

    Raises:
        NotFound: no such task on the actor's desk. TaskIsDone: it is ticked.
        Invalid: a day that is over, or more than a year ahead.
    """
    task = await open_task(session, actor, task_id)
    today = clock.today(actor.time_zone)
    if not today <= on <= today + AHEAD:
        raise Invalid(Problem("on", "task_day"))
    task.due_on = on
    audit.record(session, actor, Event.TASK_POSTPONED, kind="task", id=task.id, on=on.isoformat())
    return task


async def assign(session: AsyncSession, actor: Actor, task_id: UUID, *, person_id: UUID | None) -> Task:
    """
    Put a task on a colleague's desk, or (None) on that of everybody whose office it is.

    Raises:
        NotFound: no such task on the actor's desk. TaskIsDone: it is ticked.
        TaskIsPersonal: nobody else may have it.
        Invalid: nobody who could do it.
    """
    task = await open_task(session, actor, task_id)
    if task.kind.startswith(rules.PERSONAL):
        raise TaskIsPersonal
    if person_id is not None and person_id not in {one.id for one in await colleagues(session, actor, task)}:
        raise Invalid(Problem("person_id", "no_colleague"))
    task.person_id = person_id
    audit.record(session, actor, Event.TASK_ASSIGNED, kind="task", id=task.id, to=str(person_id))
    return task


async def restore_day(session: AsyncSession, actor: Actor, task_id: UUID, *, was: date, now: date) -> bool:
    """Due when it was before, also if that is over; not if somebody has moved or done it since."""
    task = await _open_still(session, actor, task_id)
    if task is None or task.due_on != now:
        return False
    task.due_on = was
    audit.record(session, actor, Event.TASK_POSTPONED, kind="task", id=task.id, on=was.isoformat(), back=True)
    return True


async def _open_still(session: AsyncSession, actor: Actor, task_id: UUID) -> Task | None:
    """For whoever takes back what was done to many, and has had the right to do it."""
    actor.require(Permission.STATUS_CHANGE)
    query = select(Task).where(Task.id == task_id, Task.done_at.is_(None))
    return await session.scalar(query.with_for_update())


async def name_of(session: AsyncSession, actor: Actor, person_id: UUID) -> str:
    """The name of a colleague who has been given something."""
    actor.require(Permission.STATUS_CHANGE)
    name: str = (await session.execute(select(Person.full_name).where(Person.id == person_id))).scalar_one()
    return name


async def open_task(session: AsyncSession, actor: Actor, task_id: UUID) -> Task:
    """
    A task that can be moved, locked.

    Raises:
        NotFound: no such task on the actor's desk. TaskIsDone: it is ticked.
    """
    actor.require(Permission.STATUS_CHANGE)
    task = await queries.access_task(session, actor, task_id, lock=True)
    if task.done_at is not None:
        raise TaskIsDone
    return task


async def colleagues(session: AsyncSession, actor: Actor, task: Task) -> list[Colleague]:
    """Who could do a task: everybody who moves people on in its office, or in the whole organisation, by name."""
    actor.require(Permission.STATUS_CHANGE)
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.STATUS_CHANGE in held]
    query = (
        select(Person.id, Person.full_name)
        .where(
            Person.is_active,
            Person.id.in_(
                select(RoleGrant.person_id).where(
                    RoleGrant.role.in_(roles),
                    or_(RoleGrant.office_id.is_(None), RoleGrant.office_id == task.office_id),
                )
            ),
        )
        .order_by(Person.search_key, Person.id)
    )
    return [Colleague(*row) for row in await session.execute(query)]
