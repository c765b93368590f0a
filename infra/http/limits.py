"""
How often somebody may do something, counted in one place for all processes.

The count is one Lua call (`gcra.lua`), because a limiter that reads and then
writes lets concurrent calls slip through: one that we tried let 13 of a limit
of 10 pass. Headers follow draft-ietf-httpapi-ratelimit-headers-11.

When Redis does not answer, a policy says what happens. Most let the call
through, with a line in the log: a broken counter must not close the house. A
policy that guards against guessing (`fails_closed`) refuses instead.
"""

import hashlib
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from redis.asyncio import Redis
from redis.exceptions import RedisError

from infra import logs
from infra.errors import LimitReached, Unavailable
from infra.http.asgi import Scope, state

GCRA = (Path(__file__).parent / "gcra.lua").read_text()
_SEEN = "rate_limits"

log = logs.get("http")

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` calls in any `window_s` seconds; a burst may use the quota at once."""

    name: str
    quota: int
    window_s: int
    fails_closed: bool = False

    def describe(self) -> str:
        return f'"{self.name}";q={self.quota};w={self.window_s}'


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one key stands with its policy after a call."""

    policy: Policy
    remaining: int
    reset_s: int
    wait_s: int

    def describe(self) -> str:
        return f'"{self.policy.name}";r={self.remaining};t={self.reset_s}'


class Limiter:
    def __init__(self, redis: Redis, *, prefix: str = "limit") -> None:
        self._gcra = redis.register_script(GCRA)
        self._prefix = prefix

    async def take(self, *limits: tuple[Policy, str], cost: int = 1) -> list[Standing]:
        """
        Count one call against every limit, or against none if one of them is used up.

        A key says who: an account, an address. Only its digest is stored.

        Raises:
            LimitReached: with `retry_after_s`, the time until all limits have room.
            Unavailable: Redis does not answer and one of the policies fails closed.
        """
        try:
            allowed, *numbers = await self._gcra(
                keys=[self._key(policy, key) for policy, key in limits],
                args=[cost, *(n for policy, _ in limits for n in (policy.quota, policy.window_s))],
            )
        except (RedisError, OSError, TimeoutError) as error:
            log.warning(
                "limits.unreachable", policies=[p.name for p, _ in limits], error=type(error).__name__
            )
            if any(policy.fails_closed for policy, _ in limits):
                raise Unavailable() from error
            return []
        standings = _standings([policy for policy, _ in limits], numbers)
        if not allowed:
            raise LimitsUsedUp(standings)
        return standings

    def guard(self, policy: Policy, key: Callable[[Connection], str]) -> Guard:
        """A guard of Litestar that counts each request and tells the caller where it stands."""

        async def counting(connection: Connection, _: BaseRouteHandler) -> None:
            await self.count(connection.scope, (policy, key(connection)))

        return counting

    async def count(self, scope: Scope, *limits: tuple[Policy, str]) -> None:
        """As `take`, and puts the RateLimit headers on the answer of this request."""
        try:
            standings = await self.take(*limits)
        except LimitsUsedUp as reached:
            announce(scope, reached.standings)
            raise
        announce(scope, standings)

    def _key(self, policy: Policy, key: str) -> str:
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        return f"{self._prefix}:{policy.name}:{digest}"


class LimitsUsedUp(LimitReached):
    """A rate limit; `standings` are for the headers, the facts for the reader."""

    def __init__(self, standings: Sequence[Standing]) -> None:
        super().__init__(retry_after_s=max(1, *(s.wait_s for s in standings), 1))
        self.standings = list(standings)


def announce(scope: Scope, standings: Sequence[Standing]) -> None:
    """Several calls in one request add up to one pair of headers, as the draft wants its lists."""
    seen = cast("list[Standing]", state(scope).setdefault(_SEEN, []))
    seen.extend(standings)


def rate_limit_headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    seen = cast("list[Standing]", state(scope).get(_SEEN, []))
    if not seen:
        return []
    return [
        (b"ratelimit-policy", ", ".join(s.policy.describe() for s in seen).encode()),
        (b"ratelimit", ", ".join(s.describe() for s in seen).encode()),
    ]


def _standings(policies: Sequence[Policy], numbers: Sequence[int]) -> list[Standing]:
    return [
        Standing(policy, max(0, remaining), math.ceil(reset_us / 1e6), math.ceil(wait_us / 1e6))
        for policy, remaining, reset_us, wait_us in zip(
            policies, numbers[0::3], numbers[1::3], numbers[2::3], strict=True
        )
    ]
