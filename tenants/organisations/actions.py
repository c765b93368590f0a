"""Founding an organisation, changing its facts, opening offices."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Conflict, Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations import queries, rules
from tenants.organisations.events import Event
from tenants.organisations.models import Office, Organisation, OrganisationHost
from tenants.permissions import Permission

CHANGEABLE = {
    "name", "hue", "languages", "default_language", "time_zone", "contact_name", "contact_email", "contact_phone",
}  # fmt: skip


class HostTaken(Conflict):
    code = "host_taken"


class OfficeKnown(Conflict):
    code = "office_known"


async def found(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    host: str,
    hue: int,
    languages: list[str],
    time_zone: str,
) -> Organisation:
    """
    Make the organisation of the session's context, whose id the house has drawn.

    Raises:
        HostTaken: another organisation answers at this host.
    """
    actor.require(Permission.ORGANISATION_CHANGE)
    rules.zone("time_zone", time_zone)
    organisation = Organisation(
        organisation_id=actor.organisation_id,
        name=name,
        hue=hue,
        languages=languages,
        default_language=languages[0],
        time_zone=time_zone,
    )
    session.add(organisation)
    await session.flush()
    await _settle_at(session, actor, host, is_primary=True)
    audit.record(session, actor, Event.ORGANISATION_FOUNDED, kind="organisation", id=actor.organisation_id)
    return organisation


async def change(session: AsyncSession, actor: Actor, **facts: Any) -> Organisation:
    """
    Change facts of one's own organisation; only those of `CHANGEABLE` may be named.

    Raises:
        Invalid: a fact that cannot be used; the language of first resort has to be one of the languages.
        NotHerself: the actor is support.
    """
    actor.require(Permission.ORGANISATION_CHANGE)
    actor.refuse_support()  # among them is whom people ask for help, on every page
    if unknown := set(facts) - CHANGEABLE:
        raise TypeError(f"not changeable: {unknown}")
    tidy = rules.tidied(facts, rules.ORGANISATION)
    organisation = await queries.own(session)
    spoken = tidy.get("languages", organisation.languages)
    if tidy.get("default_language", organisation.default_language) not in spoken:
        raise Invalid(Problem("default_language", "not_a_choice"))
    for fact, value in tidy.items():
        setattr(organisation, fact, value)
    audit.record(
        session,
        actor,
        Event.ORGANISATION_CHANGED,
        kind="organisation",
        id=actor.organisation_id,
        fields=sorted(facts),
    )
    return organisation


async def answer_at(session: AsyncSession, actor: Actor, host: str) -> None:
    """
    Be found at one more host; links in letters keep leading to the first.

    Raises:
        HostTaken: an organisation answers there already.
    """
    actor.require(Permission.ORGANISATION_CHANGE)
    actor.refuse_support()
    await _settle_at(session, actor, host, is_primary=False)
    audit.record(session, actor, Event.HOST_ADDED, kind="organisation", id=actor.organisation_id)


async def _settle_at(session: AsyncSession, actor: Actor, host: str, *, is_primary: bool) -> None:
    session.add(
        OrganisationHost(organisation_id=actor.organisation_id, host=host.lower(), is_primary=is_primary)
    )
    try:
        await session.flush()
    except IntegrityError as error:
        raise HostTaken(host=host) from error


async def open_office(
    session: AsyncSession, actor: Actor, *, name: str, time_zone: str, region: str | None = None
) -> Office:
    """
    Raises:
        OfficeKnown: there is an office of this name.
        Invalid: no name, or an unknown time zone.
    """
    actor.require(Permission.ORGANISATION_CHANGE)
    name = rules.line("name", name)
    rules.zone("time_zone", time_zone)
    taken = await session.execute(select(Office.id).where(Office.name == name))
    if taken.one_or_none() is not None:
        raise OfficeKnown(name=name)
    office = Office(
        organisation_id=actor.organisation_id, name=name, region=region or None, time_zone=time_zone
    )
    session.add(office)
    await session.flush()
    audit.record(session, actor, Event.OFFICE_OPENED, kind="office", id=office.id)
    return office


async def close_office(
    session: AsyncSession, actor: Actor, office_id: UUID, *, is_open: bool = False
) -> Office:
    """
    Close an office to new people, or open it again; those who belong to it stay.

    Raises:
        NotFound: no such office in this organisation.
    """
    actor.require(Permission.ORGANISATION_CHANGE)
    office = (await session.execute(select(Office).where(Office.id == office_id))).scalar_one_or_none()
    if office is None:
        raise NotFound(kind="office", id=str(office_id))
    office.is_open = is_open
    audit.record(session, actor, Event.OFFICE_CHANGED, kind="office", id=office.id, is_open=is_open)
    return office
