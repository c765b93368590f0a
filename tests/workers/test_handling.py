"""The outbox' promise: a job runs if and only if its transaction commits, and its effects happen once."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db.context import Context
from infra.errors import Unavailable
from infra.ground import Ground
from infra.outbox import Job, delivery, enqueue, withdraw
from infra.outbox.models import JobState, OutboxJob
from tenants.actor import Actor
from tenants.organisations import queries as organisations
from tests import making
from tests.working import drain
from workers import handling
from workers.handling import Work, handles
from workers.relay import relay_once


class Rename(Job, kind="test.rename"):
    name: str
    fails: int = 0


class Slow(Job, kind="test.slow"):
    pass


class Broken(Job, kind="test.broken"):
    number: int


_failed: dict[str, int] = {}
_slow_runs: list[int] = []


@handles(Rename)
async def rename(session: AsyncSession, actor: Actor, job: Rename) -> None:
    (await organisations.own(session)).name = job.name
    if _failed.setdefault(job.name, 0) < job.fails:
        _failed[job.name] += 1
        raise Unavailable(what="test")


@handles(Slow, alone=True)
async def slow(work: Work, job: Slow) -> None:
    _slow_runs.append(work.claim.attempt)
    await asyncio.sleep(0.3)


@handles(Broken)
async def broken(session: AsyncSession, actor: Actor, job: Broken) -> None:
    raise AssertionError("never reached: its payload does not fit")


async def job_of(ground: Ground, organisation_id: UUID, key: str) -> OutboxJob:
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        return (await session.execute(select(OutboxJob).where(OutboxJob.key == key))).scalar_one()


async def promise(ground: Ground, organisation_id: UUID, job: Job, key: str) -> None:
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        await enqueue(session, job, key=key)


async def send(ground: Ground, organisation_id: UUID, key: str) -> UUID:
    """What the relay does to one job: mark it as sent."""
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        return (
            await session.execute(
                update(OutboxJob)
                .where(OutboxJob.key == key)
                .values(state=JobState.SENT, lease_until=clock.now() + timedelta(seconds=30))
                .returning(OutboxJob.id)
            )
        ).scalar_one()


async def name_of(ground: Ground, organisation_id: UUID) -> str:
    async with ground.database.tenant_session(Context(organisation_id)) as session:
        return (await organisations.own(session)).name


async def test_rolled_back_transaction_promises_nothing(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    with pytest.raises(RuntimeError):
        async with ground.database.tenant_session(Context(made.id)) as session:
            await enqueue(session, Rename(name="never"), key="k")
            raise RuntimeError

    assert await drain(ground, made.id) == []


async def test_same_key_promises_once(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Rename(name="first"), "k")
    await promise(ground, made.id, Rename(name="second"), "k")

    assert await drain(ground, made.id) == ["test.rename"]
    assert await name_of(ground, made.id) == "first"


async def test_withdrawn_promise_is_not_kept(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Rename(name="never"), "k")
    async with ground.database.tenant_session(Context(made.id)) as session:
        assert await withdraw(session, key="k")
        assert not await withdraw(session, key="k")

    assert await drain(ground, made.id) == []


async def test_job_of_another_organisation_cannot_be_done(ground: Ground) -> None:
    one = await making.organisation(ground.database)
    other = await making.organisation(ground.database)
    await promise(ground, one.id, Rename(name="stolen"), "k")
    job_id = await send(ground, one.id, "k")

    await handling.perform(ground, other.id, job_id)

    assert (await job_of(ground, one.id, "k")).state == JobState.SENT
    assert await name_of(ground, other.id) != "stolen"


async def test_failure_rolls_back_and_is_tried_again_later(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    before = await name_of(ground, made.id)
    await promise(ground, made.id, Rename(name="at last", fails=1), "k")
    await handling.perform(ground, made.id, await send(ground, made.id, "k"))

    waiting = await job_of(ground, made.id, "k")
    assert (waiting.state, waiting.attempt) == (JobState.WAITING, 1)
    assert waiting.due_at > clock.now()
    assert waiting.error == "infra.errors.Unavailable: unavailable"
    assert await name_of(ground, made.id) == before

    await handling.perform(ground, made.id, await send(ground, made.id, "k"))
    assert await name_of(ground, made.id) == "at last"
    assert (await job_of(ground, made.id, "k")).state == JobState.DONE


async def test_job_that_fails_too_often_is_dead_and_kept(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Rename(name="hopeless", fails=99), "k")
    for _ in range(delivery.MAX_ATTEMPTS):
        await handling.perform(ground, made.id, await send(ground, made.id, "k"))

    dead = await job_of(ground, made.id, "k")
    assert (dead.state, dead.attempt) == (JobState.DEAD, delivery.MAX_ATTEMPTS)


async def test_payload_that_does_not_fit_is_dead_at_once(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Broken(number=1), "k")
    async with ground.database.tenant_session(Context(made.id)) as session:
        await session.execute(update(OutboxJob).values(payload={"number": "one"}))
    await handling.perform(ground, made.id, await send(ground, made.id, "k"))

    assert (await job_of(ground, made.id, "k")).state == JobState.DEAD


async def test_message_that_comes_many_times_is_done_once(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Slow(), "k")
    job_id = await send(ground, made.id, "k")
    _slow_runs.clear()

    await asyncio.gather(*(handling.perform(ground, made.id, job_id) for _ in range(10)))

    assert _slow_runs == [1]


async def test_worker_that_lost_its_claim_changes_nothing(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Slow(), "k")
    job_id = await send(ground, made.id, "k")
    async with ground.database.tenant_session(Context(made.id)) as session:
        lost = await delivery.claim(session, job_id, ids.new())
    assert lost is not None
    async with ground.database.tenant_session(Context(made.id)) as session:
        await session.execute(update(OutboxJob).values(lease_until=clock.now() - timedelta(seconds=1)))
    async with ground.database.tenant_session(Context(made.id)) as session:
        taken_over = await delivery.claim(session, job_id, ids.new())
    assert taken_over is not None

    async with ground.database.tenant_session(Context(made.id)) as session:
        assert not await delivery.finish(session, lost)
        assert not await delivery.holds(session, lost)
        assert await delivery.finish(session, taken_over)


async def test_sweep_sends_anew_what_the_queue_lost(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    await promise(ground, made.id, Slow(), "k")
    await send(ground, made.id, "k")
    async with ground.database.tenant_session(Context(made.id)) as session:
        await session.execute(update(OutboxJob).values(lease_until=clock.now() - timedelta(seconds=1)))

    async with ground.database.platform_session("relay") as connection:
        assert await delivery.sweep(connection) >= 1

    assert (await job_of(ground, made.id, "k")).state == JobState.WAITING


async def test_relay_may_not_read_or_change_anything_else(ground: Ground) -> None:
    for statement in (
        "SELECT full_name FROM person",
        "UPDATE outbox SET payload = '{}'",
        "SELECT * FROM letter",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with ground.database.platform_session("relay") as connection:
                await connection.execute(text(statement))


async def test_relay_hands_due_jobs_to_the_queue_and_not_those_of_tomorrow(ground: Ground) -> None:
    from workers import broker as queue

    made = await making.organisation(ground.database)
    await promise(ground, made.id, Slow(), "now")
    async with ground.database.tenant_session(Context(made.id)) as session:
        await enqueue(session, Slow(), key="tomorrow", due_at=clock.now() + timedelta(days=1))
    broker = queue.connect(ground.settings.queue.redis_url)
    for name in queue.QUEUES:
        broker.declare_queue(name)
    while await relay_once(ground, broker):
        pass
    broker.close()

    assert (await job_of(ground, made.id, "now")).state == JobState.SENT
    assert (await job_of(ground, made.id, "tomorrow")).state == JobState.WAITING
    assert await ground.redis.llen("dramatiq:work") > 0
    await ground.redis.flushall()
