"""`mentorweave audit key | verify`: what an organisation, or whoever keeps its checkpoints, checks the trail with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import click
from sqlalchemy import text

from infra import deposit
from infra.aws import CloudServiceUnavailable
from infra.crypto.errors import NoteRefused
from infra.crypto.keyring import open_keyring
from infra.crypto.notes import Verifier
from infra.db.session import Database
from infra.deposit.places import Bucket, PlaceMisnamed, parse
from infra.settings import Settings
from tenants.actor import house
from tenants.audit.chain import Fault
from tenants.audit.verifying import Verdict, verify

_HOSTS = text(
    "SELECT organisation_id, array_agg(host ORDER BY host) AS hosts FROM organisation_host GROUP BY 1 ORDER BY 2"
)

Notes = Callable[[UUID], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Checked:
    organisation_id: UUID
    host: str
    verdict: Verdict


@click.command("key")
def key() -> None:
    """Print the public key that checkpoints are checked with. Keep it with them, away from this machine."""
    click.echo(str(open_keyring(Settings.read().keys.keyring).note_signer().verifier()))


@click.command("verify")
@click.option("--host", help="Only the organisation that lives there.")
@click.option(
    "--checkpoint",
    "--checkpoints",
    "kept",
    help="Notes that were kept elsewhere: one, a folder of them, or a bucket (s3://name/beginning?region=...); "
    "without them, a trail whose end was cut off looks whole.",
)
@click.option("--key", "written", help="The public key, as `audit key` printed it; else that of the keyring.")
def check(host: str | None, kept: str | None, written: str | None) -> None:
    """Recompute the trail of every organisation from its first event to its last."""
    settings = Settings.read()
    try:
        verifier = Verifier.parse(written) if written else None
    except NoteRefused:
        raise click.ClickException(f"{written} is no public key of the form name+hash+key.") from None
    notes = kept_at(kept) if kept else no_notes

    async def run() -> tuple[int, int]:
        seen = faults = 0
        async for one in checked(settings, verifier, notes, host):
            seen += 1
            faults += len(one.verdict.faults)
            _say(one)
        return seen, faults

    try:
        seen, faults = asyncio.run(run())
    except CloudServiceUnavailable as error:
        raise click.ClickException(f"{kept} cannot be read: {error}.") from None
    if not seen:
        raise click.ClickException(
            f"No organisation lives at {host}." if host else "There is no organisation."
        )
    if faults:
        raise click.ClickException(f"{faults} faults: somebody changed what was written down.")


async def checked(
    settings: Settings, verifier: Verifier | None, notes: Notes, host: str | None = None
) -> AsyncIterator[Checked]:
    """One organisation after the other, each in a transaction of its own."""
    keyring = open_keyring(settings.keys.keyring)
    database = Database(settings.database, keyring.context_signer())
    try:
        async with database.platform_session("resolver") as connection:
            rows = (await connection.execute(_HOSTS)).all()
        for row in rows:
            if host is None or host in row.hosts:
                actor = house(row.organisation_id)
                kept = await notes(row.organisation_id)
                async with database.tenant_session(actor.context()) as session:
                    verdict = await verify(session, actor, verifier or keyring.note_signer().verifier(), kept)
                yield Checked(row.organisation_id, host or row.hosts[0], verdict)
    finally:
        await database.close()


async def no_notes(_organisation_id: UUID) -> list[str]:
    return []


def kept_at(written: str) -> Notes:
    """
    The notes that somebody kept: of a bucket those under the organisation's id, of a folder all, since people sort as they like.

    Raises:
        ClickException: there is no such place.
    """
    try:
        place = parse(written)
    except PlaceMisnamed as error:
        raise click.ClickException(str(error)) from None
    if isinstance(place, Bucket):
        return lambda organisation_id: deposit.at(written).texts(f"{organisation_id}/")
    if not place.exists():
        raise click.ClickException(f"{place} does not exist.")
    files = sorted(place.rglob("*.note")) if place.is_dir() else [place]
    notes = [path.read_text(encoding="utf-8") for path in files]

    async def all_of_them(_organisation_id: UUID) -> list[str]:
        return notes

    return all_of_them


def _say(one: Checked) -> None:
    verdict = one.verdict
    state = "sound" if verdict.is_sound else f"{len(verdict.faults)} faults"
    click.echo(f"{one.host}: {verdict.links:,} events, {verdict.checkpoints} checkpoints, {state}")
    for fault in verdict.faults:
        click.echo(f"  {_described(fault)}")


def _described(fault: Fault) -> str:
    place = f" at {fault.seq}" if fault.seq is not None else ""
    event = f", event {fault.event_id}" if fault.event_id is not None else ""
    return f"{fault.kind.value.replace('_', ' ')}{place}{event}"


COMMANDS = (key, check)
