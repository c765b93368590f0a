"""Letting a coordinator read what a pair shares: only if both agree, and for as long as both do (N10)."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.interviews import queries, rules
from tenants.interviews.events import Event
from tenants.interviews.models import Agreed, Grant, GrantKind, Kind, Note, Purpose, Release
from tenants.interviews.queries import Seen, Standing
from tenants.notifications import actions as notifications
from tenants.notifications import confidants
from tenants.people.models import Person

ASKED = "note.release_asked"
RELEASED = "note.released"


@dataclass(frozen=True, slots=True)
class Wish:
    """A release as one of the two sees it."""

    id: UUID
    reader: str
    i_agree: bool
    other_agrees: bool

    @property
    def is_open(self) -> bool:
        return self.i_agree and self.other_agrees


async def wishes(session: AsyncSession, actor: Actor, note_id: UUID) -> list[Wish]:
    """To whom a shared note was to be released, and who of the two agrees now; for whoever has access to it."""
    rows = await session.execute(
        select(
            Release.id,
            Person.full_name,
            func.coalesce(func.bool_or(Agreed.person_id == actor.person_id), False),
            func.coalesce(func.bool_or(Agreed.person_id != actor.person_id), False),
        )
        .join(Person, Person.id == Release.reader_id)
        .outerjoin(Agreed, Agreed.release_id == Release.id)
        .where(Release.note_id == note_id)
        .group_by(Release.id, Person.full_name, Release.created_at)
        .order_by(Release.created_at, Release.id)
    )
    return [Wish(*row) for row in rows]


async def ask(session: AsyncSession, actor: Actor, note_id: UUID, *, reader_id: UUID) -> None:
    """
    Wish that a coordinator may read; the other of the two is asked.

    Raises:
        NotFound: no such shared note. NoteDestroyed, NoteStillDraft.
        Invalid: nobody who works with the actor's case.
    """
    seen = await _ours(session, actor, note_id)
    if reader_id not in {one.id for one in await confidants.readers(session, actor)} - {seen.note.other_id, seen.note.author_id}:  # fmt: skip
        raise Invalid(Problem("reader_id", "note_reader"))
    table = bulk.table(Release)
    row = {
        "organisation_id": actor.organisation_id,
        "id": ids.new(),
        "created_at": clock.now(),
        "note_id": note_id,
        "reader_id": reader_id,
        "asked_by": actor.require_person(),
    }
    made = await session.scalar(insert(table).values(row).on_conflict_do_nothing().returning(table.c.id))
    if made is not None:
        audit.record(session, actor, Event.RELEASE_ASKED, kind="note", id=note_id, to=str(reader_id))
        await notifications.write(
            session, actor, ASKED, key=f"{ASKED}:{made}", person_id=_other(seen, actor), release_id=made
        )
    here = select(Release.id).where(Release.note_id == note_id, Release.reader_id == reader_id)
    await agree(session, actor, note_id, made or (await session.execute(here)).scalar_one())


async def agree(session: AsyncSession, actor: Actor, note_id: UUID, release_id: UUID) -> bool:
    """
    Say yes. Returns whether both have: then the coordinator may read.

    Raises:
        NotFound: no such wish about a note that the actor shares. NoteDestroyed, NoteStillDraft.
    """
    seen = await _ours(session, actor, note_id)
    release = await _release(session, note_id, release_id)
    table = bulk.table(Agreed)
    row = {
        "organisation_id": actor.organisation_id,
        "id": ids.new(),
        "created_at": clock.now(),
        "release_id": release_id,
        "person_id": actor.require_person(),
    }
    made = await session.scalar(insert(table).values(row).on_conflict_do_nothing().returning(table.c.id))
    if made is not None:
        audit.record(session, actor, Event.RELEASE_AGREED, kind="note", id=note_id, to=str(release.reader_id))
    said = await session.scalar(select(func.count()).where(Agreed.release_id == release_id))
    if said != 2:
        return False
    if made is not None:
        await _let_read(session, actor, release, seen.note)
    return True


async def take_back(session: AsyncSession, actor: Actor, note_id: UUID, release_id: UUID) -> None:
    """
    Agree no more, whoever agreed first: the coordinator reads no more from the next request on.

    Raises:
        NotFound: no such wish about a note that the actor shares.
    """
    await _ours(session, actor, note_id)
    release = await _release(session, note_id, release_id)
    gone = await session.execute(
        delete(Agreed)
        .where(Agreed.release_id == release_id, Agreed.person_id == actor.person_id)
        .returning(Agreed.id)
    )
    await session.execute(
        update(Grant)
        .where(Grant.release_id == release_id, Grant.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=actor.require_person())
    )
    if gone.first() is not None:
        audit.record(
            session, actor, Event.RELEASE_TAKEN_BACK, kind="note", id=note_id, of=str(release.reader_id)
        )


async def _let_read(session: AsyncSession, actor: Actor, release: Release, note: Note) -> None:
    """As long as both agree, and the note is there."""
    grant = Grant(
        organisation_id=actor.organisation_id,
        note_id=release.note_id,
        person_id=release.reader_id,
        kind=GrantKind.RELEASE,
        purpose=Purpose.RELEASE,
        until=clock.instant(note.destroy_on, time.min, "UTC"),
        granted_by=actor.require_person(),
        release_id=release.id,
    )
    session.add(grant)
    await session.flush()
    await notifications.write(
        session,
        actor,
        RELEASED,
        key=f"{RELEASED}:{grant.id}",
        person_id=release.reader_id,
        grant_id=grant.id,
    )


async def _ours(session: AsyncSession, actor: Actor, note_id: UUID) -> Seen:
    """A sealed note that the actor is one of two to share, held against the other until the end of the transaction."""
    seen = await queries.access_note(session, actor, note_id)
    if seen.note.kind != Kind.SHARED or seen.standing not in (Standing.AUTHOR, Standing.OTHER):
        raise NotFound(kind="note", id=str(note_id))
    # Two who agree in the same moment come one after the other, so that one of them sees both yes.
    await session.execute(select(bulk.alone(note_id)))
    rules.must_be_sealed(seen.note)
    return seen


async def _release(session: AsyncSession, note_id: UUID, release_id: UUID) -> Release:
    query = select(Release).where(Release.id == release_id, Release.note_id == note_id)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="release", id=str(release_id))
    return found


def _other(seen: Seen, actor: Actor) -> UUID:
    note: Note = seen.note
    return note.author_id if actor.person_id == note.other_id else note.other_id or note.author_id
