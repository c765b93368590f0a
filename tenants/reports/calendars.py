"""All that somebody has in her own calendar: her meetings, her workshops, and for who works with people her days at the desk."""

from sqlalchemy.ext.asyncio import AsyncSession

from infra.calendar import Event
from tenants.actor import Actor
from tenants.gatherings import calendar as workshops
from tenants.permissions import Permission
from tenants.relationships import calendar as meetings
from tenants.reports import agenda


async def own(session: AsyncSession, actor: Actor, *, pages: str) -> list[Event]:
    """Meetings of the actor's pairs and groups, and workshops at which she has a place or waits for one, by their hour."""
    found = await meetings.own(session, actor, pages=pages)
    found += await workshops.own(session, actor, pages=pages)
    return sorted(found, key=lambda one: one.starts_at)


async def feed(session: AsyncSession, reader: Actor, at_work: Actor | None, *, pages: str) -> list[Event]:
    """
    For a calendar program. `at_work` is the reader with what she may do now, as an address that is read says nothing of it.

    A workshop of her office to which she is invited herself stands there once, with her own place: two events of one
    identity are none.
    """
    found = await own(session, reader, pages=pages)
    if at_work is None or not at_work.may(Permission.PEOPLE_READ):
        return found
    hers = {one.uid for one in found}
    return found + [one for one in await agenda.events(session, at_work, pages=pages) if one.uid not in hers]
