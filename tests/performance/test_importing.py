"""What a roster costs the database, counted in rows, in a house that has only just moved in."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import create_engine, select

from infra.db import bulk, migrate, roles
from infra.db.session import Database
from infra.ground import Ground
from tenants.pools.actions import MANY, rebuild_cards
from tenants.pools.models import PoolCard
from tenants.programmes.starters import StarterName
from tenants.registration.importing import actions, committing
from tenants.registration.models import ImportState, Participation, Status
from tests.conftest import PASSWORDS, Servers
from tests.tenants.registration.importing.desk import FULL, Desk, desk

HOUSE = "just_moved_in"
PEOPLE = 1_000
READ = """
    SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)
"""


@pytest.fixture
async def at(ground: Ground, servers: Servers) -> AsyncIterator[Desk]:
    """A desk in a database of its own, of which the planner knows nothing yet."""
    superuser = create_engine(servers.postgres.admin_url())
    migrate.install(superuser, HOUSE, PASSWORDS)
    superuser.dispose()
    migrate.upgrade(servers.url(roles.MIGRATOR, HOUSE), servers.signer)
    database = Database(servers.settings(HOUSE), servers.signer)
    yield await desk(replace(ground, database=database), starter=StarterName.MENTOR_NETWORK)
    await database.close()


async def test_import_and_revert_look_each_person_up_by_her_key(at: Desk, servers: Servers) -> None:
    names = [(f"Ana Person {number}", f"ana{number}@example.org", "Mentor") for number in range(PEOPLE)]
    import_id = await at.people(*names)

    done = await at.commit(import_id, Status.REGISTERED)
    assert done.counts["imported"] == PEOPLE
    read = await rows_read(at, servers)
    # Six foreign keys look for each person, the first five hundred of whom are looked for among themselves.
    assert read < 1_000 * PEOPLE

    done = await at.revert(import_id)
    assert done.state == ImportState.REVERTED
    assert await rows_read(at, servers) - read < 200 * PEOPLE


async def test_an_import_is_not_slowed_by_whoever_counts_meanwhile(at: Desk, servers: Servers) -> None:
    """As autovacuum does: it passes over what is locked, and gives up what somebody waits for."""
    names = [(f"Ana Person {number}", f"ana{number}@example.org", "Mentor") for number in range(PEOPLE)]
    import_id = await at.people(*names)
    before = await rows_read(at, servers)
    is_over = threading.Event()

    def count() -> int:
        url, times = servers.postgres.admin_url(HOUSE).replace("+psycopg", ""), 0
        with psycopg.connect(url, autocommit=True) as connection:
            while not is_over.wait(0.02):
                connection.execute("ANALYZE (SKIP_LOCKED) person, participation")
                times += 1
        return times

    counting = asyncio.create_task(asyncio.to_thread(count))
    try:
        done = await at.commit(import_id, Status.REGISTERED)
    finally:
        is_over.set()
        times = await counting
    assert times > 1
    assert done.counts["imported"] == PEOPLE
    assert await rows_read(at, servers) - before < 1_000 * PEOPLE


async def test_an_import_is_not_slowed_by_one_that_came_to_nothing(
    at: Desk, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages are left, and whoever counts then sees many pages and nobody in them."""
    many = 3 * PEOPLE
    names = [(f"Ana Person {number}", f"ana{number}@example.org", "Mentor") for number in range(many)]
    import_id = await at.people(*names)
    with monkeypatch.context() as broken:
        broken.delattr(committing.Totals, "counts")
        with pytest.raises(AssertionError, match="'Totals' object has no attribute 'counts'"):
            await at.commit(import_id, Status.REGISTERED)
    await at.do(actions.check_again, import_id)
    url = servers.postgres.admin_url(HOUSE).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE person, participation")
    before = await rows_read(at, servers)

    done = await at.commit(import_id, Status.REGISTERED)
    assert done.counts["imported"] == many
    assert await rows_read(at, servers) - before < 1_000 * many


async def test_cards_are_not_slowed_by_whoever_was_counted_before(at: Desk, servers: Servers) -> None:
    """Of an organisation that nobody had seen when the tables were counted, the planner expects nobody."""
    whole = ("Mentor", "+45 70123456", "English", "Europe/Copenhagen", "Leadership", "", "2")
    people = [(f"Ana Person {number}", f"ana{number}@example.org", *whole) for number in range(3 * PEOPLE)]
    first = await at.people(*people[:PEOPLE], header=FULL)
    await at.commit(first, Status.READY, interviews_held=True)
    url = servers.postgres.admin_url(HOUSE).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE person, participation, pool_card")
    later = await desk(at.ground, starter=StarterName.MENTOR_NETWORK)
    import_id = await later.people(*people, header=FULL)
    before = await rows_read(at, servers)

    done = await later.commit(import_id, Status.READY, interviews_held=True)
    assert done.counts["imported"] == len(people)
    assert await later.count(PoolCard) == len(people)
    assert await rows_read(at, servers) - before < 200 * len(people)


async def test_cards_are_made_anew_as_quickly_after_a_vacuum(at: Desk, servers: Servers) -> None:
    """Then an index alone seems to be the cheapest way to find whoever is asked for, and would be read whole each time."""
    whole = ("Mentor", "+45 70123456", "English", "Europe/Copenhagen", "Leadership", "", "2")
    people = [(f"Ana Person {number}", f"ana{number}@example.org", *whole) for number in range(3 * PEOPLE)]
    await at.commit(await at.people(*people, header=FULL), Status.READY, interviews_held=True)
    url = servers.postgres.admin_url(HOUSE).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) person, participation, pool_card, consent")
    before = await rows_read(at, servers)

    async with at.ground.database.tenant_session(at.actor.context()) as session:
        everybody = list(await session.scalars(select(Participation.id)))
    for some in bulk.batches(everybody, MANY):
        async with at.ground.database.tenant_session(at.actor.context()) as session:
            await rebuild_cards(session, some)

    assert len(everybody) == len(people)
    assert await rows_read(at, servers) - before < 20 * len(people)


async def rows_read(at: Desk, servers: Servers) -> int:
    """How many rows have been read in all, by an index or without; a server process tells when it ends."""
    await at.ground.database.close()
    url = servers.postgres.admin_url(HOUSE).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND usename <> current_user", [HOUSE]
        ).fetchone():
            pass
        row = connection.execute(READ).fetchone()
        assert row
        return int(row[0])
