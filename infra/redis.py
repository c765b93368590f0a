"""
Clients of Redis or Valkey.

redis-py 8 gives up on a read after five seconds. That suits commands and breaks
subscriptions and blocking reads, so each use names what it is.
"""

from redis import Redis as SyncRedis
from redis.asyncio import Redis

COMMAND_TIMEOUT_S = 2.0
CONNECT_TIMEOUT_S = 2.0


def commands(url: str, *, timeout_s: float = COMMAND_TIMEOUT_S) -> Redis:
    """For commands that answer at once: a server that hangs is an error after `timeout_s`."""
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=min(timeout_s, CONNECT_TIMEOUT_S),
        health_check_interval=30,
        decode_responses=False,
    )


def listening(url: str) -> Redis:
    """For subscriptions and blocking reads, which may rightly wait for ever."""
    return Redis.from_url(
        url,
        socket_timeout=None,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_keepalive=True,
        decode_responses=False,
    )


def commands_sync(url: str, *, timeout_s: float = COMMAND_TIMEOUT_S) -> SyncRedis:
    """The same as `commands` for threads without an event loop."""
    return SyncRedis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=min(timeout_s, CONNECT_TIMEOUT_S),
        health_check_interval=30,
        decode_responses=False,
    )


def listening_sync(url: str) -> SyncRedis:
    return SyncRedis.from_url(
        url,
        socket_timeout=None,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_keepalive=True,
        decode_responses=False,
    )
