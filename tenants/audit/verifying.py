"""Checking one organisation's chain from its first link to its last."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from infra.crypto.errors import NoteRefused
from infra.crypto.notes import Verifier
from tenants.actor import Actor
from tenants.audit import queries
from tenants.audit.chain import Fault, FaultKind, Walk
from tenants.audit.checkpoints import Checkpoint, opened
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Verdict:
    """`checkpoints` counts the signed notes that the chain was held against."""

    links: int
    last_hash: bytes
    checkpoints: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults


async def verify(
    session: AsyncSession, actor: Actor, verifier: Verifier, notes: Iterable[str] = ()
) -> Verdict:
    """
    Walk the chain, and hold it against the notes that the database keeps and those that the caller kept elsewhere.

    Nothing is changed. Notes of other organisations among `notes` are left aside.
    """
    actor.require(Permission.AUDIT_READ)
    faults: list[Fault] = []
    known: dict[int, bytes] = {}
    for note in (*await queries.checkpoint_notes(session), *notes):
        try:
            checkpoint: Checkpoint = opened(note, verifier)
        except NoteRefused:
            faults.append(Fault(FaultKind.NOTE_REFUSED))
            continue
        if checkpoint.organisation_id != actor.organisation_id:
            continue
        if known.setdefault(checkpoint.seq, checkpoint.hash) != checkpoint.hash:
            faults.append(Fault(FaultKind.REWRITTEN, checkpoint.seq))
    walk = Walk(actor.organisation_id, known)
    async for some in queries.links(session):
        faults.extend(walk.along(some))
    faults.extend(walk.end())
    faults.extend(Fault(FaultKind.UNLINKED, event_id=id) for id in await queries.unlinked(session))
    return Verdict(walk.seq, walk.hash, len(known), tuple(faults))
