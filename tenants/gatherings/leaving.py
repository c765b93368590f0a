"""
Somebody leaves the programme, and her place at a workshop goes to whoever waits for one.

Registration cannot call this room, and a workshop is locked before its guests; so the watcher only promises a job.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.outbox import Promise, enqueue_all
from tenants.actor import Actor
from tenants.gatherings import places, queries, rules, telling
from tenants.gatherings.jobs import LetGoOfGuest
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.gatherings.telling import INVITED, MOVED, PLACE, REMINDER
from tenants.registration.models import Participation, Status
from tenants.registration.watching import watches


@watches
async def promise(session: AsyncSession, participation_ids: Collection[UUID]) -> None:
    """Promise to look after the places of people who have left."""
    rows = await session.execute(
        select(Participation.id, Participation.status_at).where(
            Participation.id.in_(participation_ids),
            Participation.status == Status.LEFT,
            Participation.id.in_(
                select(Guest.participation_id).where(
                    Guest.participation_id.in_(participation_ids), Guest.state.in_(rules.OPEN)
                )
            ),
        )
    )
    now = clock.now()
    jobs = [
        Promise(
            LetGoOfGuest(participation_id=row.id),
            f"{LetGoOfGuest.KIND}:{row.id}:{row.status_at.isoformat()}",
            now,
        )
        for row in rows
    ]
    await enqueue_all(session, jobs)


async def let_go(session: AsyncSession, actor: Actor, participation_id: UUID) -> int:
    """As the house. Returns of how many workshops she is a guest no more."""
    status = await session.scalar(select(Participation.status).where(Participation.id == participation_id))
    if status != Status.LEFT:
        return 0
    query = (
        select(Guest.id, Guest.workshop_id)
        .join(
            Workshop,
            (Workshop.organisation_id == Guest.organisation_id) & (Workshop.id == Guest.workshop_id),
        )
        .where(
            Guest.participation_id == participation_id,
            Guest.state.in_(rules.OPEN),
            Workshop.state == WorkshopState.PLANNED,
        )
        .order_by(Guest.workshop_id)
    )
    gone = (await session.execute(query)).all()
    for guest_id, workshop_id in gone:
        workshop = await queries.own_workshop(session, workshop_id, lock=True)
        if workshop is None:
            continue
        found = select(Guest).where(Guest.id == guest_id).execution_options(populate_existing=True)
        guest = (await session.execute(found)).scalar_one()
        guest.state = GuestState.GONE
        await telling.withdraw(session, (INVITED, MOVED, REMINDER, PLACE), workshop, guest_ids=[guest_id])
        await session.flush()
        await places.fill(session, actor, workshop)
    return len(gone)
