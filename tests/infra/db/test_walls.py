"""
Whatever ends a transaction, its connection carries nothing to the next; whatever is done to a context, it opens nothing.

MENTORWEAVE_WALLS says how many of each: 10,000 in the long proof.
"""

import asyncio
import contextlib
import os
import random
import time

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from infra import ids
from infra.db.context import Context
from infra.db.session import Database
from tenants.people.models import Person
from tests.infra.db.test_session import make_organisation

HOW_MANY = int(os.environ.get("MENTORWEAVE_WALLS", "400"))
AT_ONCE = 8
WAYS = ("commit", "error", "statement", "cancel", "timeout", "gone")


class OnPurpose(Exception):
    pass


async def _use(database: Database, organisation, way: str, chance: random.Random) -> None:
    """A transaction of the organisation, ended in one of the ways in which transactions end."""

    async def body() -> None:
        async with database.tenant_session(Context(organisation)) as session:
            assert (await session.execute(select(func.count()).select_from(Person))).scalar_one() == 1
            if way == "error":
                raise OnPurpose
            if way == "statement":
                await session.execute(text("SELECT 1/0"))
            if way in ("cancel", "timeout"):
                await session.execute(text("SELECT pg_sleep(0.5)"))
            if way == "gone":
                await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    task = asyncio.create_task(body())
    if way == "cancel":
        await asyncio.sleep(chance.random() * 0.01)
        task.cancel()
    if way == "timeout":
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(task, chance.random() * 0.01)
        return
    with contextlib.suppress(OnPurpose, asyncio.CancelledError, Exception):
        await task


async def _empty(database: Database) -> None:
    """What the next caller finds who sets no context."""
    async with database._app.connect() as connection:
        found = await connection.execute(
            text("SELECT current_setting('app.context', true), count(*) FROM person")
        )
        context, people = found.one()
        assert context in (None, "")
        assert people == 0


async def test_no_checkout_brings_somebody_elses_context(database: Database) -> None:
    organisations = [await make_organisation(database, people=1) for _ in range(3)]
    chance = random.Random(20261122)

    async def keep_on(count: int) -> None:
        for _ in range(count):
            # The rare ways cost a new connection each.
            way = chance.choices(WAYS, (40, 20, 20, 10, 8, 2))[0]
            await _use(database, chance.choice(organisations), way, chance)
            await _empty(database)

    await asyncio.gather(*(keep_on(HOW_MANY // AT_ONCE) for _ in range(AT_ONCE)))


def _forged(signed: str, other: str, chance: random.Random) -> str:
    """A context that the application has not signed as it stands."""
    body, mac = signed.split(".")
    organisation, person, roles, expiry = body.split("|")
    kind = chance.randrange(10)
    if kind == 0:
        place = chance.randrange(len(signed))
        return signed[:place] + chr(33 + (ord(signed[place]) - 32) % 90) + signed[place + 1 :]
    if kind == 1:
        return f"{other}|{person}|{roles}|{expiry}.{mac}"
    if kind == 2:
        return f"{organisation}|{person}|owner|{expiry}.{mac}"
    if kind == 3:
        return f"{organisation}|{person}|{roles}|{int(expiry) + chance.randrange(1, 10**6)}.{mac}"
    if kind == 4:
        return f"{body}.{mac[: chance.randrange(64)]}"
    if kind == 5:
        return f"{body}.{chance.randbytes(32).hex()}"
    if kind == 6:
        return body
    if kind == 7:
        return f"{body}.{mac.upper()}" if mac != mac.upper() else f"{body}."
    if kind == 8:
        return f"{body}|{chance.randrange(10**6)}.{mac}"
    return chance.randbytes(chance.randrange(1, 40)).hex()


async def test_no_forged_context_opens_anything(database: Database) -> None:
    organisation = await make_organisation(database, people=1)
    other = str(ids.new())
    signer = database._signer
    chance = random.Random(20261122)
    refused = 0
    for _ in range(HOW_MANY):
        forged = _forged(signer.sign(Context(organisation).body()), other, chance)
        async with database._app.connect() as connection:
            await connection.execute(text("SELECT set_config('app.context', :c, true)"), {"c": forged})
            with pytest.raises(DBAPIError) as error:
                await connection.execute(text("SELECT count(*) FROM person"))
            refused += getattr(error.value.orig, "sqlstate", None) == "42501"
    assert refused == HOW_MANY


async def test_an_old_context_opens_nothing(database: Database) -> None:
    organisation = await make_organisation(database, people=1)
    signed = database._signer.sign(f"{organisation}|||{int(time.time()) - 1}")
    async with database._app.connect() as connection:
        await connection.execute(text("SELECT set_config('app.context', :c, true)"), {"c": signed})
        with pytest.raises(DBAPIError, match="context expired"):
            await connection.execute(text("SELECT count(*) FROM person"))
