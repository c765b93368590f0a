"""Who could be given a note to read, who may open one in an emergency, and who is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.people.models import Person, RoleGrant
from tenants.permissions import ROLE_PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    full_name: str


async def colleagues(
    session: AsyncSession, actor: Actor, office_id: UUID | None, *, about: UUID
) -> list[Colleague]:
    """
    Who could be given a note to read: who writes notes in its office, or in the whole organisation.

    Not the one whom it is about; and nobody who owns the organisation, since she decides who has which role, and so could let herself in.
    """
    rows = await session.execute(
        select(Person.id, Person.full_name)
        .where(
            Person.is_active,
            Person.id.not_in([actor.person_id, about]),
            Person.id.in_(_holders(Permission.NOTES_WRITE, office_id)),
            ~exists().where(RoleGrant.person_id == Person.id, RoleGrant.role == Role.OWNER),
        )
        .order_by(Person.search_key, Person.id)
    )
    return [Colleague(*row) for row in rows]


async def works_here(session: AsyncSession, person_id: UUID) -> bool:
    """Whether somebody is here and writes notes, and so can give those that she has written."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.NOTES_WRITE in held]
    query = select(Person.id).where(
        Person.id == person_id,
        Person.is_active,
        exists().where(RoleGrant.person_id == Person.id, RoleGrant.role.in_(roles)),
    )
    return await session.scalar(query) is not None


async def deciders(session: AsyncSession, office_id: UUID | None, *, but: Sequence[UUID]) -> list[UUID]:
    """Who may open a note of this office in an emergency, without whoever asks for it and whom it is about."""
    found = await session.scalars(
        select(Person.id)
        .where(
            Person.is_active,
            Person.id.not_in(but),
            Person.id.in_(_holders(Permission.NOTES_DECIDE, office_id)),
        )
        .order_by(Person.id)
    )
    return list(found)


async def guardians(session: AsyncSession, *, but: UUID) -> list[UUID]:
    """The data-protection focal points without whom it is about; where there is none, the owners."""
    for role in (Role.DATA_PROTECTION, Role.OWNER):
        holders = select(RoleGrant.person_id).where(RoleGrant.role == role)
        found = await session.scalars(
            select(Person.id)
            .where(Person.is_active, Person.id != but, Person.id.in_(holders))
            .order_by(Person.id)
        )
        if ids := list(found):
            return ids
    return []


def _holders(permission: Permission, office_id: UUID | None) -> Select[UUID]:
    roles = [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
    return select(RoleGrant.person_id).where(
        RoleGrant.role.in_(roles), or_(RoleGrant.office_id.is_(None), RoleGrant.office_id == office_id)
    )
