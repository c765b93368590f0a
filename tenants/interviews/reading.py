"""
Reading a note: first the trail, then the words.

`enter` proves who asks, checks that she may, and writes the reading down. Only after that has been committed does
`sealing.open_words` open anything, so there are as many readings in the trail as notes were opened, or more.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.interviews import queries, rules
from tenants.interviews.events import Event
from tenants.interviews.models import Kind, Purpose
from tenants.interviews.queries import Seen, Standing
from tenants.interviews.sealing import Pass
from tenants.permissions import Role


async def enter(session: AsyncSession, actor: Actor, note_id: UUID) -> tuple[Seen, Pass]:
    """
    Write down that the actor reads a note, and give her what opens it once that is committed.

    Raises:
        NotFound: none that she may know of. NoteClosed: she may not read it.
        NoteDestroyed, NoteStillDraft, NoteEmpty: there is nothing to read.
        StepUpNeeded: she proved too long ago who she is. What a pair shares, its two read without.
    """
    seen = await queries.access_note(session, actor, note_id, sealed=True)
    note = seen.note
    if seen.standing is Standing.NEAR:
        raise rules.NoteClosed
    rules.must_be_there(note)
    if seen.standing is not Standing.AUTHOR:
        rules.must_be_sealed(note)
    if not note.version:
        raise rules.NoteEmpty
    if note.kind != Kind.SHARED or seen.standing is Standing.GRANTED:
        actor.require_fresh(clock.now())
    if seen.words is None:  # the database, which judges for itself, does not let her
        raise rules.NoteClosed
    details = {"severity": "breakglass"} if seen.grant and seen.grant.purpose == Purpose.EMERGENCY else {}
    audit.record(
        session,
        actor,
        Event.NOTE_READ,
        kind="note",
        id=note.id,
        note=note.kind,
        standing=seen.standing.value,
        role=_role(actor, seen),
        purpose=seen.grant.purpose if seen.grant else None,
        **details,
    )
    await session.flush()
    return seen, Pass(note, seen.words, session)


def _role(actor: Actor, seen: Seen) -> str:
    """As what she is known to whoever asks who has read: her first role, of the one by which she reads first."""
    if seen.note.kind == Kind.SHARED and seen.standing is not Standing.GRANTED:
        return Role.PARTICIPANT.value
    by_rank = (Role.COORDINATOR, Role.PROGRAMME_MANAGER, *Role)
    return next((role.value for role in by_rank if role in actor.roles), "")
