"""
Whether pairs, groups and circles meet about once a month (K52), and are heard of after they began (K38).

Each has one day on which to look next. Where nobody met for as long as the programme allows, and no meeting is to come,
its people get one kind letter, and some days later their coordinator a task: once for each silence. A case of which
nothing is known some weeks after it began becomes a task as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed, Asked
from tenants.notifications.models import Task
from tenants.organisations import queries as organisations
from tenants.relationships import staying
from tenants.relationships.events import Event
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.keeping import settings
from tenants.relationships.keeping.models import NotHeard, Rhythm
from tenants.relationships.keeping.settings import Watching
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState
from tenants.relationships.rules import LEAST_TOGETHER

AT_ONCE = 200  # relationships that are looked at together
GRACE = timedelta(days=14)  # before the first look at a case that began long ago, and before its last day
UNSAID = timedelta(
    days=7
)  # so long an agreed meeting counts as one to come, until somebody says whether they met
YOUNG = timedelta(days=90)  # K38 is about the beginning of a case


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case. `met_on` and `meets_on` are the last meeting that was held, and the next to come."""

    begun_on: date
    met_on: date | None = None
    meets_on: date | None = None
    is_heard: bool = False  # somebody has told how it goes

    @property
    def since(self) -> date:
        """The beginning of the present silence."""
        return self.met_on or self.begun_on


@dataclass(slots=True)
class Due:
    """What some cases come to: people to write to, and tasks."""

    told: list[Relationship] = field(default_factory=list)
    letters: list[Addressed] = field(default_factory=list)
    quiet: list[tuple[Relationship, date]] = field(default_factory=list)
    unheard: list[Relationship] = field(default_factory=list)


async def look(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: look at every case whose day has come."""
    zone = (await organisations.own(session)).time_zone
    today = clock.today(zone)
    chosen = await settings.of_all(session)
    while await _begin(session, actor, chosen, zone, today):
        pass
    query = (
        select(Rhythm, Relationship)
        .join(
            Relationship,
            (Relationship.organisation_id == Rhythm.organisation_id)
            & (Relationship.id == Rhythm.relationship_id),
        )
        .where(Rhythm.look_on <= today)
        .order_by(Rhythm.look_on, Rhythm.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=Rhythm)
    )
    while rows := (await session.execute(query)).all():
        known = await _known(session, [row.Relationship for row in rows], zone)
        people = await _people(session, [row.Relationship.id for row in rows])
        due = Due()
        for rhythm, relationship in rows:
            watching = chosen.get(relationship.programme_id, Watching())
            if relationship.state != RelationshipState.RUNNING:
                await session.delete(rhythm)
                continue
            there = people.get(relationship.id, [])
            _look(due, rhythm, relationship, known[relationship.id], watching, there, today)
        await _say(session, actor, due, today)
        await session.flush()


async def heard(session: AsyncSession, actor: Actor, relationship_id: UUID) -> None:
    """Somebody has told of a meeting, or how it goes: what waited for that is done, and the next look is soon."""
    await _settle(session, actor, quiet_tasks(relationship_id), not_heard_task(relationship_id))
    today = clock.today((await organisations.own(session)).time_zone)
    await session.execute(
        update(Rhythm).where(Rhythm.relationship_id == relationship_id).values(look_on=today)
    )


async def close(session: AsyncSession, actor: Actor, relationship_id: UUID) -> None:
    """When a relationship ends: nobody need look after its silences and doubts any more."""
    beginnings = (quiet_tasks(relationship_id), not_heard_task(relationship_id), doubt_tasks(relationship_id))
    await _settle(session, actor, *beginnings)


async def _settle(session: AsyncSession, actor: Actor, *beginnings: str) -> None:
    begins = or_(*(Task.key.startswith(one, autoescape=True) for one in beginnings))
    keys = await session.scalars(select(Task.key).where(begins, Task.done_at.is_(None)))
    await notifications.settle_all(session, actor, keys=keys.all())


def quiet_tasks(relationship_id: UUID) -> str:
    """How the keys of the tasks begin to ask whoever does not meet; each has the day on which they were told."""
    return f"relationship.quiet:{relationship_id}:"


def quiet_task(relationship_id: UUID, told_on: date) -> str:
    return f"{quiet_tasks(relationship_id)}{told_on}"


def doubt_tasks(relationship_id: UUID) -> str:
    """How the keys of the tasks begin to talk with whoever may not go on."""
    return f"relationship.doubt:{relationship_id}:"


def not_heard_task(relationship_id: UUID) -> str:
    return f"relationship.not_heard:{relationship_id}"


async def _begin(
    session: AsyncSession, actor: Actor, chosen: dict[UUID, Watching], zone: str, today: date
) -> bool:
    """Give some of the cases that have none their first day. Whether there were any."""
    has = select(Rhythm.id).where(
        Rhythm.organisation_id == Relationship.organisation_id, Rhythm.relationship_id == Relationship.id
    )
    query = select(Relationship.id, Relationship.programme_id, Relationship.begun_at).where(
        Relationship.state == RelationshipState.RUNNING, ~has.exists()
    )
    rows = (await session.execute(query.order_by(Relationship.id).limit(AT_ONCE))).all()
    if not rows:
        return False
    fresh = []
    for row in rows:
        watching = chosen.get(row.programme_id, Watching())
        begun_on = clock.local(row.begun_at, zone).date()
        first = begun_on + timedelta(days=min(watching.quiet_days, watching.not_heard_days))
        fresh.append(
            {
                "organisation_id": actor.organisation_id, "id": ids.new(), "relationship_id": row.id,
                "look_on": first if first >= today else today + GRACE,
            }
        )  # fmt: skip
    table = bulk.table(Rhythm)
    await session.execute(
        insert(table)
        .from_select(list(fresh[0]), bulk.given(table, fresh).select())
        .on_conflict_do_nothing(index_elements=[table.c.organisation_id, table.c.relationship_id])
    )
    return True


def _look(
    due: Due, rhythm: Rhythm, relationship: Relationship, known: Known, watching: Watching, there: Sequence[Any],
    today: date,
) -> None:  # fmt: skip
    """What is due for one case now, and the day on which to look next."""
    day_of_first_word = known.begun_on + timedelta(days=watching.not_heard_days)
    is_silent = not (known.met_on or known.meets_on or known.is_heard)
    if is_silent and watching.is_watched and day_of_first_word <= today <= known.begun_on + YOUNG:
        due.unheard.append(relationship)
    quiet = timedelta(days=watching.quiet_days)
    is_alone = len(there) < LEAST_TOGETHER  # somebody has left: that is a task of its own
    if (
        known.since + quiet > today
        or not watching.is_watched
        or relationship.ends_on <= today + GRACE
        or is_alone
    ):
        rhythm.told_on = None
        rhythm.look_on = max(known.since + quiet, today + timedelta(days=1))
    elif known.meets_on is not None:
        # Looked at each week all the same: one that is far off may be cancelled.
        rhythm.look_on = min(max(known.meets_on, today) + timedelta(days=2), today + UNSAID)
    elif rhythm.told_on is None:
        due.told.append(relationship)
        due.letters += [_letter(relationship, known, one) for one in there]
        rhythm.told_on = today
        rhythm.look_on = today + timedelta(days=watching.task_days)
    elif today < rhythm.told_on + timedelta(days=watching.task_days):  # looked at early: something was heard
        rhythm.look_on = rhythm.told_on + timedelta(days=watching.task_days)
    else:
        due.quiet.append((relationship, rhythm.told_on))
        rhythm.look_on = today + quiet
    if today < day_of_first_word:
        rhythm.look_on = min(rhythm.look_on, day_of_first_word)


def _letter(relationship: Relationship, known: Known, one: Any) -> Addressed:
    return Addressed(
        f"relationship.quiet:{relationship.id}:{known.since}:{one.participation_id}",
        one.person_id,
        {"relationship_id": relationship.id, "since": known.since},
    )


async def _say(session: AsyncSession, actor: Actor, due: Due, today: date) -> None:
    """In as many statements for hundreds of cases as for one."""
    unheard = [
        Asked(not_heard_task(one.id), today, {"relationship_id": one.id}, person_id=one.coordinator_id)
        for one in due.unheard
    ]
    quiet = [
        Asked(quiet_task(one.id, told_on), today, {"relationship_id": one.id}, person_id=one.coordinator_id)
        for one, told_on in due.quiet
    ]
    if unheard:
        await notifications.ask_all(session, actor, "relationship.not_heard", unheard)
    if quiet:
        await notifications.ask_all(session, actor, "relationship.quiet", quiet)
    if due.letters:
        await notifications.write_all(session, actor, "relationship.quiet", due.letters)
    for one in due.told:
        audit.record(session, actor, Event.SILENCE_TOLD, kind="relationship", id=one.id)


async def _people(session: AsyncSession, case_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in await staying.people(session, case_ids):
        found.setdefault(row.id, []).append(row)
    return found


async def _known(session: AsyncSession, cases: Sequence[Relationship], zone: str) -> dict[UUID, Known]:
    """Of some cases, in two statements."""
    case_ids = [one.id for one in cases]
    to_come = (
        Meeting.starts_at > clock.now() - UNSAID
    )  # of one that is just over they are asked whether they met
    query = (
        select(
            Meeting.relationship_id,
            func.max(Meeting.starts_at).filter(Meeting.state == MeetingState.HELD),
            func.min(Meeting.starts_at).filter(Meeting.state == MeetingState.AGREED, to_come),
        )
        .where(bulk.any_of(Meeting.relationship_id, case_ids))
        .group_by(Meeting.relationship_id)
    )
    meetings = {row[0]: (row[1], row[2]) for row in await session.execute(query)}
    told = select(FollowUp.relationship_id).where(
        bulk.any_of(FollowUp.relationship_id, case_ids), FollowUp.replied_at.is_not(None)
    )
    answered = select(NotHeard.relationship_id).where(
        bulk.any_of(NotHeard.relationship_id, case_ids), NotHeard.answered_at.is_not(None)
    )
    of_whom = set((await session.execute(told.union(answered))).scalars())
    found = {}
    for one in cases:
        held, to_be = meetings.get(one.id, (None, None))
        begun_on = clock.local(one.begun_at, zone).date()
        found[one.id] = Known(begun_on, _day(held, zone), _day(to_be, zone), one.id in of_whom)
    return found


def _day(moment: datetime | None, zone: str) -> date | None:
    return clock.local(moment, zone).date() if moment else None
