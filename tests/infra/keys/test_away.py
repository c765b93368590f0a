"""What keeps keys away is named, costs nothing else, and passes by itself."""

import asyncio
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest

from infra.keys import house as house_module
from infra.keys import store, tombstones
from infra.keys.errors import KeyServiceUnavailable
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.keys.store import KeyStore
from tests.infra.keys.conftest import Own, keep, open_house


@pytest.fixture(autouse=True)
def _patience(monkeypatch) -> None:
    """A busy machine is no slow keeper."""
    monkeypatch.setattr(house_module, "ASKED_FOR_S", 60.0)


async def test_nothing_is_away(own: Own) -> None:
    assert await own.house.away() is None


async def test_an_installation_without_a_key_database_says_so(ground) -> None:
    house = KeyHouse(ground.database, None, ground.keys.provider)
    assert await house.away() == "no_key_database"
    await house.close()


async def test_a_keyring_that_others_may_read_is_named_and_then_well_again(
    own: Own, ground, monkeypatch
) -> None:
    monkeypatch.setattr(house_module, "ASKED_EACH_S", 0.0)
    house = open_house(ground, own.settings)
    own.settings.keyring.chmod(0o644)
    assert await house.away() == "keyring"
    own.settings.keyring.chmod(0o600)
    assert await house.away() is None
    await house.close()


async def test_a_slow_keeper_keeps_nobody_waiting(own: Own, ground, monkeypatch) -> None:
    monkeypatch.setattr(house_module, "ASKED_FOR_S", 0.01)
    house = open_house(ground, own.settings)
    answers = asyncio.Event()
    right = house.provider.wrap

    async def slow(*given):
        await answers.wait()
        return await right(*given)

    monkeypatch.setattr(house.provider, "wrap", slow)
    assert await house.away() == "slow"
    answers.set()
    await house._asking
    assert await house.away() is None
    await house.close()


async def test_readyz_names_it_and_stays_ready(app, ground, monkeypatch) -> None:
    monkeypatch.setattr(ground.keys, "_asked_at", None)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://any.localhost"
    ) as client:
        assert "keys" not in (await client.get("/readyz")).text

        away = KeyStore("postgresql+psycopg://nobody@127.0.0.1:1/none", ground.settings.database, 1)
        monkeypatch.setattr(ground.keys, "_store", away)
        monkeypatch.setattr(ground.keys, "_asked_at", None)
        answer = await client.get("/readyz")
        assert answer.status_code == 200
        assert answer.text.endswith("; keys are away: key_database")
        await away.close()
    monkeypatch.undo()
    ground.keys._asked_at = None


async def test_who_asks_a_key_database_that_is_away_waits_once(ground) -> None:
    away = KeyStore("postgresql+psycopg://nobody@127.0.0.1:1/none", ground.settings.database, 1)
    house = KeyHouse(ground.database, away, ground.keys.provider)
    tried = 0

    def begin(right=away._engine.begin):
        nonlocal tried
        tried += 1
        return right()

    away._engine = SimpleNamespace(begin=begin, dispose=away._engine.dispose)
    for _ in range(3):
        with pytest.raises(KeyServiceUnavailable):
            await house.compare()
    assert tried == 1
    away._away_until = 0.0
    with pytest.raises(KeyServiceUnavailable):
        await house.compare()
    assert tried == 2
    await house.close()


async def test_readiness_destroys_again_what_was_destroyed(own: Own, ground) -> None:
    owner, _ = await keep(own.house, KeyOwner(uuid4(), uuid4()), b"a")
    await tombstones.write(ground.database, owner)
    booting = open_house(ground, own.settings)
    assert await booting.away() is None
    async with own.house.store.transaction() as connection:
        assert [key.owner for key in await store.chain(connection, owner)] == [KeyOwner(owner.tenant)]
        assert await store.is_buried(connection, owner)
    await booting.close()
