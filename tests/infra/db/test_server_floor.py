"""Servers without the fix of CVE-2026-120154 are refused in production, told of in a demo."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx
import pytest
import structlog
from sqlalchemy import text

from infra.db.floor import ServerTooOld, judge_server, look
from infra.db.migrate import upgrade
from infra.db.roles import MIGRATOR
from infra.db.session import Database
from infra.ground import Ground
from infra.http.asgi import Receive, Scope, Send
from mentorweave.asgi import Roof
from tests.conftest import Servers
from workers import relay, runner


@pytest.mark.parametrize("number", [150020, 160016, 170012, 180007, 180100, 190000])
def test_server_at_or_above_its_floor_is_taken(number: int) -> None:
    assert judge_server(number, refuse=True)


@pytest.mark.parametrize("number", [140050, 150019, 160015, 170011, 180006])
def test_older_server_is_refused_or_told_of(number: int) -> None:
    with pytest.raises(ServerTooOld, match=f"{number // 10000}.{number % 10000} is too old"):
        judge_server(number, refuse=True)

    assert not judge_server(number, refuse=False)


def test_migrations_do_not_run_on_a_server_that_is_refused(servers: Servers) -> None:
    with pytest.raises(ServerTooOld):  # the embedded server is 18.6
        upgrade(servers.url(MIGRATOR), servers.signer, refuse_old_server=True)


@pytest.fixture
async def strict(ground: Ground) -> AsyncIterator[Ground]:
    """The same server, looked at as in production: the embedded 18.6 is older than its floor."""
    settings = replace(ground.settings, database=replace(ground.settings.database, refuse_old_server=True))
    database = Database(settings.database, ground.keyring.context_signer())
    yield replace(ground, settings=settings, database=database)
    await database.close()


@pytest.fixture
def own_logs() -> Iterator[None]:
    """A process that begins sets up its logs; those of the tests come back."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


async def test_no_process_begins_on_such_a_server(strict: Ground, own_logs: None) -> None:
    for begin in (runner.work, runner.match, relay.run):
        with pytest.raises(ServerTooOld):
            begin(strict.settings)
    with pytest.raises(ServerTooOld):
        look(strict.settings.database)


def test_a_server_that_is_away_is_judged_when_it_is_back(servers: Servers) -> None:
    look(replace(servers.settings(), relay_url="postgresql+psycopg://x:y@127.0.0.1:1/z"))


async def test_each_connection_is_judged(strict: Ground) -> None:
    with pytest.raises(ServerTooOld):
        async with strict.database.platform_session("resolver") as connection:
            await connection.execute(text("SELECT 1"))


async def _no_door(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("nobody goes through a door")


async def _ready(ground: Ground) -> tuple[int, str]:
    roof = httpx.ASGITransport(Roof(ground, _no_door, _no_door))
    async with httpx.AsyncClient(transport=roof, base_url="http://any.localhost") as client:
        answer = await client.get("/readyz")
    return answer.status_code, answer.text


async def test_readyz_says_it(ground: Ground, strict: Ground) -> None:
    assert await _ready(ground) == (200, "ready, on an old database server")
    assert await _ready(strict) == (503, "not ready: old database server")
