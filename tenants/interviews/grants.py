"""Giving a colleague a note to read, for a purpose and for some days, and taking that back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.interviews import colleagues, queries, rules
from tenants.interviews.events import Event
from tenants.interviews.models import Grant, GrantKind, Kind, Purpose
from tenants.interviews.queries import Standing
from tenants.notifications import actions as notifications

LETTER = "note.granted"


async def give(
    session: AsyncSession, actor: Actor, note_id: UUID, *, person_id: UUID, purpose: str, days: int
) -> Grant:
    """
    Let a colleague read an interview. The same once more while it lasts only makes it last longer.

    Raises:
        NotFound, NoteDestroyed, NoteStillDraft. NoteClosed: somebody else has written it, or it is a debrief.
        Invalid: nobody who may read notes of this office, no such purpose, no such number of days.
    """
    seen = await queries.access_note(session, actor, note_id)
    queries.must_be_author(seen)
    if seen.note.kind != Kind.INTERVIEW:
        raise rules.NoteClosed
    rules.must_be_sealed(seen.note)
    problems = []
    if person_id not in {
        one.id
        for one in await colleagues.colleagues(session, actor, seen.office_id, about=seen.note.subject_id)
    }:
        problems.append(Problem("person_id", "note_reader"))
    if purpose not in rules.GRANT_PURPOSES:
        problems.append(Problem("purpose", "note_purpose"))
    if days not in rules.GRANT_DAYS:
        problems.append(Problem("days", "not_a_choice"))
    if problems:
        raise Invalid(*problems)
    # Two windows that give the same wait for each other here.
    await queries.locked(session, note_id)
    until = clock.now() + timedelta(days=days)
    held = await _live(session, note_id, person_id, purpose)
    if held is not None and held.until >= until - timedelta(minutes=1):
        return held
    grant = Grant(
        organisation_id=actor.organisation_id,
        note_id=note_id,
        person_id=person_id,
        kind=GrantKind.GIVEN,
        purpose=Purpose(purpose),
        until=until,
        granted_by=actor.require_person(),
    )
    session.add(grant)
    await session.flush()
    audit.record(
        session,
        actor,
        Event.GRANT_GIVEN,
        kind="note",
        id=note_id,
        to=str(person_id),
        purpose=purpose,
        days=days,
    )
    await notifications.write(
        session, actor, LETTER, key=f"{LETTER}:{grant.id}", person_id=person_id, grant_id=grant.id
    )
    return grant


async def end(session: AsyncSession, actor: Actor, note_id: UUID, grant_id: UUID) -> None:
    """
    End a right to read, whoever gave it; from the next request on it opens nothing.

    Raises:
        NotFound: no such note or right. NoteClosed: neither its author nor its holder. GrantOver: it has ended.
    """
    seen = await queries.access_note(session, actor, note_id)
    query = select(Grant).where(Grant.id == grant_id, Grant.note_id == note_id)
    grant = (await session.execute(query)).scalar_one_or_none()
    if grant is None:
        raise NotFound(kind="grant", id=str(grant_id))
    if seen.standing is not Standing.AUTHOR and grant.person_id != actor.person_id:
        raise rules.NoteClosed
    if grant.ended_at is not None:
        raise rules.GrantOver
    grant.ended_at = clock.now()
    grant.ended_by = actor.require_person()
    await session.flush()
    audit.record(session, actor, Event.GRANT_ENDED, kind="note", id=note_id, of=str(grant.person_id))


async def _live(session: AsyncSession, note_id: UUID, person_id: UUID, purpose: str) -> Grant | None:
    query = select(Grant).where(
        Grant.note_id == note_id,
        Grant.person_id == person_id,
        Grant.purpose == purpose,
        Grant.kind == GrantKind.GIVEN,
        Grant.ended_at.is_(None),
        Grant.until > clock.now(),
    )
    return (await session.execute(query.order_by(Grant.until.desc()).limit(1))).scalar_one_or_none()
