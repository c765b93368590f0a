"""
Clients of Redis or Valkey.

redis-py 8 gives up on a read after five seconds. That suits commands and breaks
subscriptions and blocking reads, so each use names what it is. And a client made
from a URL never tries again: after a restart of the server each pooled
connection would fail one caller. Two tries mend that; what hangs is not tried
again, since the caller is waiting.
"""

from typing import Any

from redis import Redis as SyncRedis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import AbstractBackoff, ExponentialBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.retry import Retry as SyncRetry

COMMAND_TIMEOUT_S = 2.0
CONNECT_TIMEOUT_S = 2.0
HEALTH_CHECK_S = 30
RETRIES = 2
FIRST_WAIT_S, LONGEST_WAIT_S = 0.02, 0.2


def commands(url: str, *, timeout_s: float = COMMAND_TIMEOUT_S) -> Redis:
    """For commands that answer at once: a server that hangs is an error after `timeout_s`."""
    return Redis.from_url(url, retry=Retry(*_retry()), **_quick(timeout_s))


def listening(url: str) -> Redis:
    """For subscriptions and blocking reads, which may rightly wait for ever."""
    return Redis.from_url(url, retry=Retry(*_retry()), **_patient(url))


def commands_sync(url: str, *, timeout_s: float = COMMAND_TIMEOUT_S) -> SyncRedis:
    """As `commands`, for threads without an event loop."""
    return SyncRedis.from_url(url, retry=SyncRetry(*_retry()), **_quick(timeout_s))


def _retry() -> tuple[AbstractBackoff, int, tuple[type[LostConnection], ...]]:
    return ExponentialBackoff(cap=LONGEST_WAIT_S, base=FIRST_WAIT_S), RETRIES, (LostConnection,)


def _quick(timeout_s: float) -> dict[str, Any]:
    return {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": min(timeout_s, CONNECT_TIMEOUT_S),
        "health_check_interval": HEALTH_CHECK_S,
    }


def _patient(url: str) -> dict[str, Any]:
    # A wait without end must notice a peer that fell silent; a socket file has no such peer, nor the option.
    keepalive = {} if url.startswith("unix:") else {"socket_keepalive": True}
    return {"socket_timeout": None, "socket_connect_timeout": CONNECT_TIMEOUT_S, **keepalive}
