"""
Break-glass: a note is opened to somebody without its author.

One asks, with a reason; another decides, who may do so and gets to read nothing; then the note is open for sixty
minutes. The interviewer and the data-protection focal point are told by letter and by task.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock, ids
from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.interviews import colleagues, queries, rules
from tenants.interviews.events import Event
from tenants.interviews.models import AskedFor, Emergency, EmergencyState, Grant, GrantKind, Note, Purpose
from tenants.interviews.queries import Standing
from tenants.notifications import actions as notifications
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.registration.models import Participation

ASKED = "note.emergency"
OPENED = "note.opened"
ANSWERED = "note.emergency_answered"
MOST_LISTED = 100
SEVERITY = "breakglass"
# What the trail says when it is asked for, agreed to and refused.
_EVENTS: Mapping[str, tuple[Event, Event, Event]] = {
    AskedFor.EMERGENCY: (Event.EMERGENCY_ASKED, Event.EMERGENCY_OPENED, Event.EMERGENCY_REFUSED),
    AskedFor.HAND_OVER: (Event.HAND_OVER_ASKED, Event.HANDED_OVER, Event.HAND_OVER_REFUSED),
}
_PURPOSES = {AskedFor.EMERGENCY.value: Purpose.EMERGENCY, AskedFor.HAND_OVER.value: Purpose.HAND_OVER}


@dataclass(frozen=True, slots=True)
class Case:
    """An emergency with the names around it. `until` is set while it is or was open."""

    emergency: Emergency
    note: Note
    requester: str
    subject: str
    author: str
    decided_by: str | None
    office_id: UUID | None
    until: datetime | None

    def is_open(self, now: datetime) -> bool:
        return rules.is_open(self.emergency.state, self.emergency.created_at, now, self.emergency.asked_for)


async def ask(
    session: AsyncSession,
    actor: Actor,
    note_id: UUID,
    *,
    reason: str,
    asked_for: AskedFor = AskedFor.EMERGENCY,
) -> UUID:
    """
    Ask to read a note in an emergency, or to read on for an author who has left. Asked twice, it is one question.

    Raises:
        NotFound: no such note. NoteDestroyed, NoteStillDraft: there is nothing to read.
        AuthorHere: it is to be handed over, and its author can give it herself.
        NoteClosed: the actor may read it anyway, or owns the organisation.
        Invalid: no reason that one could judge. StepUpNeeded.
    """
    actor.require(Permission.NOTES_WRITE)
    seen = await queries.access_note(session, actor, note_id)
    is_her_own = seen.note.subject_id == actor.person_id
    if seen.standing is not Standing.NEAR or Role.OWNER in actor.roles or is_her_own:
        raise rules.NoteClosed
    rules.must_be_sealed(seen.note)
    if asked_for is AskedFor.HAND_OVER and await colleagues.works_here(session, seen.note.author_id):
        raise rules.AuthorHere
    why = rules.reason(reason)
    actor.require_fresh(clock.now())
    table = bulk.table(Emergency)
    row = {
        "organisation_id": actor.organisation_id,
        "id": ids.random(),
        "created_at": clock.now(),
        "note_id": note_id,
        "requester_id": actor.require_person(),
        "asked_for": asked_for,
        "reason": why,
        "state": EmergencyState.ASKED,
    }
    # One that nobody answered within a day makes room for a new one.
    await _let_lapse(session, actor, note_id, asked_for)
    made: UUID | None = await session.scalar(
        insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)
    )
    if made is None:
        standing = select(Emergency.id).where(*_asked_by(actor, note_id))
        before: UUID = (await session.execute(standing)).scalar_one()
        return before
    audit.record(session, actor, _EVENTS[asked_for][0], kind="note", id=note_id, **_severity(asked_for))
    not_asked = [actor.require_person(), seen.note.subject_id]
    for person_id in await colleagues.deciders(session, seen.office_id, but=not_asked):
        await _tell(session, actor, ASKED, made, person_id)
    return made


async def decide(session: AsyncSession, actor: Actor, emergency_id: UUID, *, is_yes: bool) -> Emergency:
    """
    Open the note to whoever has asked, for sixty minutes, or refuse.

    Raises:
        NotFound: no such question that the actor may decide; none that she asked, and none about herself.
        EmergencyOver: it was decided, or asked more than a day ago. NoteDestroyed. StepUpNeeded.
        AuthorHere: it was to be handed over, and its author works here again.
    """
    actor.require(Permission.NOTES_DECIDE)
    case = await access_case(session, actor, emergency_id)
    if case.emergency.requester_id == actor.person_id:
        raise NotFound(kind="emergency", id=str(emergency_id))
    actor.require_fresh(clock.now())
    rules.must_be_there(case.note)
    now = clock.now()
    if not case.is_open(now):
        raise rules.EmergencyOver
    if (
        is_yes
        and case.emergency.asked_for == AskedFor.HAND_OVER
        and await colleagues.works_here(session, case.note.author_id)
    ):
        raise rules.AuthorHere  # she came back while it waited
    # Whoever is second finds it decided: the row is no longer one that is asked.
    decided = await session.execute(
        update(Emergency)
        .where(Emergency.id == emergency_id, Emergency.state == EmergencyState.ASKED)
        .values(
            state=EmergencyState.OPENED if is_yes else EmergencyState.REFUSED,
            decided_by=actor.require_person(),
            decided_at=now,
        )
        .returning(Emergency)
        .execution_options(populate_existing=True)
    )
    emergency = decided.scalar_one_or_none()
    if emergency is None:
        raise rules.EmergencyOver
    asked_for = emergency.asked_for
    event = _EVENTS[asked_for][1 if is_yes else 2]
    facts = {"to": str(emergency.requester_id), **_severity(asked_for)}
    audit.record(session, actor, event, kind="note", id=case.note.id, **facts)
    if is_yes:
        await _open(session, actor, case, now)
    await notifications.settle_all(session, actor, keys=await _keys(session, ASKED, emergency_id))
    await notifications.write(
        session,
        actor,
        ANSWERED,
        key=f"{ANSWERED}:{emergency_id}",
        person_id=emergency.requester_id,
        emergency_id=emergency_id,
    )
    return emergency


async def _open(session: AsyncSession, actor: Actor, case: Case, now: datetime) -> None:
    session.add(
        Grant(
            organisation_id=actor.organisation_id,
            note_id=case.note.id,
            person_id=case.emergency.requester_id,
            kind=GrantKind.EMERGENCY,
            purpose=_PURPOSES[case.emergency.asked_for],
            until=now + rules.LASTS[case.emergency.asked_for],
            granted_by=actor.require_person(),
            emergency_id=case.emergency.id,
        )
    )
    await session.flush()
    told = {case.note.author_id, *await colleagues.guardians(session, but=case.note.subject_id)}
    for person_id in sorted(told, key=str):
        await _tell(session, actor, OPENED, case.emergency.id, person_id)


async def see(session: AsyncSession, actor: Actor, emergency_id: UUID) -> Case:
    """
    An emergency for whoever has to do with it; what was to be looked at has been looked at.

    Raises:
        NotFound: none, or nothing to do with the actor.
    """
    case = await access_case(session, actor, emergency_id)
    if case.emergency.state == EmergencyState.OPENED:
        await notifications.settle(session, actor, key=_key(OPENED, emergency_id, actor.require_person()))
    return case


async def access_case(session: AsyncSession, actor: Actor, emergency_id: UUID) -> Case:
    """
    As one who may decide for this office, who asked, or who wrote the note; never as the one whom it is about.

    Raises:
        NotFound: none, or nothing to do with the actor.
    """
    actor.refuse_support()
    row = (await session.execute(_cases().where(Emergency.id == emergency_id))).one_or_none()
    case = Case(*row) if row else None
    if case is None or not _concerns(actor, case):
        raise NotFound(kind="emergency", id=str(emergency_id))
    return case


async def cases(session: AsyncSession, actor: Actor) -> list[Case]:
    """The emergencies that the actor has to do with, the newest first."""
    actor.refuse_support()
    rows = await session.execute(
        _cases().order_by(Emergency.created_at.desc(), Emergency.id).limit(MOST_LISTED)
    )
    return [case for row in rows if _concerns(actor, case := Case(*row))]


def _cases() -> Any:
    requester, subject, author, decider = (aliased(Person) for _ in range(4))
    return (
        select(
            Emergency,
            Note,
            requester.full_name,
            subject.full_name,
            author.full_name,
            decider.full_name,
            Participation.office_id,
            Grant.until,
        )
        .join(Note, Note.id == Emergency.note_id)
        .join(requester, requester.id == Emergency.requester_id)
        .join(subject, subject.id == Note.subject_id)
        .join(author, author.id == Note.author_id)
        .outerjoin(decider, decider.id == Emergency.decided_by)
        .outerjoin(Participation, Participation.id == Note.participation_id)
        .outerjoin(Grant, Grant.emergency_id == Emergency.id)
    )


def _concerns(actor: Actor, case: Case) -> bool:
    # Whoever decides may take part as well. About herself she neither decides nor learns why somebody asks.
    if actor.person_id == case.note.subject_id:
        return False
    if actor.person_id in (case.emergency.requester_id, case.note.author_id):
        return True
    return actor.may(Permission.NOTES_DECIDE) and actor.sees_office(case.office_id)


async def _let_lapse(session: AsyncSession, actor: Actor, note_id: UUID, asked_for: AskedFor) -> None:
    """Take away one's own question that nobody can answer any more, and a hand-over that has become an emergency."""
    found = await session.scalars(select(Emergency).where(*_asked_by(actor, note_id)))
    for one in found:
        is_urgent = one.asked_for == AskedFor.HAND_OVER and asked_for is AskedFor.EMERGENCY
        if is_urgent or not rules.is_open(one.state, one.created_at, clock.now(), one.asked_for):
            await notifications.settle_all(session, actor, keys=await _keys(session, ASKED, one.id))
            await session.delete(one)
    await session.flush()


async def _tell(session: AsyncSession, actor: Actor, kind: str, emergency_id: UUID, person_id: UUID) -> None:
    """By letter and by task. The task names nobody and quotes nothing."""
    key = _key(kind, emergency_id, person_id)
    await notifications.ask(
        session,
        actor,
        kind,
        key=key,
        due_on=clock.today("UTC"),
        person_id=person_id,
        emergency_id=emergency_id,
    )
    await notifications.write(session, actor, kind, key=key, person_id=person_id, emergency_id=emergency_id)


def _asked_by(actor: Actor, note_id: UUID) -> tuple[Any, ...]:
    """The one question of this actor about a note that waits."""
    mine = Emergency.requester_id == actor.person_id
    return Emergency.note_id == note_id, mine, Emergency.state == EmergencyState.ASKED


def _severity(asked_for: str) -> dict[str, str]:
    return {"severity": SEVERITY} if asked_for == AskedFor.EMERGENCY else {}


def _key(kind: str, emergency_id: UUID, person_id: UUID) -> str:
    return f"{kind}:{emergency_id}:{person_id}"


async def _keys(session: AsyncSession, kind: str, emergency_id: UUID) -> list[str]:
    """The tasks by which several people were asked the same."""
    found = select(Task.key).where(Task.kind == kind, Task.about["emergency_id"].astext == str(emergency_id))
    return list(await session.scalars(found))
