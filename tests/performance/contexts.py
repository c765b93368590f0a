"""What a signed context costs a transaction, beside the same transaction with a plain setting."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.session import translated
from infra.ground import Ground
from tests import making
from tests.installation import Installation
from tests.performance.report import Row, percentile

TRANSACTIONS = 1_500
OVERHEAD_US = 60.0
PLAIN = (
    "DROP SCHEMA IF EXISTS bench CASCADE",
    "CREATE SCHEMA bench",
    "CREATE TABLE bench.office (LIKE office INCLUDING ALL)",
    "ALTER TABLE bench.office ENABLE ROW LEVEL SECURITY",
    """CREATE POLICY tenant ON bench.office
       USING (organisation_id = (SELECT nullif(current_setting('bench.organisation', true), '')::uuid))""",
    "GRANT USAGE ON SCHEMA bench TO mentorweave_app",
    "GRANT SELECT ON bench.office TO mentorweave_app",
)
_SET_PLAIN = text("SELECT set_config('bench.organisation', :organisation, true)")
_READ_PLAIN = text("SELECT name FROM bench.office")
_READ_SIGNED = text("SELECT name FROM office")


async def measure(installation: Installation, *, runs: int) -> list[Row]:
    with psycopg.connect(installation.admin_url, autocommit=True) as connection:
        for statement in PLAIN:
            connection.execute(statement)
    ground = installation.ground()
    try:
        made = await making.organisation(ground.database)
        found = [await _both(ground, made) for _ in range(runs)]
    finally:
        await ground.close()
    signed, plain = zip(*found, strict=True)
    costs = [one - other for one, other in found]
    return [
        Row("Transaction with a plain setting, p50", plain, "µs"),
        Row("The same with a signed context, p50", signed, "µs"),
        Row("What the signature costs", costs, "µs", at_most=OVERHEAD_US),
    ]


async def _both(ground: Ground, made: making.Made) -> tuple[float, float]:
    """In turns, so that what else the machine does falls on both."""
    signed, plain = [], []
    for _ in range(TRANSACTIONS):
        signed.append(await _signed(ground, made))
        plain.append(await _plain(ground, made.id))
    return percentile(signed, 50), percentile(plain, 50)


async def _signed(ground: Ground, made: making.Made) -> float:
    begun = time.perf_counter()
    async with ground.database.tenant_session(made.house.context()) as session:
        await session.execute(_READ_SIGNED)
    return 1e6 * (time.perf_counter() - begun)


async def _plain(ground: Ground, organisation_id: UUID) -> float:
    begun = time.perf_counter()
    async with _plain_session(ground, organisation_id) as session:
        await session.execute(_READ_PLAIN)
    return 1e6 * (time.perf_counter() - begun)


@asynccontextmanager
async def _plain_session(ground: Ground, organisation_id: UUID) -> AsyncIterator[AsyncSession]:
    """`Database.tenant_session` word for word, on the same pool, but for the signature."""
    engine = ground.database._app
    async with translated(), AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        await session.execute(_SET_PLAIN, {"organisation": str(organisation_id)})
        yield session
