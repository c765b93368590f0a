"""A house of its own: another key database and another keyring, over the main database of all tests."""

import dataclasses
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from infra.crypto.envelope import Place
from infra.db.context import Context
from infra.db.session import Database
from infra.ground import Ground
from infra.keys import logins, opening, schema
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.settings import KeySettings
from tests.conftest import PASSWORDS, Servers
from tests.infra.keys.rotating import COLUMN

_INSERT = text("""
    INSERT INTO identity_provider (organisation_id, id, name, kind, issuer, client_id, domains, state, secret)
    VALUES (:tenant, :id, '', 'other', '', :id, '[]', 'closed', :sealed)""")
_SELECT = text("SELECT secret FROM identity_provider WHERE id = :id")


@dataclass(frozen=True)
class Own:
    house: KeyHouse
    settings: KeySettings


async def make_house(servers: Servers, ground: Ground, folder: Path, name: str) -> Own:
    superuser = create_engine(servers.postgres.admin_url())
    schema.install(superuser, PASSWORDS, name)
    superuser.dispose()
    schema.upgrade(servers.url(logins.KEYMAKER, name))
    # The same context key, since the main database is the same; master keys may go their own way.
    shutil.copy2(servers.keyring, folder / f"{name}.json")
    settings = KeySettings(folder / f"{name}.json", servers.url(logins.KEYS, name))
    return Own(open_house(ground, settings), settings)


def open_house(ground: Ground, settings: KeySettings, database: Database | None = None) -> KeyHouse:
    return opening.house(dataclasses.replace(ground.settings, keys=settings), database or ground.database)


@pytest.fixture(scope="session")
async def own(servers: Servers, ground: Ground, folder: Path) -> AsyncIterator[Own]:
    made = await make_house(servers, ground, folder, "keys_of_their_own")
    yield made
    await made.house.close()


async def keep(house: KeyHouse, owner: KeyOwner, content: bytes) -> tuple[KeyOwner, UUID]:
    """Seal and store a value; returns what finds it again."""
    id = uuid4()
    sealed = await house.seal(owner, Place(owner.tenant, COLUMN.table, id, COLUMN.column), content)
    async with house.database.tenant_session(Context(owner.tenant)) as session:
        await session.execute(_INSERT, {"tenant": owner.tenant, "id": id, "sealed": sealed})
    return owner, id


async def read(house: KeyHouse, owner: KeyOwner, id: UUID) -> bytes:
    async with house.database.tenant_session(Context(owner.tenant)) as session:
        sealed = (await session.execute(_SELECT, {"id": id})).scalar_one()
    return await house.unseal(owner, Place(owner.tenant, COLUMN.table, id, COLUMN.column), sealed)
