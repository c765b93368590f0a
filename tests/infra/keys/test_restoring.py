"""
Backups that bring destroyed keys, or what they sealed, back: nothing of it opens.

The long proof erases a hundred people: KEYS_ERASED=100, as `make soak` asks for it.
"""

import dataclasses
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from infra.db.context import Context
from infra.db.session import Database
from infra.embedded.postgres import binaries
from infra.ground import Ground
from infra.keys import logins, tombstones
from infra.keys.errors import KeyDestroyed
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.keys.store import KeyStore
from infra.keys.tombstones import Replayed
from tests.conftest import DATABASE, Servers
from tests.infra.keys.conftest import Own, keep, make_house, open_house, read
from tests.isolation import canaries

ERASED = int(os.environ.get("KEYS_ERASED", "12"))
Kept = list[tuple[KeyOwner, UUID]]


@dataclasses.dataclass
class Backups:
    """Real dumps of a database, put back as another one."""

    servers: Servers
    folder: Path

    def take(self, database: str, name: str) -> Path:
        path = self.folder / name
        self._run("pg_dump", "--format=custom", f"--file={path}", database)
        return path

    def put_back(self, path: Path, database: str) -> str:
        superuser = create_engine(self.servers.postgres.admin_url(), isolation_level="AUTOCOMMIT")
        with superuser.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'"))
        superuser.dispose()
        self._run("pg_restore", "--exit-on-error", f"--dbname={database}", str(path))
        return database

    def _run(self, program: str, *arguments: str) -> None:
        where = {"PGHOST": str(self.servers.postgres.socket_dir), "PGUSER": "postgres"}
        where["PGPORT"] = str(self.servers.postgres._number)
        done = subprocess.run(
            [binaries() / program, *arguments], env={**os.environ, **where}, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def backups(servers: Servers, folder: Path) -> Iterator[Backups]:
    made = folder / f"backups-{uuid4().hex[:8]}"
    made.mkdir()
    yield Backups(servers, made)
    superuser = create_engine(servers.postgres.admin_url(), isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        for name in ("main_of_before", "keys_of_before"):
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    superuser.dispose()


@pytest.fixture(scope="module")
async def restored_house(servers: Servers, ground: Ground, folder: Path) -> AsyncIterator[Own]:
    made = await make_house(servers, ground, folder, "keys_to_be_restored")
    yield made
    await made.house.close()


async def people(house: KeyHouse, tenant: UUID, count: int) -> Kept:
    kept = []
    for n in range(count):
        person = uuid4()
        kept.append(await keep(house, KeyOwner(tenant, person), f"of {n}".encode()))
        kept.append(await keep(house, KeyOwner(tenant, person, uuid4()), f"about {n}".encode()))
    return kept


async def opened(house: KeyHouse, kept: Kept) -> int:
    count = 0
    for one in kept:
        try:
            await read(house, *one)
        except KeyDestroyed:
            continue
        count += 1
    return count


async def erase(house: KeyHouse, kept: Kept) -> None:
    for owner in {owner.above if owner.record else owner for owner, _ in kept}:
        assert owner is not None
        assert await house.destroy(owner)


async def test_an_older_backup_of_the_main_database_opens_for_nobody_erased(
    restored_house: Own, servers: Servers, ground: Ground, backups: Backups
) -> None:
    house, tenant = restored_house.house, uuid4()
    erased, others = await people(house, tenant, ERASED), await people(house, tenant, 3)
    backup = backups.take(DATABASE, "main")
    await erase(house, erased)

    name = backups.put_back(backup, "main_of_before")
    database = Database(servers.settings(name), ground.keyring.context_signer())
    after = open_house(ground, restored_house.settings, database)
    assert await opened(after, erased) == 0
    assert await opened(after, others) == len(others)
    # And the restored database knows again who was erased, so that a key database put back later does, too.
    async with database.tenant_session(Context(tenant)) as session:
        assert await session.scalar(text("SELECT count(*) FROM key_tombstone")) == ERASED
    await after.close()
    await database.close()


async def test_an_older_backup_of_the_key_database_is_made_to_forget_before_it_opens(
    restored_house: Own, servers: Servers, ground: Ground, backups: Backups
) -> None:
    house, tenant = restored_house.house, uuid4()
    erased, others = await people(house, tenant, ERASED), await people(house, tenant, 3)
    backup = backups.take("keys_to_be_restored", "keys")
    await erase(house, erased)

    name = backups.put_back(backup, "keys_of_before")
    settings = dataclasses.replace(restored_house.settings, database_url=servers.url(logins.KEYS, name))
    store = KeyStore(settings.database_url or "", ground.settings.database, 1)
    async with store.transaction() as connection:
        there = await connection.scalar(
            text("SELECT count(*) FROM key WHERE tenant = :tenant AND subject = ANY (:erased)"),
            {"tenant": tenant, "erased": [owner.subject for owner, _ in erased]},
        )
    assert there == 2 * ERASED, "the backup holds the keys that were destroyed since"

    after = open_house(ground, settings)
    assert await opened(after, erased) == 0
    assert await opened(after, others) == len(others)
    assert await tombstones.replay(ground.database, store) == Replayed()
    await after.close()
    await store.close()


async def test_a_destruction_that_ended_halfway_is_ended_by_the_next_comparison(
    restored_house: Own, ground: Ground
) -> None:
    house, tenant = restored_house.house, uuid4()
    owner, id = await keep(house, KeyOwner(tenant, uuid4()), b"a")
    # The process ends after the tombstone is written, and before the key is deleted.
    await tombstones.write(ground.database, owner)

    other_process = open_house(ground, restored_house.settings)
    with pytest.raises(KeyDestroyed):
        await read(other_process, owner, id)
    await other_process.close()


async def test_the_application_buries_no_organisation(own: Own, servers: Servers, ground: Ground) -> None:
    """A row without a subject is refused; and where one lies all the same, it destroys nothing."""
    tenant = uuid4()
    kept = await keep(own.house, KeyOwner(tenant, uuid4()), b"a")
    planted = {"tenant": tenant, "id": KeyOwner(tenant).tombstone_id()}
    insert = text("INSERT INTO key_tombstone (organisation_id, id) VALUES (:tenant, :id)")
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with ground.database.tenant_session(Context(tenant)) as session:
            await session.execute(insert, planted)
    with canaries.superuser(servers) as connection:
        connection.execute(insert, planted)
    await tombstones.replay(ground.database, own.house.store)
    assert await opened(own.house, [kept]) == 1
