"""Opening a conflict, saying who helps and what was agreed, and closing it. Its steps are in `steps`."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Forbidden, Invalid, Problem
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
        NotFound: not one of the actor's cases, or a concern that was not told to her. Forbidden: she is one of the case.
        ConflictOpen: there is one. Invalid: no words, or nobody who could help.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    her = actor.require_herself()
    case = await relationships.access_relationship(session, actor, relationship_id, lock=True)
    if her in await _of_it(session, case):
        raise Forbidden(permission=Permission.RELATIONSHIP_CHANGE.value)
    if concern_id is not None:
        await confidants.access_concern(session, actor, concern_id)
    if await queries.open_of(session, [relationship_id]):
        raise rules.ConflictOpen  # which one, only those know who may read it
    conflict = Conflict(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        relationship_id=relationship_id,
        concern_id=concern_id,
        opened_by=her,
        helper_id=await _helper(session, actor, case, helper_id),
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


async def set_helper(session: AsyncSession, actor: Actor, conflict_id: UUID, person_id: UUID | None) -> None:
    """
    Let a colleague read it and help, or (None) nobody any more.

    Raises:
        NotFound: none that the actor may know of. ConflictClosed. Invalid: nobody who could help.
    """
    conflict, case = await open_still(session, actor, conflict_id)
    conflict.helper_id = await _helper(session, actor, case, person_id)
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
    conflict, _case = await open_still(session, actor, conflict_id)
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
    is_accompanied = await session.scalar(select(works_here(case.coordinator_id)))
    await notifications.ask(
        session,
        actor,
        TASK,
        key=f"{TASK}:{conflict.id}:{ids.new()}",
        due_on=due_on,
        person_id=case.coordinator_id if is_accompanied else conflict.opened_by,
        conflict_id=conflict.id,
        relationship_id=case.id,
    )


async def _settle(session: AsyncSession, actor: Actor, conflict_id: UUID) -> None:
    beginning = f"{TASK}:{conflict_id}:"
    keys = await session.scalars(
        select(Task.key).where(Task.key.startswith(beginning, autoescape=True), Task.done_at.is_(None))
    )
    await notifications.settle_all(session, actor, keys=list(keys))


async def open_still(session: AsyncSession, actor: Actor, conflict_id: UUID) -> tuple[Conflict, Relationship]:
    actor.require(Permission.RELATIONSHIP_CHANGE)
    conflict, case = await queries.access_conflict(session, actor, conflict_id, lock=True)
    rules.must_be_open(conflict)
    return conflict, case


async def _of_it(session: AsyncSession, case: Relationship) -> set[UUID]:
    return {one.person_id for one in await relationships.people(session, case)}


async def _helper(
    session: AsyncSession, actor: Actor, case: Relationship, person_id: UUID | None
) -> UUID | None:
    if person_id is None:
        return None
    query = select(Person.id).where(Person.id == person_id, works_here(person_id))
    found = await session.scalar(query)
    if found is None or found == actor.person_id or found in await _of_it(session, case):
        raise Invalid(Problem("helper_id", "no_colleague"))
    return found
