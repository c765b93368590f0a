"""
Reading what is left of a body before it is refused.

A server that answers and closes while the client is still sending resets the
connection, and the client then often loses the answer: someone whose file is too
large would see a broken page instead of the reason. So a refusal waits for a
little more of the body, within limits that no attacker gains from.
"""

import asyncio

from infra.http.arriving import BodyLate, has_body
from infra.http.asgi import ASGIApp, Message, Receive, Scope, Send

MAX_BYTES = 32 * 1024 * 1024
MAX_S = 10.0


class Draining:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not has_body(scope):
            await self._app(scope, receive, send)
            return
        is_over = False

        async def watched() -> Message:
            nonlocal is_over
            message = await receive()
            is_over = message["type"] == "http.disconnect" or not message.get("more_body", False)
            return message

        async def patient(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400 and not is_over:
                await _drain(watched)
            await send(message)

        await self._app(scope, watched, patient)


async def _drain(receive: Receive) -> None:
    left = MAX_BYTES
    try:
        async with asyncio.timeout(MAX_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except (TimeoutError, BodyLate):
        # Too slow to wait for: the answer goes out now, and may be lost with the connection.
        return
