"""
Making, changing and closing one's calendar feed, and knowing whose it is.

The secret of the address is made from the id of the row and stands nowhere (`infra.crypto.links`). Calendar programs
send no cookie, so whoever has the address sees when and where its owner meets whom, and nothing else: it opens no page
and changes nothing.
"""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from tenants.actor import Actor, person
from tenants.audit import actions as audit
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.relationships.events import Event
from tenants.relationships.feed_models import CalendarFeed

PURPOSE = "calendar"


async def own(session: AsyncSession, actor: Actor) -> UUID | None:
    """The id of the actor's feed, if she has one."""
    query = select(CalendarFeed.id).where(CalendarFeed.person_id == actor.require_person())
    found: UUID | None = await session.scalar(query)
    return found


async def make(session: AsyncSession, actor: Actor) -> UUID:
    """Open a feed. Whoever has one keeps it: a second click makes no second address."""
    actor.require(Permission.OWN_CASE)
    fresh = {
        "organisation_id": actor.organisation_id,
        "id": ids.random(),
        "person_id": actor.require_person(),
    }
    made = await session.scalar(
        insert(CalendarFeed)
        .values(fresh)
        .on_conflict_do_nothing(index_elements=["organisation_id", "person_id"])
        .returning(CalendarFeed.id)
    )
    if made is not None:
        audit.record(session, actor, Event.FEED_MADE, kind="person", id=actor.require_person())
    found = made or await own(session, actor)
    assert found is not None  # the conflict that kept ours out is the row
    return found


async def change(session: AsyncSession, actor: Actor) -> UUID:
    """Give the feed another address; the one before opens nothing any more."""
    await close(session, actor)
    return await make(session, actor)


async def close(session: AsyncSession, actor: Actor) -> None:
    """Have no feed. Nothing if there is none."""
    actor.require(Permission.OWN_CASE)
    query = delete(CalendarFeed).where(CalendarFeed.person_id == actor.require_person())
    if (await session.execute(query.returning(CalendarFeed.id))).first() is not None:
        audit.record(session, actor, Event.FEED_CLOSED, kind="person", id=actor.require_person())


async def reader_of(session: AsyncSession, visitor: Actor, feed_id: UUID) -> Actor | None:
    """
    Whose meetings an address shows; None if it is closed, or its owner is not here any more.

    The actor holds no session, and is used for this one answer alone.
    """
    query = (
        select(Person.id, Person.language, Person.time_zone)
        .join(
            CalendarFeed,
            (CalendarFeed.organisation_id == Person.organisation_id) & (CalendarFeed.person_id == Person.id),
        )
        .where(CalendarFeed.id == feed_id, Person.is_active)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    roles = frozenset({Role.PARTICIPANT})
    return person(visitor.organisation_id, row.id, roles, language=row.language, time_zone=row.time_zone)
