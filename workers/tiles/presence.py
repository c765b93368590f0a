"""Which processes of numbers are ready to help, by the clock of the server that they all share."""

from typing import cast
from uuid import UUID

from redis import Redis

from infra import ids

ME = ids.random()
"""This process."""

BEAT_S = 2.0
READY_S = 6.0
"""Whoever has not been heard for so long is gone, or too busy to help."""

_NAME = "tiles:ready"


def beat(redis: Redis, who: UUID = ME) -> None:
    now = _now(redis)
    with redis.pipeline(transaction=False) as pipe:
        pipe.zadd(_NAME, {str(who): now})
        pipe.zremrangebyscore(_NAME, "-inf", now - READY_S)
        pipe.execute()


def others(redis: Redis) -> int:
    """How many others are ready."""
    ready = cast("list[bytes]", redis.zrangebyscore(_NAME, _now(redis) - READY_S, "+inf"))
    return len(set(ready) - {str(ME).encode()})


def _now(redis: Redis) -> float:
    seconds, micros = redis.time()
    return seconds + micros / 1_000_000
