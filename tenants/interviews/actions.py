"""Writing notes. Saving never asks for a fresh proof, so that nothing typed is lost; reading again does."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, Problem
from infra.keys.house import KeyHouse
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.interviews import colleagues, queries, rules, sealing
from tenants.interviews.events import Event
from tenants.interviews.models import Kind, Note, NoteState, SealedNote
from tenants.notifications import actions as notifications
from tenants.permissions import Permission
from tenants.registration.queries import access_participation

REFERRAL = "note.referral"


async def begin(session: AsyncSession, actor: Actor, participation_id: UUID) -> UUID:
    """
    The actor's draft of a record of an interview: a new one, or that which she began already.

    Raises:
        NotFound: nobody within her reach.
    """
    actor.require(Permission.NOTES_WRITE)
    participation = await access_participation(session, actor, participation_id)
    if participation.person_id == actor.person_id:
        raise rules.NoteClosed  # nobody interviews herself
    today = clock.today(actor.time_zone)
    facts = {
        "kind": Kind.INTERVIEW,
        "participation_id": participation.id,
        "subject_id": participation.person_id,
        "held_on": participation.interviewed_on or today,
    }
    return await _begin(session, actor, facts)


async def begin_debrief(session: AsyncSession, actor: Actor, note_id: UUID, *, with_id: UUID) -> UUID:
    """
    A note on talking a hard interview over with one colleague, whom alone it is for (K22).

    Raises:
        NotFound: no such interview. NoteClosed: it is somebody else's.
        Invalid: nobody with whom she could talk it over.
    """
    actor.require(Permission.NOTES_WRITE)
    about = await queries.access_note(session, actor, note_id)
    queries.must_be_author(about)
    rules.must_be_there(about.note)
    if with_id not in {
        one.id
        for one in await colleagues.colleagues(session, actor, about.office_id, about=about.note.subject_id)
    }:
        raise Invalid(Problem("with_id", "note_second"))
    facts = {
        "kind": Kind.DEBRIEF,
        "participation_id": about.note.participation_id,
        "about_id": about.note.id,
        "subject_id": about.note.subject_id,
        "other_id": with_id,
        "held_on": clock.today(actor.time_zone),
    }
    return await _begin(session, actor, facts)


async def begin_shared(
    session: AsyncSession, actor: Actor, note_id: UUID, *, relationship_id: UUID, other_id: UUID
) -> UUID:
    """
    What one of a pair writes for the other. Whoever calls has seen to it that the two are one.

    The id comes from the form, so that a doubled click writes one note.
    """
    actor.require(Permission.OWN_CASE)
    facts = {
        "kind": Kind.SHARED,
        "id": note_id,
        "relationship_id": relationship_id,
        "subject_id": actor.require_person(),
        "other_id": other_id,
        "held_on": clock.today(actor.time_zone),
    }
    return await _begin(session, actor, facts)


async def _begin(session: AsyncSession, actor: Actor, facts: Mapping[str, object]) -> UUID:
    table = bulk.table(Note)
    destroy_on = clock.today(actor.time_zone) + timedelta(days=rules.KEPT[str(facts["kind"])])
    row = {
        "id": ids.new(),
        **facts,
        "organisation_id": actor.organisation_id,
        "author_id": actor.require_person(),
        "state": NoteState.DRAFT,
        "explained": [],
        "fields_filled": 0,
        "version": 0,
        "destroy_on": destroy_on,
    }
    made: UUID | None = await session.scalar(
        insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    )
    if made is None:
        return await queries.begun_before(session, actor, facts)
    audit.record(session, actor, Event.NOTE_BEGUN, kind="note", id=made, note=str(facts["kind"]))
    return made


async def save(
    session: AsyncSession,
    actor: Actor,
    keys: KeyHouse,
    note_id: UUID,
    *,
    words: Mapping[str, str],
    window: UUID,
    version: int,
    held_on: date | None = None,
    explained: Sequence[str] = (),
    is_final: bool = False,
) -> Note:
    """
    Seal what is written so far; with `is_final`, others may be given it to read from now on.

    What comes twice from one window, as by a doubled click, is saved twice and changes nothing.

    Raises:
        NotFound: no such note. NoteClosed: somebody else writes it. NoteDestroyed: it is gone.
        Invalid: a section too long, a day to come, or nothing at all in what is to be sealed for good.
        NoteChangedElsewhere: another window has saved meanwhile.
        KeyServiceUnavailable: it cannot be sealed now; nothing was saved.
    """
    seen = await queries.access_note(session, actor, note_id)
    queries.must_be_author(seen)
    rules.must_be_there(seen.note)
    kept = rules.tidy(seen.note.kind, words)
    if is_final and not kept:
        raise Invalid(Problem(rules.FIELDS[seen.note.kind][0], "missing"))
    day = rules.day_held(held_on, clock.today(actor.time_zone)) if held_on else seen.note.held_on
    sealed = await sealing.seal_words(keys, seen.note, kept)
    note = await queries.locked(session, note_id)
    rules.must_be_there(note)
    rules.must_be_of_now(note, version=version, window=window)
    was_sealed = note.state == NoteState.SEALED
    if was_sealed and not is_final:
        return note  # what a browser keeps while one types came after the form itself
    await _store(session, note, sealed)
    note.held_on = day
    note.explained = rules.is_explained(seen.role or "", list(explained))
    note.fields_filled = len(kept)
    note.version += 1
    note.window = window
    note.saved_at = clock.now()
    if is_final:
        note.state = NoteState.SEALED
        event = Event.NOTE_CHANGED if was_sealed else Event.NOTE_SEALED
        audit.record(session, actor, event, kind="note", id=note.id, note=note.kind, fields=len(kept))
        await _ask_to_raise(session, actor, note, kept)
    await session.flush()
    return note


async def _store(session: AsyncSession, note: Note, sealed: bytes) -> None:
    table = bulk.table(SealedNote)
    row = {
        "organisation_id": note.organisation_id,
        "id": ids.new(),
        "note_id": note.id,
        "words": sealed,
        "created_at": clock.now(),
    }
    await session.execute(
        insert(table)
        .values(row)
        .on_conflict_do_update(
            index_elements=[table.c.organisation_id, table.c.note_id], set_={"words": sealed}
        )
    )


async def _ask_to_raise(session: AsyncSession, actor: Actor, note: Note, kept: Mapping[str, str]) -> None:
    """What was written down as a referral is raised after the interview (K21); the task quotes nothing."""
    if "referral" in kept:
        await notifications.ask(
            session,
            actor,
            REFERRAL,
            key=f"{REFERRAL}:{note.id}",
            due_on=clock.today(actor.time_zone) + timedelta(days=1),
            person_id=note.author_id,
            participation_id=note.participation_id,
            note_id=note.id,
        )


async def keep_until(session: AsyncSession, actor: Actor, note_id: UUID, *, on: date) -> Note:
    """
    Set the day on which a note is destroyed.

    Raises:
        NotFound, NoteClosed, NoteDestroyed. Invalid: not within three years from now.
    """
    queries.must_be_author(await queries.access_note(session, actor, note_id))
    note = await queries.locked(session, note_id)
    rules.must_be_there(note)
    note.destroy_on = rules.last_day(on, clock.today(actor.time_zone))
    audit.record(session, actor, Event.NOTE_KEPT_UNTIL, kind="note", id=note.id, on=on.isoformat())
    return note
