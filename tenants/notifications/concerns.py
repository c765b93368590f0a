"""
A concern, told in confidence to people whom the teller has chosen.

Each of them finds a task; it names nobody and quotes nothing. The trail tells
that a concern was raised, read and settled, never by whom it was raised or what it says.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, Problem
from tenants.actor import Actor, house
from tenants.audit import actions as audit
from tenants.notifications import confidants, rules
from tenants.notifications.actions import ask, settle
from tenants.notifications.events import Event
from tenants.notifications.models import Concern
from tenants.permissions import Permission


async def tell(session: AsyncSession, actor: Actor, *, text: str, readers: Collection[UUID]) -> Concern:
    """
    Raise a concern. Those of `readers` who may not read concerns are left out.

    Raises:
        Invalid: no words, too many, or nobody to read them.
    """
    actor.require(Permission.OWN_CASE)
    words = text.strip()
    allowed = [one.id for one in await confidants.readers(session, actor) if one.id in readers]
    problems = []
    if not words:
        problems.append(Problem("text", "missing"))
    if len(words) > rules.MAX_CONCERN:
        problems.append(Problem("text", "too_long", {"maximum": rules.MAX_CONCERN}))
    if not allowed:
        problems.append(Problem("readers", "no_reader"))
    if problems:
        raise Invalid(*problems)
    concern = Concern(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        person_id=actor.require_person(),
        text=words,
        readers=[str(one) for one in allowed],
    )
    session.add(concern)
    await session.flush()
    for reader_id in allowed:
        await ask(
            session,
            actor,
            "concern.read",
            key=_task(concern.id, reader_id),
            due_on=clock.today(actor.time_zone),
            person_id=reader_id,
            concern_id=concern.id,
        )
    # In the house's name: more people read the trail than may know who has told something.
    unnamed = house(actor.organisation_id)
    audit.record(session, unnamed, Event.CONCERN_RAISED, kind="concern", id=concern.id, readers=len(allowed))
    return concern


async def read(session: AsyncSession, actor: Actor, concern_id: UUID) -> Concern:
    """
    Open a concern; the trail keeps who has read it.

    Raises:
        NotFound: none that was told to the actor.
    """
    concern = await confidants.access_concern(session, actor, concern_id, lock=True)
    concern.read_at = concern.read_at or clock.now()
    audit.record(session, actor, Event.CONCERN_READ, kind="concern", id=concern.id)
    return concern


async def settle_concern(session: AsyncSession, actor: Actor, concern_id: UUID) -> Concern:
    """
    Say that it has been dealt with; the tasks of all its readers are done.

    Raises:
        NotFound: none that was told to the actor.
    """
    actor.require(Permission.STATUS_CHANGE)
    concern = await confidants.access_concern(session, actor, concern_id, lock=True)
    if concern.settled_at is None:
        concern.settled_at = clock.now()
        concern.settled_by = actor.person_id
        audit.record(session, actor, Event.CONCERN_SETTLED, kind="concern", id=concern.id)
    for reader_id in concern.readers:
        await settle(session, actor, key=_task(concern.id, UUID(reader_id)))
    return concern


def _task(concern_id: UUID, reader_id: UUID) -> str:
    return f"concern.read:{concern_id}:{reader_id}"
