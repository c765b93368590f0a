"""
The queue: Dramatiq over Redis, which only carries `(organisation, job)` from the relay to a worker.

Retries, due times and results are the outbox's affair. The knobs make a killed
worker's message come back within half a minute, where the defaults take many.
"""

from uuid import UUID

import dramatiq
from dramatiq.asyncio import EventLoopThread, set_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import ShutdownNotifications, TimeLimit
from dramatiq.middleware.asyncio import AsyncIO

from infra import redis as clients
from infra.ground import Ground
from workers import handling

QUEUES = ("work", "mail", "match")
HEARTBEAT_MS = 30_000
TIME_LIMIT_MS = 30 * 60_000
LOOP_STARTS_WITHIN_S = 60.0


class Loop(AsyncIO):
    """
    The one event loop of a worker.

    Dramatiq gives it a second to start, and a worker whose machine was busier
    than that would live on and fail at every message.
    """

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        thread = EventLoopThread(self.logger)
        thread.start(timeout=LOOP_STARTS_WITHIN_S)
        set_event_loop_thread(thread)


def connect(redis_url: str) -> RedisBroker:
    """The broker, ready to send; `serve` adds what a worker needs."""
    return RedisBroker(  # type: ignore[no-untyped-call]  # dramatiq leaves its brokers untyped
        client=clients.commands_sync(redis_url),
        middleware=[],
        heartbeat_timeout=HEARTBEAT_MS,
        maintenance_chance=1_000_000,
    )


def message(queue: str, organisation_id: UUID, job_id: UUID) -> dramatiq.Message[None]:
    return dramatiq.Message(
        queue_name=queue,
        actor_name=f"perform_{queue}",
        args=(str(organisation_id), str(job_id)),
        kwargs={},
        options={},
    )


def serve(broker: RedisBroker, ground: Ground, queues: tuple[str, ...]) -> None:
    """Declare the actors by which a worker takes jobs of `queues` in hand."""
    broker.add_middleware(Loop())
    broker.add_middleware(TimeLimit(time_limit=TIME_LIMIT_MS))
    broker.add_middleware(ShutdownNotifications(notify_shutdown=True))

    async def perform(organisation_id: str, job_id: str) -> None:
        await handling.perform(ground, UUID(organisation_id), UUID(job_id))

    for queue in queues:
        dramatiq.actor(actor_name=f"perform_{queue}", queue_name=queue, broker=broker)(perform)
