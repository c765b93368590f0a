"""Ticking what lies on the desk: a tick is a deed, so it goes to the room whose deed it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications import desk, queries
from tenants.permissions import Permission
from tenants.registration import actions as registration
from tenants.registration.models import Participation
from tenants.registration.queries import access_participation
from tenants.registration.rules import interview_task
from tenants.relationships import actions as relationships
from tenants.relationships.conflicts import actions as conflicts
from tenants.relationships.conflicts import steps
from tenants.relationships.models import RelationshipState
from tenants.relationships.queries import access_relationship
from tenants.reports.naming import read_id

CHECK_UP = "relationship.check_up"
APPOINTMENT = "interview.hold"
AHEAD = timedelta(days=732)  # an appointment further from today is a slip of the pen


class LastStepTaken(WrongState):
    """All steps of a conflict are taken: what is left is to say how it came out, on its page."""

    code = "last_step_taken"


class TaskHasHour(WrongState):
    """An appointment was agreed with somebody; who moves it tells her."""

    code = "task_has_hour"


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
    conflict_id = read_id(task.about.get("conflict_id"))
    if task.kind == conflicts.TASK and conflict_id is not None and task.done_at is None:
        if await steps.do_next_step(session, actor, conflict_id):
            return Ticked(task.id, task.kind, can_undo=False)
        raise LastStepTaken
    await notifications.finish_task(session, actor, task_id)
    return Ticked(task.id, task.kind, can_undo=True)


async def untick(session: AsyncSession, actor: Actor, task_id: UUID) -> None:
    """
    Raises:
        NotFound: no such task on the actor's desk.
        TaskDoneLongAgo: the ten minutes are over.
    """
    await notifications.finish_task(session, actor, task_id, done=False)


async def postpone(session: AsyncSession, actor: Actor, task_id: UUID, *, on: date) -> date:
    """
    Put a task off. The check-up of a pair moves with it (K45); an interview that has an hour is moved by its appointment.

    Raises:
        NotFound: no such task on the actor's desk. TaskIsDone: it is ticked.
        TaskHasHour: it is an appointment.
        Invalid: a day that is over, or too far ahead.
    """
    task = await desk.open_task(session, actor, task_id)
    if task.kind == APPOINTMENT:
        raise TaskHasHour
    relationship_id = read_id(task.about.get("relationship_id"))
    if task.kind == CHECK_UP and relationship_id is not None:
        relationship = await access_relationship(session, actor, relationship_id, lock=True)
        if relationship.state == RelationshipState.RUNNING and relationship.check_up_on == task.due_on:
            await relationships.set_check_up(session, actor, relationship_id, on=on)
            return on
    conflict_id = read_id(task.about.get("conflict_id"))
    is_step = task.kind == conflicts.TASK and conflict_id is not None
    if is_step and conflict_id and await steps.move_next_step(session, actor, conflict_id, due_on=on):
        return on
    await desk.postpone(session, actor, task_id, on=on)
    return on


async def plan_interview(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, at: datetime
) -> Participation:
    """
    Set or move an interview, and put it on the desk of whoever sets it; the earlier appointment leaves the desk.

    Raises:
        NotFound: nobody within the actor's reach.
        Invalid: more than two years from today.
    """
    now = clock.now()
    if not now - AHEAD <= at <= now + AHEAD:
        raise Invalid(Problem("at", "unusable"))
    before = (await access_participation(session, actor, participation_id)).interview_on
    participation = await registration.plan_interview(session, actor, participation_id, at=at)
    if before is not None:
        await notifications.settle(session, actor, key=interview_task(participation_id, before))
    await notifications.ask(
        session,
        actor,
        APPOINTMENT,
        key=interview_task(participation_id, at),
        due_on=clock.local(at, actor.time_zone).date(),
        person_id=actor.person_id,
        participation_id=participation_id,
    )
    return participation


async def hold_interview(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, on: date
) -> Participation:
    """
    Note that the interview was held; it leaves the desk.

    Raises:
        NotFound: nobody within the actor's reach.
        Invalid: a day that is still to come.
    """
    if on > clock.today(actor.time_zone):
        raise Invalid(Problem("on", "day_to_come"))
    participation = await registration.record_interview_held(session, actor, participation_id, on=on)
    if participation.interview_on is not None:
        await notifications.settle(
            session, actor, key=interview_task(participation_id, participation.interview_on)
        )
    return participation
