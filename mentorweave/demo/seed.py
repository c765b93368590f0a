"""One sample organisation on its way into the database."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.ground import Ground
from mentorweave.demo.samples import Sample
from tenants.actor import Actor, house, person
from tenants.people.models import Person
from tenants.permissions import Role

NAMES = UUID("0b3a6a51-6c3f-4c4e-9a55-2f3a7d1b9e10")  # makes the same ids of the same hosts at every start


@dataclass(frozen=True, slots=True)
class Seed:
    """The sample, where it goes, and who acts in it."""

    ground: Ground
    sample: Sample
    organisation_id: UUID

    @property
    def house(self) -> Actor:
        return house(self.organisation_id)

    def email(self, name: str) -> str:
        plain = name.lower().translate(str.maketrans("žćæøåé ", "zcaoae."))
        return f"{plain}@{self.sample.host.partition('.')[0]}.example.org"

    async def actor(self, session: AsyncSession, name: str, *roles: Role) -> Actor:
        found = (await session.execute(select(Person).where(Person.email == self.email(name)))).scalar_one()
        offices = frozenset({found.office_id} if found.office_id else ())
        return person(
            self.organisation_id, found.id, frozenset(roles), offices=offices, time_zone=found.time_zone
        )
