"""
Typed messages, and how an action promises one.

A room declares its jobs in `jobs.py`:

    class SendLetter(Job, kind="mail.send", queue="mail"):
        letter_id: UUID

Only ids travel. Whoever handles a job re-reads the world, since between the
promise and the deed a meeting may have moved or a consent been withdrawn.
"""

from datetime import datetime
from typing import Any, ClassVar, Literal

import msgspec
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from infra import clock, ids
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


async def enqueue(session: AsyncSession, job: Job, *, key: str, due_at: datetime | None = None) -> None:
    """
    Promise `job` within this transaction: it will run if and only if the transaction commits.

    The key is unique within the organisation for as long as the row is kept; a
    second promise under the same key does nothing, so a doubled click or a
    repeated handler asks for one deed.
    """
    await session.execute(
        insert(OutboxJob)
        .values(
            organisation_id=func.app.organisation_id(),
            id=ids.new(),
            kind=job.KIND,
            queue=job.QUEUE,
            payload=job.payload(),
            key=key,
            due_at=due_at or clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[OutboxJob.organisation_id, OutboxJob.key])
    )


async def withdraw(session: AsyncSession, *, key: str) -> bool:
    """Take back a promise that no worker has begun. False if it had been, or there was none."""
    result = await session.execute(
        update(OutboxJob)
        .where(OutboxJob.key == key, OutboxJob.state == JobState.WAITING)
        .values(state=JobState.WITHDRAWN, done_at=clock.now())
        .returning(OutboxJob.id)
    )
    return result.first() is not None


async def hurry(session: AsyncSession, *, key: str) -> bool:
    """Make a promise due at once. False if it has begun, was taken back, or there is none."""
    result = await session.execute(
        update(OutboxJob)
        .where(OutboxJob.key == key, OutboxJob.state == JobState.WAITING)
        .values(due_at=clock.now())
        .returning(OutboxJob.id)
    )
    return result.first() is not None
