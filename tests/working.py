"""Does what relay and workers would do, in this process and at once, for tests that want the outcome and not the journey."""

from uuid import UUID

from sqlalchemy import select

from infra import clock
from infra.db.context import Context
from infra.ground import Ground
from infra.outbox.models import JobState, OutboxJob
from workers import handling
from workers.runner import NUMBERS, ROOMS, load


async def drain(
    ground: Ground, organisation_id: UUID, *, rounds: int = 20, kinds: tuple[str, ...] = ("",)
) -> list[str]:
    """
    Do every job of the organisation that is due, and those that come of it, until none is left.

    `kinds` are beginnings of their names, where others are to wait.
    Returns the kinds in the order in which they were done. A job that failed is
    an error here: tests of failures call `handling.perform` themselves.
    """
    load((*ROOMS, *NUMBERS))
    done: list[str] = []
    for _ in range(rounds):
        async with ground.database.tenant_session(Context(organisation_id)) as session:
            due = (
                (
                    await session.execute(
                        select(OutboxJob)
                        .where(OutboxJob.state == JobState.WAITING, OutboxJob.due_at <= clock.now())
                        .order_by(OutboxJob.due_at, OutboxJob.id)
                    )
                )
                .scalars()
                .all()
            )
            due = [job for job in due if job.kind.startswith(kinds)]
            for job in due:
                job.state = JobState.SENT
                job.lease_until = clock.now()
        if not due:
            return done
        for job in due:
            await handling.perform(ground, organisation_id, job.id)
            await _must_be_done(ground, organisation_id, job.id)
            done.append(job.kind)
    raise AssertionError(f"still due after {rounds} rounds: {done[-5:]}")


async def _must_be_done(ground: Ground, organisation_id: UUID, job_id: UUID) -> None:
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        job = (await session.execute(select(OutboxJob).where(OutboxJob.id == job_id))).scalar_one()
    assert job.state in (JobState.DONE, JobState.WITHDRAWN), f"{job.kind}: {job.error}"
