"""Saying how far a computation is, from its thread to whoever watches, at least once a second."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from infra import logs, progress, tasks

log = logs.get("matching")
LOOK_S = 0.25
TELL_S = 0.6  # no watcher waits a whole second for a sign of life, nor a run for its cancellation


class Teller:
    """The computing thread says `tell`; a task of the loop publishes the last of it, and asks whether to go on."""

    def __init__(self, redis: Redis, key: str, facts: dict[str, Any]) -> None:
        self.redis = redis
        self.key = key
        self.facts = facts
        self.last = ("reading", 0)
        self._stop = threading.Event()

    def tell(self, phase: str, percent: int) -> None:
        self.last = (phase, percent)

    def cancelled(self) -> bool:
        return self._stop.is_set()

    async def say(self, phase: str, percent: int, **facts: Any) -> None:
        """Publish now. Whoever watches can also read the run itself, so a server that is away stops nothing."""
        self.last = (phase, percent)
        try:
            await progress.publish(self.redis, self.key, phase, percent, self.facts | facts)
        except (RedisError, OSError) as error:
            log.warning("progress not published", key=self.key, reason=type(error).__name__)

    @asynccontextmanager
    async def watching(self, goes_on: Callable[[], Awaitable[bool]]) -> AsyncIterator[None]:
        """Publish from the side while the block computes; `goes_on` is asked about once a second."""
        side = asyncio.create_task(self._publish(goes_on))
        try:
            yield
        finally:
            await tasks.ended(side)

    async def _publish(self, goes_on: Callable[[], Awaitable[bool]]) -> None:
        loop = asyncio.get_running_loop()
        told, at = None, loop.time()  # it goes on: it has only just begun
        while not self._stop.is_set():
            if self.last != told or loop.time() - at > TELL_S:
                if loop.time() - at > TELL_S and not await goes_on():
                    self._stop.set()
                    return
                told, at = self.last, loop.time()
                await self.say(*told)
            await asyncio.sleep(LOOK_S)
