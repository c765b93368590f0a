"""A page reads the rows that it shows, not all that an organisation has."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import create_engine, event, select

from infra.db import migrate, roles
from infra.db.policies import grows
from infra.db.session import Database
from tenants.actor import Actor
from tenants.people import queries as people
from tenants.pools import actions as pools
from tenants.programmes.models import Cycle
from tenants.proposals import listing
from tenants.registration import queries as registration
from tenants.registration.models import Status
from tenants.relationships import queries as relationships
from tenants.reports import people as everybody
from tenants.reports import pipeline
from tenants.reports.people import Wanted
from tenants.reports.pipeline import Chosen
from tests import making
from tests.conftest import PASSWORDS
from tests.performance import crowd

PEOPLE = 6_000  # so that no table is small enough to be read whole
SHOWN = 20
ALONE = "reading"  # its database
ONE_CYCLE = "ALTER TABLE {} ALTER COLUMN cycle_id {}"  # in which the people of one organisation are
GROWING = ("person", "participation", "proposal", "relationship")
Read = Callable[[Any, Actor], Awaitable[Any]]

LISTS: dict[str, Read] = {
    "people": lambda session, actor: everybody.people(session, actor, Wanted(), limit=SHOWN),
    "people, API": lambda session, actor: people.people(session, actor, limit=SHOWN),
    "participations": lambda session, actor: registration.participations(session, actor, limit=SHOWN),
    "participations, ready": lambda session, actor: registration.participations(
        session, actor, statuses=[Status.READY], limit=SHOWN
    ),
    "pipeline": lambda session, actor: pipeline.waiters(session, actor, Chosen(), limit=SHOWN),
    "pipeline, mentors": lambda session, actor: pipeline.waiters(
        session, actor, Chosen(role="mentor"), limit=SHOWN
    ),
    "board": lambda session, actor: pipeline.board(session, actor, Chosen()),
    "proposals": lambda session, actor: listing.listed(session, actor, limit=SHOWN),
    "pairs": lambda session, actor: relationships.listed(session, actor, limit=SHOWN),
    "proposals, open": lambda session, actor: listing.listed(session, actor, states=["open"], limit=SHOWN),
}
# The same of one cycle, which to the planner is some cycle of some organisation.
CYCLES: dict[str, Callable[[Any, Actor, UUID], Awaitable[Any]]] = {
    "participations": lambda session, actor, cycle_id: registration.participations(
        session, actor, cycle_id=cycle_id, limit=SHOWN
    ),
    "pipeline": lambda session, actor, cycle_id: pipeline.waiters(
        session, actor, Chosen(cycle_id=cycle_id), limit=SHOWN
    ),
    "proposals": lambda session, actor, cycle_id: listing.listed(
        session, actor, cycle_id=cycle_id, limit=SHOWN
    ),
    "proposals, open": lambda session, actor, cycle_id: listing.listed(
        session, actor, cycle_id=cycle_id, states=["open"], limit=SHOWN
    ),
    "pairs": lambda session, actor, cycle_id: relationships.listed(
        session, actor, cycle_id=cycle_id, limit=SHOWN
    ),
}


@pytest.fixture(scope="module")
async def database(servers: Any) -> AsyncIterator[Database]:
    """One of its own, in which the planner expects the same whatever has run before."""
    superuser = create_engine(servers.postgres.admin_url())
    migrate.install(superuser, ALONE, PASSWORDS)
    superuser.dispose()
    migrate.upgrade(servers.url(roles.MIGRATOR, ALONE), servers.signer)
    made = Database(servers.settings(ALONE), servers.signer)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def cora(database: Database, servers: Any) -> Actor:
    """A coordinator of thousands, between whom proposals and pairs stand."""
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    async with database.tenant_session(made.coordinator.context()) as session:
        await pools.ensure_pool(session, made.coordinator, launched.cycle.id)
    url = servers.postgres.admin_url(ALONE).replace("+psycopg", "")
    crowd.fill(url, made.id, people=PEOPLE)
    crowd.settle(url)
    return made.coordinator


@pytest.fixture(scope="module", params=[(6_000, True), (20, True), (4, True), (20, False), (4, False)])
def believed(cora: Actor, servers: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """
    As many rows as the planner may expect of any organisation, whatever we tell it to; in tables that are tidied up, and
    in those in which much was written since, of which no index can be read alone.
    """
    rows, is_tidy = request.param
    url = servers.postgres.admin_url(ALONE).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        for table in GROWING:
            connection.execute(grows(table, rows))
            if table != "person":
                connection.execute(ONE_CYCLE.format(table, f"SET (n_distinct = {-1 / rows})"))
            connection.execute(f"ANALYZE {table}")
            if not is_tidy:
                connection.execute("UPDATE pg_class SET relallvisible = 0 WHERE relname = %s", [table])
        yield
        for table in GROWING:
            connection.execute(grows(table))
            if table != "person":
                connection.execute(ONE_CYCLE.format(table, "RESET (n_distinct)"))
            connection.execute(f"ANALYZE {table}")


@pytest.mark.usefixtures("believed")
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_reads_what_it_shows(database: Database, cora: Actor, name: str) -> None:
    await reads_little(database, cora, LISTS[name], shows_all=name != "board")


@pytest.mark.usefixtures("believed")
@pytest.mark.parametrize("name", CYCLES)
async def test_a_list_of_one_cycle_reads_what_it_shows(database: Database, cora: Actor, name: str) -> None:
    async with database.tenant_session(cora.context()) as session:
        cycle_id = (await session.execute(select(Cycle.id))).scalar_one()
    await reads_little(database, cora, lambda session, actor: CYCLES[name](session, actor, cycle_id))


async def reads_little(database: Database, cora: Actor, read: Read, *, shows_all: bool = True) -> None:
    async with database.tenant_session(cora.context()) as session:
        connection = await session.connection()
        plans: list[dict[str, Any]] = []

        def explained(_connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given)
            plans.append(cursor.fetchone()[0][0]["Plan"])

        event.listen(connection.sync_connection, "before_cursor_execute", explained)
        shown = await read(session, cora)
    assert len(shown) == SHOWN or not shows_all
    most = max(rows for plan in plans for rows in _rows(plan))
    # Filters let one row in three or in five pass, in each of four stages; whoever sorts has read thousands.
    assert most <= PEOPLE / 10


@pytest.mark.parametrize("table", GROWING)
def test_a_foreign_key_is_checked_by_the_primary_key(cora: Actor, servers: Any, table: str) -> None:
    """PostgreSQL's own statement for it. How small the others are must not matter: we tell ANALYZE another number."""
    check = f"SELECT 1 FROM ONLY {table} x WHERE organisation_id = $1 AND id = $2 FOR KEY SHARE OF x"
    url = servers.postgres.admin_url(ALONE).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        row = connection.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {check}").fetchone()
    assert row
    assert row[0][0]["Plan"]["Plans"][0]["Index Name"] == f"{table}_pkey"


def _rows(node: dict[str, Any]) -> Iterator[float]:
    """What each step of a plan has read of the tables that grow: what it kept and what it threw away."""
    if node.get("Relation Name") in GROWING or "Join Type" in node:
        thrown_away = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
        yield (node["Actual Rows"] + thrown_away) * node["Actual Loops"]
    for below in node.get("Plans", []):
        yield from _rows(below)
