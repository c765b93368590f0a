"""`mentorweave keys`, as an operator types it, over a key database and a keyring of its own."""

import asyncio
import dataclasses
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from infra.crypto.keyring import open_keyring
from infra.ground import Ground
from infra.keys import store, tombstones
from infra.keys.owners import KeyOwner
from mentorweave.cli import cli
from tenants.actor import house as actor_of
from tenants.identity import gateway
from tests import making
from tests.conftest import Servers
from tests.infra.keys.conftest import Own, keep, make_house, open_house, read
from tests.infra.keys.doubles.vault import VaultDouble

Typed = Callable[..., Awaitable[str]]


@pytest.fixture
def environment(servers: Servers, own: Own, valkey) -> dict[str, str]:
    settings = servers.settings()
    return {
        "DATABASE_URL": settings.app_url,
        "DATABASE_RESOLVER_URL": settings.resolver_url,
        "DATABASE_RELAY_URL": settings.relay_url,
        "DATABASE_REFUSE_OLD_SERVER": "no",
        "REDIS_URL": valkey.url(),
        "SMTP_URL": "smtp://127.0.0.1:1",
        "KEYRING_FILE": str(own.settings.keyring),
        "KEY_DATABASE_URL": own.settings.database_url or "",
    }


@pytest.fixture
def typed(environment: dict[str, str]) -> Typed:
    """What a command says; it must end well unless `fails`."""

    async def run(*arguments: str, fails: bool = False, **changes: str) -> str:
        runner = CliRunner()
        done = await asyncio.to_thread(runner.invoke, cli, ["keys", *arguments], env=environment | changes)
        assert (done.exit_code != 0) is fails, done.output
        return done.output if not fails else f"{done.output}{done.exception}"

    return run


def line_of(said: str, host: str) -> str:
    [found] = re.findall(rf"^{host}: (.*)$", said, re.MULTILINE)
    return str(found)


async def test_an_organisations_key_is_renewed_and_counted(made, own: Own, typed: Typed) -> None:
    assert line_of(await typed("status"), made.host) == "no key yet; nothing has been sealed"
    kept = [await keep(own.house, KeyOwner(made.id, uuid4(), uuid4()), b"a") for _ in range(3)]

    said = await typed("rotate-organisation", made.host)

    assert f"{made.host}: version 2 seals from now on" in said
    assert f"{made.host}: 3 moved, nothing lies beneath an older key" in said
    assert line_of(await typed("status"), made.host).startswith("version 2 of ")
    assert [await read(own.house, *one) for one in kept] == [b"a"] * 3


async def test_a_new_master_key_is_prepared_copied_and_then_used(
    made, own: Own, typed: Typed, ground: Ground
) -> None:
    kept = await keep(own.house, KeyOwner(made.id, uuid4()), b"a")
    provider, before = uuid4(), open_keyring(own.settings.keyring)
    async with ground.database.tenant_session(actor_of(made.id).context()) as session:
        wrapped, sealed = await gateway.seal(made.id, provider, "client secret", before.provider())
        await session.execute(
            text("""INSERT INTO identity_provider
                (organisation_id, id, name, kind, issuer, client_id, domains, state, key_id, wrapped_key, secret)
                VALUES (:tenant, :id, '', 'other', '', '', '[]', 'closed', :key, :wrapped, :sealed)"""),
            {
                "tenant": made.id,
                "id": provider,
                "key": wrapped.id,
                "wrapped": wrapped.wrapped,
                "sealed": sealed,
            },
        )

    said = await typed("rotate-master", "--prepare")
    after = open_keyring(own.settings.keyring)
    assert said == f"New master key: keyring/{after.current}\n"
    assert after.current != before.current
    assert "still to move: 1 of its own keys" in line_of(await typed("status"), made.host)

    assert (
        line_of(await typed("rewrap", "--host", made.host), made.host)
        == "2 moved, nothing lies beneath an older key"
    )
    fresh = open_house(ground, own.settings)
    assert await read(fresh, *kept) == b"a"
    await fresh.close()
    async with ground.database.tenant_session(actor_of(made.id).context()) as session:
        stored = await session.scalar(
            text("SELECT wrapped_key FROM identity_provider WHERE id = :id"), {"id": provider}
        )
    assert after.provider().is_current(stored)
    # A process that was started before opens it all the same.
    assert await before.provider().unwrap(stored, wrapped.context(gateway.wrapping(made.id)))


async def test_tombstones_are_replayed_by_hand(made, own: Own, typed: Typed) -> None:
    await typed("replay")
    owner = KeyOwner(made.id, uuid4())
    await keep(own.house, owner, b"a")
    # The process that destroyed it ended halfway.
    await tombstones.write(own.house.database, owner)

    said = await typed("replay")
    assert said == "1 tombstones were new to the key database (1 keys destroyed), 0 to the main one.\n"
    said = await typed("replay")
    assert said == "0 tombstones were new to the key database (0 keys destroyed), 0 to the main one.\n"


@pytest.mark.parametrize(
    "changes", [{"KEY_DATABASE_URL": ""}, {"KEY_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"}]
)
async def test_without_keys_a_command_says_why_it_stopped(typed: Typed, changes: dict[str, str]) -> None:
    said = await typed("status", fails=True, **changes)
    assert "Stopped: key_service_unavailable" in said


async def test_an_unknown_host_or_keeper_is_refused(typed: Typed) -> None:
    assert "No organisation lives at nowhere.example.org" in await typed(
        "rotate-organisation", "nowhere.example.org", fails=True
    )
    assert "KEY_PROVIDER_URL is" in await typed("status", fails=True, KEY_PROVIDER_URL="file:///keys")


async def test_a_keyring_that_others_may_read_stops_every_command(typed: Typed, own: Own) -> None:
    own.settings.keyring.chmod(0o640)
    try:
        said = await typed("status", fails=True)
    finally:
        own.settings.keyring.chmod(0o600)
    assert "mode 0640, so others may read or change it" in said


async def test_a_key_database_that_was_put_back_is_made_to_forget(made, own: Own, typed: Typed) -> None:
    """As if the backup were from before the destruction: the key is there again, its tombstone is not."""
    owner = KeyOwner(made.id, uuid4())
    await keep(own.house, owner, b"a")
    async with own.house.store.transaction() as connection:
        [key] = [one for one in await store.chain(connection, owner) if one.owner == owner]
    await tombstones.write(own.house.database, owner)

    # Each command compares before it does anything.
    await typed("status")
    async with own.house.store.transaction() as connection:
        assert key.id not in {one.id for one in await store.chain(connection, owner)}


async def test_keys_move_from_the_keyring_to_vault_which_then_forgets_its_first_version(
    made, servers: Servers, ground: Ground, folder, own: Own, typed: Typed, tmp_path
) -> None:
    other = await make_house(servers, ground, folder, "keys_for_vault")
    kept = await keep(other.house, KeyOwner(made.id, uuid4()), b"a")
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text("s.first")
    with VaultDouble() as vault:
        there = {
            "KEY_DATABASE_URL": other.settings.database_url or "",
            "KEY_PROVIDER_URL": vault.url,
            "VAULT_TOKEN_FILE": str(token),
        }
        before = there | {"KEY_PROVIDER_BEFORE": "keyring:"}
        assert "still to move: 1 of its own keys" in line_of(await typed("status", **before), made.host)
        await typed("rewrap", **before)
        assert "nothing lies beneath" in line_of(await typed("status", **there), made.host)

        assert "New master key: vault/mentorweave/v2" in await typed("rotate-master", "--prepare", **there)
        assert "Only Vault can be told so" in await typed("rewrap", "--forbid-older", fails=True, **before)
        said = await typed("rewrap", "--forbid-older", **there)
        assert "Vault opens nothing that was wrapped before vault/mentorweave/v2." in said
        assert vault.keys["mentorweave"].min_decryption_version == 2

        settings = dataclasses.replace(other.settings, provider_url=vault.url, vault_token_file=token)
        fresh = open_house(ground, settings)
        assert await read(fresh, *kept) == b"a"
        await fresh.close()
    await other.house.close()


async def test_one_organisation_that_is_stuck_keeps_no_other_waiting(
    made, own: Own, typed: Typed, database
) -> None:
    other = await making.organisation(database)
    kept = [await keep(own.house, KeyOwner(one.id, uuid4()), b"a") for one in (made, other)]
    async with own.house.store.transaction() as connection:
        await connection.execute(
            text(
                "UPDATE key SET wrapped = set_byte(wrapped, 5, get_byte(wrapped, 5) # 1) WHERE tenant = :tenant AND outer_id IS NULL"
            ),
            {"tenant": made.id},
        )
    said = await typed("rotate-master", fails=True)
    assert line_of(said, made.host).startswith("stopped, unknown_key")
    assert "nothing lies beneath an older key" in line_of(said, other.host)
    assert await read(own.house, *kept[1]) == b"a"
    async with own.house.store.transaction() as connection:
        await connection.execute(text("DELETE FROM key WHERE tenant = :tenant"), {"tenant": made.id})
