import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from infra.crypto import envelope
from infra.crypto.envelope import Place
from infra.crypto.errors import TamperedCiphertext
from infra.db import roles
from infra.ground import Ground
from infra.keys import logins, schema, store
from infra.keys.errors import KeyDestroyed, KeyMissing, KeyServiceUnavailable
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.keys.store import KeyStore
from tests.conftest import Servers

TEXT = b"Dear Njeri, this stays between us."


def place(tenant: UUID, column: str = "body") -> Place:
    return Place(tenant, "note", uuid4(), column)


@pytest.fixture
def owner() -> KeyOwner:
    return KeyOwner(uuid4(), uuid4(), uuid4())


@pytest.fixture
def house(ground: Ground) -> KeyHouse:
    return ground.keys


async def keys_of(house: KeyHouse, owner: KeyOwner) -> list[store.StoredKey]:
    async with house.store.transaction() as connection:
        return await store.chain(connection, owner)


async def test_what_is_sealed_for_a_record_a_subject_or_the_organisation_opens(house: KeyHouse) -> None:
    tenant, subject = uuid4(), uuid4()
    for owner in (KeyOwner(tenant, subject, uuid4()), KeyOwner(tenant, subject), KeyOwner(tenant)):
        here = place(tenant)
        sealed = await house.seal(owner, here, TEXT)
        assert await house.unseal(owner, here, sealed) == TEXT
        assert len(sealed) == len(TEXT) + envelope.OVERHEAD


async def test_keys_lie_under_keys_and_are_made_once(house: KeyHouse, owner: KeyOwner) -> None:
    for _ in range(3):
        await house.seal(owner, place(owner.tenant), TEXT)

    record, subject, tenant = sorted(await keys_of(house, owner), key=lambda key: len(key.owner.context()))[
        ::-1
    ]
    assert record.owner == owner
    assert (record.outer_id, subject.outer_id, tenant.outer_id) == (subject.id, tenant.id, None)


async def test_ten_first_seals_at_once_make_one_key(house: KeyHouse, owner: KeyOwner) -> None:
    here = place(owner.tenant)
    sealed = await asyncio.gather(*(house.seal(owner, here, TEXT) for _ in range(10)))

    keys = await keys_of(house, owner)
    assert len(keys) == 3
    assert {envelope.key_id(one) for one in sealed} == {key.id for key in keys if key.owner == owner}


async def test_another_owner_or_place_does_not_open_it(house: KeyHouse, owner: KeyOwner) -> None:
    here = place(owner.tenant)
    sealed = await house.seal(owner, here, TEXT)
    await house.seal(KeyOwner(owner.tenant, owner.subject), here, TEXT)
    elsewhere = (
        (KeyOwner(owner.tenant, owner.subject, uuid4()), here, KeyMissing),
        (KeyOwner(owner.tenant, uuid4(), owner.record), here, KeyMissing),
        (owner, place(owner.tenant), TamperedCiphertext),
        (owner, Place(here.tenant, here.table, here.row, "title"), TamperedCiphertext),
    )
    for whose, where, error in elsewhere:
        with pytest.raises(error):
            await house.unseal(whose, where, sealed)


async def test_the_subjects_own_bytes_do_not_open_as_a_records(house: KeyHouse, owner: KeyOwner) -> None:
    here = place(owner.tenant)
    await house.seal(owner, here, TEXT)
    sealed = await house.seal(KeyOwner(owner.tenant, owner.subject), here, TEXT)
    with pytest.raises(TamperedCiphertext) as found:
        await house.unseal(owner, here, sealed)
    assert found.value.facts == {"found": "owner"}


async def test_an_organisation_seals_only_within_itself(house: KeyHouse, owner: KeyOwner) -> None:
    with pytest.raises(ValueError, match="own organisation"):
        await house.seal(owner, place(uuid4()), TEXT)


async def test_a_destroyed_record_leaves_the_others(house: KeyHouse, owner: KeyOwner) -> None:
    other, here = KeyOwner(owner.tenant, owner.subject, uuid4()), place(owner.tenant)
    sealed, kept = await house.seal(owner, here, TEXT), await house.seal(other, here, TEXT)

    assert await house.destroy(owner)
    assert not await house.destroy(owner)

    with pytest.raises(KeyDestroyed):
        await house.unseal(owner, here, sealed)
    with pytest.raises(KeyDestroyed):
        await house.seal(owner, here, TEXT)
    assert await house.unseal(other, here, kept) == TEXT


async def test_a_destroyed_subject_takes_all_records_with_it(house: KeyHouse, owner: KeyOwner) -> None:
    here = place(owner.tenant)
    sealed = await house.seal(owner, here, TEXT)
    another = KeyOwner(owner.tenant, uuid4())
    kept = await house.seal(another, here, TEXT)

    assert await house.destroy(KeyOwner(owner.tenant, owner.subject))

    with pytest.raises(KeyDestroyed):
        await house.unseal(owner, here, sealed)
    with pytest.raises(KeyDestroyed):
        await house.seal(KeyOwner(owner.tenant, owner.subject, uuid4()), here, TEXT)
    assert await house.unseal(another, here, kept) == TEXT
    assert [key.owner for key in await keys_of(house, owner)] == [KeyOwner(owner.tenant)]


async def test_a_seal_that_races_with_the_destruction_leaves_no_key(house: KeyHouse) -> None:
    for _ in range(5):
        owner = KeyOwner(uuid4(), uuid4(), uuid4())
        subject = KeyOwner(owner.tenant, owner.subject)
        await house.seal(KeyOwner(owner.tenant), place(owner.tenant), TEXT)
        await asyncio.gather(
            house.seal(owner, place(owner.tenant), TEXT), house.destroy(subject), return_exceptions=True
        )
        assert [key.owner for key in await keys_of(house, owner)] == [KeyOwner(owner.tenant)]


async def test_without_a_key_database_nothing_is_sealed(ground: Ground, owner: KeyOwner) -> None:
    house = KeyHouse(ground.database, None, ground.keys.provider)
    with pytest.raises(KeyServiceUnavailable) as found:
        await house.seal(owner, place(owner.tenant), TEXT)
    assert found.value.facts == {"found": "no_key_database"}


async def test_an_absent_key_database_is_named_and_comes_back_by_itself(
    ground: Ground, owner: KeyOwner
) -> None:
    here = place(owner.tenant)
    sealed = await ground.keys.seal(owner, here, TEXT)
    away = KeyStore("postgresql+psycopg://nobody@127.0.0.1:1/none", ground.settings.database, 1)
    house = KeyHouse(ground.database, away, ground.keys.provider)
    with pytest.raises(KeyServiceUnavailable) as found:
        await house.unseal(owner, here, sealed)
    assert found.value.facts == {"found": "key_database"}

    house._store = ground.keys.store
    assert await house.unseal(owner, here, sealed) == TEXT
    await away.close()


async def test_a_key_that_is_gone_without_a_tombstone_is_missing(house: KeyHouse, owner: KeyOwner) -> None:
    here = place(owner.tenant)
    sealed = await house.seal(owner, here, TEXT)
    async with house.store.transaction() as connection:
        await connection.execute(text("DELETE FROM key WHERE tenant = :tenant"), {"tenant": owner.tenant})
    with pytest.raises(KeyMissing):
        await house.unseal(owner, here, sealed)


async def test_a_wrapped_key_that_was_changed_or_swapped_opens_nothing(
    house: KeyHouse, owner: KeyOwner
) -> None:
    other, here = KeyOwner(owner.tenant, uuid4()), place(owner.tenant)
    sealed = await house.seal(owner, here, TEXT)
    await house.seal(other, here, TEXT)
    _, subject, _ = sorted(await keys_of(house, owner), key=lambda key: len(key.owner.context()))
    swapped = store.first(await keys_of(house, other), other)
    assert swapped
    for wrapped in (subject.wrapped[:-1] + bytes([subject.wrapped[-1] ^ 1]), swapped.wrapped):
        async with house.store.transaction() as connection:
            await connection.execute(
                text("UPDATE key SET wrapped = :wrapped WHERE id = :id"),
                {"wrapped": wrapped, "id": subject.id},
            )
        with pytest.raises(TamperedCiphertext):
            await house.unseal(owner, here, sealed)


async def test_bytes_that_name_another_key_were_changed(house: KeyHouse, owner: KeyOwner) -> None:
    here = place(owner.tenant)
    sealed = bytearray(await house.seal(owner, here, TEXT))
    sealed[5] ^= 1
    with pytest.raises(TamperedCiphertext) as found:
        await house.unseal(owner, here, bytes(sealed))
    assert found.value.facts == {"found": "key"}


async def test_the_login_of_the_processes_may_change_no_tombstone_and_no_table(
    house: KeyHouse, owner: KeyOwner
) -> None:
    await house.seal(owner, place(owner.tenant), TEXT)
    await house.destroy(owner)
    for statement in (
        "DELETE FROM tombstone",
        "UPDATE tombstone SET tenant = tenant",
        "UPDATE key SET tenant = tenant",
        "TRUNCATE key",
        "CREATE TABLE mine (id int)",
        "DROP TABLE key",
    ):
        with pytest.raises(ProgrammingError):
            async with house.store.transaction() as connection:
                await connection.execute(text(statement))


def test_nobody_else_may_even_enter_the_key_database(servers: Servers) -> None:
    for role in roles.LOGINS:
        engine = create_engine(servers.url(role, logins.DATABASE))
        with pytest.raises(OperationalError, match="permission denied"), engine.connect():
            pass
        engine.dispose()


def test_the_key_database_is_brought_up_twice_without_harm(servers: Servers) -> None:
    schema.upgrade(servers.url(logins.KEYMAKER, logins.DATABASE))
