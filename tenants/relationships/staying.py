"""Who of many relationships still takes part: for sweeps, which write to hundreds in few statements."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, join, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.people.models import Person
from tenants.proposals import leaving
from tenants.registration.models import Participation
from tenants.relationships.models import Member, Relationship


async def stays(session: AsyncSession, relationship_id: UUID, participation_id: UUID) -> bool:
    """Whether she takes part still: who has left is asked nothing, though her pair runs on until its coordinator ends it."""
    there = await people(session, [relationship_id])
    return any(one.participation_id == participation_id for one in there)


async def people(session: AsyncSession, relationship_ids: Sequence[UUID]) -> Sequence[Any]:
    """Relationship, participation, person and clock of everybody in them; not of her who has left the programme meanwhile."""

    def joined(side: Any, source: Any = Relationship) -> Any:
        return (
            select(
                Relationship.id,
                Participation.id.label("participation_id"),
                Participation.person_id,
                Person.time_zone,
            )
            .select_from(source)
            .join(
                Participation,
                and_(Participation.organisation_id == Relationship.organisation_id, Participation.id == side),
            )
            .join(
                Person,
                and_(
                    Person.organisation_id == Participation.organisation_id,
                    Person.id == Participation.person_id,
                ),
            )
            .where(bulk.any_of(Relationship.id, relationship_ids), Participation.status.not_in(leaving.GONE))
        )

    members = join(
        Relationship,
        Member,
        and_(
            Member.organisation_id == Relationship.organisation_id,
            Member.relationship_id == Relationship.id,
            Member.left_at.is_(None),
        ),
    )
    everybody = union_all(
        joined(Relationship.mentor_id),
        joined(Relationship.mentee_id),
        joined(Member.participation_id, members),
    )
    found: Sequence[Any] = (await session.execute(everybody.order_by("id", "participation_id"))).all()
    return found
