"""
Server-sent events from an async iterator.

Our own response, because Litestar's neither closes its iterator when the reader
goes away nor says anything while there is nothing to say; a silent stream is
cut by proxies, and a subscription that nobody closes stays for ever.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from litestar import Response

from infra import tasks
from infra.http.arriving import BodyLate
from infra.http.asgi import Message, Receive, Scope, Send

HEARTBEAT_S = 15.0  # most proxies cut a silent connection after 30 to 60 seconds
LASTS_S = 600.0
RECHECK_S = 30.0  # how long a stream outlives the right to see it, at most
RETRY_MS = 3_000
END = "end"

_LINES = re.compile(r"\r\n|\r|\n")
_NO_MORE: Final = object()


@dataclass(frozen=True, slots=True)
class Event:
    """`data` is text, of one line or many; rendered HTML for instance."""

    data: str
    name: str | None = None
    id: str | None = None

    def encode(self) -> bytes:
        fields = [("id", self.id), ("event", self.name)]
        lines = [f"{field}: {_LINES.sub('', value)}" for field, value in fields if value is not None]
        lines += [f"data: {line}" for line in _LINES.split(self.data)]
        return ("\n".join(lines) + "\n\n").encode()


# None from a source means that nothing has changed; it is sent as a comment.
Source = AsyncGenerator[Event | None, None]
Check = Callable[[], Awaitable[bool]]


class EventStream(Response[bytes]):
    """
    Send what `source` yields until it ends, the reader goes, or `lasts_s` is over.

    When the source ends, a last event `end` tells the page to close (htmx:
    `sse-close="end"`). When only the time is over nothing is said, so the
    browser connects anew and passes the door's checks again. The same when
    `may_go_on`, asked each `recheck_s`, says that the reader has lost her right.
    """

    def __init__(
        self,
        source: Source,
        *,
        may_go_on: Check | None = None,
        heartbeat_s: float = HEARTBEAT_S,
        recheck_s: float | None = None,
        lasts_s: float = LASTS_S,
    ) -> None:
        super().__init__(b"", status_code=200, media_type="text/event-stream")
        self.source = source
        self.may_go_on = may_go_on
        self.heartbeat_s = heartbeat_s
        self.recheck_s = RECHECK_S if recheck_s is None else recheck_s
        self.lasts_s = lasts_s

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_until_gone(receive))
        coming: asyncio.Task[Any] | None = None
        clock = asyncio.get_running_loop().time
        over = clock() + self.lasts_s
        check_at = clock() + self.recheck_s if self.may_go_on else over
        try:
            await send(_start())
            await send(_part(f"retry: {RETRY_MS}\n\n".encode()))
            while not gone.done() and (left := over - clock()) > 0:
                coming = coming or asyncio.ensure_future(_next(self.source))
                await asyncio.wait(
                    {gone, coming},
                    timeout=max(0.0, min(self.heartbeat_s, left, check_at - clock())),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if gone.done():
                    break
                if self.may_go_on and clock() >= check_at:
                    if not await self.may_go_on():
                        break
                    check_at = clock() + self.recheck_s
                if not coming.done():
                    await send(_part(b":\n\n"))
                    continue
                item, coming = coming.result(), None
                if item is _NO_MORE:
                    await send(_part(Event("", name=END).encode()))
                    break
                await send(_part(item.encode() if item else b":\n\n"))
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await tasks.ended(gone)
            if coming:
                await tasks.ended(coming)
            await self.source.aclose()


async def _next(source: Source) -> Any:
    try:
        return await anext(source)
    except StopAsyncIteration:
        return _NO_MORE


async def _until_gone(receive: Receive) -> None:
    with contextlib.suppress(BodyLate):  # of a body that nobody reads, which is all the same here
        while (await receive())["type"] != "http.disconnect":
            pass


def _start() -> Message:
    headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _part(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}
