"""
How far a long computation has come, for whoever looks now and for whoever looks later.

The last state stands in a hash for a day; a message on the channel of the same
name says only that it has changed. So a late or reconnected reader sees exactly
what an early one sees, and a burst of changes may be read as one.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from infra import clock

KEPT_S = 24 * 3600
HEARTBEAT_S = 1.0


class Progress(msgspec.Struct, frozen=True):
    """`percent` is 0 to 100; `facts` are what a sentence about the phase needs."""

    phase: str
    percent: int
    facts: dict[str, Any]
    at: datetime
    sequence: int


async def publish(
    redis: Redis, key: str, phase: str, percent: int, facts: Mapping[str, Any] | None = None
) -> None:
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hincrby(key, "sequence", 1)
        pipe.hset(
            key,
            mapping={
                "phase": phase,
                "percent": percent,
                "facts": msgspec.json.encode(facts or {}, enc_hook=str),
                "at": clock.now().isoformat(),
            },
        )
        pipe.expire(key, KEPT_S)
        pipe.publish(key, b"changed")
        await pipe.execute()


async def last(redis: Redis, key: str) -> Progress | None:
    """The last state, or None when nothing was ever published or a day has passed."""
    stored = await cast("Any", redis.hgetall(key))
    if not stored:
        return None
    return Progress(
        phase=stored[b"phase"].decode(),
        percent=int(stored[b"percent"]),
        facts=msgspec.json.decode(stored[b"facts"]),
        at=datetime.fromisoformat(stored[b"at"].decode()),
        sequence=int(stored[b"sequence"]),
    )


async def follow(
    redis: Redis, key: str, *, heartbeat_s: float = HEARTBEAT_S
) -> AsyncGenerator[Progress | None, None]:
    """
    The last state if there is one, then each change; None whenever `heartbeat_s` pass without one.

    Goes on through a restart of the server. It never ends by itself: the caller
    knows which phase is the last. Close it (`aclosing`) so that the subscription
    ends too.
    """
    seen: Progress | None = None
    while True:
        channel = redis.pubsub()
        try:
            await channel.subscribe(key)
            while True:
                if await _nudged(channel, heartbeat_s):
                    state = await last(redis, key)
                    if state is not None and state != seen:
                        seen = state
                        yield state
                else:
                    yield None
        except (RedisError, OSError):
            # The server is away. The state is read again after the next subscription, so nothing is missed.
            yield None
            await asyncio.sleep(heartbeat_s)
        finally:
            with suppress(RedisError, OSError):
                await channel.aclose()  # type: ignore[no-untyped-call]  # redis-py leaves it without types


async def _nudged(channel: PubSub, within_s: float) -> bool:
    """
    Whether to look at the state again.

    The confirmation of the subscription counts too: it comes first, and again
    after each reconnection, and both are moments at which a change may have been
    missed.
    """
    return await channel.get_message(timeout=within_s) is not None
