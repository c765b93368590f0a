"""What the directory sees: those of whom it has told, and its own groups."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.provisioning.models import ScimGroup, ScimMember, ScimUser


@dataclass(frozen=True, slots=True)
class User:
    id: UUID
    user_name: str
    external_id: str | None
    told: dict[str, Any]
    is_active: bool
    version: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """`members` are the ids of users."""

    id: UUID
    name: str
    external_id: str | None
    members: list[UUID]
    version: int
    created_at: datetime
    changed_at: datetime


_USERS = select(
    ScimUser.id, ScimUser.user_name, ScimUser.external_id, ScimUser.told, Person.is_active, ScimUser.version,
    ScimUser.created_at, ScimUser.changed_at,
).join(
    Person, (Person.organisation_id == ScimUser.organisation_id) & (Person.id == ScimUser.person_id)
)  # fmt: skip


async def users(
    session: AsyncSession, actor: Actor, *, offset: int = 0, limit: int = 200, **wanted: str | UUID
) -> list[User]:
    """In the order of their coming; `wanted` are values of columns that have to be so."""
    actor.require(Permission.SCIM_MANAGE)
    query = _USERS.where(*_is(ScimUser, wanted))
    rows = await session.execute(query.order_by(ScimUser.created_at, ScimUser.id).offset(offset).limit(limit))
    return [User(*row) for row in rows]


async def count_users(session: AsyncSession, actor: Actor, **wanted: str | UUID) -> int:
    actor.require(Permission.SCIM_MANAGE)
    query = select(func.count()).select_from(ScimUser).where(*_is(ScimUser, wanted))
    return int((await session.execute(query)).scalar_one())


async def user(session: AsyncSession, actor: Actor, user_id: UUID) -> User:
    """
    Raises:
        NotFound: the directory has not told of anybody under this id.
    """
    found = await users(session, actor, id=user_id)
    if not found:
        raise NotFound(kind="scim_user", id=str(user_id))
    return found[0]


async def groups(
    session: AsyncSession, actor: Actor, *, offset: int = 0, limit: int = 200, **wanted: str | UUID
) -> list[Group]:
    """As `users`."""
    actor.require(Permission.SCIM_MANAGE)
    query = select(ScimGroup).where(*_is(ScimGroup, wanted))
    query = query.order_by(ScimGroup.created_at, ScimGroup.id).offset(offset).limit(limit)
    rows = (await session.scalars(query.execution_options(populate_existing=True))).all()
    members = await _members(session, [row.id for row in rows])
    return [
        Group(row.id, row.name, row.external_id, members[row.id], row.version, row.created_at, row.changed_at)
        for row in rows
    ]


async def count_groups(session: AsyncSession, actor: Actor, **wanted: str | UUID) -> int:
    actor.require(Permission.SCIM_MANAGE)
    query = select(func.count()).select_from(ScimGroup).where(*_is(ScimGroup, wanted))
    return int((await session.execute(query)).scalar_one())


async def group(session: AsyncSession, actor: Actor, group_id: UUID) -> Group:
    """
    Raises:
        NotFound: no group of this organisation.
    """
    found = await groups(session, actor, id=group_id)
    if not found:
        raise NotFound(kind="scim_group", id=str(group_id))
    return found[0]


async def access_user(session: AsyncSession, actor: Actor, user_id: UUID) -> ScimUser:
    """
    Raises:
        NotFound: the directory has not told of anybody under this id.
    """
    actor.require(Permission.SCIM_MANAGE)
    found: ScimUser | None = await session.scalar(select(ScimUser).where(ScimUser.id == user_id))
    if found is None:
        raise NotFound(kind="scim_user", id=str(user_id))
    return found


async def access_group(session: AsyncSession, actor: Actor, group_id: UUID) -> ScimGroup:
    """
    Raises:
        NotFound: no group of this organisation.
    """
    actor.require(Permission.SCIM_MANAGE)
    found: ScimGroup | None = await session.scalar(select(ScimGroup).where(ScimGroup.id == group_id))
    if found is None:
        raise NotFound(kind="scim_group", id=str(group_id))
    return found


async def _members(session: AsyncSession, group_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if group_ids:
        query = select(ScimMember.group_id, ScimMember.user_id).where(
            bulk.any_of(ScimMember.group_id, group_ids)
        )
        for group_id, user_id in await session.execute(query.order_by(ScimMember.id)):
            found[group_id].append(user_id)
    return found


def _is(model: Any, wanted: dict[str, Any]) -> list[Any]:
    return [getattr(model, name) == value for name, value in wanted.items()]
