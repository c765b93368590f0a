"""A page reads the rows that it shows, not all that an organisation has."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from infra.db.session import Database
from tenants.actor import Actor
from tenants.people import queries as people
from tenants.pools import actions as pools
from tenants.proposals import listing
from tenants.registration import queries as registration
from tenants.registration.models import Status
from tenants.relationships import queries as relationships
from tenants.reports import people as everybody
from tenants.reports import pipeline
from tenants.reports.people import Wanted
from tenants.reports.pipeline import Chosen
from tests import making
from tests.performance import crowd

PEOPLE = 6_000  # so that no table is small enough to be read whole
SHOWN = 20
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


@pytest.fixture(scope="module")
async def cora(database: Database, servers: Any) -> Actor:
    """A coordinator of thousands, between whom proposals and pairs stand."""
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    async with database.tenant_session(made.coordinator.context()) as session:
        await pools.ensure_pool(session, made.coordinator, launched.cycle.id)
    url = servers.postgres.admin_url("mentorweave").replace("+psycopg", "")
    crowd.fill(url, made.id, people=PEOPLE)
    crowd.settle(url)
    return made.coordinator


@pytest.fixture(scope="module", params=[6_000, 20, 4])
def believed(cora: Actor, servers: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """As many rows as the planner expects of any organisation: the average, which tiny ones beside it bring down."""
    url = servers.postgres.admin_url("mentorweave").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        for table in GROWING:
            change = f"ALTER TABLE {table} ALTER COLUMN organisation_id"
            connection.execute(f"{change} SET (n_distinct = {-1 / request.param})")
            connection.execute(f"ANALYZE {table}")
        yield
        for table in GROWING:
            change = f"ALTER TABLE {table} ALTER COLUMN organisation_id"
            connection.execute(f"{change} RESET (n_distinct)")
            connection.execute(f"ANALYZE {table}")


@pytest.mark.usefixtures("believed")
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_reads_what_it_shows(database: Database, cora: Actor, name: str) -> None:
    read = LISTS[name]
    async with database.tenant_session(cora.context()) as session:
        connection = await session.connection()
        plans: list[dict[str, Any]] = []

        def explained(_connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given)
            plans.append(cursor.fetchone()[0][0]["Plan"])

        event.listen(connection.sync_connection, "before_cursor_execute", explained)
        shown = await read(session, cora)
    assert len(shown) == SHOWN or name == "board"
    most = max(rows for plan in plans for rows in _rows(plan))
    # Filters let one row in three or in five pass, in each of four stages; whoever sorts has read thousands.
    assert most <= PEOPLE / 10


def _rows(node: dict[str, Any]) -> Iterator[float]:
    """What each step of a plan has read of the tables that grow: what it kept and what it threw away."""
    if node.get("Relation Name") in GROWING or "Join Type" in node:
        thrown_away = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
        yield (node["Actual Rows"] + thrown_away) * node["Actual Loops"]
    for below in node.get("Plans", []):
        yield from _rows(below)
