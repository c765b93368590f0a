"""People join, change their facts, get and lose roles, leave."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Conflict, Forbidden, NotFound, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations.models import Office, Organisation
from tenants.people import queries, rules
from tenants.people.events import Event
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Permission, Role

OWN_FACTS = {"full_name", "phone", "language", "time_zone"}
FACTS = OWN_FACTS | {"gender", "office_id"}


class PersonKnown(Conflict):
    code = "person_known"


class LastOwner(WrongState):
    code = "last_owner"


async def join(
    session: AsyncSession,
    actor: Actor,
    *,
    full_name: str,
    email: str | None,
    language: str,
    time_zone: str,
    phone: str | None = None,
    gender: str | None = None,
    office_id: UUID | None = None,
    roles: Iterable[Role] = (),
) -> Person:
    """
    Add a person to the organisation, with roles that reach over all of it.

    Raises:
        Forbidden: the actor may not add people, or not with these roles.
        Invalid: a fact that cannot be used.
        NotFound: no such office within the actor's reach.
        PersonKnown: somebody here has this address.
    """
    _must_add_people(actor)
    for role in roles:
        rules.must_be_grantable(actor, role, None)
    facts = rules.tidied(
        {
            "full_name": full_name, "email": email, "phone": phone,
            "language": language, "time_zone": time_zone, "gender": gender,
        }
    )  # fmt: skip
    await _reachable_office(session, actor, office_id)
    person: Person | None = await session.scalar(
        insert(Person)
        .values(organisation_id=actor.organisation_id, office_id=office_id, **facts)
        .on_conflict_do_nothing(index_elements=[Person.organisation_id, Person.email])
        .returning(Person)
    )
    if person is None:
        raise PersonKnown
    audit.record(session, actor, Event.PERSON_JOINED, kind="person", id=person.id)
    for role in roles:
        await _grant(session, actor, person.id, role, None)
    return person


async def change_own_contact(session: AsyncSession, actor: Actor, **facts: Any) -> Person:
    """
    Keep one's own name, telephone, language and time zone up to date; only those of `OWN_FACTS` may be named.

    Raises:
        Invalid: a fact that cannot be used.
    """
    actor.require(Permission.OWN_CASE)
    return await _change(session, actor, actor.require_person(), facts, OWN_FACTS)


async def change_contact(session: AsyncSession, actor: Actor, person_id: UUID, **facts: Any) -> Person:
    """
    Change facts of somebody within the actor's reach; only those of `FACTS` may be named.

    The address is not among them: who changes it can sign in as her, see `tenants.identity`.

    Raises:
        NotFound: nobody, or no office, within the actor's reach.
        Invalid: a fact that cannot be used.
    """
    actor.require(Permission.PEOPLE_CHANGE)
    if "office_id" in facts:
        await _reachable_office(session, actor, facts["office_id"])
    return await _change(session, actor, person_id, facts, FACTS)


async def change_address(session: AsyncSession, actor: Actor, person_id: UUID, email: str) -> Person:
    """
    Give somebody another e-mail address. For `tenants.identity`, which also ends her sessions and tells her.

    Raises:
        Forbidden: she runs the organisation, and the actor does not hand out roles.
        PersonKnown: somebody here has this address.
    """
    _must_add_people(actor)
    person = await queries.access_person(session, actor, person_id, lock=True)
    held = {role for role, _ in await queries.grants(session, person_id)}
    if held - {Role.PARTICIPANT} and person_id != actor.person_id:
        actor.require(Permission.ROLES_GRANT)
    return await _set_address(session, actor, person, email)


async def change_own_address(session: AsyncSession, actor: Actor, email: str) -> Person:
    """
    The same for oneself, once it was confirmed from there. For `tenants.identity`.

    Raises:
        PersonKnown: somebody here has this address.
    """
    actor.require(Permission.OWN_CASE)
    person = await queries.access_person(session, actor, actor.require_person(), lock=True)
    return await _set_address(session, actor, person, email)


async def _set_address(session: AsyncSession, actor: Actor, person: Person, email: str) -> Person:
    address = rules.address(email)
    known = await queries.find_by_email(session, address)
    if known is not None and known.id != person.id:
        raise PersonKnown
    person.email = address
    audit.record(session, actor, Event.PERSON_CHANGED, kind="person", id=person.id, fields=["email"])
    return person


async def grant_role(
    session: AsyncSession, actor: Actor, person_id: UUID, role: Role, *, office_id: UUID | None = None
) -> RoleGrant:
    """
    Give somebody a role for the whole organisation or one office. Nothing if she holds it.

    Raises:
        Forbidden: the actor may not hand out this role.
        Invalid: this role does not come for one office.
        NotFound: no such person or office.
    """
    rules.must_be_grantable(actor, role, office_id)
    await queries.access_person(session, actor, person_id)
    await _reachable_office(session, actor, office_id)
    return await _grant(session, actor, person_id, role, office_id)


async def take_role(
    session: AsyncSession, actor: Actor, person_id: UUID, role: Role, *, office_id: UUID | None = None
) -> None:
    """
    Take a role away; what she does next is judged without it.

    Raises:
        NotFound: she does not hold it.
        LastOwner: nobody would own the organisation any more.
    """
    rules.must_be_grantable(actor, role, None)
    if role is Role.OWNER:
        await one_after_another(session)
    await queries.access_person(session, actor, person_id)
    if role is Role.OWNER:
        await must_leave_an_owner(session, person_id)
    grant = await session.scalar(_holding(person_id, role, office_id).with_for_update())
    if grant is None:
        raise NotFound(kind="role", role=role.value)
    await session.delete(grant)
    audit.record(
        session, actor, Event.ROLE_TAKEN, kind="person", id=person_id, role=role, office=str(office_id)
    )


async def set_active(session: AsyncSession, actor: Actor, person_id: UUID, *, is_active: bool) -> Person:
    """
    Let somebody leave, or come back. For `tenants.identity`, which also ends her sessions and tokens.

    Raises:
        Forbidden: she runs the organisation, and the actor does not hand out roles.
        LastOwner: nobody would own the organisation any more.
    """
    _must_add_people(actor)
    await one_after_another(session)
    person = await queries.access_person(session, actor, person_id, lock=True)
    held = {role for role, _ in await queries.grants(session, person_id)}
    if held - {Role.PARTICIPANT}:
        actor.require(Permission.ROLES_GRANT)
    if Role.OWNER in held and not is_active:
        await must_leave_an_owner(session, person_id)
    person.is_active = is_active
    event = Event.PERSON_RETURNED if is_active else Event.PERSON_LEFT
    audit.record(session, actor, event, kind="person", id=person.id)
    return person


async def readmit(session: AsyncSession, actor: Actor, person: Person) -> None:
    """
    Somebody who had left takes part again, as a participant alone. For `tenants.registration`.

    A registration gives no role back: whoever was shut out could fill in the form by herself.
    """
    held = await session.scalars(
        select(RoleGrant)
        .where(RoleGrant.person_id == person.id, RoleGrant.role != Role.PARTICIPANT)
        .with_for_update()
    )
    for grant in held.all():
        await session.delete(grant)
        facts = {"role": grant.role, "office": str(grant.office_id)}
        audit.record(session, actor, Event.ROLE_TAKEN, kind="person", id=person.id, **facts)
    person.is_active = True
    audit.record(session, actor, Event.PERSON_RETURNED, kind="person", id=person.id)


async def _change(
    session: AsyncSession, actor: Actor, person_id: UUID, facts: dict[str, Any], allowed: set[str]
) -> Person:
    if unknown := set(facts) - allowed:
        raise TypeError(f"not changeable: {unknown}")
    person = await queries.access_person(session, actor, person_id, lock=True)
    tidy = rules.tidied(facts)
    changed = sorted(field for field, value in tidy.items() if getattr(person, field) != value)
    for field in changed:
        setattr(person, field, tidy[field])
    if changed:
        audit.record(session, actor, Event.PERSON_CHANGED, kind="person", id=person.id, fields=changed)
        await session.flush()
    return person


async def _grant(
    session: AsyncSession, actor: Actor, person_id: UUID, role: Role, office_id: UUID | None
) -> RoleGrant:
    made: RoleGrant | None = await session.scalar(
        insert(RoleGrant)
        .values(organisation_id=actor.organisation_id, person_id=person_id, role=role, office_id=office_id)
        .on_conflict_do_nothing()
        .returning(RoleGrant)
    )
    if made is None:
        held: RoleGrant = (await session.execute(_holding(person_id, role, office_id))).scalar_one()
        return held
    audit.record(
        session, actor, Event.ROLE_GRANTED, kind="person", id=person_id, role=role, office=str(office_id)
    )
    return made


def _holding(person_id: UUID, role: Role, office_id: UUID | None) -> Any:
    return select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.office_id.is_not_distinct_from(office_id),
    )


async def one_after_another(session: AsyncSession) -> None:
    """
    Hold whoever else lets somebody of this organisation go, before anybody's row is locked.

    Two owners who remove each other in the same moment would else lock each other's rows, or both find the other.
    """
    await session.execute(select(Organisation.organisation_id).with_for_update(key_share=True))


async def must_leave_an_owner(session: AsyncSession, person_id: UUID) -> None:
    """
    Raises:
        LastOwner: nobody would own the organisation if she went. `one_after_another` has been called before.
    """
    owners = await session.scalars(
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.OWNER, Person.is_active)
    )
    if set(owners) <= {person_id}:
        raise LastOwner


async def _reachable_office(session: AsyncSession, actor: Actor, office_id: UUID | None) -> None:
    """A coordinator of some offices adds and moves people within those, and nowhere else."""
    if not actor.sees_office(office_id) and not actor.may(Permission.ROLES_GRANT):
        raise NotFound(kind="office", id=str(office_id))
    if office_id is not None:
        known = await session.scalar(select(Office.id).where(Office.id == office_id))
        if known is None:
            raise NotFound(kind="office", id=str(office_id))


def _must_add_people(actor: Actor) -> None:
    if not actor.may(Permission.PEOPLE_CHANGE) and not actor.may(Permission.ROLES_GRANT):
        raise Forbidden(permission=Permission.PEOPLE_CHANGE.value)
