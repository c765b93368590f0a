"""
How long a request's body may take to arrive.

Whoever announces a body and stops half-way would otherwise hold a connection,
and the task that waits for the rest, for as long as she likes. Granian itself
limits only the time of the headers, and a server in front, which usually sees
to bodies as well, is not always there.

Patience runs out while we wait for the sender, never while we work, and grows
with what has come: somebody on a slow line who keeps sending is let finish,
somebody who sends a byte a second is not.
"""

import asyncio

from infra.errors import LimitReached
from infra.http.asgi import ASGIApp, Message, Receive, Scope, Send, add_response_header, header

BYTES_PER_S = 2_000  # a slow telephone line; more than a sender gains who wants to be slow
MOST_S = 600.0  # waited for one body in all, however fast it came in between


class BodyLate(LimitReached):
    """The rest of a body did not come in time, or its sender has gone."""

    code = "body_late"


class Arriving:
    """Hands on the parts of a body as they come, and raises `BodyLate` into the app that waits for one too long."""

    def __init__(self, app: ASGIApp, *, patience_s: float) -> None:
        self._app = app
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and has_body(scope):
            await self._app(scope, self._patient(scope, receive), send)
        else:
            await self._app(scope, receive, send)

    def _patient(self, scope: Scope, receive: Receive) -> Receive:
        clock = asyncio.get_running_loop().time
        left, waited, is_over = self._patience_s, 0.0, False

        async def patient() -> Message:
            nonlocal left, waited, is_over
            if is_over:  # what comes now is the word that the sender has gone, and that may take long
                return await receive()
            begun = clock()
            try:
                async with asyncio.timeout(min(left, MOST_S - waited)):
                    message = await receive()
            except TimeoutError:
                left = 0.0
                add_response_header(scope, "connection", "close")
                raise BodyLate(within_s=round(self._patience_s)) from None
            took = clock() - begun
            waited += took
            left = min(self._patience_s, left - took + len(message.get("body", b"")) / BYTES_PER_S)
            if message["type"] == "http.disconnect":
                raise BodyLate(within_s=round(self._patience_s))
            is_over = not message.get("more_body", False)
            return message

        return patient


def has_body(scope: Scope) -> bool:
    return (
        header(scope, "content-length") not in (None, "0") or header(scope, "transfer-encoding") is not None
    )
