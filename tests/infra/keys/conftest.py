"""A house of its own (another key database and keyring, over the main database of all tests), and keepers of keys."""

import dataclasses
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from infra.crypto.envelope import Place
from infra.crypto.hierarchy import Keeper
from infra.crypto.keyring import create_keyring
from infra.db.context import Context
from infra.db.session import Database
from infra.ground import Ground
from infra.keys import logins, opening, schema
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.settings import KeySettings
from tests.conftest import PASSWORDS, Servers
from tests.infra.keys.doubles import kms, vault
from tests.infra.keys.rotating import COLUMN

HERE = {"tenant": "00000000-0000-0000-0000-000000000001", "key.id": "a", "key.version": "1"}
KEY = bytes(range(32))
Keeping = Callable[..., Keeper]
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


@pytest.fixture
def settings(tmp_path: Path) -> KeySettings:
    create_keyring(tmp_path / "keyring.json")
    token = tmp_path / "token"
    token.write_text("s.first\n")
    token.chmod(0o600)
    return KeySettings(tmp_path / "keyring.json", vault_token_file=token)


@pytest.fixture
async def keeping(settings: KeySettings) -> AsyncIterator[Keeping]:
    """Makes keepers as the settings say, but for some changes, and closes them after the test."""
    made: list[Keeper] = []

    def keeper(**changes: Any) -> Keeper:
        made.append(opening.provider(dataclasses.replace(settings, **changes)))
        return made[-1]

    yield keeper
    for one in made:
        await one.close()


@pytest.fixture
def aws_kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[kms.KmsDouble]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", kms.ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", kms.SECRET)
    with kms.KmsDouble() as double:
        double.make_key()
        yield double


@pytest.fixture
def transit() -> Iterator[vault.VaultDouble]:
    with vault.VaultDouble() as double:
        yield double
