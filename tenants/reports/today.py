"""
A coordinator's day, from all rooms: what is late, due today and soon, what waits for others, what is new.

The number of queries is the same however much lies on the desk.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, cast, false, func, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.outbox.models import JobState, OutboxJob
from tenants.actor import Actor
from tenants.audit.models import AuditEvent
from tenants.notifications import queries as notifications
from tenants.notifications.models import Task
from tenants.notifications.queries import ListedTask
from tenants.permissions import Permission
from tenants.proposals import caseloads
from tenants.proposals.caseloads import Meter
from tenants.proposals.events import Event as ProposalEvent
from tenants.proposals.models import Proposal, ProposalState
from tenants.proposals.parties import queries as parties
from tenants.proposals.parties.events import Event as PartyEvent
from tenants.proposals.party_models import Party, PartyState
from tenants.registration.events import Event as RegistrationEvent
from tenants.registration.models import Participation, Registration, Status
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import is_unaccompanied
from tenants.relationships.models import Relationship
from tenants.reports.naming import Concerned, concerned

SHOWN = 44  # tasks on one page, which stays below 50 kB; who has more needs help, not a longer list
STRIP_DAYS = 5  # today and the four days after it
FRIDAY = 4
OURS = ("failed_jobs", "unaccompanied")  # these wait for nobody else

# What a coordinator wants to hear of in the morning.
NEWS = (
    RegistrationEvent.REGISTRATION_CONFIRMED.value,
    ProposalEvent.PROPOSAL_ANSWERED.value,
    ProposalEvent.PROPOSAL_MEETING.value,
    ProposalEvent.PROPOSAL_CONFIRMED.value,
    ProposalEvent.PROPOSAL_CLOSED.value,
    PartyEvent.PARTY_ANSWERED.value,
    PartyEvent.PARTY_CONFIRMED.value,
    PartyEvent.PARTY_CLOSED.value,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One task with the people whom it is about."""

    id: UUID
    kind: str
    due_on: date
    about: dict[str, Any]
    concerned: Concerned


@dataclass(frozen=True, slots=True)
class Waiting:
    """What others have to do: how many, and the first moment at which it becomes ours."""

    kind: str
    count: int
    first: datetime | None


@dataclass(frozen=True, slots=True)
class Ready:
    """Who is ready to be matched, by role, and since when the first of them waits."""

    counts: dict[str, int]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Today:
    """
    The desk on `day` in the coordinator's zone, up to and with `until`.

    `counts` are open tasks by due day, of which `lines` may show the first only.
    """

    day: date
    until: date
    lines: list[Line]
    counts: dict[date, int]
    waiting: list[Waiting]
    failed_jobs: int
    unaccompanied: int  # cases without a coordinator
    caseload: Meter | None
    ready: Ready
    since: date
    news: dict[str, int] = field(default_factory=dict)

    @property
    def late(self) -> list[Line]:
        return [line for line in self.lines if line.due_on < self.day]

    @property
    def now(self) -> list[Line]:
        return [line for line in self.lines if line.due_on == self.day]

    @property
    def later(self) -> list[Line]:
        return [line for line in self.lines if line.due_on > self.day]

    def count(self, *, first: date = date.min, last: date) -> int:
        return sum(count for day, count in self.counts.items() if first <= day <= last)


async def today(
    session: AsyncSession, actor: Actor, *, kinds: Collection[str] = (), on: date | None = None
) -> Today:
    """The actor's desk; of its tasks only those of some `kinds` (beginnings), or due `on` one day."""
    actor.require(Permission.PEOPLE_READ)
    day = clock.today(actor.time_zone)
    until = end_of_week(day)
    found = await notifications.tasks(
        session, actor, kinds=kinds, due_on=on, due_by=None if on else until, limit=SHOWN
    )
    figures = await _figures(session, actor)
    since = _last_working_day(day)
    return Today(
        day=day,
        until=until,
        lines=await _lines(session, found),
        counts=await _counts(session, actor, kinds),
        waiting=[one for one in figures if one.kind not in OURS and one.count],
        failed_jobs=next(one.count for one in figures if one.kind == "failed_jobs"),
        unaccompanied=next(one.count for one in figures if one.kind == "unaccompanied"),
        caseload=await caseloads.meter(session, actor.require_person()),
        ready=await _ready(session, actor),
        since=since,
        news=await _news(session, actor, clock.instant(since, time(), actor.time_zone)),
    )


def end_of_week(day: date) -> date:
    """Sunday of this week; from Friday on of the next, since the week to plan is then that one."""
    return day + timedelta(days=6 - day.weekday() + (7 if day.weekday() >= FRIDAY else 0))


def _last_working_day(day: date) -> date:
    back = {0: 3, 6: 2}.get(day.weekday(), 1)  # Monday and Sunday look back to Friday
    return day - timedelta(days=back)


async def line(session: AsyncSession, task: Task) -> Line:
    """One task that somebody has been given, with the people whom it is about."""
    [whom] = await concerned(session, [task.about])
    return Line(task.id, task.kind, task.due_on, task.about, whom)


async def _lines(session: AsyncSession, tasks: list[ListedTask]) -> list[Line]:
    whom = await concerned(session, [task.about for task in tasks])
    return [
        Line(task.id, task.kind, task.due_on, task.about, people)
        for task, people in zip(tasks, whom, strict=True)
    ]


async def _counts(session: AsyncSession, actor: Actor, kinds: Collection[str]) -> dict[date, int]:
    query = (
        select(Task.due_on, func.count())
        .where(notifications.on_the_desk_of(actor))
        .group_by(Task.due_on)
        .order_by(Task.due_on)
    )
    if kinds:
        query = query.where(or_(*(Task.kind.startswith(kind, autoescape=True) for kind in kinds)))
    return {row[0]: row[1] for row in await session.execute(query)}


async def _figures(session: AsyncSession, actor: Actor) -> list[Waiting]:
    """Proposals and registrations that wait for somebody else, and jobs that failed: one query."""
    mine: Any = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    of_mine = or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine)) if actor.offices else None

    def line(kind: str, first: Any, source: Any, *where: Any) -> Any:
        query = select(literal(kind).label("kind"), func.count(), cast(func.min(first), DateTime(True)))
        return query.select_from(source).where(*(one for one in where if one is not None))

    asked = union_all(
        select(Proposal.answer_by).where(
            Proposal.state == ProposalState.OPEN, *([] if of_mine is None else [of_mine])
        ),
        select(Party.answer_by).where(Party.state == PartyState.OPEN, *parties.reach(actor)),
    ).subquery()
    rows = await session.execute(
        union_all(
            line("answers", asked.c.answer_by, asked),
            line(
                "first_meetings", cast(Proposal.meet_by, Date), Proposal,
                Proposal.state == ProposalState.MEETING, of_mine,
            ),
            line(
                "confirmations", Registration.expires_at, Registration,
                Registration.sent_at.is_not(None), Registration.confirmed_at.is_(None),
                Registration.expires_at > clock.now(),
                Registration.recorded_by == actor.person_id if actor.offices else None,
            ),
            line(
                "failed_jobs", OutboxJob.created_at, OutboxJob, OutboxJob.state == JobState.DEAD,
                false() if actor.offices else None,
            ),
            relationships.reached(
                select(literal("unaccompanied"), func.count(), cast(null(), DateTime(True)))
                .select_from(Relationship)
                .where(is_unaccompanied()),
                actor,
            ),
        )
    )  # fmt: skip
    return [Waiting(*row) for row in rows]


async def _ready(session: AsyncSession, actor: Actor) -> Ready:
    query = (
        select(Participation.role, func.count(), func.min(Participation.status_at))
        .where(Participation.status == Status.READY)
        .group_by(Participation.role)
        .order_by(Participation.role)
    )
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    rows = (await session.execute(query)).all()
    return Ready({role: count for role, count, _ in rows}, min((since for *_, since in rows), default=None))


async def _news(session: AsyncSession, actor: Actor, since: datetime) -> dict[str, int]:
    query: Any = (
        select(AuditEvent.event, func.count())
        .where(AuditEvent.created_at >= since, AuditEvent.event.in_(NEWS))
        .group_by(AuditEvent.event)
    )
    if actor.offices:
        mine: Any = select(Participation.id).where(Participation.office_id.in_(actor.offices))
        pairs = select(Proposal.id).where(or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine)))
        groups = select(Party.id).where(*parties.reach(actor))
        query = query.where(
            or_(
                AuditEvent.object_id.in_(mine),
                AuditEvent.object_id.in_(pairs),
                AuditEvent.object_id.in_(groups),
            )
        )
    found = {row[0]: row[1] for row in await session.execute(query)}
    return {event: found[event] for event in NEWS if event in found}
