"""
Domains of an organisation: named, proved by a record in the domain name system, looked at each day.

Who has an address of a proved domain may join through a sign-in provider that names it. Nothing else hangs on it.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.dns import NoAnswer
from infra.errors import Forbidden, NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import domain_rules as rules
from tenants.identity.domain_models import Domain, Look
from tenants.identity.domain_rules import DomainNamed, TooManyDomains
from tenants.identity.events import Event
from tenants.notifications import actions as notifications
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Permission, Role

# The texts at a name; the doors and workers know which servers to ask. Raises infra.dns.NoAnswer.
LookUp = Callable[[str], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Listed:
    """`place` and `record` are what has to be entered where the domain is kept."""

    id: UUID
    name: str
    place: str
    record: str
    look: Look | None
    looked_at: datetime | None
    proved_at: datetime | None
    lapses_at: datetime | None

    @property
    def is_proved(self) -> bool:
        return self.proved_at is not None


async def listed(session: AsyncSession, actor: Actor) -> list[Listed]:
    actor.require(Permission.SIGN_IN_MANAGE)
    rows = await session.scalars(select(Domain).order_by(Domain.name))
    return [_listed(row) for row in rows]


async def proved(session: AsyncSession) -> frozenset[str]:
    """The domains whose addresses are known to be the organisation's to give."""
    return frozenset(await session.scalars(select(Domain.name).where(Domain.proved_at.is_not(None))))


async def name(session: AsyncSession, actor: Actor, text: str) -> Listed:
    """
    Say that a domain is the organisation's own. Until it is proved, nothing follows.

    Raises:
        Forbidden, Invalid, DomainNamed, TooManyDomains
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    domain = rules.name(text)
    if domain in await _named(session):
        raise DomainNamed
    await ensure(session, actor, [domain])
    return _listed((await session.scalars(select(Domain).where(Domain.name == domain))).one())


async def ensure(session: AsyncSession, actor: Actor, names: Iterable[str]) -> None:
    """
    Name those that are not named yet, for whoever has just written them down elsewhere.

    Raises:
        Forbidden, TooManyDomains
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    known = await _named(session)
    new = sorted(set(names) - known)
    if len(known) + len(new) > rules.MOST_NAMED:
        raise TooManyDomains(maximum=rules.MOST_NAMED)
    for one in new:
        made = await session.scalar(
            insert(Domain)
            .values(
                organisation_id=actor.organisation_id,
                id=ids.new(),
                name=one,
                record=f"{rules.BEGINNING}{secrets.token_hex(16)}",
            )
            .on_conflict_do_nothing(index_elements=["organisation_id", "name"])
            .returning(Domain.id)
        )
        if made is not None:
            audit.record(session, actor, Event.DOMAIN_NAMED, kind="domain", id=made, domain=one)


async def check(session: AsyncSession, actor: Actor, domain_id: UUID, look_up: LookUp) -> Listed:
    """
    Look at the record now.

    Raises:
        Forbidden, NotFound
    """
    actor.require(Permission.SIGN_IN_MANAGE)
    domain = await _access(session, domain_id)
    await note(session, actor, domain, await look(domain.name, domain.record, look_up))
    return _listed(domain)


async def remove(session: AsyncSession, actor: Actor, domain_id: UUID) -> None:
    """Forget it: from now on nobody joins by its addresses. Whoever is here stays."""
    actor.require(Permission.SIGN_IN_MANAGE)
    domain = await _access(session, domain_id)
    audit.record(session, actor, Event.DOMAIN_REMOVED, kind="domain", id=domain.id, domain=domain.name)
    await session.delete(domain)


async def look(domain: str, record: str, look_up: LookUp) -> Look:
    """What stands at the place of a record, without the database."""
    try:
        return rules.read(record, await look_up(rules.place(domain)))
    except NoAnswer:
        return Look.NO_ANSWER


async def to_look_at(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str, str]]:
    """All domains, with name and record. Raises Forbidden: only the house looks at them by itself."""
    if actor.kind != "house":
        raise Forbidden(permission="house")
    rows = await session.execute(select(Domain.id, Domain.name, Domain.record).order_by(Domain.name))
    return [(row.id, row.name, row.record) for row in rows]


async def note_look(session: AsyncSession, actor: Actor, domain_id: UUID, found: Look) -> None:
    """As `note`, for a domain that may be gone meanwhile."""
    query = select(Domain).where(Domain.id == domain_id).with_for_update()
    domain = (await session.scalars(query)).one_or_none()
    if domain is not None:
        await note(session, actor, domain, found)


async def note(session: AsyncSession, actor: Actor, domain: Domain, found: Look) -> None:
    """
    Draw the consequences of a look: a proof begins, is in doubt, or after a week in doubt ends.

    Owners are told when it comes into doubt, and when it ends. That nobody answered changes nothing.
    """
    now = clock.now()
    domain.look, domain.looked_at = found, now
    if found is Look.NO_ANSWER:
        return
    if found is Look.FOUND:
        domain.missing_since = None
        if domain.proved_at is None:
            domain.proved_at = now
            audit.record(session, actor, Event.DOMAIN_PROVED, kind="domain", id=domain.id, domain=domain.name)
        return
    if domain.proved_at is None:
        return
    if domain.missing_since is None:
        domain.missing_since = now
        audit.record(session, actor, Event.DOMAIN_MISSED, kind="domain", id=domain.id, domain=domain.name)
        await _tell_owners(session, actor, domain, rules.MISSED_LETTER)
    elif now - domain.missing_since >= rules.LAPSES_AFTER:
        domain.proved_at = None
        audit.record(session, actor, Event.DOMAIN_LAPSED, kind="domain", id=domain.id, domain=domain.name)
        await _tell_owners(session, actor, domain, rules.LAPSED_LETTER)


async def _tell_owners(session: AsyncSession, actor: Actor, domain: Domain, letter: str) -> None:
    query = (
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.OWNER, Person.is_active)
        .distinct()
    )
    for person_id in await session.scalars(query):
        key = f"{letter}:{domain.id}:{domain.missing_since:%Y-%m-%dT%H:%M:%S}:{person_id}"
        await notifications.write(session, actor, letter, key=key, person_id=person_id, domain_id=domain.id)


async def _named(session: AsyncSession) -> set[str]:
    return set(await session.scalars(select(Domain.name)))


async def _access(session: AsyncSession, domain_id: UUID) -> Domain:
    """Raises NotFound."""
    found = await session.scalars(select(Domain).where(Domain.id == domain_id).with_for_update())
    domain = found.one_or_none()
    if domain is None:
        raise NotFound(kind="domain", id=str(domain_id))
    return domain


def _listed(row: Domain) -> Listed:
    return Listed(
        row.id, row.name, rules.place(row.name), row.record, Look(row.look) if row.look else None, row.looked_at,
        row.proved_at, rules.lapses_at(row),
    )  # fmt: skip
