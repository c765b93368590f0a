"""
The one ASGI app: pages at /, JSON at /api/v1, directories at /scim/v2, in one process for small installations.

`make` builds it around a given ground, which is what tests do; `app` reads the
environment, which is what the server does.
"""

import asyncio
import threading
from typing import Any

from sqlalchemy import text

from api.app import create as create_api
from infra import garbage, logs
from infra.db.floor import VERSION, ServerTooOld, judge_server, look
from infra.ground import Ground
from infra.http.asgi import ASGIApp, Receive, Scope, Send
from infra.http.hosts import is_sane
from infra.http.shell import wrap
from infra.settings import Settings
from web.app import create as create_web


class Roof:
    """Hands each request to its door, on the same scope, and answers the two questions of a load balancer."""

    def __init__(self, ground: Ground, pages: ASGIApp, api: ASGIApp) -> None:
        self._ground = ground
        self._pages = pages
        self._api = api
        self._directories = _WhenAsked(ground)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path == "/livez":
            await _say(send, 200, b"alive")
        elif path == "/readyz":
            await self._ready(send)
        elif scope["type"] == "http" and not is_sane(scope):
            await _say(send, 400, b"bad host")
        elif path.startswith("/api/"):
            await self._api(scope, receive, send)
        elif path.startswith("/scim/"):
            await self._directories(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _ready(self, send: Send) -> None:
        """
        Whether the database and the queue answer, whether the database is one to run on, what keeps the keys away.

        Without keys nobody reads or writes a note, but everything else works: no reason to send people elsewhere.
        """
        try:
            async with self._ground.database.platform_session("resolver") as connection:
                number = int((await connection.execute(text(VERSION))).scalar_one())
            await self._ground.redis.ping()
        except ServerTooOld:
            await _say(send, 503, b"not ready: old database server")
        except Exception as error:
            logs.get("roof").warning("not ready", error=type(error).__name__)
            await _say(send, 503, b"not ready")
        else:
            said = "ready" if judge_server(number, refuse=False) else "ready, on an old database server"
            if away := await self._ground.keys.away():
                said += f"; keys are away: {away}"
            await _say(send, 200, said.encode())


class _WhenAsked:
    """The directory's door: its libraries take half a second and 15 MB, which only those pay who have a directory."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._made: ASGIApp | None = None
        self._making = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        made = self._made
        if made is None:
            made = await asyncio.to_thread(self._make)
        await made(scope, receive, send)

    def _make(self) -> ASGIApp:
        with self._making:
            if self._made is None:
                from api.scim.app import create

                self._made = _app(create(self._ground))
            return self._made


async def _say(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def make(ground: Ground) -> ASGIApp:
    """Both doors under one roof, dressed with headers, language and correlation."""
    web = ground.settings.web
    roof = Roof(ground, _app(create_web(ground)), _app(create_api(ground)))
    return wrap(
        roof,
        is_secure=web.is_secure,
        trusted_proxies=web.trusted_proxies,
        body_wait_s=web.body_wait_s,
        assets=("/static/",),
    )


def _app(litestar: Any) -> ASGIApp:
    return litestar  # type: ignore[no-any-return]


class _Lazy:
    """Reads the environment when the server starts the app, not when something imports this module."""

    def __init__(self) -> None:
        self._made: ASGIApp | None = None
        self._ground: Ground | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self._made is None:
            self._start()
        assert self._made is not None
        await self._made(scope, receive, send)

    def _start(self) -> None:
        logs.configure("serve")
        self._ground = Ground.open(Settings.read())
        self._made = make(self._ground)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._start()
                assert self._ground is not None
                # Refuse a PostgreSQL without the security fixes that row security depends on; a demo is told only.
                await asyncio.to_thread(look, self._ground.settings.database)
                garbage.spare_what_is_loaded()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._ground:
                    await self._ground.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


app = _Lazy()
