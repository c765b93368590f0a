"""Who has read what, as the trail has it: for whoever wrote a note, and for the person whom it is about (N09)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.actor import Actor
from tenants.audit.models import AuditEvent
from tenants.interviews.events import Event
from tenants.interviews.models import Kind, Note, NoteState
from tenants.people.models import Person

MOST_READINGS = 500  # of one note, on one page


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody read a note: who, as what, for what, when."""

    note_id: UUID
    at: datetime
    reader: str
    role: str
    purpose: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A note as the person knows it whom it is about."""

    id: UUID
    held_on: date
    author: str
    destroy_on: date
    destroyed_at: datetime | None
    readings: list[Reading]
    has_more: bool  # whether it was read before the first of `readings`, too


async def readings(session: AsyncSession, note_ids: Collection[UUID]) -> tuple[list[Reading], set[UUID]]:
    """Who has read these notes, the newest first, as the trail has it; and which of them were read before that, too."""
    latest = (AuditEvent.created_at.desc(), AuditEvent.id.desc())
    place = func.row_number().over(partition_by=AuditEvent.object_id, order_by=latest)
    found = (
        select(
            AuditEvent.object_id,
            AuditEvent.created_at,
            AuditEvent.id,
            AuditEvent.person_id,
            AuditEvent.details,
            place.label("place"),
        )
        .where(
            AuditEvent.object_kind == "note",
            bulk.any_of(AuditEvent.object_id, list(note_ids)),
            AuditEvent.event == Event.NOTE_READ.value,
        )
        .subquery()
        .c
    )
    rows = await session.execute(
        select(found.object_id, found.created_at, Person.full_name, found.details, found.place)
        .join(Person, Person.id == found.person_id)
        .where(found.place <= MOST_READINGS + 1)
        .order_by(found.created_at.desc(), found.id.desc())
    )
    shown, has_more = [], set()
    for note_id, at, name, details, place_of_it in rows:
        if place_of_it > MOST_READINGS:
            has_more.add(note_id)
        else:
            shown.append(Reading(note_id, at, name, details.get("role", ""), details.get("purpose")))
    return shown, has_more


async def about_me(session: AsyncSession, actor: Actor) -> list[Told]:
    """The interviews with the actor, and who has read what was written: the answer to her question (N09)."""
    query = (
        select(Note, Person.full_name)
        .join(Person, Person.id == Note.author_id)
        .where(
            Note.subject_id == actor.require_herself(),
            Note.kind == Kind.INTERVIEW,
            Note.state != NoteState.DRAFT,
        )
        .order_by(Note.held_on.desc(), Note.id.desc())
    )
    found = (await session.execute(query)).all()
    # What is read of the debrief is read about her as well.
    debriefs = dict(await _debriefs_of(session, [note.id for note, _ in found]))
    every, more = await readings(session, [*(note.id for note, _ in found), *debriefs])
    return [
        Told(
            note.id,
            note.held_on,
            author,
            note.destroy_on,
            note.destroyed_at,
            [one for one in every if note.id in (one.note_id, debriefs.get(one.note_id))],
            any(note.id in (one, debriefs.get(one)) for one in more),
        )
        for note, author in found
    ]


async def _debriefs_of(session: AsyncSession, note_ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    rows = await session.execute(select(Note.id, Note.about_id).where(bulk.any_of(Note.about_id, note_ids)))
    return [(note_id, about_id) for note_id, about_id in rows if about_id]
