"""Who accompanies a case: its coordinator, as long as she is here and may; and cases that nobody accompanies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenants.actor import Actor
from tenants.people.models import Person, RoleGrant
from tenants.permissions import ROLE_PERMISSIONS, Permission
from tenants.registration.models import Participation
from tenants.relationships import queries
from tenants.relationships.models import Member, Relationship, RelationshipState

ROLES = tuple(role for role, held in ROLE_PERMISSIONS.items() if Permission.RELATIONSHIP_CHANGE in held)


def works_here(person_id: Any) -> ColumnElement[bool]:
    """Whether this is somebody who is here and may accompany cases."""
    her, held = aliased(Person), aliased(RoleGrant)
    return exists().where(her.id == person_id, her.is_active, held.person_id == her.id, held.role.in_(ROLES))


def is_one_of_it(person_id: Any) -> ColumnElement[bool]:
    """Whether this is one of the people of the case, who is told nothing of what is written about it."""
    one, other, seat = aliased(Participation), aliased(Participation), aliased(Member)
    return or_(
        exists().where(
            one.person_id == person_id, one.id.in_((Relationship.mentor_id, Relationship.mentee_id))
        ),
        exists().where(
            other.person_id == person_id,
            seat.relationship_id == Relationship.id,
            seat.participation_id == other.id,
        ),
    )


def cases_of(person_id: UUID | None) -> CompoundSelect[UUID]:
    """
    The cases of which this is, or was, one of the people.

    What each of them tells her coordinators in private is not for the others, though one of these may coordinate here.
    """
    hers = select(Participation.id).where(Participation.person_id == person_id)
    return union_all(
        select(Relationship.id).where(Relationship.mentor_id.in_(hers)),
        select(Relationship.id).where(Relationship.mentee_id.in_(hers)),
        select(Member.relationship_id).where(Member.participation_id.in_(hers)),
    )


def is_unaccompanied() -> ColumnElement[bool]:
    """Relationships that run, and that nobody accompanies any more."""
    return (Relationship.state == RelationshipState.RUNNING) & ~works_here(Relationship.coordinator_id)


async def unaccompanied(
    session: AsyncSession, actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> Sequence[Any]:
    """Cases within the actor's reach that nobody accompanies, as `queries.listed` gives them."""
    return await queries.listed(
        session, actor, state=None, narrow=is_unaccompanied(), after=after, limit=limit
    )


async def count_unaccompanied(session: AsyncSession, actor: Actor) -> int:
    """How many `unaccompanied` would list in all."""
    actor.require(Permission.RELATIONSHIP_READ)
    query = queries.reached(select(func.count()).select_from(Relationship).where(is_unaccompanied()), actor)
    return int((await session.execute(query)).scalar_one())
