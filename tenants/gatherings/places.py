"""
Places of a workshop, counted under its lock: the last one is given once, and who waits moves up in the order of answers.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.gatherings import queries, rules
from tenants.gatherings.events import Event
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.gatherings.telling import PLACE
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.registration.models import Participation


async def give(session: AsyncSession, workshop: Workshop, guest: Guest) -> None:
    """A place where there is one, else one on the waiting list. The workshop is locked."""
    is_full = rules.is_full(workshop.places, await queries.taken(session, workshop.id))
    guest.state = GuestState.WAITING if is_full else GuestState.COMING


async def fill(session: AsyncSession, actor: Actor, workshop: Workshop) -> int:
    """Give free places to those who wait, the first to answer first, and tell them. Returns how many."""
    if workshop.state != WorkshopState.PLANNED or workshop.starts_at <= clock.now():
        return 0
    free = None
    if workshop.places is not None:
        free = workshop.places - await queries.taken(session, workshop.id)
        if free <= 0:
            return 0
    rows = await _waiting(session, workshop.id, free)
    letters = []
    for guest, person_id in rows:
        guest.state = GuestState.COMING
        key = f"{PLACE}:{guest.id}:{guest.answered_at.isoformat() if guest.answered_at else ''}"
        about = {"guest_id": guest.id, "workshop_id": workshop.id, "sequence": workshop.sequence}
        letters.append(Addressed(key, person_id, about))
    await session.flush()
    if letters:
        await notifications.write_all(session, actor, PLACE, letters)
        audit.record(session, actor, Event.MOVED_UP, kind="workshop", id=workshop.id, number=len(letters))
    return len(letters)


async def _waiting(session: AsyncSession, workshop_id: UUID, most: int | None) -> Sequence[Any]:
    query = (
        queries.staying(workshop_id)
        .with_only_columns(Guest, Participation.person_id)
        .where(Guest.state == GuestState.WAITING)
        .order_by(None)
        .order_by(Guest.answered_at, Guest.id)
        .limit(most)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).all()
