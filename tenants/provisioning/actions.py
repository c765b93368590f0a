"""
What a directory changes: people come, change and leave.

One organisation's directory is served one change at a time (`begin`), so that two calls about the same person
never find each other half done.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Conflict, Forbidden
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import actions as identity
from tenants.identity import sessions
from tenants.organisations import queries as organisations
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.provisioning import groups, queries, rules
from tenants.provisioning.events import Event
from tenants.provisioning.models import ScimUser
from tenants.provisioning.rules import ToldUser


class UserKnown(Conflict):
    code = "directory_user_known"


class AddressTaken(Conflict):
    code = "directory_address_taken"


async def begin(session: AsyncSession, actor: Actor, *, is_change: bool) -> None:
    """
    What every call of a directory begins with, before anything is read.

    Raises:
        Forbidden: the actor does not speak for the directory.
    """
    actor.require(Permission.SCIM_MANAGE)
    if is_change:
        await people.one_after_another(session)


async def enter(session: AsyncSession, actor: Actor, told: ToldUser) -> UUID:
    """
    Somebody whom the directory tells of for the first time; returns her id there.

    Who is here under her address already is adopted as she stands: nobody becomes two people. Her name, her roles and
    her address stay hers. Who is new becomes a participant.

    Raises:
        UserKnown: the directory has told of her already.
        Forbidden: she had left and runs the organisation, and the actor does not hand out roles.
        Invalid: something that cannot be used.
    """
    actor.require(Permission.SCIM_MANAGE)
    _must_be_usable(told)
    await _must_be_free(session, told.user_name, None)
    person = await people_queries.find_by_email(session, told.address) if told.address else None
    was_here = person is not None
    if person is None:
        person = await _join(session, actor, told)
    elif await session.scalar(select(ScimUser.id).where(ScimUser.person_id == person.id)) is not None:
        raise UserKnown
    made = ScimUser(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        person_id=person.id,
        user_name=told.user_name,
        user_name_key=rules.key(told.user_name),
        external_id=told.external_id,
        address=told.address,
        told=told.told,
        was_here=was_here,
        version=1,
        changed_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    event = Event.USER_ADOPTED if was_here else Event.USER_ENTERED
    audit.record(session, actor, event, kind="person", id=person.id, user=str(made.id))
    await _set_active(session, actor, person, is_active=told.is_active)
    return made.id


async def change(
    session: AsyncSession, actor: Actor, user_id: UUID, told: ToldUser, *, version: int | None
) -> None:
    """
    What the directory says of somebody now, whole.

    An address moves by the rules of people: see `_move`. An address that it does not tell any more stays hers; and one
    of somebody who is shut out moves when she is let in, so that nothing stands in the way of shutting her out. (Entra
    gives a deleted account another user name in the same call.)

    Raises:
        NotFound: the directory has not told of her.
        Stale: it is not the `version` any more that was read.
        UserKnown, AddressTaken: somebody else has the user name or the address.
        Forbidden: what only who hands out roles may do.
        LastOwner: nobody would own the organisation any more.
    """
    row = await queries.access_user(session, actor, user_id)
    groups.must_be(row.version, version)
    _must_be_usable(told)
    person = await people_queries.access_person(session, rules.hand(actor), row.person_id, lock=True)
    changed = _differences(row, person, told)
    if "user_name" in changed:
        await _must_be_free(session, told.user_name, row.id)
    if "address" in changed:
        await _move(session, actor, row, person, told.address)
        row.address = told.address or row.address
    name = rules.name_told(told.told)
    if name and name != rules.name_told(row.told):
        await people.change_contact(session, rules.hand(actor), person.id, full_name=name)
    await _set_active(session, actor, person, is_active=told.is_active)
    row.user_name, row.user_name_key = told.user_name, rules.key(told.user_name)
    row.external_id, row.told = told.external_id, told.told
    _note(row)
    audit.record(
        session, actor, Event.USER_CHANGED, kind="person", id=person.id, user=str(row.id), fields=changed
    )
    await session.flush()


async def remove(session: AsyncSession, actor: Actor, user_id: UUID, *, version: int | None) -> None:
    """
    The directory forgets somebody: she is shut out at once, and what its groups gave her is taken.

    What she has done here stays, and so does she: who is told of again under her address is she.

    Raises:
        NotFound, Stale, Forbidden, LastOwner: as `change`.
    """
    row = await queries.access_user(session, actor, user_id)
    groups.must_be(row.version, version)
    person = await people_queries.access_person(session, rules.hand(actor), row.person_id, lock=True)
    await _set_active(session, actor, person, is_active=False)
    await groups.leave_all(session, actor, row)
    await session.delete(row)
    audit.record(session, actor, Event.USER_REMOVED, kind="person", id=person.id, user=str(user_id))
    await session.flush()


async def _join(session: AsyncSession, actor: Actor, told: ToldUser) -> Person:
    own = await organisations.own(session)
    return await people.join(
        session,
        rules.hand(actor),
        full_name=told.full_name,
        email=told.address,
        language=own.default_language,
        time_zone=own.time_zone,
        roles=(Role.PARTICIPANT,),
    )


async def _set_active(session: AsyncSession, actor: Actor, person: Person, *, is_active: bool | None) -> None:
    """Shutting out is for every directory, an owner's too where it may hand out roles; letting in gives no might anew."""
    if is_active is None or person.is_active == is_active:
        return
    if is_active:
        await people.set_active(session, rules.hand(actor), person.id, is_active=True)
        # Whatever was begun in the very moment of her leaving.
        await sessions.end_every(session, actor, person.id)
        return
    held = frozenset(role for role, _ in await people_queries.grants(session, person.id))
    await identity.deactivate(session, rules.taking_hand(actor, held), person.id)


async def _move(
    session: AsyncSession, actor: Actor, row: ScimUser, person: Person, address: str | None
) -> None:
    """
    Another address: her sessions end and the old one is told, as when a coordinator changes it.

    Who can read the letters of an address can sign in. So for somebody who was here before the directory, the actor
    needs the right that changing it by hand needs; and for somebody who runs the organisation, the right to hand out roles.
    """
    if address is None or address == person.email:
        return
    known = await people_queries.find_by_email(session, address)
    if known is not None and known.id != person.id:
        raise AddressTaken
    by_hand = actor.may(Permission.PEOPLE_CHANGE) and actor.sees_office(person.office_id)
    if row.was_here and not by_hand and not actor.may(Permission.ROLES_GRANT):
        raise Forbidden(permission=Permission.PEOPLE_CHANGE.value)
    held = {role for role, _ in await people_queries.grants(session, person.id)}
    if held - {Role.PARTICIPANT}:  # asked here too, since people may change their own, and a token is nobody
        actor.require(Permission.ROLES_GRANT)
    await identity.change_address(session, rules.hand(actor), person.id, email=address)


async def _must_be_free(session: AsyncSession, user_name: str, own_id: UUID | None) -> None:
    query = select(ScimUser.id).where(ScimUser.user_name_key == rules.key(user_name))
    found = await session.scalar(query)
    if found is not None and found != own_id:
        raise UserKnown


def _must_be_usable(told: ToldUser) -> None:
    rules.must_fit("userName", told.user_name)
    rules.must_fit("externalId", told.external_id)


def _differences(row: ScimUser, person: Person, told: ToldUser) -> list[str]:
    """Names of what is new, for the trail: never what it was or is."""
    was: dict[str, Any] = {
        "user_name": row.user_name, "external_id": row.external_id, "address": row.address, "told": row.told,
        "is_active": person.is_active,
    }  # fmt: skip
    if told.is_active is None:
        del was["is_active"]
    if told.is_active is False:
        del was["address"]
    return sorted(name for name, value in was.items() if getattr(told, name) != value)


def _note(row: ScimUser) -> None:
    row.version += 1
    row.changed_at = clock.now()
