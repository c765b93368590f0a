"""
The life of a job between the relay and a worker: claimed, leased, done, tried again or dead.

A claim carries a fencing number (`attempt`): a worker that was thought dead
and comes back finds another number and changes nothing.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from infra import clock
from infra.outbox.models import JobState, OutboxJob

LEASE = timedelta(seconds=20)  # a worker renews it each 5 s; the sweep sends anew what outlives it
# How long a message may lie in the queue before it is sent anew. Short, since what the queue loses waits
# that long, and a message that comes twice costs one statement that finds nothing to do.
QUEUED_LEASE = timedelta(seconds=20)
KEPT = timedelta(days=30)  # what is done
FORGET_AT_ONCE = 5_000  # rows; more would outlast the statement's time limit after a long pause
MAX_ATTEMPTS = 8
BACKOFF_S = 2.0  # doubled at each attempt, to about four minutes, with jitter


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in this worker's hands, until its lease ends."""

    organisation_id: UUID
    job_id: UUID
    kind: str
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Due:
    organisation_id: UUID
    job_id: UUID
    queue: str


async def take_due(connection: AsyncConnection, limit: int, queues: Collection[str]) -> list[Due]:
    """
    As the relay: mark due jobs of `queues` as sent and return them, at most `limit`, oldest first.

    Publish them before the transaction commits: a message that overtakes its
    mark makes the worker's claim wait for it, while a mark without its message
    would wait for the sweep.
    """
    rows = await connection.execute(
        text("""
            UPDATE outbox SET state = 'sent', sent_at = clock_timestamp(),
                   lease_until = clock_timestamp() + :lease, worker = NULL
            WHERE (organisation_id, id) IN (
                SELECT organisation_id, id FROM outbox
                WHERE state = 'waiting' AND due_at <= clock_timestamp() AND queue = ANY(:queues)
                ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED)
            RETURNING organisation_id, id, queue, due_at"""),
        {"limit": limit, "lease": QUEUED_LEASE, "queues": list(queues)},
    )
    oldest_first = sorted(rows, key=lambda row: row.due_at)
    return [Due(row.organisation_id, row.id, row.queue) for row in oldest_first]


async def sweep(connection: AsyncConnection) -> int:
    """As the relay: put back what was sent but whose lease has ended. Returns how many."""
    result = await connection.execute(
        text("""
            UPDATE outbox SET worker = NULL, lease_until = NULL,
                   state = CASE WHEN attempt >= :most THEN 'dead' ELSE 'waiting' END,
                   done_at = CASE WHEN attempt >= :most THEN clock_timestamp() END,
                   error = CASE WHEN worker IS NULL THEN error ELSE 'the worker disappeared' END
            WHERE (organisation_id, id) IN (
                SELECT organisation_id, id FROM outbox
                WHERE state = 'sent' AND lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)"""),
        {"most": MAX_ATTEMPTS},
    )
    return int(result.rowcount)


async def forget(connection: AsyncConnection) -> int:
    """As the relay: delete some of what has been done for longer than it is kept. Returns how many rows."""
    result = await connection.execute(
        text("""
            DELETE FROM outbox WHERE (organisation_id, id) IN (
                SELECT organisation_id, id FROM outbox WHERE done_at < clock_timestamp() - :kept
                ORDER BY done_at LIMIT :limit)"""),
        {"kept": KEPT, "limit": FORGET_AT_ONCE},
    )
    return int(result.rowcount)


async def claim(session: AsyncSession, job_id: UUID, worker: UUID) -> Claim | None:
    """
    Take a due job in hand; None when it is done, withdrawn, put off or in another worker's hands.

    One that still waits may be taken too: its message has overtaken the relay's
    mark, or has lain in the queue until the sweep gave it up. Commit at once: the
    lease must be seen by others while the work goes on.
    """
    now = clock.now()
    row = (
        await session.execute(
            update(OutboxJob)
            .where(
                OutboxJob.id == job_id,
                or_(
                    and_(
                        OutboxJob.state == JobState.SENT,
                        or_(OutboxJob.worker.is_(None), OutboxJob.lease_until < now),
                    ),
                    and_(OutboxJob.state == JobState.WAITING, OutboxJob.due_at <= now),
                ),
            )
            .values(
                state=JobState.SENT, worker=worker, lease_until=now + LEASE, attempt=OutboxJob.attempt + 1
            )
            .returning(
                OutboxJob.organisation_id, OutboxJob.id, OutboxJob.kind, OutboxJob.payload, OutboxJob.attempt
            )
        )
    ).one_or_none()
    return Claim(*row) if row else None


async def holds(session: AsyncSession, claim: Claim) -> bool:
    """
    Whether the claim has not been lost to another worker.

    Locks nothing, so that the lease can be prolonged while this transaction
    works. Whoever writes must therefore end with `renew` or `finish`, which say
    so for the moment of the commit.
    """
    row = await session.execute(
        select(OutboxJob.id).where(
            OutboxJob.id == claim.job_id,
            OutboxJob.state == JobState.SENT,
            OutboxJob.attempt == claim.attempt,
        )
    )
    return row.one_or_none() is not None


async def renew(session: AsyncSession, claim: Claim) -> bool:
    """Prolong the lease of a job that is still being worked on; False if the claim has been lost."""
    return await _change(session, claim, lease_until=clock.now() + LEASE)


async def finish(session: AsyncSession, claim: Claim) -> bool:
    """Mark the job done, in the transaction of its effects; False if the claim has been lost."""
    return await _change(
        session, claim, state=JobState.DONE, done_at=clock.now(), lease_until=None, error=None
    )


async def give_back(session: AsyncSession, claim: Claim) -> bool:
    """
    Let another worker have the job at once, since this one is asked to stop; False if the claim has been lost.

    What was stopped too often is dead: it would outlast every time limit.
    """
    if claim.attempt >= MAX_ATTEMPTS:
        return await _change(
            session, claim, state=JobState.DEAD, error="stopped", done_at=clock.now(), lease_until=None
        )
    return await _change(
        session, claim, state=JobState.WAITING, worker=None, lease_until=None, due_at=clock.now()
    )


async def fail(session: AsyncSession, claim: Claim, error: str, *, for_good: bool) -> JobState:
    """Try again later, or give up: then the job is dead and shown to a person."""
    if for_good or claim.attempt >= MAX_ATTEMPTS:
        await _change(session, claim, state=JobState.DEAD, error=error, done_at=clock.now(), lease_until=None)
        return JobState.DEAD
    # Jitter spreads the jobs that one outage stopped together; not a secret, so plain random will do.
    pause = BACKOFF_S * 2 ** (claim.attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311
    await _change(
        session,
        claim,
        state=JobState.WAITING,
        error=error,
        worker=None,
        lease_until=None,
        due_at=clock.now() + timedelta(seconds=pause),
    )
    return JobState.WAITING


async def retry(session: AsyncSession, job_id: UUID) -> str | None:
    """Give a dead job all its attempts anew, from now. Its kind; None if it is not dead, or not there."""
    found = await session.execute(
        update(OutboxJob)
        .where(OutboxJob.id == job_id, OutboxJob.state == JobState.DEAD)
        .values(
            state=JobState.WAITING,
            attempt=0,
            due_at=clock.now(),
            done_at=None,
            worker=None,
            lease_until=None,
            error=None,
        )
        .returning(OutboxJob.kind)
    )
    return found.scalar_one_or_none()


async def _change(session: AsyncSession, claim: Claim, **values: Any) -> bool:
    result = await session.execute(
        update(OutboxJob)
        .where(
            OutboxJob.id == claim.job_id,
            OutboxJob.state == JobState.SENT,
            OutboxJob.attempt == claim.attempt,
        )
        .values(**values)
        .returning(OutboxJob.id)
    )
    return result.first() is not None
