"""Sub-networks with their people, as coordinators keep them and as those see them who may be in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.networks import rules
from tenants.networks.models import SubNetwork, SubNetworkMember
from tenants.people.models import Person, RoleGrant
from tenants.permissions import ROLE_PERMISSIONS, Permission
from tenants.programmes.models import Programme
from tenants.registration.counting import number_within_reach, within_reach
from tenants.registration.models import Participation, Status

MOST_LISTED = 500  # people on one page
_LEADING = [role for role, held in ROLE_PERMISSIONS.items() if Permission.NETWORKS_KEEP in held]


@dataclass(frozen=True, slots=True)
class Listed:
    """`people` are those within the reader's reach; `lead` is empty where nobody cares for it in particular."""

    network: SubNetwork
    programme: Programme | None
    lead: str
    people: int


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody in a sub-network."""

    participation_id: UUID
    person_id: UUID
    full_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Own:
    """A sub-network that somebody is in, by `participation_id`, or could join (None)."""

    network: SubNetwork
    lead: str
    participation_id: UUID | None


async def listed(session: AsyncSession, actor: Actor) -> list[Listed]:
    """All of them, open ones first, the oldest first."""
    actor.require(Permission.NETWORKS_KEEP)
    query: Any = (
        select(SubNetwork, Programme, Person.full_name, _people(actor))
        .outerjoin(Programme, Programme.id == SubNetwork.programme_id)
        .outerjoin(Person, Person.id == SubNetwork.lead_id)
        .order_by(SubNetwork.is_open.desc(), SubNetwork.created_at, SubNetwork.id)
        .limit(rules.MOST)
    )
    return [
        Listed(one, programme, lead or "", number)
        for one, programme, lead, number in await session.execute(query)
    ]


async def access(session: AsyncSession, actor: Actor, network_id: UUID, *, lock: bool = False) -> SubNetwork:
    """
    For a coordinator.

    Raises:
        NotFound: no such sub-network in this organisation.
    """
    actor.require(Permission.NETWORKS_KEEP)
    return await one(session, network_id, lock=lock)


async def one(session: AsyncSession, network_id: UUID, *, lock: bool = False) -> SubNetwork:
    """
    Raises:
        NotFound: no such sub-network in this organisation.
    """
    query = select(SubNetwork).where(SubNetwork.id == network_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="network", id=str(network_id))
    return found


async def people(session: AsyncSession, actor: Actor, network_id: UUID) -> list[Inside]:
    """Who is in it and still takes part, as far as the actor's offices reach, by name."""
    actor.require(Permission.NETWORKS_KEEP)
    query: Any = (
        select(Participation.id, Person.id, Person.full_name, Participation.role)
        .join(SubNetworkMember, SubNetworkMember.participation_id == Participation.id)
        .join(Person, Person.id == Participation.person_id)
        .where(SubNetworkMember.network_id == network_id, within_reach(actor))
        .order_by(Person.search_key, Participation.id)
        .limit(MOST_LISTED)
    )
    return [Inside(*row) for row in await session.execute(query)]


async def own(session: AsyncSession, actor: Actor) -> list[Own]:
    """Those that the actor is in, and the open ones that she could join; her own first."""
    actor.require(Permission.OWN_CASE)
    mine = await own_parts(session, actor)
    if not mine:
        return []
    query: Any = (
        select(SubNetwork, Person.full_name, SubNetworkMember.participation_id)
        .outerjoin(Person, and_(Person.id == SubNetwork.lead_id, Person.is_active))
        .outerjoin(
            SubNetworkMember,
            and_(
                SubNetworkMember.network_id == SubNetwork.id,
                SubNetworkMember.participation_id.in_([part for part, _programme in mine]),
            ),
        )
        .where(
            or_(
                SubNetworkMember.id.is_not(None),
                and_(
                    SubNetwork.is_open,
                    or_(
                        SubNetwork.programme_id.is_(None),
                        SubNetwork.programme_id.in_([programme for _part, programme in mine]),
                    ),
                ),
            )
        )
        .order_by(SubNetworkMember.id.is_(None), SubNetwork.created_at, SubNetwork.id)
        .limit(rules.MOST)
    )
    found: dict[UUID, Own] = {}
    for network, lead, part in await session.execute(query):
        found.setdefault(network.id, Own(network, lead or "", part))
    return list(found.values())


async def own_parts(session: AsyncSession, actor: Actor) -> Sequence[tuple[UUID, UUID]]:
    """(participation, programme) of what the actor takes part in, the newest first."""
    query = (
        select(Participation.id, Participation.programme_id)
        .where(Participation.person_id == actor.require_person(), Participation.status != Status.LEFT)
        .order_by(Participation.created_at.desc(), Participation.id.desc())
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def leads(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str]]:
    """Who may be put in charge of one: those who work with people here, by name."""
    actor.require(Permission.NETWORKS_KEEP)
    working = select(RoleGrant.person_id).where(RoleGrant.role.in_(_LEADING))
    query = (
        select(Person.id, Person.full_name)
        .where(Person.is_active, Person.id.in_(working))
        .order_by(Person.search_key, Person.id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


def number_open() -> Select[Any]:
    """K72: how many sub-networks there are."""
    return select(func.count()).select_from(SubNetwork).where(SubNetwork.is_open)


def _people(actor: Actor) -> Any:
    belongs = and_(
        SubNetworkMember.organisation_id == SubNetwork.organisation_id,
        SubNetworkMember.network_id == SubNetwork.id,
    )
    return number_within_reach(actor, SubNetworkMember, belongs).correlate(SubNetwork).scalar_subquery()
