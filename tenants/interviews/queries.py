"""
Finding notes: which there are, and who may read them.

Nothing here opens a note; `reading` does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.interviews import rules
from tenants.interviews.models import Grant, Kind, Note, NoteState, SealedNote
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.registration.models import Participation

_Subject = aliased(Person)
_Author = aliased(Person)
_Other = aliased(Person)


class Standing(StrEnum):
    """As what the actor sees a note."""

    AUTHOR = "author"
    OTHER = "other"  # the second coordinator of a debrief, the other of a pair
    GRANTED = "granted"
    NEAR = "near"  # a coordinator of the case, who knows that there is one and cannot read it


@dataclass(frozen=True, slots=True)
class Seen:
    """One note as the actor may know it. `words` are there only where the database lets her read them, sealed."""

    note: Note
    standing: Standing
    subject: str
    author: str
    other: str | None
    role: str | None  # of the interviewee in the cycle
    office_id: UUID | None
    grant: Grant | None
    words: bytes | None = None

    @property
    def may_read(self) -> bool:
        if not self.note.is_there or self.standing is Standing.NEAR:
            return False
        return self.standing is Standing.AUTHOR or self.note.state == NoteState.SEALED


@dataclass(frozen=True, slots=True)
class Granted:
    """A right to read, with its holder's name."""

    grant: Grant
    reader: str
    by: str

    def is_live(self, now: datetime) -> bool:
        return self.grant.ended_at is None and self.grant.until > now


async def access_note(session: AsyncSession, actor: Actor, note_id: UUID, *, sealed: bool = False) -> Seen:
    """
    A note that the actor may know of; with `sealed`, what is stored of its words if she may read them.

    Raises:
        NotFound: none, or none that she may know of.
    """
    query = _notes(actor, *([SealedNote.words] if sealed else []))
    if sealed:
        query = query.outerjoin(SealedNote, SealedNote.note_id == Note.id)
    row = (await session.execute(query.where(Note.id == note_id))).one_or_none()
    found = _seen(actor, row) if row else None
    if found is None:
        raise NotFound(kind="note", id=str(note_id))
    return found


async def notes_of(session: AsyncSession, actor: Actor, person_id: UUID) -> list[Seen]:
    """The notes about a person that the actor may know of, the newest first."""
    actor.require(Permission.NOTES_WRITE)
    query = _notes(actor).where(Note.subject_id == person_id, Note.kind != Kind.SHARED)
    rows = await session.execute(query.order_by(Note.held_on.desc(), Note.id.desc()))
    return [found for row in rows if (found := _seen(actor, row))]


async def shared_notes(session: AsyncSession, actor: Actor, relationship_id: UUID) -> list[Seen]:
    """What the two of a pair have written for each other; one's own drafts among it."""
    query = _notes(actor).where(Note.kind == Kind.SHARED, Note.relationship_id == relationship_id)
    rows = await session.execute(query.order_by(Note.held_on.desc(), Note.id.desc()))
    found = [one for row in rows if (one := _seen(actor, row))]
    return [one for one in found if one.standing in (Standing.AUTHOR, Standing.OTHER)]


def _notes(actor: Actor, *more: Any) -> Select[Any]:
    mine = (
        select(Grant.id)
        .where(
            Grant.note_id == Note.id,
            Grant.person_id == actor.require_herself(),
            Grant.ended_at.is_(None),
            Grant.until > clock.now(),
        )
        .order_by(Grant.until.desc(), Grant.id)
        .limit(1)
        .correlate(Note)
        .scalar_subquery()
    )
    return (
        select(
            Note,
            Grant,
            _Subject.full_name.label("subject"),
            _Author.full_name.label("author"),
            _Other.full_name.label("other"),
            Participation.role.label("role"),
            Participation.office_id.label("office_id"),
            *more,
        )
        .join(_Subject, _Subject.id == Note.subject_id)
        .join(_Author, _Author.id == Note.author_id)
        .outerjoin(_Other, _Other.id == Note.other_id)
        .outerjoin(Participation, Participation.id == Note.participation_id)
        .outerjoin(Grant, Grant.id == mine)
    )


def _seen(actor: Actor, row: Any) -> Seen | None:
    standing = _standing(actor, row.Note, row.Grant, row.office_id)
    if standing is None:
        return None
    return Seen(
        row.Note,
        standing,
        row.subject,
        row.author,
        row.other,
        row.role,
        row.office_id,
        row.Grant if standing is Standing.GRANTED else None,
        row._mapping.get("words"),
    )


def _standing(actor: Actor, note: Note, grant: Grant | None, office_id: UUID | None) -> Standing | None:
    """How the actor stands to a note; None if she is to learn nothing of it."""
    works_with_notes = actor.may(Permission.NOTES_WRITE)
    is_hers = works_with_notes or note.kind == Kind.SHARED
    if is_hers and note.author_id == actor.person_id:
        return Standing.AUTHOR
    if is_hers and note.other_id == actor.person_id:
        return Standing.OTHER if note.state != NoteState.DRAFT else None
    if not works_with_notes or Role.OWNER in actor.roles or note.subject_id == actor.person_id:
        grant = None
    # Whoever works for another office by now reads no more; a shared note was released to her, wherever she works.
    is_near = note.kind == Kind.SHARED or actor.sees_office(office_id)
    if grant is not None and is_near:
        return Standing.GRANTED
    if note.kind == Kind.INTERVIEW and works_with_notes and is_near:
        return Standing.NEAR
    return None


async def grants(session: AsyncSession, note_id: UUID) -> list[Granted]:
    """Every right to read a note that was ever given, the newest first; for whoever has access to it."""
    reader, by = aliased(Person), aliased(Person)
    rows = await session.execute(
        select(Grant, reader.full_name, by.full_name)
        .join(reader, reader.id == Grant.person_id)
        .join(by, by.id == Grant.granted_by)
        .where(Grant.note_id == note_id)
        .order_by(Grant.created_at.desc(), Grant.id)
    )
    return [Granted(*row) for row in rows]


async def own_debriefs(session: AsyncSession, actor: Actor, note_id: UUID) -> list[Seen]:
    """The debriefs about an interview in which the actor is one of the two."""
    rows = await session.execute(_notes(actor).where(Note.about_id == note_id).order_by(Note.id))
    return [found for row in rows if (found := _seen(actor, row))]


async def due(session: AsyncSession, today: date, *, limit: int) -> Sequence[Note]:
    """Notes whose last day is over; for the worker that destroys them."""
    query = select(Note).where(Note.destroyed_at.is_(None), Note.destroy_on <= today)
    return (await session.scalars(query.order_by(Note.destroy_on, Note.id).limit(limit))).all()


async def begun_before(session: AsyncSession, actor: Actor, facts: Mapping[str, object]) -> UUID:
    """
    The note that stands in the way of beginning the same once more.

    Raises:
        NotFound: it is somebody else's.
    """
    query = select(Note.id).where(Note.author_id == actor.person_id, Note.kind == facts["kind"])
    match facts["kind"]:
        case Kind.SHARED:
            query = query.where(Note.id == facts["id"])
        case Kind.DEBRIEF:
            query = query.where(
                Note.about_id == facts["about_id"],
                Note.other_id == facts["other_id"],
                Note.destroyed_at.is_(None),
            )
        case _:
            query = query.where(
                Note.participation_id == facts["participation_id"], Note.state == NoteState.DRAFT
            )
    found: UUID | None = await session.scalar(query)
    if found is None:
        raise NotFound(kind="note")
    return found


async def locked(session: AsyncSession, note_id: UUID) -> Note:
    """A note that its author is about to change, held against others until the end of the transaction."""
    query = select(Note).where(Note.id == note_id).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one()


def must_be_author(seen: Seen) -> None:
    """
    Raises:
        NoteClosed: somebody else has written it.
    """
    if seen.standing is not Standing.AUTHOR:
        raise rules.NoteClosed
