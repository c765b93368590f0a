"""
Following up on pairs that run: both are asked at the later check-ups of the programme how far they are (K41).

A check-up in the first two months is a talk of the coordinator, and so is the one at the end of the term; at those
between a letter goes out, with two weeks for a reply, and one reminder. What is replied stands with the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.db.batches import Transactions, in_batches
from infra.errors import Invalid, NotFound, Problem
from infra.outbox import enqueue_all
from infra.outbox.jobs import Promise
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.programmes.models import Programme
from tenants.proposals import leaving
from tenants.registration.joining import with_participation, with_person
from tenants.registration.models import Participation
from tenants.relationships import queries, rules, staying
from tenants.relationships.accompanying import cases_of
from tenants.relationships.events import Event
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.jobs import AskFollowUps
from tenants.relationships.keeping import rhythm
from tenants.relationships.models import Relationship, RelationshipState

BY_LETTER_FROM = 60  # days after the beginning
REPLY_WITHIN = timedelta(days=14)
ASKED_WITHIN = timedelta(days=21)  # a house that was away for longer does not ask about what is past
AT_ONCE = 100  # relationships and reminders that are taken in one transaction
MAX_REPLY = 4_000


@dataclass(frozen=True, slots=True)
class _CheckUp:
    """One of a programme, as of a day."""

    programme_id: UUID
    after_days: int
    today: date
    zone: str


async def follow_up(transactions: Transactions, actor: Actor) -> None:
    """As the house, each hour: ask whose day has come, and remind once who has not replied."""
    async with transactions() as session:
        zone = (await organisations.own(session)).time_zone
        today = clock.today(zone)
        programmes = (await session.execute(select(Programme.id, Programme.check_up_days))).all()
        for programme_id, days in programmes:
            for after_days in days:
                if after_days >= BY_LETTER_FROM:
                    await _share_out(session, actor, _CheckUp(programme_id, after_days, today, zone))
    await in_batches(transactions, partial(_remind_next, actor, today))


async def ask(session: AsyncSession, actor: Actor, job: AskFollowUps) -> None:
    """As the house: ask those of the job's pairs whose check-up is still due."""
    zone = (await organisations.own(session)).time_zone
    check_up = _CheckUp(job.programme_id, job.after_days, clock.today(zone), zone)
    await _ask(session, actor, check_up, job.relationship_ids)


async def reply(
    session: AsyncSession, actor: Actor, follow_up_id: UUID, *, goals: str | None, news: str | None
) -> FollowUp:
    """
    Keep what she writes, or writes anew while the pair runs; one of the two texts is enough.

    Raises:
        NotFound: somebody else was asked. RelationshipEnded: the pair is closed.
        Invalid: nothing written, or too much.
    """
    asked, relationship = await own(session, actor, follow_up_id, lock=True)
    rules.must_be_running(relationship)
    asked.goals, asked.news = _tidy("goals", goals), _tidy("news", news)
    if asked.goals is None and asked.news is None:
        raise Invalid(Problem("goals", "missing"))
    asked.replied_at = clock.now()
    asked.next_on = None
    await notifications.withdraw_letters(session, keys=[_letter(asked.id), _letter(asked.id, "reminder")])
    # They are heard of.
    await notifications.settle(session, actor, key=rhythm.not_heard_task(relationship.id))
    audit.record(session, actor, Event.FOLLOW_UP_REPLIED, kind="relationship", id=relationship.id)
    return asked


async def own(
    session: AsyncSession, actor: Actor, follow_up_id: UUID, *, lock: bool = False
) -> tuple[FollowUp, Relationship]:
    """
    A question to the actor, with the relationship that it is about.

    Raises:
        NotFound: somebody else was asked.
    """
    mine = select(Participation.id).where(Participation.person_id == actor.require_person())
    query = select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.participation_id.in_(mine))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="follow_up", id=str(follow_up_id))
    relationship, _mine = await queries.own_relationship(session, actor, found.relationship_id)
    return found, relationship


async def own_of(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[FollowUp]:
    """The actor's own follow-ups of one relationship, the newest first; whoever calls has shown that it is hers."""
    mine = select(Participation.id).where(Participation.person_id == actor.require_person())
    query = select(FollowUp).where(
        FollowUp.relationship_id == relationship_id, FollowUp.participation_id.in_(mine)
    )
    return (await session.execute(query.order_by(FollowUp.after_days.desc()))).scalars().all()


async def of_case(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[Any]:
    """
    All follow-ups of a case with the names of those who were asked, the newest first, for its coordinators; not for one
    of its people, though she coordinates here.

    Raises:
        NotFound: not one of the actor's cases.
    """
    await queries.access_relationship(session, actor, relationship_id)
    if actor.support_id is not None:
        return []  # they are told to coordinators
    query = (
        with_person(select(FollowUp, Person.full_name), FollowUp.participation_id)
        .where(
            FollowUp.relationship_id == relationship_id,
            FollowUp.relationship_id.not_in(cases_of(actor.person_id)),
        )
        .order_by(FollowUp.after_days.desc(), Participation.role, FollowUp.id)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def _share_out(session: AsyncSession, actor: Actor, check_up: _CheckUp) -> None:
    """The first at once. The others are jobs that several workers do side by side, and none of which is long."""
    due = (await session.scalars(_whose_day_has_come(check_up).order_by(Relationship.id))).all()
    now = clock.now()
    parts = [due[begin : begin + AT_ONCE] for begin in range(0, len(due), AT_ONCE)]
    for part in parts[:1]:
        await _ask(session, actor, check_up, part)
    promises = [
        Promise(
            AskFollowUps(
                programme_id=check_up.programme_id,
                after_days=check_up.after_days,
                relationship_ids=list(part),
            ),
            f"{AskFollowUps.KIND}:{check_up.after_days}:{now:%Y-%m-%dT%H}:{part[0]}",
            now,
        )
        for part in parts[1:]
    ]
    await enqueue_all(session, promises)


def _whose_day_has_come(check_up: _CheckUp) -> Select[UUID]:
    last = check_up.today - timedelta(days=check_up.after_days)
    first = last - ASKED_WITHIN
    asked = select(FollowUp.id).where(
        FollowUp.organisation_id == Relationship.organisation_id,
        FollowUp.relationship_id == Relationship.id,
        FollowUp.after_days == check_up.after_days,
    )
    return select(Relationship.id).where(
        Relationship.programme_id == check_up.programme_id,
        Relationship.state == RelationshipState.RUNNING,
        Relationship.begun_at >= clock.instant(first, datetime.min.time(), check_up.zone),
        Relationship.begun_at < clock.instant(last + timedelta(days=1), datetime.min.time(), check_up.zone),
        Relationship.ends_on > check_up.today,
        ~asked.exists(),
    )


async def _ask(
    session: AsyncSession, actor: Actor, check_up: _CheckUp, relationship_ids: Sequence[UUID]
) -> None:
    """In as many statements for hundreds as for one."""
    still_due = _whose_day_has_come(check_up).where(bulk.any_of(Relationship.id, relationship_ids))
    # Whoever changes one of them is waited for, since a job comes once; who only writes what belongs to one is not in the way.
    locked = still_due.order_by(Relationship.id).with_for_update(key_share=True)
    reply_by = check_up.today + REPLY_WITHIN
    people = await staying.people(session, (await session.scalars(locked)).all())
    asked = [
        FollowUp(
            organisation_id=actor.organisation_id,
            id=ids.random(),
            relationship_id=row.id,
            participation_id=row.participation_id,
            after_days=check_up.after_days,
            reply_by=reply_by,
            next_on=reply_by,
        )
        for row in people
    ]
    session.add_all(asked)
    await session.flush()
    await _write(session, actor, [(one, row.person_id) for one, row in zip(asked, people, strict=True)])
    for relationship_id in dict.fromkeys(row.id for row in people):
        audit.record(
            session,
            actor,
            Event.FOLLOW_UP_ASKED,
            kind="relationship",
            id=relationship_id,
            after_days=check_up.after_days,
        )


async def _remind_next(actor: Actor, today: date, session: AsyncSession, _after: UUID | None) -> UUID | None:
    query = (
        with_participation(
            select(FollowUp, Participation.person_id, Participation.status), FollowUp.participation_id
        )
        .where(FollowUp.next_on <= today)
        .order_by(FollowUp.next_on, FollowUp.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=FollowUp)
    )
    rows = (await session.execute(query)).all()
    for row in rows:
        row.FollowUp.next_on = None
    to = [row for row in rows if row.status not in leaving.GONE]
    for row in to:
        row.FollowUp.reminded_at = clock.now()
    await _write(session, actor, [(row.FollowUp, row.person_id) for row in to], "reminder")
    await session.flush()
    return rows[-1].FollowUp.id if rows else None


async def _write(
    session: AsyncSession, actor: Actor, asked: Sequence[tuple[FollowUp, UUID]], kind: str = "asked"
) -> None:
    """Not to somebody who has left or whose pair has ended by the time of sending: the letter looks again."""
    letters = [
        Addressed(_letter(one.id, kind), person_id, {"follow_up_id": one.id}) for one, person_id in asked
    ]
    await notifications.write_all(session, actor, f"follow_up.{kind}", letters)


def _letter(follow_up_id: UUID, kind: str = "asked") -> str:
    return f"follow_up.{kind}:{follow_up_id}"


def _tidy(field: str, text: str | None) -> str | None:
    told = (text or "").strip().replace("\0", "")
    if len(told) > MAX_REPLY:
        raise Invalid(Problem(field, "too_long", {"maximum": MAX_REPLY}))
    return told or None
