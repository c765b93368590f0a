"""
Destroying notes on their day.

The key goes first, then the row says so: whoever dies between the two begins anew and finds the key gone. What is
left of the ciphertext, here and in every backup, opens nowhere.
"""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.keys.owners import KeyOwner
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.interviews import queries, sealing
from tenants.interviews.events import Event
from tenants.interviews.models import NoteState, SealedNote

AT_ONCE = 200


async def due(session: AsyncSession) -> list[tuple[UUID, KeyOwner]]:
    """Some of the notes whose last day is over, with whose keys open them."""
    found = await queries.due(session, clock.now().date(), limit=AT_ONCE)
    return [(note.id, sealing.owner_of(note)) for note in found]


async def note_destroyed(session: AsyncSession, actor: Actor, note_id: UUID) -> None:
    """Write down that the key of a note is gone, and forget what it opened. Nothing if that was done before."""
    note = await queries.locked(session, note_id)
    if not note.is_there:
        return
    note.state = NoteState.DESTROYED
    note.destroyed_at = clock.now()
    note.fields_filled = 0
    note.explained = []
    await session.flush()
    # Without a condition, as the house cannot see these rows: the database lets it take those of destroyed notes.
    await session.execute(delete(SealedNote).execution_options(synchronize_session=False))
    audit.record(session, actor, Event.NOTE_DESTROYED, kind="note", id=note_id, note=note.kind)
