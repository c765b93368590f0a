"""People with the parts they take in programmes, for the table of all of them."""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, cast, exists, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.lookup import CHOSEN, fenced, lookup
from tenants.actor import Actor
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.people.queries import matching
from tenants.permissions import Permission
from tenants.registration.models import Participation
from tenants.registration.rules import TAKING_PART

TAKES_PART = "now"  # in place of a status: whichever it is, of those who take part


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a page shows: the whole of its query string. `status` may be `TAKES_PART`."""

    search: str = ""
    role: str = ""
    status: str = ""
    cycle_id: UUID | None = None
    office_id: UUID | None = None
    language: str = ""
    without_email: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """One part that somebody takes in one cycle."""

    participation_id: UUID
    role: str
    status: str
    cycle_id: UUID


@dataclass(frozen=True, slots=True)
class Found:
    """One person in the table. `key` goes back into `after`."""

    id: UUID
    full_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    office: str | None
    search_key: str
    standings: tuple[Standing, ...] = ()

    @property
    def key(self) -> tuple[str, UUID]:
        return self.search_key, self.id


_FOUND = lookup(
    select(
        Person.id, Person.full_name, Person.email, Person.phone, Person.language, Person.time_zone,
        Office.name.label("office"), Person.search_key,
    )
    .outerjoin(Office, Office.id == Person.office_id)
    .where(Person.id == CHOSEN.c.id)
)  # fmt: skip


async def people(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    *,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Found]:
    """By name, each with her parts, the newest first. Two queries."""
    actor.require(Permission.PEOPLE_READ)
    ids = _narrowed(select(Person.id), actor, wanted).order_by(Person.search_key, Person.id).limit(limit)
    if after is not None:
        ids = ids.where(tuple_(Person.search_key, Person.id) > tuple_(*after))
    query = _FOUND.of(ids).order_by(_FOUND.c.search_key, _FOUND.c.id)
    rows = (await session.execute(query)).all()
    standings = await _standings(session, (row.id for row in rows))
    found = [(Found(*row), standings.get(row.id, ())) for row in rows]
    return [dataclasses.replace(one, standings=tuple(parts)) for one, parts in found]


async def count_people(session: AsyncSession, actor: Actor, wanted: Wanted) -> int:
    """How many `people` would show in all."""
    actor.require(Permission.PEOPLE_READ)
    query = _narrowed(select(func.count()).select_from(Person), actor, wanted)
    return int((await session.execute(query)).scalar_one())


async def count_taking_part(session: AsyncSession, actor: Actor, roles: Sequence[str]) -> list[int]:
    """For each role, how many `people` would show who take part in it now; in one statement."""
    numbers: Any = [
        func.count(Person.id.distinct()).filter(Participation.role == role)  # of whom one may take part twice
        for role in roles
    ]
    hers = and_(Participation.organisation_id == Person.organisation_id, Participation.person_id == Person.id)
    query = select(*numbers).select_from(Person).join(Participation, hers)
    query = query.where(Person.is_active, Participation.status.in_(TAKING_PART))
    return list((await session.execute(_reached(query, actor))).one())


async def _standings(session: AsyncSession, person_ids: Iterable[UUID]) -> dict[UUID, list[Standing]]:
    given = func.unnest(cast(list(person_ids), ARRAY(Uuid))).table_valued("id", name="given").render_derived()
    hers = fenced(
        select(
            Participation.person_id, Participation.id, Participation.role, Participation.status,
            Participation.cycle_id, Participation.created_at,
        )
        .where(Participation.person_id == given.c.id)
        .correlate(given)
    )  # fmt: skip
    rows: Any = await session.execute(
        select(hers.c.person_id, hers.c.id, hers.c.role, hers.c.status, hers.c.cycle_id)
        .select_from(given.join(hers, true()))
        .order_by(hers.c.created_at.desc(), hers.c.id)
    )
    found: dict[UUID, list[Standing]] = {}
    for person_id, *standing in rows:
        found.setdefault(person_id, []).append(Standing(*standing))
    return found


def _reached(query: Any, actor: Actor) -> Any:
    return query.where(Person.office_id.in_(actor.offices)) if actor.offices else query


def _narrowed(query: Any, actor: Actor, wanted: Wanted) -> Any:
    query = query.where(Person.is_active.is_(wanted.is_active))
    if not wanted.is_active:  # whose data was deleted is listed nowhere
        query = query.where(Person.erased_at.is_(None))
    query = _reached(query, actor)
    if wanted.office_id is not None:
        query = query.where(Person.office_id == wanted.office_id)
    if wanted.language:
        query = query.where(Person.language == wanted.language)
    if wanted.without_email:
        query = query.where(Person.email.is_(None))
    parts = [
        column == value
        for column, value in (
            (Participation.role, wanted.role),
            (Participation.status, wanted.status if wanted.status != TAKES_PART else ""),
            (Participation.cycle_id, wanted.cycle_id),
        )
        if value
    ]
    if wanted.status == TAKES_PART:
        parts.append(Participation.status.in_(TAKING_PART))
    if parts:
        query = query.where(exists().where(Participation.person_id == Person.id, *parts))
    return matching(query, wanted.search)
