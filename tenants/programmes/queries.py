"""Reading programmes and their cycles, questions, topics and criteria."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.organisations.models import Organisation
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Permission, Role
from tenants.programmes import rules
from tenants.programmes.models import (
    CriterionChoice,
    Cycle,
    Programme,
    ProgrammeRole,
    ProgrammeState,
    Question,
    Topic,
)

MOST_CARING = 50  # of whom one is looked for who may know of somebody


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a participant can call: her coordinator, or the organisation itself."""

    name: str
    phone: str
    is_coordinator: bool


@dataclass(frozen=True, slots=True)
class Carer:
    """Somebody who cares for a programme, or could."""

    person_id: UUID
    full_name: str
    role: Role


async def programmes(
    session: AsyncSession, actor: Actor, *, after: tuple[str, UUID] | None = None, limit: int = 50
) -> Sequence[Programme]:
    """Programmes by their address; (slug, id) of the last one goes on from there."""
    actor.require(Permission.PROGRAMME_READ)
    query = select(Programme).order_by(Programme.slug, Programme.id).limit(limit)
    if after:
        query = query.where(Programme.slug > after[0])
    return (await session.execute(query)).scalars().all()


async def access_programme(
    session: AsyncSession, actor: Actor, programme_id: UUID, *, lock: bool = False
) -> Programme:
    """
    Raises:
        NotFound: no such programme in this organisation.
    """
    actor.require(Permission.PROGRAMME_READ)
    return await own_programme(session, programme_id, lock=lock)


async def own_programme(session: AsyncSession, programme_id: UUID, *, lock: bool = False) -> Programme:
    """A programme for the house's own use, whoever acts: its texts and rules are no secret inside."""
    query = select(Programme).where(Programme.id == programme_id)
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="programme", id=str(programme_id))
    return found


async def open_by_slug(session: AsyncSession, slug: str) -> Programme:
    """
    The programme at a public address; a draft is not there for the public.

    Raises:
        NotFound: none at this address.
    """
    query = select(Programme).where(Programme.slug == slug, Programme.state != ProgrammeState.DRAFT)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="programme", slug=slug)
    return found


async def open_programmes(session: AsyncSession) -> Sequence[Programme]:
    """What a visitor may choose from."""
    query = select(Programme).where(Programme.state == ProgrammeState.OPEN).order_by(Programme.slug)
    return (await session.execute(query)).scalars().all()


async def cycles(session: AsyncSession, programme_id: UUID) -> Sequence[Cycle]:
    """The cycles of a programme, the newest first."""
    query = (
        select(Cycle)
        .where(Cycle.programme_id == programme_id)
        .order_by(Cycle.opens_on.desc(), Cycle.id.desc())
    )
    return (await session.execute(query)).scalars().all()


async def cycles_of(session: AsyncSession, programme_ids: Collection[UUID]) -> dict[UUID, list[Cycle]]:
    """The cycles of many programmes at once, each the newest first."""
    query = select(Cycle).where(Cycle.programme_id.in_(programme_ids))
    found: dict[UUID, list[Cycle]] = {one: [] for one in programme_ids}
    for cycle in (await session.execute(query.order_by(Cycle.opens_on.desc(), Cycle.id.desc()))).scalars():
        found[cycle.programme_id].append(cycle)
    return found


async def current_cycle(session: AsyncSession, programme_id: UUID, today: date) -> Cycle | None:
    """The cycle that is meant today: resolved each time, never fixed."""
    return rules.current_cycle(await cycles(session, programme_id), today)


async def access_cycle(session: AsyncSession, actor: Actor, cycle_id: UUID, *, lock: bool = False) -> Cycle:
    """
    Raises:
        NotFound: no such cycle in this organisation.
    """
    actor.require(Permission.PROGRAMME_READ)
    return await own_cycle(session, cycle_id, lock=lock)


async def own_cycle(session: AsyncSession, cycle_id: UUID, *, lock: bool = False) -> Cycle:
    query = select(Cycle).where(Cycle.id == cycle_id)
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="cycle", id=str(cycle_id))
    return found


async def questions(session: AsyncSession, programme_id: UUID) -> Sequence[Question]:
    """In the order in which they are asked."""
    return [one for one in await every_question(session, programme_id) if one.is_asked]


async def every_question(session: AsyncSession, programme_id: UUID) -> Sequence[Question]:
    """Those that are asked, and after them those that were left out: what had been answered can be read by them."""
    query = select(Question).where(Question.programme_id == programme_id)
    ordered = query.order_by(Question.is_asked.desc(), Question.position, Question.id)
    return (await session.execute(ordered)).scalars().all()


async def topics(session: AsyncSession, programme_id: UUID) -> Sequence[Topic]:
    """In their order, also those that are offered no more: people who chose them keep them."""
    query = select(Topic).where(Topic.programme_id == programme_id)
    return (await session.execute(query.order_by(Topic.position, Topic.code))).scalars().all()


async def criteria(session: AsyncSession, programme_id: UUID) -> Sequence[CriterionChoice]:
    """The programme's usual weights and constraints, the weightiest first."""
    query = select(CriterionChoice).where(CriterionChoice.programme_id == programme_id)
    ordered = query.order_by(CriterionChoice.weight.desc(), CriterionChoice.name)
    return (await session.execute(ordered)).scalars().all()


async def carers(session: AsyncSession, actor: Actor, programme_id: UUID) -> list[Carer]:
    """
    Who cares for a programme; the first coordinator is the one whom participants see.

    Raises:
        NotFound: no such programme in this organisation.
    """
    programme = await access_programme(session, actor, programme_id)
    query = (
        select(Person.id, Person.full_name, ProgrammeRole.role)
        .join(ProgrammeRole, ProgrammeRole.person_id == Person.id)
        .where(ProgrammeRole.programme_id == programme.id, Person.is_active)
        .order_by(ProgrammeRole.created_at, ProgrammeRole.id)
    )
    return [Carer(id, name, Role(role)) for id, name, role in await session.execute(query)]


async def coordinators(session: AsyncSession, actor: Actor) -> list[Carer]:
    """Everybody who works as a coordinator here, by name: whoever sets a programme up chooses among them."""
    actor.require(Permission.PROGRAMME_CHANGE)
    query = (
        select(Person.id, Person.full_name)
        .where(
            Person.is_active,
            Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == Role.COORDINATOR)),
        )
        .order_by(Person.search_key, Person.id)
    )
    return [Carer(id, name, Role.COORDINATOR) for id, name in await session.execute(query)]


async def contact(
    session: AsyncSession, programme_id: UUID, *, office_id: UUID | None = None
) -> Contact | None:
    """
    Name and telephone of the coordinator: of the participant's office, else of the programme, else the organisation's contact.
    """
    query = _coordinators_of(programme_id, office_id, Person.full_name, Person.phone).limit(1)
    if found := (await session.execute(query)).one_or_none():
        return Contact(found.full_name, found.phone or "", True)
    of_house = (await session.execute(select(Organisation.contact_name, Organisation.contact_phone))).one()
    return (
        Contact(of_house.contact_name, of_house.contact_phone or "", False) if of_house.contact_name else None
    )


async def caring(session: AsyncSession, programme_id: UUID, *, office_id: UUID | None) -> list[UUID]:
    """The coordinators of a programme, those of the office first: for letters to them."""
    query = _coordinators_of(programme_id, office_id, Person.id).limit(MOST_CARING)
    return list((await session.execute(query)).scalars())


def _coordinators_of(programme_id: UUID, office_id: UUID | None, *columns: Any) -> Any:
    of_office = (
        case((Person.office_id == office_id, 0), else_=1)
        if office_id
        else case((Person.office_id.is_(None), 0), else_=1)
    )
    return (
        select(*columns)
        .join(ProgrammeRole, ProgrammeRole.person_id == Person.id)
        .where(
            ProgrammeRole.programme_id == programme_id,
            ProgrammeRole.role == Role.COORDINATOR,
            Person.is_active,
        )
        .order_by(of_office, ProgrammeRole.created_at, ProgrammeRole.id)
    )
