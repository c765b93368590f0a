"""What a coordinator asks for and then waits for, while real workers do it: rosters imported, runs computed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
from sqlalchemy.exc import DBAPIError

from infra import errors
from infra.ground import Ground
from tenants import watchers
from tenants.actor import Actor
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.runs import actions as runs
from tenants.proposals.runs import queries as run_queries
from tenants.registration.importing import actions as imports
from tenants.registration.importing import queries as import_queries
from tenants.registration.models import ImportState, RosterImport, Status

T = TypeVar("T")
WATCHERS = watchers.WATCHERS  # named so that the rooms above registration hear of changes here too
ROSTERS = Path(__file__).parent / "data" / "rosters"
LOOK_EACH_S = 0.05
PAUSE_S = 0.2
AWAY = (errors.Unavailable, DBAPIError, httpx.TransportError)


async def insist(do: Callable[[], Awaitable[T]], within_s: float = 60.0) -> T:
    """As a person with a bad connection: the same again until it is acknowledged."""
    async with asyncio.timeout(within_s):
        while True:
            try:
                return await do()
            except AWAY:
                await asyncio.sleep(PAUSE_S)


async def until(look: Callable[[], Awaitable[T]], is_over: Callable[[T], bool], within_s: float) -> T:
    """Look until it is over; a server that is away meanwhile is looked for again."""
    deadline = time.monotonic() + within_s
    while not is_over(found := await insist(look, within_s)):
        assert time.monotonic() < deadline, f"not over after {within_s} s: {found}"
        await asyncio.sleep(LOOK_EACH_S)
    return found


class Coordinator:
    """One coordinator of one cycle."""

    def __init__(self, ground: Ground, actor: Actor, cycle_id: UUID) -> None:
        self.ground = ground
        self.actor = actor
        self.cycle_id = cycle_id

    async def upload(self, name: str) -> UUID:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            content = (ROSTERS / name).read_bytes()
            found = await imports.upload(
                session, self.actor, cycle_id=self.cycle_id, file_name=name, content=content
            )
        return found.id

    async def commit(self, import_id: UUID, status: Status = Status.REGISTERED) -> None:
        found = await self.roster(import_id)
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            await imports.commit(
                session, self.actor, import_id, version=found.version, status=status,
                interviews_held=True, have_agreed=True,
            )  # fmt: skip

    async def roster(self, import_id: UUID) -> RosterImport:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            return await import_queries.access_import(session, self.actor, import_id)

    async def until_roster(
        self, import_id: UUID, state: ImportState, within_s: float = 120.0
    ) -> RosterImport:
        def is_over(found: RosterImport) -> bool:
            assert found.state != ImportState.FAILED, found.error
            return found.state == state

        return await until(lambda: self.roster(import_id), is_over, within_s)

    async def start_run(self) -> UUID:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            return (await runs.start_run(session, self.actor, self.cycle_id)).id

    async def run(self, run_id: UUID) -> MatchingRun:
        async with self.ground.database.tenant_session(self.actor.context()) as session:
            return await run_queries.access_run(session, self.actor, run_id)

    async def until_run(self, run_id: UUID, within_s: float = 120.0) -> MatchingRun:
        def is_over(found: MatchingRun) -> bool:
            assert found.state not in (RunState.FAILED, RunState.CANCELLED), found.error
            return found.state == RunState.DONE

        return await until(lambda: self.run(run_id), is_over, within_s)
