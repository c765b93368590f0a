"""
`mentorweave keys ...`: what the operator of an installation does with keys.

Every command that moves keys may be killed and started again: it goes on where it stopped. See
docs/runbook/production.md, "Keys".
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import click
from sqlalchemy import text

from infra import ids
from infra.crypto.errors import UnknownKey
from infra.crypto.keyring import add_master_key
from infra.errors import Damaged, HouseError
from infra.ground import Ground
from infra.keys import rotation, tombstones
from infra.keys.errors import KeyMissing
from infra.keys.house import KeyHouse
from infra.keys.keepers.vault import Vault
from infra.keys.rotation import Left
from infra.settings import Settings
from tenants.actor import house as actor_of
from tenants.identity import secrets as sign_in_secrets
from workers.keys import SEALED

_HOSTS = text(
    "SELECT organisation_id, array_agg(host ORDER BY host) AS hosts FROM organisation_host GROUP BY 1 ORDER BY 2"
)


@dataclass(frozen=True, slots=True)
class Found:
    """An organisation, by the first of its hosts; or the bare id of one whose keys are left behind."""

    id: UUID
    host: str


@asynccontextmanager
async def _opened() -> AsyncIterator[tuple[Ground, KeyHouse]]:
    """The house of keys, once both databases agree on what was destroyed."""
    ground = Ground.open(Settings.read())
    try:
        await ground.keys.compare()
        yield ground, ground.keys
    finally:
        await ground.close()


def _run(work: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await work()

    try:
        asyncio.run(run())
    except HouseError as refused:
        raise click.ClickException(
            f"Stopped: {refused}. Start the command again when that is mended."
        ) from None


async def _organisations(ground: Ground, host: str | None = None) -> list[Found]:
    async with ground.database.platform_session("resolver") as connection:
        rows = (await connection.execute(_HOSTS)).all()
    found = [Found(row.organisation_id, host or row.hosts[0]) for row in rows if host in (None, *row.hosts)]
    if host is not None and not found:
        raise click.ClickException(f"No organisation lives at {host}.")
    return found


@click.command("status")
def status() -> None:
    """Say which key each organisation has, and what still lies beneath older ones."""

    async def work() -> None:
        async with _opened() as (ground, keys):
            click.echo(f"Master key: {await keys.provider.newest()}")
            for one in await _organisations(ground):
                click.echo(f"{one.host}: {await _described(keys, one)}")

    _run(work)


async def _described(keys: KeyHouse, one: Found) -> str:
    versions = await rotation.tenant_keys(keys, one.id)
    if not versions:
        return "no key yet; nothing has been sealed"
    newest = versions[0]
    return f"version {newest.version} of {newest.made_at:%Y-%m-%d}, {_words(await rotation.left(keys, one.id, SEALED))}"


def _words(left: Left) -> str:
    if not left:
        return "nothing lies beneath an older key"
    return f"still to move: {left.tenant_keys} of its own keys, {left.subject_keys} people's keys, {left.values} values"


@click.command("rotate-master")
@click.option("--prepare", is_flag=True, help="Only make the new key; move nothing yet.")
def rotate_master(prepare: bool) -> None:
    """
    Make a new master key, and move every organisation's keys beneath it.

    With a keyring file on several hosts: `--prepare` on one, copy the file to the others, then `keys rewrap`.
    """

    async def work() -> None:
        async with _opened() as (ground, keys):
            await _renew_master(ground, keys)
            click.echo(f"New master key: {await keys.provider.newest()}")
            if not prepare:
                await _rewrap(ground, keys, None)

    _run(work)


async def _renew_master(ground: Ground, keys: KeyHouse) -> None:
    settings = ground.settings.keys
    if settings.provider_url.startswith("keyring"):
        add_master_key(settings.keyring)
    elif isinstance(keys.provider, Vault):
        await keys.provider.rotate()
    else:
        raise click.ClickException(
            "This key service makes its new keys itself: make one there, let the alias lead to it, then run "
            "`mentorweave keys rewrap`."
        )


@click.command("rotate-organisation")
@click.argument("host")
def rotate_organisation(host: str) -> None:
    """Make a new key for the organisation at HOST, and move all that lies beneath the older ones."""

    async def work() -> None:
        async with _opened() as (ground, keys):
            [one] = await _organisations(ground, host)
            version = await rotation.begin(keys, one.id, ids.random())
            click.echo(f"{host}: version {version} seals from now on")
            await _rewrap(ground, keys, host)

    _run(work)


@click.command("rewrap")
@click.option("--host", help="Only the organisation that lives there.")
@click.option(
    "--forbid-older",
    is_flag=True,
    help="In Vault, once nothing is left: let it open nothing any more that an older version wrapped, backups included.",
)
def rewrap(host: str | None, forbid_older: bool) -> None:
    """Go on with whatever still lies beneath an older key."""

    async def work() -> None:
        async with _opened() as (ground, keys):
            await _rewrap(ground, keys, host)
            if forbid_older:
                await _forbid_older(ground, keys)

    _run(work)


async def _forbid_older(ground: Ground, keys: KeyHouse) -> None:
    vault, newest = keys.provider, await keys.provider.newest()
    if not isinstance(vault, Vault):
        raise click.ClickException("Only Vault can be told so, and only without KEY_PROVIDER_BEFORE.")
    # Of all that is there, also of organisations that live nowhere any more.
    if old := [key for key in await rotation.tenant_keys(keys) if vault.master_of(key.wrapped) != newest]:
        raise click.ClickException(
            f"{len(old)} keys lie beneath older versions still; nothing was forbidden."
        )
    await vault.forbid_before(int(newest.rpartition("/v")[2]))
    click.echo(f"Vault opens nothing that was wrapped before {newest}.")


async def _rewrap(ground: Ground, keys: KeyHouse, host: str | None) -> None:
    """One organisation after the other; what cannot be opened in one keeps no other waiting."""
    stuck = 0
    for one in await _organisations(ground, host):
        try:
            moved = await rotation.move_all(keys, one.id, SEALED, tell=partial(_progress, one))
            async with ground.database.tenant_session(actor_of(one.id).context()) as session:
                moved += await sign_in_secrets.rewrap(session, ground.keyring.provider())
        except (UnknownKey, KeyMissing, Damaged) as refused:
            stuck += 1
            click.echo(f"{one.host}: stopped, {refused}")
            continue
        click.echo(f"{one.host}: {moved} moved, {_words(await rotation.left(keys, one.id, SEALED))}")
    if stuck:
        raise click.ClickException(f"{stuck} organisations have keys that nothing here opens.")


def _progress(one: Found, moved: int) -> None:
    click.echo(f"{one.host}: {moved} moved so far")


@click.command("replay")
def replay() -> None:
    """Destroy again what was destroyed before a database was put back from a backup. Safe at any time."""

    async def work() -> None:
        ground = Ground.open(Settings.read())
        try:
            done = await tombstones.replay(ground.database, ground.keys.store)
        finally:
            await ground.close()
        click.echo(
            f"{done.to_keys} tombstones were new to the key database ({done.destroyed} keys destroyed), "
            f"{done.to_main} to the main one."
        )

    _run(work)


COMMANDS = (status, rotate_master, rotate_organisation, rewrap, replay)
