"""Groups of the directory: who is in them, and the roles that come and go with that."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Conflict, Invalid, LimitReached, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import actions as identity
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.permissions import Permission, Role
from tenants.provisioning import queries, rules
from tenants.provisioning.events import Event
from tenants.provisioning.models import ScimGroup, ScimMember, ScimUser
from tenants.provisioning.rules import ToldGroup


class GroupKnown(Conflict):
    code = "directory_group_known"


class Stale(Conflict):
    code = "directory_stale"


class MembersTooMany(LimitReached):
    code = "directory_too_many"


async def enter(session: AsyncSession, actor: Actor, told: ToldGroup) -> UUID:
    """
    A new group. Its members get the role that it is named after, if there is one.

    Raises:
        GroupKnown: one of this name, or for this role, is here.
        Forbidden: it gives a role, and the actor does not hand out roles.
        Invalid: a member whom the directory has not told of.
    """
    actor.require(Permission.SCIM_MANAGE)
    _must_be_usable(told)
    role = rules.role_of(told.name)
    await _must_be_free(session, told.name, role, None)
    made = ScimGroup(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        name=told.name,
        name_key=rules.key(told.name),
        external_id=told.external_id,
        role=role,
        version=1,
        changed_at=clock.now(),
    )
    session.add(made)
    await session.flush()
    audit.record(session, actor, Event.GROUP_ENTERED, kind="group", id=made.id, role=role)
    await _join(session, actor, made, await _known(session, told.members))
    return made.id


async def change(
    session: AsyncSession, actor: Actor, group_id: UUID, told: ToldGroup, *, version: int | None
) -> None:
    """
    Raises:
        NotFound: no group of this organisation.
        Stale: it is not the `version` any more that was read.
        LastOwner: nobody would own the organisation any more.
        as `enter`.
    """
    group = await queries.access_group(session, actor, group_id)
    must_be(group.version, version)
    _must_be_usable(told)
    role = rules.role_of(told.name)
    await _must_be_free(session, told.name, role, group.id)
    wanted = await _known(session, told.members)
    held = await _within(session, group)
    gone = [one for one in held if role != group.role or one.user_id not in wanted]
    await _leave(session, actor, group, gone)
    group.name, group.name_key, group.external_id = told.name, rules.key(told.name), told.external_id
    group.role, group.version, group.changed_at = role, group.version + 1, clock.now()
    stay = {one.user_id for one in held} - {one.user_id for one in gone}
    come = {user_id: person_id for user_id, person_id in wanted.items() if user_id not in stay}
    await _join(session, actor, group, come)
    audit.record(
        session, actor, Event.GROUP_CHANGED, kind="group", id=group.id, role=role,
        joined=len(come), left=len(gone),
    )  # fmt: skip
    await session.flush()


async def remove(session: AsyncSession, actor: Actor, group_id: UUID, *, version: int | None) -> None:
    """
    The group goes, and with it the roles that came by it.

    Raises:
        NotFound, Stale, Forbidden, LastOwner: as `change`.
    """
    group = await queries.access_group(session, actor, group_id)
    must_be(group.version, version)
    await _leave(session, actor, group, await _within(session, group))
    await session.delete(group)
    audit.record(session, actor, Event.GROUP_REMOVED, kind="group", id=group_id, role=group.role)
    await session.flush()


async def leave_all(session: AsyncSession, actor: Actor, user: ScimUser) -> None:
    """Somebody goes out of every group."""
    rows = await session.execute(
        select(ScimMember, ScimGroup)
        .join(ScimGroup, ScimGroup.id == ScimMember.group_id)
        .where(ScimMember.user_id == user.id)
    )
    for member, group in rows.all():
        await _leave(session, actor, group, [member])
        group.version, group.changed_at = group.version + 1, clock.now()


def must_be(is_now: int, version: int | None) -> None:
    """
    Raises:
        Stale: somebody was faster.
    """
    if version is not None and version != is_now:
        raise Stale


async def _join(session: AsyncSession, actor: Actor, group: ScimGroup, who: dict[UUID, UUID]) -> None:
    """`who` are people by their ids in the directory."""
    for user_id, person_id in who.items():
        gave = False
        if group.role is not None:
            role = Role(group.role)
            actor.require(Permission.ROLES_GRANT)
            gave = (role, None) not in await people_queries.grants(session, person_id)
            await identity.give_role(session, actor, person_id, role, office_id=None)
        session.add(
            ScimMember(organisation_id=actor.organisation_id, group_id=group.id, user_id=user_id, gave=gave)
        )
    await session.flush()


async def _leave(
    session: AsyncSession, actor: Actor, group: ScimGroup, members: Iterable[ScimMember]
) -> None:
    for member in members:
        if group.role is not None and member.gave:
            role = Role(group.role)
            person_id = await session.scalar(select(ScimUser.person_id).where(ScimUser.id == member.user_id))
            # Somebody may have taken it by hand meanwhile.
            if person_id and (role, None) in await people_queries.grants(session, person_id):
                by = rules.taking_hand(actor, frozenset({role}))
                await people.take_role(session, by, person_id, role)
        await session.execute(delete(ScimMember).where(ScimMember.id == member.id))


async def _within(session: AsyncSession, group: ScimGroup) -> list[ScimMember]:
    query = select(ScimMember).where(ScimMember.group_id == group.id).order_by(ScimMember.id)
    return list((await session.scalars(query)).all())


async def _known(session: AsyncSession, members: Iterable[str]) -> dict[UUID, UUID]:
    """The people of these users; Invalid if one of them is nobody."""
    try:
        wanted = {UUID(one) for one in members}
    except ValueError as error:
        raise Invalid(Problem("members", "directory_member_unknown")) from error
    found: dict[UUID, UUID] = {}
    if wanted:
        query = select(ScimUser.id, ScimUser.person_id).where(bulk.any_of(ScimUser.id, sorted(wanted)))
        found = {row[0]: row[1] for row in await session.execute(query)}
    if len(found) != len(wanted):
        raise Invalid(Problem("members", "directory_member_unknown"))
    return found


async def _must_be_free(session: AsyncSession, name: str, role: Role | None, own_id: UUID | None) -> None:
    same = ScimGroup.name_key == rules.key(name)
    query = select(ScimGroup.id).where(or_(same, ScimGroup.role == role) if role else same)
    if set((await session.scalars(query)).all()) - {own_id}:
        raise GroupKnown


def _must_be_usable(told: ToldGroup) -> None:
    rules.must_fit("displayName", told.name)
    rules.must_fit("externalId", told.external_id)
    if len(told.members) > rules.MAX_MEMBERS:
        raise MembersTooMany(max_bytes=rules.MAX_MEMBERS)
