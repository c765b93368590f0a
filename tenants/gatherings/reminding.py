"""The day before: everybody who comes, or has not said, is reminded once of each hour that a workshop was given."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.gatherings import queries, rules, telling
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.gatherings.telling import REMINDER

AT_ONCE = 20  # workshops, each with all its guests
_REMINDED = (GuestState.ASKED, GuestState.COMING)


async def remind(session: AsyncSession, actor: Actor) -> int:
    """As the house, each hour. Returns of how many workshops the guests were reminded."""
    reminded = 0
    now = clock.now()
    due = (
        select(Workshop)
        .where(Workshop.state == WorkshopState.PLANNED, Workshop.remind_at <= now)
        .order_by(Workshop.remind_at, Workshop.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    while found := (await session.execute(due)).scalars().all():
        for workshop in found:
            if workshop.starts_at > now:  # a house that was away for longer does not remind of what is over
                await telling.write(session, actor, REMINDER, workshop, await _guests(session, workshop))
            workshop.remind_at = None
            reminded += 1
        await session.flush()
    return reminded


async def _guests(session: AsyncSession, workshop: Workshop) -> list[Any]:
    """Without those whose invitation is so new that it says the same."""
    query = queries.staying(workshop.id).where(
        Guest.state.in_(_REMINDED), Guest.created_at < clock.now() - rules.REMINDED
    )
    return [(guest_id, person_id) for guest_id, person_id in await session.execute(query)]
