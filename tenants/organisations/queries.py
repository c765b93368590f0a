"""Finding the organisation that a request is for, and reading its own facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from infra.errors import NotFound
from tenants.organisations.models import Office, Organisation, OrganisationHost


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation as a door knows it before anybody has signed in."""

    organisation_id: UUID
    host: str
    name: str
    hue: int
    languages: tuple[str, ...]
    default_language: str
    time_zone: str
    contact_name: str | None
    contact_phone: str | None


_BY_HOST = text("""
    SELECT o.organisation_id, h.host, o.name, o.hue, o.languages, o.default_language, o.time_zone,
           o.contact_name, o.contact_phone
    FROM organisation_host h JOIN organisation o USING (organisation_id) WHERE h.host = :host""")


async def find_by_host(connection: AsyncConnection, host: str) -> Found | None:
    """As the resolver: the organisation that answers at `host` (lower case, no port)."""
    row = (await connection.execute(_BY_HOST, {"host": host})).one_or_none()
    if row is None:
        return None
    return Found(
        row.organisation_id,
        row.host,
        row.name,
        row.hue,
        tuple(row.languages),
        row.default_language,
        row.time_zone,
        row.contact_name,
        row.contact_phone,
    )


async def own(session: AsyncSession) -> Organisation:
    """The organisation of the session's context."""
    found = (await session.execute(select(Organisation))).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="organisation")
    return found


async def primary_host(session: AsyncSession) -> str:
    """The host that links in letters lead to."""
    return (
        await session.execute(
            select(OrganisationHost.host)
            .order_by(OrganisationHost.is_primary.desc(), OrganisationHost.host)
            .limit(1)
        )
    ).scalar_one()


async def hosts(session: AsyncSession) -> frozenset[str]:
    """All hosts at which the organisation's pages stand."""
    return frozenset(await session.scalars(select(OrganisationHost.host)))


async def offices(session: AsyncSession, *, open_only: bool = False) -> Sequence[Office]:
    """Offices by name."""
    query = select(Office).order_by(Office.name)
    if open_only:
        query = query.where(Office.is_open)
    return (await session.execute(query)).scalars().all()
