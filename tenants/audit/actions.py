"""Writing down what happened, in the transaction in which it happens."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto.notes import NoteSigner
from tenants.actor import Actor
from tenants.audit import queries, waiting
from tenants.audit.checkpoints import Checkpoint
from tenants.audit.models import AuditCheckpoint


def record(
    session: AsyncSession,
    actor: Actor,
    event: StrEnum,
    *,
    kind: str,
    id: UUID | None = None,
    **details: Any,
) -> None:
    """
    Add one event about the object `kind`/`id`.

    `details` are ids, states, counts and names of fields, never what somebody
    wrote or answered: the trail is read by more people than the case is. What support does
    stands there as done by support in the place of the person, with the window by which it came.
    """
    if actor.support_id is not None:
        details["support"] = str(actor.support_id)
    waiting.keep(
        session,
        {
            "organisation_id": actor.organisation_id,
            "id": ids.new(),
            "created_at": clock.now(),
            "event": event.value,
            "actor_kind": actor.kind,
            "person_id": actor.person_id,
            "token_id": actor.token_id,
            "object_kind": kind,
            "object_id": id,
            "details": details,
        },
    )


async def take_checkpoint(session: AsyncSession, actor: Actor, signer: NoteSigner) -> AuditCheckpoint | None:
    """Sign what the chain's last link is now; None if nothing happened since the last time."""
    link = await queries.last_link(session)
    last = await queries.last_checkpoint(session)
    if link is None or (last is not None and last.seq >= link.seq):
        return None
    taken = Checkpoint(actor.organisation_id, link.seq, link.hash, clock.now())
    row = AuditCheckpoint(
        organisation_id=actor.organisation_id, seq=taken.seq, note=signer.sign(taken.text())
    )
    session.add(row)
    await session.flush()
    return row
