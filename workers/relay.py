"""
The relay: moves due jobs from the outbox to the queue, sends anew what was lost, and keeps the timetable.

Two may run; row locks share the work between them, and an advisory lock lets
one of them lead with the timetable. A fresh job announces itself by NOTIFY, so
it is on its way within milliseconds; the poll is for due times.
"""

import asyncio
import contextlib
import signal
import time

import psycopg
from dramatiq.brokers.redis import RedisBroker
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.engine import make_url

from infra import errors, logs
from infra.db.floor import look
from infra.ground import Ground
from infra.outbox import delivery
from infra.settings import Settings
from workers import broker as queue
from workers.timetable import keep_timetable

log = logs.get("relay")
POLL_S = 1.0
SWEEP_S = 5.0
PAUSE_S = 1.0  # after a server was away
BATCH = 200
# More than this in a queue would only wait there, until the sweep sends it a second time.
FULL = 1_000


async def relay_once(ground: Ground, broker: RedisBroker) -> int:
    """Move one batch. Returns how many jobs went out; 0 also when every queue is full."""
    room = {name: FULL - await _length(ground, name) for name in queue.QUEUES}
    # A queue that is full (a mail server that hardly answers) must not hold up the others.
    open_queues = [name for name, left in room.items() if left > 0]
    if not open_queues:
        return 0
    async with ground.database.platform_session("relay") as connection:
        due = await delivery.take_due(
            connection, min(BATCH, *(room[name] for name in open_queues)), open_queues
        )
        for job in due:
            broker.enqueue(queue.message(job.queue, job.organisation_id, job.job_id))
    return len(due)


async def _length(ground: Ground, name: str) -> int:
    return int(await ground.redis.llen(f"dramatiq:{name}"))


async def main(settings: Settings, stop: asyncio.Event) -> None:
    ground = Ground.open(settings)
    broker = queue.connect(settings.queue.redis_url)
    for name in queue.QUEUES:
        broker.declare_queue(name)
    bell = asyncio.Event()
    listener = asyncio.create_task(_listen(settings.database.relay_url, bell))
    last_sweep = 0.0
    log.info("ready")
    try:
        while not stop.is_set():
            try:
                if time.monotonic() - last_sweep > SWEEP_S:
                    last_sweep = time.monotonic()
                    await _sweep(ground)
                bell.clear()
                if await relay_once(ground, broker):
                    continue
            except (errors.Unavailable, RedisError) as error:
                log.warning("a server is away", error=type(error).__name__)
                await asyncio.sleep(PAUSE_S)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), POLL_S)
    finally:
        listener.cancel()
        await ground.close()


async def _sweep(ground: Ground) -> None:
    async with ground.database.platform_session("relay") as connection:
        if again := await delivery.sweep(connection):
            log.warning("sent anew", jobs=again)
        leads = await connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('timetable'))"))
        if leads:
            await keep_timetable(connection)
        await delivery.forget(connection)


async def _listen(url: str, bell: asyncio.Event) -> None:
    """Ring the bell at each announced job; connect anew whenever the server was away."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
                await connection.execute("LISTEN outbox")
                bell.set()
                async for _ in connection.notifies():
                    bell.set()
        except psycopg.OperationalError:
            await asyncio.sleep(PAUSE_S)


def run(settings: Settings | None = None) -> None:
    """Run `mentorweave relay` until a signal ends it."""
    logs.configure("relay")
    settings = settings or Settings.read()
    look(settings.database)

    async def until_signal() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await main(settings, stop)

    asyncio.run(until_signal())
