"""
Which organisation a request is for, remembered for half a minute.

A host name changes hands about never, and is asked for at every request; what
is found is forgotten soon enough for a new colour or contact to be seen. Hosts
that are not known are not remembered, so that nobody can fill the memory.
"""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from infra.http.asgi import Scope, header, headers

T = TypeVar("T")
KEPT_S = 30.0
MOST = 20_000
# A name or an address, and perhaps a port: whatever else stands there is nobody's host (RFC 9112, section 3.2).
_SANE = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


def host(scope: Scope) -> str:
    """The host that the request names, lower case and without its port."""
    named = (header(scope, "host") or "").lower()
    return named.rsplit(":", 1)[0] if named.rpartition(":")[2].isdigit() else named


def is_sane(scope: Scope) -> bool:
    """Whether the request names one host, written as hosts are."""
    named = headers(scope, "host")
    found = _SANE.fullmatch(named[0]) if len(named) == 1 else None
    return found is not None and int((found[2] or ":0")[1:]) < 65_536


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
