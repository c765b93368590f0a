"""
What somebody had written when she was asked who she is, kept for the few minutes until she has said.

It may be as confidential as anything here, so it is sealed under a key that only her browser gets: the row alone opens
nothing, in no dump and for nobody of ours.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.crypto import envelope
from infra.crypto.envelope import DataKey, Place
from infra.crypto.errors import TamperedCiphertext, UnknownKey
from tenants.actor import Actor
from tenants.identity.proof_models import KeptForm

LASTS = timedelta(minutes=20)
MOST = 5  # of one person; older ones go
LARGEST = 1_000_000  # characters of one form; no page of ours lets anybody write as much


@dataclass(frozen=True, slots=True)
class Kept:
    """Where it was on the way to, and the fields."""

    path: str
    fields: list[tuple[str, str]]


async def keep(
    session: AsyncSession, actor: Actor, path: str, fields: Sequence[tuple[str, str]]
) -> str | None:
    """Keep it; returns the one thing that opens it, for a cookie. None for what is too large to be kept."""
    raw = json.dumps([path, list(fields)]).encode()
    if len(raw) > LARGEST:
        return None
    her = actor.require_herself()
    kept = select(KeptForm.id).where(KeptForm.person_id == her).order_by(KeptForm.created_at.desc())
    await session.execute(delete(KeptForm).where(KeptForm.id.in_(kept.offset(MOST - 1))))
    row_id, key = ids.random(), secrets.token_bytes(envelope.KEY)
    session.add(
        KeptForm(
            organisation_id=actor.organisation_id,
            id=row_id,
            person_id=her,
            sealed=envelope.seal(DataKey(row_id, 1, key), _place(actor, row_id), raw),
            expires_at=clock.now() + LASTS,
        )
    )
    await session.flush()
    return urlsafe_b64encode(row_id.bytes + key).decode()


async def kept(session: AsyncSession, actor: Actor, opener: str) -> Kept | None:
    """What this browser has kept for whoever is signed in now; None if there is nothing, or it is another's."""
    try:
        raw = urlsafe_b64decode(opener.encode())
        row_id = UUID(bytes=raw[:16])
        key = DataKey(row_id, 1, raw[16:])
    except ValueError:
        return None
    query = select(KeptForm.sealed).where(
        KeptForm.id == row_id,
        KeptForm.person_id == actor.require_herself(),
        KeptForm.expires_at > clock.now(),
    )
    sealed = await session.scalar(query)
    if sealed is None:
        return None
    try:
        path, fields = json.loads(envelope.unseal(key, _place(actor, row_id), sealed))
    except (TamperedCiphertext, UnknownKey):
        return None
    return Kept(path, [(name, value) for name, value in fields])


def _place(actor: Actor, row_id: UUID) -> Place:
    return Place(actor.organisation_id, "kept_form", row_id, "sealed")
