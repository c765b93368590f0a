"""
The words of ASGI that the wrappers of this room share.

A wrapper stands outside Litestar, because routing errors never pass Litestar's
own middleware. What one wrapper or handler has to tell another travels in
`scope["state"]`, which Litestar shows as `request.state`. Whoever dispatches
between apps must therefore hand on the same scope, not a copy.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

# Litestar and granian each have types of their own for the same dicts; Any is what they agree on.
Scope = Any
Message = Any
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

RawHeaders = list[tuple[bytes, bytes]]

_EXTRA = "extra_response_headers"
_current: ContextVar[dict[str, Any]] = ContextVar("request_state")


def fresh_state(scope: Scope) -> None:
    """Give the request a state of its own: some servers lend one dict to all. `Source` does this."""
    scope["state"] = dict(scope.get("state") or {})
    _current.set(scope["state"])


def current_state() -> dict[str, Any]:
    """The state of the request that this task answers, for hooks that are not given the request."""
    return _current.get()


def state(scope: Scope) -> dict[str, Any]:
    """What belongs to this request alone."""
    found: dict[str, Any] = scope.setdefault("state", {})
    return found


def header(scope: Scope, name: str) -> str | None:
    """The first value of a request header; `name` in lower case."""
    wanted = name.encode("latin-1")
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted), None)


def headers(scope: Scope, name: str) -> list[str]:
    """Every value of a request header, in order; `name` in lower case."""
    wanted = name.encode("latin-1")
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted]


def add_response_header(scope: Scope, name: str, value: str) -> None:
    """Put a header on whatever answers this request, an error too. `SecurityHeaders` writes it."""
    state(scope).setdefault(_EXTRA, []).append((name.lower().encode("latin-1"), value.encode("latin-1")))


def extra_response_headers(scope: Scope) -> RawHeaders:
    found: RawHeaders = state(scope).get(_EXTRA, [])
    return found
