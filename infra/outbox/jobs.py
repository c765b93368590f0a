"""
Typed messages, and how an action promises one.

A room declares its jobs in `jobs.py`:

    class SendLetter(Job, kind="mail.send", queue="mail"):
        letter_id: UUID

Only ids travel. Whoever handles a job re-reads the world, since between the
promise and the deed a meeting may have moved or a consent been withdrawn.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, NamedTuple

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from infra import clock, ids
from infra.db import bulk
from infra.outbox.models import JobState, OutboxJob

Queue = Literal["work", "mail", "match"]


class _JobMeta(msgspec.StructMeta):
    """Lets a job name its kind and queue where its class begins."""

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        *,
        kind: str = "",
        queue: Queue = "work",
    ) -> Any:
        made: Any = super().__new__(mcls, name, bases, body, kw_only=True)
        made.KIND = kind
        made.QUEUE = queue
        return made


class Job(msgspec.Struct, metaclass=_JobMeta):
    """A message that carries ids only. `kind` is its stable name on the wire."""

    KIND: ClassVar[str] = ""
    QUEUE: ClassVar[Queue] = "work"

    def payload(self) -> dict[str, Any]:
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built


class Promise(NamedTuple):
    """A job that is to run at its time. `key` names the deed, so that it is asked for once."""

    job: Job
    key: str
    due_at: datetime


async def enqueue(session: AsyncSession, job: Job, *, key: str, due_at: datetime | None = None) -> None:
    """
    Promise `job` within this transaction: it will run if and only if the transaction commits.

    The key is unique within the organisation for as long as the row is kept; a
    second promise under the same key does nothing, so a doubled click or a
    repeated handler asks for one deed.
    """
    await enqueue_all(session, [Promise(job, key, due_at or clock.now())])


async def enqueue_all(session: AsyncSession, promises: Sequence[Promise]) -> None:
    """The same for many, in one statement for some hundred of them."""
    table = bulk.table(OutboxJob)
    organisation = select(func.app.organisation_id()).scalar_subquery()
    # Two transactions that promise the same then wait for each other in one order.
    for part in bulk.batches(sorted(promises, key=lambda promise: promise.key)):
        rows = [
            {
                "id": ids.new(), "kind": job.KIND, "queue": job.QUEUE, "payload": job.payload(), "key": key,
                "due_at": due_at,
            }
            for job, key, due_at in part
        ]  # fmt: skip
        given = bulk.given(table, rows)
        await session.execute(
            insert(table)
            .from_select(["organisation_id", *rows[0]], select(organisation, *given.c))
            .on_conflict_do_nothing(index_elements=[table.c.organisation_id, table.c.key])
        )


async def withdraw(session: AsyncSession, *, key: str) -> bool:
    """Take back a promise that no worker has begun. False if it had been, or there was none."""
    return await withdraw_all(session, keys=[key]) == 1


async def withdraw_all(session: AsyncSession, *, keys: Sequence[str]) -> int:
    """The same for many, in one statement. Returns how many were caught."""
    if not keys:
        return 0
    result = await session.execute(
        update(OutboxJob)
        .where(bulk.texts(OutboxJob.key, keys), OutboxJob.state == JobState.WAITING)
        .values(state=JobState.WITHDRAWN, done_at=clock.now())
        .returning(OutboxJob.id)
    )
    return len(result.all())


async def supersede(session: AsyncSession, job: type[Job]) -> int:
    """Nobody has to look any more at jobs of this kind that failed: a later one has done what they were for."""
    result = await session.execute(
        update(OutboxJob)
        .where(OutboxJob.state == JobState.DEAD, OutboxJob.kind == job.KIND)
        .values(state=JobState.WITHDRAWN, done_at=clock.now())
        .returning(OutboxJob.id)
    )
    return len(result.all())


async def failing_since(session: AsyncSession, job: type[Job]) -> datetime | None:
    """When the first of the jobs of this kind was promised that failed for good, and still wait for somebody."""
    found = select(func.min(OutboxJob.created_at)).where(
        OutboxJob.state == JobState.DEAD, OutboxJob.kind == job.KIND
    )
    return (await session.execute(found)).scalar_one()


async def hurry(session: AsyncSession, *, key: str) -> bool:
    """Make a promise due at once. False if it has begun, was taken back, or there is none."""
    result = await session.execute(
        update(OutboxJob)
        .where(OutboxJob.key == key, OutboxJob.state == JobState.WAITING)
        .values(due_at=clock.now())
        .returning(OutboxJob.id)
    )
    return result.first() is not None
