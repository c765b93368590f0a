"""
From a message to a deed: claim the job, run its handler, mark it done.

    @handles(ExpireRegistration)
    async def expire(session, actor, job): ...

runs in one transaction with the mark, so that its effects on the database
happen exactly once. What must talk to others or works for long says
`@handles(SendLetter, alone=True)` and gets a `Work` to open its own short
transactions with; it has to be idempotent, since it may be run again after a
crash.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from infra import errors, ids, logs, tasks
from infra.db.context import Context
from infra.ground import Ground
from infra.outbox import delivery
from infra.outbox.jobs import Job
from infra.outbox.models import JobState
from tenants import watchers
from tenants.actor import Actor, house

log = logs.get("workers")
WATCHERS = watchers.WATCHERS  # loaded, so that whatever a job changes is told to the rooms above
RENEW_EACH_S = 5.0
# How long a transaction waits for a database that is restarting, and how often it knocks. Less than the
# lease, so that whoever waited still has the job in hand.
PATIENCE_S = 15.0
KNOCK_EACH_S = 0.5
ERROR_LENGTH = 500  # characters of it are kept with the job
J = TypeVar("J", bound=Job)


class NoHandler(Exception):
    """A kind of job that this worker does not know, as an older one that a newer replaces: another try may reach that."""


class ClaimLost(Exception):
    """Another worker has taken this job over: whatever was done here is rolled back."""


@dataclass(slots=True)
class Work:
    """A job in hand, for handlers that run outside a single transaction."""

    ground: Ground
    claim: delivery.Claim
    is_finished: bool = False

    @property
    def actor(self) -> Actor:
        return house(self.claim.organisation_id)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """
        A transaction of the job's organisation, which commits only if the claim still holds at its end.

        Raises:
            ClaimLost: another worker has taken over; nothing was changed.
        """
        async with self._held() as session:
            yield session
            if not await delivery.renew(session, self.claim):
                raise ClaimLost

    @asynccontextmanager
    async def finishing(self) -> AsyncIterator[AsyncSession]:
        """The last transaction: it marks the job done together with what it changes. A handler that opens none gets one."""
        async with self._held() as session:
            yield session
            if not await delivery.finish(session, self.claim):
                raise ClaimLost
        self.is_finished = True

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads."""
        async with _patient(self.ground, self.claim.organisation_id) as session:
            yield session

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[AsyncSession]:
        async with _patient(self.ground, self.claim.organisation_id) as session:
            if not await delivery.holds(session, self.claim):
                raise ClaimLost
            yield session


@dataclass(frozen=True, slots=True)
class _Handler:
    job: type[Job]
    run: Callable[..., Awaitable[None]]
    alone: bool


_HANDLERS: dict[str, _Handler] = {}


def handles(job: type[Job], *, alone: bool = False) -> Callable[[Callable[..., Awaitable[None]]], Any]:
    """Register the one handler of a kind of job."""

    def register(run: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        if job.KIND in _HANDLERS:
            raise ValueError(f"two handlers for {job.KIND}")
        _HANDLERS[job.KIND] = _Handler(job, run, alone)
        return run

    return register


async def perform(ground: Ground, organisation_id: UUID, job_id: UUID) -> None:
    """
    Do one job, unless somebody else has it in hand.

    A handler that fails is tried again later, up to the limit, then the job is
    dead and shown to a person. Nothing is raised for it: the queue has no say in it.
    """
    async with _patient(ground, organisation_id) as session:
        claim = await delivery.claim(session, job_id, ids.new())
    if claim is None:
        return
    try:
        async with _renewed(ground, claim):
            await _run(Work(ground, claim))
    except ClaimLost:
        log.warning("claim lost", job=str(job_id), job_kind=claim.kind)
    except asyncio.CancelledError:
        await _give_back(ground, claim)
        raise
    except Exception as error:
        await _failed(ground, claim, error)


async def _run(work: Work) -> None:
    handler = _HANDLERS.get(work.claim.kind)
    if handler is None:
        raise NoHandler(work.claim.kind)
    job = msgspec.convert(work.claim.payload, handler.job)
    if handler.alone:
        await handler.run(work, job)
        if work.is_finished:
            return
        async with work.finishing():
            return
    async with work.finishing() as session:
        await handler.run(session, work.actor, job)


async def _failed(ground: Ground, claim: delivery.Claim, error: Exception) -> None:
    # A broken invariant does not mend itself; what a server or a lock caused may.
    for_good = isinstance(error, msgspec.ValidationError | KeyError | errors.Invalid)
    log.error("job failed", job=str(claim.job_id), job_kind=claim.kind, attempt=claim.attempt, exc_info=error)
    async with _patient(ground, claim.organisation_id) as session:
        state = await delivery.fail(session, claim, logs.told(error)[:ERROR_LENGTH], for_good=for_good)
    if state is JobState.DEAD:
        log.critical("job is dead", job=str(claim.job_id), job_kind=claim.kind)


async def _give_back(ground: Ground, claim: delivery.Claim) -> None:
    """Asked to stop in the middle: whatever was not committed is rolled back, and the job is free again."""
    async with ground.database.tenant_session(Context(claim.organisation_id)) as session:
        if await delivery.give_back(session, claim):
            log.info("given back", job=str(claim.job_id), job_kind=claim.kind)


@asynccontextmanager
async def _renewed(ground: Ground, claim: delivery.Claim) -> AsyncIterator[None]:
    """Prolong the lease from the side while the handler works."""

    async def prolong() -> None:
        while True:
            await asyncio.sleep(RENEW_EACH_S)
            try:
                async with ground.database.tenant_session(Context(claim.organisation_id)) as session:
                    await delivery.renew(session, claim)
            except (errors.Unavailable, DBAPIError) as error:
                # The lease lasts for two more tries, and if it does end, the fencing number protects the data.
                log.warning("lease not prolonged", job=str(claim.job_id), error=type(error).__name__)

    side = asyncio.create_task(prolong())
    try:
        yield
    finally:
        await tasks.ended(side)


@asynccontextmanager
async def _patient(ground: Ground, organisation_id: UUID) -> AsyncIterator[AsyncSession]:
    """
    A transaction that waits to begin while the database is away.

    A short absence would else cost a letter a second copy (it has gone out, and
    nobody could write so down) and every message in the queue its sweep.
    """
    until = time.monotonic() + PATIENCE_S
    async with AsyncExitStack() as stack:
        while True:
            try:
                session = await stack.enter_async_context(
                    ground.database.tenant_session(Context(organisation_id))
                )
                break
            except errors.Unavailable:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(KNOCK_EACH_S)
        yield session
