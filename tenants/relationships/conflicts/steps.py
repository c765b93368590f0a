"""Going through a mediation step by step: taken, put off, taken back, added."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import LimitReached, NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.relationships.conflicts import queries, rules
from tenants.relationships.conflicts.actions import ask_for_next, open_still
from tenants.relationships.conflicts.events import Event
from tenants.relationships.conflicts.models import Conflict, ConflictStep
from tenants.relationships.models import Relationship


class StepsEnough(LimitReached):
    code = "steps_enough"


async def do_step(
    session: AsyncSession, actor: Actor, conflict_id: UUID, step_id: UUID, *, note: str | None = None
) -> None:
    """
    Note that a step was taken today; done already, only what is noted beside it changes.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed. Invalid: the note is too long.
    """
    conflict, case, step = await _step(session, actor, conflict_id, step_id)
    step.note = rules.optional("note", note, rules.MAX_NOTE)
    if step.done_on is None:
        step.done_on = clock.today(actor.time_zone)
        step.done_by = actor.person_id
        audit.record(
            session, actor, Event.CONFLICT_STEP_DONE, kind="conflict", id=conflict_id, step=step.place
        )
    await session.flush()
    await ask_for_next(session, actor, conflict, case)


async def do_next_step(session: AsyncSession, actor: Actor, conflict_id: UUID) -> bool:
    """
    Take the step that is due next; whether there was one.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed.
    """
    step = await _next(session, actor, conflict_id)
    if step is not None:
        await do_step(session, actor, conflict_id, step.id, note=step.note)
    return step is not None


async def move_next_step(session: AsyncSession, actor: Actor, conflict_id: UUID, *, due_on: date) -> bool:
    """
    Put off the step that is due next; whether there was one.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed. Invalid: a day that is over, or too far ahead.
    """
    step = await _next(session, actor, conflict_id)
    if step is not None:
        await move_step(session, actor, conflict_id, step.id, due_on=due_on)
    return step is not None


async def reopen_step(session: AsyncSession, actor: Actor, conflict_id: UUID, step_id: UUID) -> None:
    """
    Take a step back: it still has to be taken.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed.
    """
    conflict, case, step = await _step(session, actor, conflict_id, step_id)
    if step.done_on is None:
        return
    step.done_on = step.done_by = None
    await session.flush()
    audit.record(
        session, actor, Event.CONFLICT_STEP_REOPENED, kind="conflict", id=conflict_id, step=step.place
    )
    await ask_for_next(session, actor, conflict, case)


async def move_step(
    session: AsyncSession, actor: Actor, conflict_id: UUID, step_id: UUID, *, due_on: date
) -> None:
    """
    Set the day by which a step is due.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed. Invalid: a day that is over, or too far ahead.
    """
    conflict, case, step = await _step(session, actor, conflict_id, step_id)
    step.due_on = rules.due(due_on, clock.today(actor.time_zone))
    await session.flush()
    audit.record(session, actor, Event.CONFLICT_STEP_MOVED, kind="conflict", id=conflict_id, step=step.place)
    await ask_for_next(session, actor, conflict, case)


async def add_step(
    session: AsyncSession, actor: Actor, conflict_id: UUID, *, title: str, due_on: date
) -> ConflictStep:
    """
    Add a step of one's own.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed. StepsEnough. Invalid.
    """
    conflict, case = await open_still(session, actor, conflict_id)
    steps = await queries.steps(session, conflict_id)
    if len(steps) >= rules.MOST_STEPS:
        raise StepsEnough(most=rules.MOST_STEPS)
    step = ConflictStep(
        organisation_id=actor.organisation_id,
        conflict_id=conflict_id,
        place=max((one.place for one in steps), default=0) + 1,
        title=rules.title(title),
        due_on=rules.due(due_on, clock.today(actor.time_zone)),
    )
    session.add(step)
    await session.flush()
    audit.record(session, actor, Event.CONFLICT_STEP_ADDED, kind="conflict", id=conflict_id, step=step.place)
    await ask_for_next(session, actor, conflict, case)
    return step


async def _next(session: AsyncSession, actor: Actor, conflict_id: UUID) -> ConflictStep | None:
    await queries.access_conflict(session, actor, conflict_id, lock=True)
    waiting = [one for one in await queries.steps(session, conflict_id) if one.done_on is None]
    return min(waiting, key=lambda one: (one.due_on, one.place), default=None)


async def _step(
    session: AsyncSession, actor: Actor, conflict_id: UUID, step_id: UUID
) -> tuple[Conflict, Relationship, ConflictStep]:
    conflict, case = await open_still(session, actor, conflict_id)
    steps = await queries.steps(session, conflict_id)
    step = next((one for one in steps if one.id == step_id), None)
    if step is None:
        raise NotFound(kind="conflict_step", id=str(step_id))
    return conflict, case, step
