"""Checkpoints of audit chains: signed each hour, and shipped to a folder that is not the database's."""

import os
import secrets
from pathlib import Path

from infra import logs
from tenants.audit import queries
from tenants.audit.actions import take_checkpoint
from tenants.audit.jobs import TakeCheckpoint
from workers.handling import Work, handles

log = logs.get("audit")


@handles(TakeCheckpoint, alone=True)
async def checkpoint(work: Work, _job: TakeCheckpoint) -> None:
    ground = work.ground
    async with work.session() as session:
        await take_checkpoint(session, work.actor, ground.keyring.note_signer())
    folder = ground.settings.audit.checkpoints
    if folder is None:
        return
    async with work.reading() as session:
        # The last one is shipped again if need be: a worker that died between signing and shipping left it behind.
        last = await queries.last_checkpoint(session)
    if last is not None:
        ship(folder / str(last.organisation_id), f"{last.seq:012}.note", last.note)


def ship(folder: Path, name: str, note: str) -> None:
    """Write a note whole or not at all. One that is there is never written over."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if path.exists():
        return
    aside = folder / f".{name}.{secrets.token_hex(8)}"
    with aside.open("x", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        log.info("checkpoint was shipped by another", name=name)
    finally:
        aside.unlink()
