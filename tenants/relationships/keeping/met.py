"""
"Did you meet?": each is asked the day after, and one yes is enough.

The question is a letter with a button; whoever opens its link answers without signing in
(docs/decisions/0005-answering-from-a-letter.md). Who has met says so on her page, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.db.batches import Transactions, in_batches
from infra.errors import NotFound
from tenants.actor import Actor, person
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.registration.models import Participation
from tenants.relationships import queries, rules, staying
from tenants.relationships.events import Event
from tenants.relationships.keeping import rhythm
from tenants.relationships.keeping.models import MeetingAnswer, Met
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState

PURPOSE = "met"  # of the links in letters, over the id of an answer
ASK_AT = time(9)  # the morning after, by the reader's clock
ANSWERED_WITHIN = timedelta(days=60)
ASKED_WITHIN = timedelta(days=7)  # a house that was away for longer does not ask about what is past
AT_ONCE = 200  # meetings that are read together
ASKABLE = (MeetingState.AGREED, MeetingState.HELD, MeetingState.MISSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whoever holds a letter with the question: she may answer as its reader, about this one meeting and nothing else."""

    actor: Actor
    meeting: Meeting
    relationship: Relationship
    others: Sequence[str]


async def ask_all(transactions: Transactions, actor: Actor) -> None:
    """As the house, each hour: make the question for everybody whose meeting is over; the letter waits for her morning."""
    await in_batches(transactions, partial(_ask_next, actor))


async def _ask_next(actor: Actor, session: AsyncSession, _after: UUID | None) -> UUID | None:
    now = clock.now()
    query = (
        select(Meeting, Relationship)
        .join(
            Relationship,
            (Relationship.organisation_id == Meeting.organisation_id)
            & (Relationship.id == Meeting.relationship_id),
        )
        .where(
            Meeting.state == MeetingState.AGREED,
            Meeting.asked_at.is_(None),
            Meeting.starts_at < now,
            Meeting.starts_at >= now - ASKED_WITHIN,
            Relationship.state == RelationshipState.RUNNING,
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Meeting)
    )
    rows = (await session.execute(query)).all()
    if not rows:
        return None
    for meeting, _relationship in rows:
        meeting.asked_at = now
    await _ask(session, actor, [row.Meeting for row in rows])
    await session.flush()
    last: UUID = rows[-1].Meeting.id
    return last


async def say(
    session: AsyncSession, actor: Actor, meeting_id: UUID, answer: Met, *, by_letter: bool = False
) -> Meeting:
    """
    One of its people says whether a meeting took place; she may say something else later.

    It was held if one of them says so. The others are asked no more.

    Raises:
        NotFound: not a meeting of the actor's pairs.
        RelationshipEnded: the pair is closed.
        MeetingNotYet: it is still to come. MeetingClosed: it was never agreed, is cancelled, or long over.
    """
    actor.require(Permission.OWN_CASE)
    meeting, relationship, me = await _access(session, actor, meeting_id)
    _must_be_sayable(meeting)
    return await keep(session, actor, meeting, relationship, me, answer, by_letter=by_letter)


async def keep(
    session: AsyncSession,
    actor: Actor,
    meeting: Meeting,
    relationship: Relationship,
    me: UUID,
    answer: Met,
    *,
    by_letter: bool = False,
) -> Meeting:
    """What one of its people says of a meeting whose pair the caller has locked."""
    await _keep(session, actor, meeting, me, answer)
    said = {one.answer for one in await answers(session, [meeting.id])}
    before, meeting.state = meeting.state, MeetingState.HELD if Met.MET in said else MeetingState.MISSED
    await notifications.withdraw_letters(
        session,
        keys=[
            letter_key(meeting, one.participation_id) for one in await queries.people(session, relationship)
        ],
    )
    if meeting.state != before:
        event = Event.MEETING_HELD if meeting.state == MeetingState.HELD else Event.MEETING_MISSED
        audit.record(session, actor, event, kind="meeting", id=meeting.id, by_letter=by_letter)
    await session.flush()
    if meeting.state == MeetingState.HELD:
        await rhythm.heard(session, actor, relationship.id)
    return meeting


async def answers(session: AsyncSession, meeting_ids: Sequence[UUID]) -> Sequence[MeetingAnswer]:
    """What has been said of these meetings, for whoever has access to them."""
    query = select(MeetingAnswer).where(
        MeetingAnswer.meeting_id.in_(meeting_ids), MeetingAnswer.answer.is_not(None)
    )
    return (await session.execute(query)).scalars().all()


async def reader_of(session: AsyncSession, visitor: Actor, answer_id: UUID) -> Asked | None:
    """Whom a link speaks for; None once nothing can be said of the meeting any more."""
    row = (
        await session.execute(
            select(MeetingAnswer.meeting_id, MeetingAnswer.participation_id, *_READER)
            .join(Participation, _same(Participation, MeetingAnswer.participation_id))
            .join(Person, _same(Person, Participation.person_id))
            .where(MeetingAnswer.id == answer_id, Person.is_active)
        )
    ).one_or_none()
    if row is None:
        return None
    reader = person(
        visitor.organisation_id, row.person_id, frozenset({Role.PARTICIPANT}),
        language=row.language, time_zone=row.time_zone,
    )  # fmt: skip
    found = await session.execute(select(Meeting).where(Meeting.id == row.meeting_id))
    meeting = found.scalar_one()
    try:
        relationship, _me = await queries.own_relationship(session, reader, meeting.relationship_id)
        rules.must_be_running(relationship)
        _must_be_sayable(meeting)
    except (
        NotFound,
        rules.RelationshipEnded,
        rules.MeetingClosed,
        rules.MeetingNotYet,
        rules.MeetingAnswerLate,
    ):
        return None
    people = await queries.people(session, relationship)
    others = [one.full_name for one in people if one.participation_id != row.participation_id]
    return Asked(reader, meeting, relationship, others)


def letter_key(meeting: Meeting, participation_id: UUID) -> str:
    """A moved meeting that is over asks anew."""
    return f"meeting.did_you_meet:{meeting.id}:{meeting.sequence}:{participation_id}"


_READER = (Person.id.label("person_id"), Person.language, Person.time_zone)


def _same(table: Any, column: Any) -> Any:
    return (table.organisation_id == column.class_.organisation_id) & (table.id == column)


def _must_be_sayable(meeting: Meeting) -> None:
    if meeting.state not in ASKABLE:
        raise rules.MeetingClosed(state=meeting.state)
    if meeting.starts_at > clock.now():
        raise rules.MeetingNotYet
    if meeting.starts_at < clock.now() - ANSWERED_WITHIN:
        raise rules.MeetingAnswerLate


async def _access(
    session: AsyncSession, actor: Actor, meeting_id: UUID
) -> tuple[Meeting, Relationship, UUID]:
    """The pair is locked first, as by whoever moves or cancels one of its meetings."""
    pair = await session.scalar(select(Meeting.relationship_id).where(Meeting.id == meeting_id))
    if pair is None:
        raise NotFound(kind="meeting", id=str(meeting_id))
    try:
        relationship, me = await queries.own_relationship(session, actor, pair, lock=True)
    except rules.PartOver:
        raise  # she may know that there is a group, and that she is not in it any more
    except NotFound as error:
        raise NotFound(kind="meeting", id=str(meeting_id)) from error
    rules.must_be_running(relationship)
    query = select(Meeting).where(Meeting.id == meeting_id).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one(), relationship, me


async def _ask(session: AsyncSession, actor: Actor, meetings: Sequence[Meeting]) -> None:
    """A place for the answer of each who takes part still, and her letter; in few statements for hundreds."""
    people: dict[UUID, list[Any]] = {}
    for row in await staying.people(session, list({one.relationship_id for one in meetings})):
        people.setdefault(row.id, []).append(row)
    asked = [(meeting, one) for meeting in meetings for one in people.get(meeting.relationship_id, [])]
    places = [
        {
            "organisation_id": actor.organisation_id, "id": ids.random(), "meeting_id": meeting.id,
            "participation_id": one.participation_id,
        }
        for meeting, one in asked
    ]  # fmt: skip
    table = bulk.table(MeetingAnswer)
    for part in bulk.batches(places):
        fresh = bulk.given(table, part).select()
        await session.execute(insert(table).from_select(list(part[0]), fresh).on_conflict_do_nothing())
    kept = await session.execute(
        select(MeetingAnswer.meeting_id, MeetingAnswer.participation_id, MeetingAnswer.id).where(
            bulk.any_of(MeetingAnswer.meeting_id, [one.id for one in meetings])
        )
    )
    answer_ids = {(row[0], row[1]): row[2] for row in kept}
    by_hour: dict[datetime, list[Addressed]] = {}
    for meeting, one in asked:
        about = {
            "meeting_id": meeting.id, "relationship_id": meeting.relationship_id,
            "answer_id": answer_ids[meeting.id, one.participation_id],
        }  # fmt: skip
        due_at = max(clock.now().replace(microsecond=0), _morning_after(meeting.starts_at, one.time_zone))
        letter = Addressed(letter_key(meeting, one.participation_id), one.person_id, about)
        by_hour.setdefault(due_at, []).append(letter)
    for due_at, letters in by_hour.items():
        await notifications.write_all(session, actor, "meeting.did_you_meet", letters, due_at=due_at)


def _morning_after(moment: datetime, zone: str) -> datetime:
    return clock.instant(clock.local(moment, zone).date() + timedelta(days=1), ASK_AT, zone)


async def _keep(
    session: AsyncSession, actor: Actor, meeting: Meeting, participation_id: UUID, answer: Met
) -> None:
    row = insert(MeetingAnswer).values(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        meeting_id=meeting.id,
        participation_id=participation_id,
        answer=answer,
        answered_at=clock.now(),
    )
    where = [MeetingAnswer.organisation_id, MeetingAnswer.meeting_id, MeetingAnswer.participation_id]
    said = {"answer": row.excluded.answer, "answered_at": row.excluded.answered_at}
    await session.execute(row.on_conflict_do_update(index_elements=where, set_=said))
