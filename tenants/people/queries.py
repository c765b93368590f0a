"""Finding people, as far as the actor may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, exists, func, literal_column, select, text, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from infra.db.lookup import CHOSEN, lookup
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.actor import person as signed_in
from tenants.organisations.models import Office
from tenants.people import rules
from tenants.people.models import Person, RoleGrant, folded
from tenants.people.rules import Grant
from tenants.permissions import Permission, Role

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
MAX_WORDS = 5  # of a search; more would only cost time


@dataclass(frozen=True, slots=True)
class Listed:
    """One person in a list. `key` goes back into `after`."""

    id: UUID
    full_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    office_id: UUID | None
    office: str | None
    is_active: bool
    roles: list[str]
    search_key: str

    @property
    def key(self) -> tuple[str, UUID]:
        return self.search_key, self.id


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds; `office` is None for the whole organisation."""

    role: Role
    office_id: UUID | None
    office: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who runs the organisation: more than a participant."""

    id: UUID
    full_name: str
    email: str | None
    is_active: bool
    held: list[Held]


_ROLES = (
    select(func.array_agg(aggregate_order_by(RoleGrant.role, RoleGrant.role)))
    .where(RoleGrant.person_id == Person.id)
    .scalar_subquery()
)
_LISTED = lookup(
    select(
        Person.id, Person.full_name, Person.email, Person.phone, Person.language, Person.time_zone,
        Person.office_id, Office.name.label("office"), Person.is_active,
        func.coalesce(_ROLES, literal_column("'{}'::text[]")).label("roles"), Person.search_key,
    )
    .outerjoin(Office, Office.id == Person.office_id)
    .where(Person.id == CHOSEN.c.id)
)  # fmt: skip


async def find_by_email(session: AsyncSession, email: str) -> Person | None:
    """The person at an address as `rules.address` writes it. Only for doors that tell nobody of the answer."""
    found: Person | None = await session.scalar(select(Person).where(Person.email == email))
    return found


async def acts_now(session: AsyncSession, house: Actor, person_id: UUID | None) -> Actor | None:
    """
    Somebody as the actor that she is at this moment, for a job that she has asked for earlier; None if she has left.

    What she may not do any more, her jobs do not do for her.
    """
    is_here = await session.scalar(select(Person.id).where(Person.id == person_id, Person.is_active))
    if person_id is None or is_here is None:
        return None
    held = await grants(session, person_id)
    roles = frozenset(role for role, _office in held)
    return signed_in(house.organisation_id, person_id, roles, offices=rules.reach(held))


async def access_person(
    session: AsyncSession, actor: Actor, person_id: UUID, *, lock: bool = False
) -> Person:
    """
    Oneself, somebody of one's offices for those who work with people, anybody for those who hand out roles.

    Raises:
        NotFound: nobody whom this actor may know of, or nobody any more: her data was deleted.
    """
    query = select(Person).where(Person.id == person_id).options(defer(Person.search_key))
    person = await session.scalar(query.with_for_update() if lock else query)
    if person is None or person.erased_at is not None or not is_seen(actor, person):
        raise NotFound(kind="person", id=str(person_id))
    return person


def is_seen(actor: Actor, person: Person) -> bool:
    """Whether the actor may know of a person at hand, as `access_person` says."""
    if person.id == actor.person_id or actor.may(Permission.ROLES_GRANT):
        return True
    return actor.may(Permission.PEOPLE_READ) and actor.sees_office(person.office_id)


async def people(
    session: AsyncSession,
    actor: Actor,
    *,
    search: str = "",
    role: Role | None = None,
    office_id: UUID | None = None,
    is_active: bool | None = True,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """
    People by name, as far as the actor's offices reach.

    `search` is the beginning of names or of an address, in any order, without
    regard to case and accents. Go on `after` the `key` of the last row.
    """
    actor.require(Permission.PEOPLE_READ)
    ids = _chosen(select(Person.id), actor, search, role, office_id, is_active)
    ids = ids.order_by(Person.search_key, Person.id).limit(limit)
    if after is not None:
        ids = ids.where(tuple_(Person.search_key, Person.id) > tuple_(*after))
    query = _LISTED.of(ids).order_by(_LISTED.c.search_key, _LISTED.c.id)
    return [Listed(*row) for row in await session.execute(query)]


async def count_people(
    session: AsyncSession,
    actor: Actor,
    *,
    search: str = "",
    role: Role | None = None,
    office_id: UUID | None = None,
    is_active: bool | None = True,
) -> int:
    """How many `people` would list in all."""
    actor.require(Permission.PEOPLE_READ)
    query = _chosen(select(func.count()).select_from(Person), actor, search, role, office_id, is_active)
    return int((await session.execute(query)).scalar_one())


def matching(query: S, search: str) -> S:
    """Only people of whose name or address each word of `search` begins a word; for lists of other rooms too."""
    for number, word in enumerate(search.split()[:MAX_WORDS]):
        plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        name = f"word{number}"
        start = text(f"'% ' || {folded(f'CAST(:{name} AS text)')} || '%'").bindparams(**{name: plain})
        # As a sub-select, or a prepared statement would fold the word anew for every row.
        query = query.where(Person.search_key.op("LIKE")(select(start).scalar_subquery()))
    return query


def _chosen(
    query: S,
    actor: Actor,
    search: str,
    role: Role | None,
    office_id: UUID | None,
    is_active: bool | None,
) -> S:
    if actor.offices:
        query = query.where(Person.office_id.in_(actor.offices))
    if office_id is not None:
        query = query.where(Person.office_id == office_id)
    if is_active is not None:
        query = query.where(Person.is_active.is_(is_active))
    if not is_active:  # whose data was deleted is not active, and is listed nowhere
        query = query.where(Person.erased_at.is_(None))
    if role is not None:
        query = query.where(exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == role))
    return matching(query, search)


async def grants(session: AsyncSession, person_id: UUID) -> list[Grant]:
    """The roles that somebody holds, each with its office or None."""
    rows = await session.execute(
        select(RoleGrant.role, RoleGrant.office_id).where(RoleGrant.person_id == person_id)
    )
    return [(Role(role), office_id) for role, office_id in rows]


async def members(session: AsyncSession, actor: Actor) -> Sequence[Member]:
    """Everybody with a role beyond participant, by name."""
    actor.require(Permission.ROLES_GRANT)
    rows = await session.execute(
        select(
            Person.id, Person.full_name, Person.email, Person.is_active,
            RoleGrant.role, RoleGrant.office_id, Office.name,
        )
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Office, Office.id == RoleGrant.office_id)
        .where(RoleGrant.role != Role.PARTICIPANT)
        .order_by(Person.search_key, Person.id, RoleGrant.role, Office.name)
    )  # fmt: skip
    found: dict[UUID, Member] = {}
    for person_id, full_name, email, is_active, role, office_id, office in rows:
        member = found.setdefault(person_id, Member(person_id, full_name, email, is_active, []))
        member.held.append(Held(Role(role), office_id, office))
    return list(found.values())
