"""A coordinator's desk for rosters: upload, let the workers work, look."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.ground import Ground
from tenants.actor import Actor
from tenants.programmes.actions import Launched
from tenants.programmes.starters import StarterName
from tenants.registration.importing import actions, queries
from tenants.registration.models import Participation, RosterImport, RosterRow, Status
from tests import making
from tests.making import Made
from tests.tenants.registration.roster.books import HEADER, ROSTERS, as_csv
from tests.working import drain

FULL = (
    *HEADER,
    "Telephone",
    "Languages",
    "Time zone",
    "Topics I can cover",
    "Topics I want support on",
    "How many mentees",
)


@dataclass
class Desk:
    ground: Ground
    made: Made
    launched: Launched
    actor: Actor

    async def upload(self, content: bytes, name: str = "people.csv", *, by: Actor | None = None) -> UUID:
        """Upload a file and have it staged."""
        actor = by or self.actor
        async with self.ground.database.tenant_session(actor.context()) as session:
            found = await actions.upload(
                session, actor, cycle_id=self.launched.cycle.id, file_name=name, content=content
            )
        await self.work()
        return found.id

    async def roster(self, name: str) -> UUID:
        return await self.upload((ROSTERS / name).read_bytes(), name)

    async def people(self, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> UUID:
        return await self.upload(as_csv([header, *rows]))

    async def work(self) -> list[str]:
        return await drain(self.ground, self.made.id)

    async def of(self, import_id: UUID) -> RosterImport:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            return await queries.access_import(session, self.actor, import_id)

    async def do(
        self, action: Any, import_id: UUID, *, by: Actor | None = None, **facts: Any
    ) -> RosterImport:
        """One action on an import at its present version, and what the workers make of it."""
        actor = by or self.actor
        if action in (actions.choose, actions.read_as, actions.map_columns, actions.commit):
            facts.setdefault("version", (await self.of(import_id)).version)
        async with self.ground.database.tenant_session(actor.context()) as session:
            await action(session, actor, import_id, **facts)
        await self.work()
        return await self.of(import_id)

    async def choose(self, import_id: UUID, **choices: Any) -> RosterImport:
        return await self.do(actions.choose, import_id, choices=choices)

    async def commit(self, import_id: UUID, status: Status = Status.REGISTERED, **facts: Any) -> RosterImport:
        return await self.do(actions.commit, import_id, status=status, have_agreed=True, **facts)

    async def revert(self, import_id: UUID) -> RosterImport:
        return await self.do(actions.revert, import_id)

    async def rows(self, import_id: UUID) -> dict[int, RosterRow]:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            found = await session.execute(select(RosterRow).where(RosterRow.import_id == import_id))
            return {row.row_number: row for row in found.scalars()}

    async def participations(self) -> list[Participation]:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            query = select(Participation).order_by(Participation.created_at, Participation.id)
            return list((await session.execute(query)).scalars())

    async def count(self, model: Any) -> int:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            return await counted(session, model)


async def counted(session: AsyncSession, model: Any) -> int:
    return (await session.execute(select(func.count()).select_from(model))).scalar_one()


async def desk(ground: Ground, *, starter: StarterName = StarterName.INTER_AGENCY, **changed: Any) -> Desk:
    made = await making.organisation(ground.database)
    launched = await making.programme(ground.database, made, starter=starter, **changed)
    return Desk(ground, made, launched, made.coordinator)
