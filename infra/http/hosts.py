"""
Which organisation a request is for, remembered for half a minute.

A host name changes hands about never, and is asked for at every request; what
is found is forgotten soon enough for a new colour or contact to be seen. Hosts
that are not known are not remembered, so that nobody can fill the memory.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from infra.http.asgi import Scope, header

T = TypeVar("T")
KEPT_S = 30.0
MOST = 20_000


def host(scope: Scope) -> str:
    """The host that the request names, lower case and without its port."""
    named = (header(scope, "host") or "").lower()
    return named.rsplit(":", 1)[0] if named.rpartition(":")[2].isdigit() else named


class Hosts(Generic[T]):
    def __init__(self, find: Callable[[str], Awaitable[T | None]]) -> None:
        self._find = find
        self._known: dict[str, tuple[float, T]] = {}

    async def at(self, name: str) -> T | None:
        """What lives at the host, or None."""
        if (known := self._known.get(name)) and known[0] > time.monotonic():
            return known[1]
        found = await self._find(name)
        if found is None:
            self._known.pop(name, None)
            return None
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[name] = (time.monotonic() + KEPT_S, found)
        return found
