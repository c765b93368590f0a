"""What experience recommends to a programme (K29): said where it is set up, and never a bar."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.language import NN_
from tenants.actor import Actor
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.programmes import queries as programmes
from tenants.programmes.structures import facts
from tenants.relationships.models import Relationship

COORDINATORS = 2  # so that somebody is there when the other is not
PILOT = 12  # pairs, before a programme grows
MONTHS = 12

WORDS = {
    "coordinators": NN_(
        "Two coordinators are recommended at least; one works here. So people reach somebody when the other is away.",
        "Two coordinators are recommended at least; %(num)s work here. So people reach somebody when the other is away.",
    ),
    "pilot": NN_(
        "A pilot of %(aim)s pairs is recommended before a programme grows; one has begun so far.",
        "A pilot of %(aim)s pairs is recommended before a programme grows; %(num)s have begun so far.",
    ),
    "months": NN_(
        "Twelve months are recommended at least for a pair; here it is one month.",
        "Twelve months are recommended at least for a pair; here it is %(num)s months.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hint:
    """`code` is one of `WORDS`; there are `found`, and `aim` are recommended."""

    code: str
    found: int
    aim: int


async def hints(session: AsyncSession, actor: Actor, programme_id: UUID) -> list[Hint]:
    """
    What a programme falls short of now. A coffee talk has no term and no cases, so nothing is said of it.

    Raises:
        NotFound: no such programme.
    """
    programme = await programmes.access_programme(session, actor, programme_id)
    if not facts(programme.structure).has_agreement:
        return []
    at_work = (
        select(func.count(Person.id.distinct()))
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.is_active, RoleGrant.role.in_((Role.COORDINATOR, Role.PROGRAMME_MANAGER)))
    )
    begun = select(func.count()).select_from(Relationship).where(Relationship.programme_id == programme.id)
    row = (await session.execute(select(at_work.scalar_subquery(), begun.scalar_subquery()))).one()
    found = (
        Hint("coordinators", row[0], COORDINATORS),
        Hint("pilot", row[1], PILOT),
        Hint("months", programme.term_months, MONTHS),
    )
    return [one for one in found if one.found < one.aim]
