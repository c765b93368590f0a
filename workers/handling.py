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
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from infra import errors, ids, logs
from infra.db.context import Context
from infra.ground import Ground
from infra.outbox import delivery
from infra.outbox.jobs import Job
from infra.outbox.models import JobState
from tenants.actor import Actor, house

log = logs.get("workers")
RENEW_EACH_S = 10.0
J = TypeVar("J", bound=Job)


class ClaimLost(Exception):
    """Another worker has taken this job over: whatever was done here is rolled back."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job in hand, for handlers that run outside a single transaction."""

    ground: Ground
    claim: delivery.Claim

    @property
    def actor(self) -> Actor:
        return house(self.claim.organisation_id)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """
        A transaction of the job's organisation, valid only while the claim holds.

        Raises:
            ClaimLost: another worker has taken over.
        """
        async with self.ground.database.tenant_session(Context(self.claim.organisation_id)) as session:
            if not await delivery.hold(session, self.claim):
                raise ClaimLost
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads: it leaves the job's row to those who prolong its lease."""
        async with self.ground.database.tenant_session(Context(self.claim.organisation_id)) as session:
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
    dead and shown to a person. Nothing is raised: the queue has no say in it.
    """
    context = Context(organisation_id)
    async with ground.database.tenant_session(context) as session:
        claim = await delivery.claim(session, job_id, ids.new())
    if claim is None:
        return
    with contextlib.suppress(ClaimLost):
        try:
            async with _renewed(ground, claim):
                await _run(ground, claim)
        except ClaimLost:
            log.warning("claim lost", job=str(job_id), job_kind=claim.kind)
            raise
        except Exception as error:
            await _failed(ground, claim, error)


async def _run(ground: Ground, claim: delivery.Claim) -> None:
    handler = _HANDLERS[claim.kind]
    job = msgspec.convert(claim.payload, handler.job)
    work = Work(ground, claim)
    if handler.alone:
        await handler.run(work, job)
        async with work.session() as session:
            await delivery.finish(session, claim)
        return
    async with work.session() as session:
        await handler.run(session, work.actor, job)
        await delivery.finish(session, claim)


async def _failed(ground: Ground, claim: delivery.Claim, error: Exception) -> None:
    # A broken invariant does not mend itself; what a server or a lock caused may.
    for_good = isinstance(error, msgspec.ValidationError | KeyError | errors.Invalid)
    log.error("job failed", job=str(claim.job_id), job_kind=claim.kind, attempt=claim.attempt, exc_info=error)
    async with ground.database.tenant_session(Context(claim.organisation_id)) as session:
        state = await delivery.fail(
            session, claim, f"{type(error).__name__}: {error}"[:500], for_good=for_good
        )
    if state is JobState.DEAD:
        log.critical("job is dead", job=str(claim.job_id), job_kind=claim.kind)


@asynccontextmanager
async def _renewed(ground: Ground, claim: delivery.Claim) -> AsyncIterator[None]:
    """Prolong the lease from the side while the handler works."""

    async def prolong() -> None:
        while True:
            await asyncio.sleep(RENEW_EACH_S)
            async with ground.database.tenant_session(Context(claim.organisation_id)) as session:
                await delivery.renew(session, claim)

    side = asyncio.create_task(prolong())
    try:
        yield
    finally:
        side.cancel()
        with contextlib.suppress(asyncio.CancelledError, errors.Unavailable):
            await side
