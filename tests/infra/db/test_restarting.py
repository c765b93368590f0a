"""A server that was away costs nobody who comes after it a refusal."""

import asyncio
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from infra import ids
from infra.db import session as sessions
from infra.db.context import Context
from infra.db.session import Database, DatabaseUnavailable
from tests.conftest import DATABASE, Servers

PID = text("SELECT pg_backend_pid()")


async def used(database: Database) -> set[int]:
    """Let three callers work at once; the server's processes that served them."""

    async def one() -> int:
        async with database.tenant_session(Context(ids.new())) as session:
            pid: int = (await session.execute(PID)).scalar_one()
            await asyncio.sleep(0.05)
        return pid

    return set(await asyncio.gather(one(), one(), one()))


async def kill(servers: Servers, pids: set[int]) -> None:
    with psycopg.connect(servers.postgres.admin_url(DATABASE).replace("+psycopg", "")) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s::int[]) AS pid", [list(pids)]
        )


async def test_connections_that_died_at_rest_fail_nobody(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "RESTED_S", 0.0)
    database = Database(servers.settings(), servers.signer)
    before = await used(database)
    await kill(servers, before)

    after = await used(database)

    await database.close()
    assert len(before) == len(after) == 3
    assert not before & after


async def test_connection_that_dies_at_work_is_told_as_absence(servers: Servers) -> None:
    database = Database(servers.settings(), servers.signer)
    with pytest.raises(DatabaseUnavailable):
        async with database.tenant_session(Context(ids.new())) as session:
            await kill(servers, {(await session.execute(PID)).scalar_one()})
            await session.execute(PID)
    await database.close()


async def test_more_callers_than_connections_are_asked_to_come_again(servers: Servers) -> None:
    database = Database(replace(servers.settings(), pool_size=1, pool_wait_s=0.1), servers.signer)
    context = Context(ids.new())
    async with database.tenant_session(context), database.tenant_session(context):
        with pytest.raises(DatabaseUnavailable):
            async with database.tenant_session(context):
                raise AssertionError("never reached")
    await database.close()
