"""Who may be told a concern, and which concerns somebody was told."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Concern
from tenants.people.models import Person, RoleGrant
from tenants.permissions import ROLE_PERMISSIONS, Permission


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who works with people, and may be told a concern."""

    id: UUID
    full_name: str


async def readers(session: AsyncSession, actor: Actor) -> list[Reader]:
    """Who works with the people of the actor's office, or of all: to them she may tell a concern."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.PEOPLE_READ in held]
    own_office = select(Person.office_id).where(Person.id == actor.require_person()).scalar_subquery()
    query = (
        select(Person.id, Person.full_name)
        .where(
            Person.is_active,
            Person.id != actor.person_id,
            Person.id.in_(
                select(RoleGrant.person_id).where(
                    RoleGrant.role.in_(roles),
                    or_(RoleGrant.office_id.is_(None), RoleGrant.office_id == own_office),
                )
            ),
        )
        .order_by(Person.search_key, Person.id)
    )
    return [Reader(*row) for row in await session.execute(query)]


async def access_concern(
    session: AsyncSession, actor: Actor, concern_id: UUID, *, lock: bool = False
) -> Concern:
    """
    A concern that was told to the actor.

    Raises:
        NotFound: none, or told to others.
    """
    actor.require(Permission.PEOPLE_READ)
    query = select(Concern).where(
        Concern.id == concern_id, Concern.readers.contains([str(actor.require_herself())])
    )
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="concern", id=str(concern_id))
    return found


async def person_named(session: AsyncSession, person_id: UUID) -> Person:
    """A person for the house's own use: whoever raised a concern is known to its readers, whatever their offices."""
    query = select(Person).where(Person.id == person_id).options(defer(Person.search_key))
    return (await session.execute(query)).scalar_one()
