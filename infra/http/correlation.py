"""
One id for everything that a request causes, and one line in the log when it is over.

The line names the route's template, never the path: paths carry ids and, in
links that we mail, secrets. Cookies, query and body stay out altogether.
"""

import re
import time

import structlog

from infra import ids, logs
from infra.http.asgi import ASGIApp, Message, Receive, Scope, Send, add_response_header, header, state
from infra.http.source import is_proxied

HEADER = "x-request-id"
CORRELATION = "correlation_id"
UNMATCHED = "unmatched"

# Long enough for a UUID or a trace id, and nothing that could break a log line or a header.
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logs.get("http")


class Correlation:
    """Bind the id to the log, return it as `X-Request-Id`, and write the access line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation = _incoming(scope) or str(ids.random())
        state(scope)[CORRELATION] = correlation
        add_response_header(scope, HEADER, correlation)
        began = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation=correlation):
            try:
                await self._app(scope, receive, noting)
            finally:
                log.info(
                    "http.request",
                    method=scope["method"],
                    route=scope.get("path_template") or UNMATCHED,
                    status=status,
                    ms=round((time.perf_counter() - began) * 1000, 1),
                )


def correlation_id(scope: Scope) -> str | None:
    found: str | None = state(scope).get(CORRELATION)
    return found


def _incoming(scope: Scope) -> str | None:
    """The id that a trusted proxy gave, if it is one that we dare to repeat."""
    given = header(scope, HEADER) if is_proxied(scope) else None
    return given if given and _SANE.fullmatch(given) else None
