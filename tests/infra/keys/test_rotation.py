import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from infra.crypto.keyring import add_master_key
from infra.db.context import Context
from infra.keys import rotation, store
from infra.keys.errors import KeyDestroyed, KeyMissing
from infra.keys.owners import KeyOwner
from infra.keys.rotation import Left
from tests.infra.keys.conftest import COLUMN, Own, keep, open_house, read

TEXT = b"between us"


async def test_a_new_version_seals_and_the_old_one_opens_until_all_has_moved(own: Own) -> None:
    house, tenant = own.house, uuid4()
    ours = [await keep(house, KeyOwner(tenant), TEXT) for _ in range(3)]
    hers = [await keep(house, KeyOwner(tenant, uuid4(), uuid4()), TEXT) for _ in range(4)]
    assert not await rotation.left(house, tenant, [COLUMN])

    request = uuid4()
    assert await rotation.begin(house, tenant, request) == 2
    assert await rotation.begin(house, tenant, request) == 2
    ours.append(await keep(house, KeyOwner(tenant), TEXT))
    hers.append(await keep(house, KeyOwner(tenant, uuid4()), TEXT))

    assert await rotation.left(house, tenant, [COLUMN]) == Left(0, 4, 3)
    assert [await read(house, *one) for one in ours + hers] == [TEXT] * 9

    assert await rotation.move_all(house, tenant, [COLUMN]) == 7
    assert await rotation.left(house, tenant, [COLUMN]) == Left()
    assert [await read(house, *one) for one in ours + hers] == [TEXT] * 9
    assert await rotation.move_all(house, tenant, [COLUMN]) == 0


async def test_what_moved_needs_the_old_version_no_more(own: Own) -> None:
    house, tenant = own.house, uuid4()
    kept = [
        await keep(house, KeyOwner(tenant), TEXT),
        await keep(house, KeyOwner(tenant, uuid4(), uuid4()), TEXT),
    ]
    await rotation.begin(house, tenant, uuid4())
    await rotation.move_all(house, tenant, [COLUMN])

    async with house.store.transaction() as connection:
        await connection.execute(
            text("DELETE FROM key WHERE tenant = :tenant AND subject IS NULL AND version = 1"),
            {"tenant": tenant},
        )
    assert [await read(house, *one) for one in kept] == [TEXT] * 2


async def test_tenants_keys_move_beneath_a_new_master_key_which_others_learn_of_by_themselves(
    own: Own, ground
) -> None:
    house, tenant = own.house, uuid4()
    kept = await keep(house, KeyOwner(tenant, uuid4()), TEXT)
    other_process = open_house(ground, own.settings)
    assert await read(other_process, *kept) == TEXT

    add_master_key(own.settings.keyring)
    assert (await rotation.left(house, tenant, [])).tenant_keys == 1
    assert await rotation.move_tenant_keys(house, tenant) == 1
    assert await rotation.move_tenant_keys(house, tenant) == 0
    assert not await rotation.left(house, tenant, [])

    other_process._remembered.clear()
    assert await read(other_process, *kept) == TEXT
    await other_process.close()


async def test_a_host_whose_keyring_lacks_the_new_master_key_says_so(own: Own, ground, tmp_path) -> None:
    import dataclasses
    import shutil

    tenant = uuid4()
    kept = await keep(own.house, KeyOwner(tenant), TEXT)
    copy = shutil.copy2(own.settings.keyring, tmp_path / "copy.json")
    other_host = open_house(ground, dataclasses.replace(own.settings, keyring=copy))
    add_master_key(own.settings.keyring)
    await rotation.move_tenant_keys(own.house, tenant)

    with pytest.raises(KeyMissing) as found:
        await read(other_host, *kept)
    assert found.value.facts == {"found": "master_key"}

    shutil.copy2(own.settings.keyring, copy)
    assert await read(other_host, *kept) == TEXT
    await other_host.close()


async def test_an_erased_organisation_gets_no_new_key(own: Own) -> None:
    tenant = uuid4()
    kept = await keep(own.house, KeyOwner(tenant), TEXT)
    with pytest.raises(ValueError, match="not destroyed"):
        await own.house.destroy(KeyOwner(tenant))
    async with own.house.store.transaction() as connection:  # by hand, in the key database
        assert await store.bury(connection, KeyOwner(tenant))
    with pytest.raises(KeyDestroyed):
        await rotation.begin(own.house, tenant, uuid4())
    with pytest.raises(KeyDestroyed):
        await read(own.house, *kept)
    assert not await rotation.left(own.house, tenant, [COLUMN])


async def test_what_does_not_open_any_more_is_left_behind_and_counted(own: Own) -> None:
    house, tenant = own.house, uuid4()
    ours = [await keep(house, KeyOwner(tenant), TEXT) for _ in range(3)]
    hers = [await keep(house, KeyOwner(tenant, uuid4()), TEXT) for _ in range(3)]
    async with house.store.transaction() as connection:
        await connection.execute(
            text("UPDATE key SET wrapped = wrapped || :more WHERE tenant = :tenant AND subject = :subject"),
            {"more": b"x", "tenant": tenant, "subject": hers[0][0].subject},
        )
    async with house.database.tenant_session(Context(tenant)) as session:
        await session.execute(
            text("UPDATE identity_provider SET secret = secret || :more WHERE id = :id"),
            {"more": b"x", "id": ours[0][1]},
        )

    await rotation.begin(house, tenant, uuid4())
    told: list[int] = []
    assert await rotation.move_all(house, tenant, [COLUMN], tell=told.append) == 4
    assert told == [2, 4]
    assert await rotation.left(house, tenant, [COLUMN]) == Left(0, 1, 1)
    assert [await read(house, *one) for one in ours[1:] + hers[1:]] == [TEXT] * 4


async def test_nothing_is_left_beneath_the_old_key_by_those_who_seal_meanwhile(own: Own) -> None:
    house, tenant = own.house, uuid4()
    await keep(house, KeyOwner(tenant), TEXT)
    kept, version = await asyncio.gather(
        asyncio.gather(*(keep(house, KeyOwner(tenant, uuid4()), TEXT) for _ in range(20))),
        rotation.begin(house, tenant, uuid4()),
    )
    assert version == 2
    # Two movers at once share the work and double none of it.
    moved = await asyncio.gather(*(rotation.move_all(house, tenant, [COLUMN]) for _ in range(2)))
    await rotation.move_all(house, tenant, [COLUMN])
    assert not await rotation.left(house, tenant, [COLUMN])
    assert 1 <= sum(moved) <= 21
    assert [await read(house, *one) for one in kept] == [TEXT] * 20


async def test_one_new_version_is_made_however_many_workers_begin_it(own: Own) -> None:
    tenant, request = uuid4(), uuid4()
    await keep(own.house, KeyOwner(tenant), TEXT)
    assert await asyncio.gather(*(rotation.begin(own.house, tenant, request) for _ in range(5))) == [2] * 5
    assert len(await rotation.tenant_keys(own.house, tenant)) == 2
