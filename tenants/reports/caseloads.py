"""Who has how many matches of the last twelve months in hand (K28), and which they are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Permission, Role
from tenants.programmes.models import Programme, ProgrammeState
from tenants.proposals import caseloads
from tenants.proposals.caseloads import YEAR, Meter
from tenants.relationships import queries as relationships
from tenants.relationships.models import Relationship

_ACCOMPANY = (Role.COORDINATOR, Role.PROGRAMME_MANAGER)


@dataclass(frozen=True, slots=True)
class Load:
    """One coordinator with her meter."""

    person_id: UUID
    full_name: str
    meter: Meter


async def loads(session: AsyncSession, actor: Actor) -> list[Load]:
    """The actor's own; for a programme manager of the whole organisation those of all who accompany cases, fullest first."""
    actor.require(Permission.RELATIONSHIP_READ)
    limit = await session.scalar(
        select(func.max(Programme.caseload_limit)).where(Programme.state != ProgrammeState.DRAFT)
    )
    limit = limit or 0
    begun = (
        select(Relationship.coordinator_id, func.count().label("used"))
        .where(Relationship.begun_at > clock.now() - YEAR)
        .group_by(Relationship.coordinator_id)
        .subquery()
    )
    used = func.coalesce(begun.c.used, 0)
    grants = select(RoleGrant.person_id).where(RoleGrant.role.in_(_ACCOMPANY))
    query = (
        select(Person.id, Person.full_name, used)
        .outerjoin(begun, begun.c.coordinator_id == Person.id)
        .where(Person.is_active & Person.id.in_(grants) | (used > 0))
        .order_by(used.desc(), Person.search_key, Person.id)
    )
    if not sees_all(actor):
        query = query.where(Person.id == actor.person_id)
    rows = await session.execute(query)
    return [
        Load(id, name, Meter(count, 0, caseloads.warning(limit), limit)) for id, name, count in rows if limit
    ]


async def after(session: AsyncSession, given: Mapping[UUID, Collection[UUID]]) -> Mapping[UUID, Meter]:
    """Where the meter of each would stand with these cases as well; what began more than a year ago counts no more."""
    limit = await session.scalar(
        select(func.max(Programme.caseload_limit)).where(Programme.state != ProgrammeState.DRAFT)
    )
    young = select(Relationship.id, Relationship.coordinator_id).where(
        Relationship.begun_at > clock.now() - YEAR
    )
    cases = [case for mine in given.values() for case in mine]
    rows = await session.execute(
        young.where(or_(Relationship.id.in_(cases), Relationship.coordinator_id.in_(given)))
    )
    held: dict[UUID, UUID | None] = {row[0]: row[1] for row in rows}
    held |= {case: one for one, mine in given.items() for case in mine if case in held}
    if not limit:
        return {}
    return {
        one: Meter(sum(holder == one for holder in held.values()), 0, caseloads.warning(limit), limit)
        for one in given
    }


def sees_all(actor: Actor) -> bool:
    """Whether she may see how much her colleagues have in hand."""
    return actor.may(Permission.PROGRAMME_CHANGE) and not actor.offices


async def matches(
    session: AsyncSession,
    actor: Actor,
    coordinator_id: UUID,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Any]:
    """
    The matches behind a number, the newest first; (begun_at, id) of the last one goes on from there.

    Raises:
        NotFound: somebody else's, for who may not see them, or nobody.
    """
    actor.require(Permission.RELATIONSHIP_READ)
    is_here = (await session.execute(select(Person.id).where(Person.id == coordinator_id))).first()
    if is_here is None or (coordinator_id != actor.person_id and not sees_all(actor)):
        raise NotFound(kind="person", id=str(coordinator_id))
    return await relationships.listed(
        session,
        actor,
        state=None,
        narrow=and_(
            Relationship.coordinator_id == coordinator_id, Relationship.begun_at > clock.now() - YEAR
        ),
        after=after,
        limit=limit,
    )
