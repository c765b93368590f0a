"""A small app that wears everything of infra/http, served by Granian in the tests."""

import asyncio
import os
import time
from contextlib import aclosing, asynccontextmanager
from typing import Annotated

import msgspec
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from infra import logs, progress
from infra import redis as clients
from infra.errors import Conflict
from infra.http import cookies
from infra.http.asgi import header
from infra.http.csrf import Csrf
from infra.http.events import Event, EventStream
from infra.http.forms import Form, form
from infra.http.headers import nonce
from infra.http.idempotency import Idempotency, RedisStore
from infra.http.limits import Limiter, Policy
from infra.http.paging import Paging, cut, paging
from infra.http.problems import Problems
from infra.http.shell import wrap
from infra.http.source import source
from infra.http.transactions import roll_back_refusals, transaction
from infra.http.uploads import PNG, attachment, body_limit, read
from tests.infra.http.serving import BODY_WAIT_S

URL = os.environ["TEST_REDIS_URL"]
redis = clients.commands(URL)
listening = clients.listening(URL)
limiter = Limiter(redis)
csrf = Csrf(b"k" * 32, session=lambda scope: cookies.read(scope, "session"))
MAX_UPLOAD = 200_000


@asynccontextmanager
async def begin(request):
    """A transaction whose steps a test can read, and whose commit it can make fail."""
    name = request.headers.get("x-test", "none")
    await redis.rpush(name, "begin")
    try:
        yield name
    except BaseException:
        await redis.rpush(name, "rollback")
        raise
    if "x-fail-commit" in request.headers:
        raise RuntimeError("the server closed the connection: postgres://secret")
    await redis.rpush(name, "commit")


class Order(msgspec.Struct, forbid_unknown_fields=True):
    name: str


@get("/", media_type=MediaType.HTML)
async def home(request: Request) -> str:
    scope = request.scope
    return (
        f'<script nonce="{nonce(scope)}">document.title = "ran"</script><script>document.title = "inline"</script>'
        f'<form method="post" action="/form" enctype="multipart/form-data">'
        f'<input type="hidden" name="csrf" value="{csrf.token(scope)}"><input name="word" value="hello">'
        f"<button>Send</button></form>"
    )


@post("/form", media_type=MediaType.TEXT, status_code=200)
async def send_form(form: NamedDependency[Form]) -> str:
    return f"got {form.text('word')} {sorted(form)}"


@post("/sign-in", media_type=MediaType.TEXT, status_code=200)
async def sign_in(request: Request) -> str:
    cookies.write(request.scope, "session", "s3ss10n")
    return "in"


@post("/file", request_max_body_size=body_limit(MAX_UPLOAD), status_code=200)
async def send_file(form: NamedDependency[Form]) -> Response[bytes]:
    upload = await read("photo", form.file("photo"), kinds=[PNG], max_bytes=MAX_UPLOAD)
    return Response(
        upload.content,
        media_type=upload.kind.media_type,
        headers={"content-disposition": attachment(upload.filename)},
    )


@get("/number/{number:int}")
async def number(number: FromPath[int], limit: Annotated[int, QueryParameter(le=5)] = 1) -> int:
    return number * limit


@get("/bug")
async def bug() -> None:
    raise RuntimeError("postgres://secret")


@get("/list")
async def listing(paging: NamedDependency[Paging], request: Request) -> list[int]:
    after = paging.after(tuple[int])
    start = after[0] + 1 if after else 0
    rows = range(start, min(start + paging.limit + 1, 120))
    return cut(request.scope, paging, rows, key=lambda row: (row,))


@get("/limited", guards=[limiter.guard(Policy("api", 3, 60), key=lambda c: source(c.scope))])
async def limited() -> str:
    return "ok"


@post("/orders")
async def order(data: JSONBody[Order], tx: NamedDependency[str], state: State) -> Response[dict]:
    if data.name == "taken":
        raise Conflict()
    count = await redis.incr("effects:" + data.name)
    await asyncio.sleep(0.2)
    return Response({"count": count}, status_code=201, headers={"location": f"/orders/{count}"})


@post("/refused")
async def refused(tx: NamedDependency[str]) -> Response[str]:
    return Response("try again", status_code=422, media_type=MediaType.TEXT)


@get("/stream", media_type=MediaType.TEXT)
async def stream(tx: NamedDependency[str]) -> Stream:
    async def lines():
        steps = await redis.lrange(tx, 0, -1)
        yield b",".join(steps)

    return Stream(lines(), media_type=MediaType.TEXT)


@get("/progress/{key:str}")
async def watch(key: FromPath[str], lasts: Annotated[float, QueryParameter(le=60)] = 60) -> EventStream:
    async def events():
        await redis.incr("watchers")
        try:
            async with aclosing(progress.follow(listening, key, heartbeat_s=0.2)) as states:
                async for state in states:
                    yield Event(f"{state.phase} {state.percent}", name="state") if state else None
                    if state and state.phase == "done":
                        return
        finally:
            await redis.decr("watchers")

    return EventStream(events(), lasts_s=lasts)


@get("/clock")
async def clock() -> float:
    return time.time()


class BrokenApp:
    """Stands for a bug outside Litestar, where none of its handlers can answer."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send) -> None:
        if scope.get("path") == "/escape":
            raise RuntimeError("escaped")
        await self.app(scope, receive, send)


logs.configure("test")
app = wrap(
    BrokenApp(
        Litestar(
            [
                home,
                send_form,
                sign_in,
                send_file,
                number,
                bug,
                listing,
                limited,
                order,
                refused,
                stream,
                watch,
                clock,
            ],
            exception_handlers=Problems().handlers(),
            after_request=roll_back_refusals,
            dependencies={"tx": transaction(begin), "form": Provide(form), "paging": paging},
            guards=[csrf.guard] if os.environ.get("TEST_CSRF") else [],
            middleware=[
                DefineMiddleware(
                    Idempotency,
                    store=RedisStore(redis, b"i" * 32),
                    caller=lambda scope: header(scope, "authorization"),
                )
            ],
            openapi_config=None,
            logging_config=None,
        )
    ),
    is_secure=True,
    trusted_proxies=["127.0.0.0/8"],
    body_wait_s=BODY_WAIT_S,
    assets=("/static/built/",),
)
