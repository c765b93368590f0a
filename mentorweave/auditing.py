"""`mentorweave audit key | verify`: what an organisation, or whoever keeps its checkpoints, checks the trail with."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import text

from infra.crypto.errors import NoteRefused
from infra.crypto.keyring import open_keyring
from infra.crypto.notes import Verifier
from infra.db.session import Database
from infra.settings import Settings
from tenants.actor import house
from tenants.audit.chain import Fault
from tenants.audit.verifying import Verdict, verify

_HOSTS = text(
    "SELECT organisation_id, array_agg(host ORDER BY host) AS hosts FROM organisation_host GROUP BY 1 ORDER BY 2"
)


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
    "--checkpoints",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of notes that were kept elsewhere; without it, a trail whose end was cut off looks whole.",
)
@click.option("--key", "written", help="The public key, as `audit key` printed it; else that of the keyring.")
def check(host: str | None, checkpoints: Path | None, written: str | None) -> None:
    """Recompute the trail of every organisation from its first event to its last."""
    settings = Settings.read()
    try:
        verifier = Verifier.parse(written) if written else None
    except NoteRefused:
        raise click.ClickException(f"{written} is no public key of the form name+hash+key.") from None
    notes = read_notes(checkpoints) if checkpoints else []

    async def run() -> tuple[int, int]:
        seen = faults = 0
        async for one in checked(settings, verifier, notes, host):
            seen += 1
            faults += len(one.verdict.faults)
            _say(one)
        return seen, faults

    seen, faults = asyncio.run(run())
    if not seen:
        raise click.ClickException(
            f"No organisation lives at {host}." if host else "There is no organisation."
        )
    if faults:
        raise click.ClickException(f"{faults} faults: somebody changed what was written down.")


async def checked(
    settings: Settings, verifier: Verifier | None, notes: list[str], host: str | None = None
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
                async with database.tenant_session(actor.context()) as session:
                    verdict = await verify(
                        session, actor, verifier or keyring.note_signer().verifier(), notes
                    )
                yield Checked(row.organisation_id, host or row.hosts[0], verdict)
    finally:
        await database.close()


def read_notes(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.note"))]


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
