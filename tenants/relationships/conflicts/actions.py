"""Opening a conflict, going through its mediation step by step, and closing it."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, LimitReached, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications import confidants
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import works_here
from tenants.relationships.conflicts import queries, rules
from tenants.relationships.conflicts.events import Event
from tenants.relationships.conflicts.models import Conflict, ConflictState, ConflictStep
from tenants.relationships.models import Relationship

TASK = "conflict.step"


class StepsEnough(LimitReached):
    code = "steps_enough"


async def open_conflict(
    session: AsyncSession,
    actor: Actor,
    relationship_id: UUID,
    *,
    summary: str,
    concern_id: UUID | None = None,
    helper_id: UUID | None = None,
) -> Conflict:
    """
    Open a conflict on a case, with our checklist; its next step lies on the desk of whoever accompanies the case.

    Raises:
        NotFound: not one of the actor's cases, or a concern that was not told to her.
        ConflictOpen: there is one. Invalid: no words, or nobody who could help.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    her = actor.require_herself()
    case = await relationships.access_relationship(session, actor, relationship_id, lock=True)
    if concern_id is not None:
        await confidants.access_concern(session, actor, concern_id)
    if before := await queries.open_of(session, [relationship_id]):
        raise rules.ConflictOpen(conflict=str(before[0].id))
    conflict = Conflict(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        relationship_id=relationship_id,
        concern_id=concern_id,
        opened_by=her,
        helper_id=await _helper(session, actor, helper_id),
        summary=rules.summary(summary),
        state=ConflictState.OPEN,
    )
    session.add(conflict)
    await session.flush()
    today = clock.today(actor.time_zone)
    session.add_all(
        ConflictStep(
            organisation_id=actor.organisation_id,
            conflict_id=conflict.id,
            place=place,
            item=item,
            due_on=today + timedelta(days=days),
        )
        for place, (item, days) in enumerate(rules.CHECKLIST, start=1)
    )
    await session.flush()
    audit.record(session, actor, Event.CONFLICT_OPENED, kind="conflict", id=conflict.id)
    await ask_for_next(session, actor, conflict, case)
    return conflict


async def read(session: AsyncSession, actor: Actor, conflict_id: UUID) -> queries.Shown:
    """
    Open it; the trail keeps who has read it.

    Raises:
        NotFound: none that the actor may know of.
    """
    found = await queries.shown(session, actor, conflict_id)
    audit.record(session, actor, Event.CONFLICT_READ, kind="conflict", id=conflict_id)
    return found


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
    conflict, case = await _open(session, actor, conflict_id)
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


async def set_helper(session: AsyncSession, actor: Actor, conflict_id: UUID, person_id: UUID | None) -> None:
    """
    Let a colleague read it and help, or (None) nobody any more.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed. Invalid: nobody who could help.
    """
    conflict, _case = await _open(session, actor, conflict_id)
    conflict.helper_id = await _helper(session, actor, person_id)
    audit.record(
        session, actor, Event.CONFLICT_HELPER_SET, kind="conflict", id=conflict_id, to=str(conflict.helper_id)
    )


async def agree(
    session: AsyncSession, actor: Actor, conflict_id: UUID, *, words: str | None, is_shared: bool
) -> None:
    """
    Write down what they agreed on, and whether the people of the case see it on their page.

    It can be shown, changed and hidden after the conflict is closed, too: what was agreed may be agreed anew.

    Raises:
        NotFound: none that the actor may know of. Invalid: nothing to show, or too much.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    conflict, _case = await queries.access_conflict(session, actor, conflict_id, lock=True)
    agreed = rules.optional("agreed", words, rules.MAX_AGREED)
    if is_shared and agreed is None:
        raise Invalid(Problem("agreed", "missing"))
    if agreed != conflict.agreed:
        conflict.agreed = agreed
        audit.record(session, actor, Event.CONFLICT_AGREED, kind="conflict", id=conflict_id)
    if is_shared != (conflict.shared_at is not None):
        conflict.shared_at = clock.now() if is_shared else None
        event = Event.CONFLICT_SHARED if is_shared else Event.CONFLICT_HIDDEN
        audit.record(session, actor, event, kind="conflict", id=conflict_id)


async def close(session: AsyncSession, actor: Actor, conflict_id: UUID, *, outcome: str) -> None:
    """
    Say how it came out; nothing more is due.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed: somebody was first. Invalid: no such outcome.
    """
    conflict, _case = await _open(session, actor, conflict_id)
    conflict.outcome = rules.outcome(outcome)
    conflict.state = ConflictState.CLOSED
    conflict.closed_at = clock.now()
    conflict.closed_by = actor.require_herself()
    await _settle(session, actor, conflict_id)
    audit.record(
        session, actor, Event.CONFLICT_CLOSED, kind="conflict", id=conflict_id, outcome=conflict.outcome
    )


async def ask_for_next(session: AsyncSession, actor: Actor, conflict: Conflict, case: Relationship) -> None:
    """
    Put the next step on the desk of whoever accompanies the case; of a case that nobody accompanies, of who opened it.

    When all steps are taken, what is left to do is to say how it came out: by today.
    """
    await _settle(session, actor, conflict.id)
    waiting = [one for one in await queries.steps(session, conflict.id) if one.done_on is None]
    due_on = min((one.due_on for one in waiting), default=clock.today(actor.time_zone))
    await notifications.ask(
        session,
        actor,
        TASK,
        key=f"{TASK}:{conflict.id}:{ids.new()}",
        due_on=due_on,
        person_id=case.coordinator_id or conflict.opened_by,
        conflict_id=conflict.id,
        relationship_id=case.id,
    )


async def _settle(session: AsyncSession, actor: Actor, conflict_id: UUID) -> None:
    beginning = f"{TASK}:{conflict_id}:"
    keys = await session.scalars(
        select(Task.key).where(Task.key.startswith(beginning, autoescape=True), Task.done_at.is_(None))
    )
    await notifications.settle_all(session, actor, keys=list(keys))


async def _open(session: AsyncSession, actor: Actor, conflict_id: UUID) -> tuple[Conflict, Relationship]:
    actor.require(Permission.RELATIONSHIP_CHANGE)
    conflict, case = await queries.access_conflict(session, actor, conflict_id, lock=True)
    rules.must_be_open(conflict)
    return conflict, case


async def _step(
    session: AsyncSession, actor: Actor, conflict_id: UUID, step_id: UUID
) -> tuple[Conflict, Relationship, ConflictStep]:
    conflict, case = await _open(session, actor, conflict_id)
    steps = await queries.steps(session, conflict_id)
    step = next((one for one in steps if one.id == step_id), None)
    if step is None:
        raise NotFound(kind="conflict_step", id=str(step_id))
    return conflict, case, step


async def _helper(session: AsyncSession, actor: Actor, person_id: UUID | None) -> UUID | None:
    if person_id is None:
        return None
    query = select(Person.id).where(Person.id == person_id, works_here(person_id))
    found = await session.scalar(query)
    if found is None or found == actor.person_id:
        raise Invalid(Problem("helper_id", "no_colleague"))
    return found
