"""What letters of a case may say of its programme and its coordinator, looked up only for the texts that do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import current, isolated
from tenants.notifications.wording.declared import COORDINATOR, COORDINATOR_PHONE, PROGRAMME
from tenants.notifications.wording.filling import Value
from tenants.people.models import Person
from tenants.programmes import queries
from tenants.programmes.rules import text_in

AROUND = (PROGRAMME, COORDINATOR, COORDINATOR_PHONE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case belongs; without a coordinator of its own, the programme's contact counts."""

    programme_id: UUID
    office_id: UUID | None = None
    coordinator_id: UUID | None = None


def around(session: AsyncSession, place: Callable[[], Awaitable[Place]] | Place) -> dict[str, Value]:
    """Values of the fields in `AROUND`."""
    return {
        PROGRAMME: partial(_programme, session, place),
        COORDINATOR: partial(_coordinator, session, place),
        COORDINATOR_PHONE: partial(_coordinator, session, place, phone=True),
    }


async def _programme(session: AsyncSession, place: Callable[[], Awaitable[Place]] | Place) -> str:
    at = place if isinstance(place, Place) else await place()
    found = await queries.own_programme(session, at.programme_id)
    return isolated(text_in(found.name, current(), found.languages))


async def _coordinator(
    session: AsyncSession, place: Callable[[], Awaitable[Place]] | Place, *, phone: bool = False
) -> str:
    at = place if isinstance(place, Place) else await place()
    if at.coordinator_id is not None:
        query = select(Person.full_name, Person.phone).where(Person.id == at.coordinator_id, Person.is_active)
        if one := (await session.execute(query)).one_or_none():
            return isolated((one.phone or "") if phone else one.full_name)
    contact = await queries.contact(session, at.programme_id, office_id=at.office_id)
    if contact is None:
        return ""
    return isolated(contact.phone if phone else contact.name)
