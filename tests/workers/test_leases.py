"""A job stays in one worker's hands while she works, and is free again when she cannot go on."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from infra import clock
from infra.db.context import Context
from infra.ground import Ground
from infra.outbox import Job, delivery, enqueue
from infra.outbox.models import JobState, OutboxJob
from tenants.organisations import queries as organisations
from tests import making
from workers import broker as queue
from workers import handling, relay
from workers.handling import Work, handles


class Long(Job, kind="test.long"):
    """Changes the organisation's name in one transaction that outlasts its lease."""

    name: str


class OfTomorrow(Job, kind="test.of-tomorrow"):
    """What a newer version of the product promises while an older worker still runs."""


class Patient(Job, kind="test.patient", queue="mail"):
    pass


_begun = asyncio.Event()


@handles(Long, alone=True)
async def long(work: Work, job: Long) -> None:
    async with work.session() as session:
        (await organisations.own(session)).name = job.name
        await session.flush()
        await asyncio.sleep(0.5)


@handles(Patient, alone=True)
async def patient(work: Work, job: Patient) -> None:
    _begun.set()
    await asyncio.sleep(60)


async def promise(ground: Ground, organisation_id: UUID, job: Job) -> UUID:
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        await enqueue(session, job, key="k")
        return (await session.execute(select(OutboxJob.id).where(OutboxJob.key == "k"))).scalar_one()


async def found(ground: Ground, organisation_id: UUID, job_id: UUID) -> OutboxJob:
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        return (await session.execute(select(OutboxJob).where(OutboxJob.id == job_id))).scalar_one()


async def test_message_that_overtakes_the_relays_mark_is_not_lost(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, Long(name="overtaken"))
    async with ground.database.platform_session("relay") as connection:
        await connection.execute(
            text("UPDATE outbox SET state = 'sent', worker = NULL WHERE id = :id"), {"id": job_id}
        )
        # The message is out and the mark is not committed yet: the worker has to wait for it.
        performing = asyncio.create_task(handling.perform(ground, made.id, job_id))
        await asyncio.sleep(0.1)
        assert not performing.done()
    await performing

    assert (await found(ground, made.id, job_id)).state == JobState.DONE


async def test_message_of_a_job_that_is_put_off_does_nothing(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, Long(name="too early"))
    async with ground.database.tenant_session(Context(made.id)) as session:
        await session.execute(update(OutboxJob).values(due_at=clock.now() + timedelta(hours=1)))

    await handling.perform(ground, made.id, job_id)

    assert (await found(ground, made.id, job_id)).state == JobState.WAITING


async def test_lease_is_prolonged_while_a_long_transaction_works(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handling, "RENEW_EACH_S", 0.05)
    monkeypatch.setattr(delivery, "LEASE", timedelta(seconds=0.2))
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, Long(name="in one go"))
    performing = asyncio.create_task(handling.perform(ground, made.id, job_id))
    while not performing.done():
        async with ground.database.platform_session("relay") as connection:
            await delivery.sweep(connection)
        await asyncio.sleep(0.02)

    done = await found(ground, made.id, job_id)
    assert (done.state, done.attempt, done.error) == (JobState.DONE, 1, None)


async def test_worker_that_is_asked_to_stop_gives_its_job_back(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, Patient())
    _begun.clear()
    performing = asyncio.create_task(handling.perform(ground, made.id, job_id))
    await _begun.wait()
    performing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await performing

    free = await found(ground, made.id, job_id)
    assert (free.state, free.worker) == (JobState.WAITING, None)
    assert free.due_at <= clock.now()


async def test_full_queue_does_not_hold_up_the_others(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "FULL", 3)
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, Long(name="not held up"))
    await ground.redis.flushall()
    await ground.redis.rpush("dramatiq:mail", "1", "2", "3")
    broker = queue.connect(ground.settings.queue.redis_url)
    while await relay.relay_once(ground, broker):
        await ground.redis.delete("dramatiq:work")
    broker.close()

    assert (await found(ground, made.id, job_id)).state == JobState.SENT
    await ground.redis.flushall()


async def test_job_that_this_worker_does_not_know_waits_for_one_that_does(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, OfTomorrow())

    await handling.perform(ground, made.id, job_id)

    waiting = await found(ground, made.id, job_id)
    assert (waiting.state, waiting.error) == (
        JobState.WAITING,
        "workers.handling.NoHandler: test.of-tomorrow",
    )


async def test_job_that_is_stopped_at_every_try_is_dead(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    job_id = await promise(ground, made.id, Patient())
    for _ in range(delivery.MAX_ATTEMPTS):
        _begun.clear()
        performing = asyncio.create_task(handling.perform(ground, made.id, job_id))
        await _begun.wait()
        performing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await performing

    assert (await found(ground, made.id, job_id)).state == JobState.DEAD
