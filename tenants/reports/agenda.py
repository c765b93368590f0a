"""What comes on which day: check-ups, interviews, meetings of one's cases, workshops, and days by which others answer."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Text, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.calendar import Event
from infra.language import N_, listed
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.gatherings import queries as gatherings
from tenants.gatherings.calendar import Titled, titled
from tenants.gatherings.calendar import event as workshop_event
from tenants.gatherings.models import Workshop, WorkshopState
from tenants.gatherings.queries import Counts
from tenants.notifications.models import Task
from tenants.notifications.queries import on_the_desk_of
from tenants.permissions import Permission
from tenants.proposals.models import Proposal, ProposalState
from tenants.proposals.party_models import Party, PartyState
from tenants.registration.appointment_models import OPEN, Appointment
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState
from tenants.reports.naming import Concerned, concerned

MOST = 400  # of one page; four weeks of a full caseload are some hundred
FEED_AHEAD = timedelta(days=120)
FEED_BACK = timedelta(days=30)
LAST_MOMENT = timedelta(seconds=1)  # before the midnight with which the time to answer ends
ALL = "all"  # of a task: the whole of what it is about
# Kinds of tasks that stand under a name of their own.
SHOWN_ELSEWHERE = ("interview.hold", "relationship.check_up", "workshop.attendance")


class Kind(StrEnum):
    CHECK_UP = "check_up"
    INTERVIEW = "interview"
    MEETING = "meeting"
    WORKSHOP = "workshop"  # of one's offices
    ANSWER = "answer"  # a proposal's, by that day
    REPLY = "reply"  # a follow-up's
    END = "end"  # the agreed time of a case is over
    TASK = "task"


TITLES = {
    Kind.CHECK_UP: N_("Check-up"),
    Kind.INTERVIEW: N_("Interview"),
    Kind.MEETING: N_("They meet"),
    Kind.WORKSHOP: N_("Workshop"),
    Kind.ANSWER: N_("Answer expected"),
    Kind.REPLY: N_("Reply expected"),
    Kind.END: N_("The agreed time ends"),
    Kind.TASK: N_("Task"),
}


HAS_HOUR = frozenset({Kind.INTERVIEW, Kind.MEETING, Kind.WORKSHOP})


@dataclass(frozen=True, slots=True)
class Gathering:
    """A workshop with its title, and how its guests stand."""

    of: Titled
    counts: Counts


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of one day; `at` where it has an hour. `task_kind` is that of a task, `gathering` of a workshop."""

    kind: Kind
    id: UUID
    day: date
    at: datetime | None
    minutes: int | None
    place: str | None
    task_kind: str
    about: dict[str, Any]
    concerned: Concerned
    gathering: Gathering | None = None


async def agenda(
    session: AsyncSession,
    actor: Actor,
    first: date,
    last: date,
    *,
    kinds: Iterable[Kind] = tuple(Kind),
    limit: int = MOST,
) -> list[Item]:
    """
    The actor's own days from `first` to `last`, and the workshops of her offices, in their order.

    Three queries whatever the number, and two more where there are workshops.
    """
    actor.require(Permission.PEOPLE_READ)
    her = actor.require_person()
    begin = clock.instant(first, time(), actor.time_zone)
    end = clock.instant(last + timedelta(days=1), time(), actor.time_zone)
    wanted = set(kinds)
    parts = [part for kind, part in _parts(actor, her, first, last, begin, end) if kind in wanted]
    if not parts:
        return []
    found = union_all(*parts).subquery()
    soonest = func.coalesce(found.c.day, cast(found.c.at, Date))
    rows: Any = (await session.execute(select(found).order_by(soonest, found.c.id).limit(limit))).all()
    abouts = [_about(row) for row in rows]
    whom = await concerned(session, abouts)
    workshops = await _workshops(session, [row.id for row in rows if row.kind == Kind.WORKSHOP])
    items = [
        Item(
            Kind(row.kind), row.id, row.day or clock.local(row.at, actor.time_zone).date(), row.at, row.minutes,
            row.place, row.task_kind or "", about, who, workshops.get(row.id),
        )
        for row, about, who in zip(rows, abouts, whom, strict=True)
    ]  # fmt: skip
    return sorted(items, key=lambda one: (one.day, one.at is None, one.at or begin, one.kind, str(one.id)))


async def _workshops(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Gathering]:
    if not ids:
        return {}
    found = await titled(session, ids)
    counts = await gatherings.counts(session, ids)
    return {id: Gathering(one, counts[id]) for id, one in found.items()}


def _parts(
    actor: Actor, her: UUID, first: date, last: date, begin: datetime, end: datetime
) -> list[tuple[Kind, Any]]:
    running = Relationship.state == RelationshipState.RUNNING
    mine = select(Relationship.id).where(Relationship.coordinator_id == her, running)
    of_case = "relationship_id"

    def part(
        kind: Kind, table: Any, name: str, of: Any, *, day: Any = None, at: Any = None, **more: Any
    ) -> Any:
        return (
            kind,
            select(
                literal(kind.value).label("kind"), table.id.label("id"),
                cast(null() if day is None else day, Date).label("day"),
                cast(null() if at is None else at, DateTime(timezone=True)).label("at"),
                cast(more.get("minutes", null()), Integer).label("minutes"),
                cast(more.get("place", null()), Text).label("place"), literal(name).label("name"),
                cast(of, Text).label("of"), cast(more.get("task_kind", null()), Text).label("task_kind"),
            ).where(*more["where"]),
        )  # fmt: skip

    return [
        part(
            Kind.CHECK_UP, Relationship, of_case, Relationship.id, day=Relationship.check_up_on,
            where=[Relationship.coordinator_id == her, running, Relationship.check_up_on.between(first, last)],
        ),
        part(
            Kind.END, Relationship, of_case, Relationship.id, day=Relationship.ends_on,
            where=[Relationship.coordinator_id == her, running, Relationship.ends_on.between(first, last)],
        ),
        part(
            Kind.INTERVIEW, Appointment, "participation_id", Appointment.participation_id, at=Appointment.starts_at,
            minutes=Appointment.minutes, place=Appointment.place,
            where=[
                Appointment.coordinator_id == her, Appointment.state.in_(OPEN),
                Appointment.starts_at >= begin, Appointment.starts_at < end,
            ],
        ),
        part(
            Kind.MEETING, Meeting, of_case, Meeting.relationship_id, at=Meeting.starts_at, minutes=Meeting.minutes,
            where=[
                Meeting.relationship_id.in_(mine), Meeting.state == MeetingState.AGREED,
                Meeting.starts_at >= begin, Meeting.starts_at < end,
            ],
        ),
        part(
            Kind.WORKSHOP, Workshop, "workshop_id", Workshop.id, at=Workshop.starts_at, minutes=Workshop.minutes,
            place=func.coalesce(Workshop.place, Workshop.link),
            where=[
                gatherings.within_reach(actor), Workshop.state != WorkshopState.CANCELLED,
                Workshop.starts_at >= begin, Workshop.starts_at < end,
            ],
        ),
        part(
            Kind.ANSWER, Proposal, "proposal_id", Proposal.id, at=Proposal.answer_by - LAST_MOMENT,
            where=[
                Proposal.approved_by == her, Proposal.state == ProposalState.OPEN,
                Proposal.answer_by > begin, Proposal.answer_by <= end,
            ],
        ),
        part(
            Kind.ANSWER, Party, "party_id", Party.id, at=Party.answer_by - LAST_MOMENT,
            where=[
                Party.approved_by == her, Party.state == PartyState.OPEN,
                Party.answer_by > begin, Party.answer_by <= end,
            ],
        ),
        part(
            Kind.REPLY, FollowUp, of_case, FollowUp.relationship_id, day=FollowUp.reply_by,
            where=[
                FollowUp.relationship_id.in_(mine), FollowUp.replied_at.is_(None),
                FollowUp.reply_by.between(first, last),
            ],
        ),
        # What stands above under its own name is not said twice.
        part(
            Kind.TASK, Task, ALL, Task.about, day=Task.due_on, task_kind=Task.kind,
            where=[on_the_desk_of(actor), Task.due_on.between(first, last), Task.kind.not_in(SHOWN_ELSEWHERE)],
        ),
    ]  # fmt: skip


def _about(row: Any) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(row.of) if row.name == ALL else {row.name: row.of}
    return about


async def events(session: AsyncSession, actor: Actor, *, pages: str) -> list[Event]:
    """Her agenda for a calendar program: no tasks, whose words may be confidential."""
    today = clock.today(actor.time_zone)
    kinds = [one for one in Kind if one is not Kind.TASK]
    found = await agenda(session, actor, today - FEED_BACK, today + FEED_AHEAD, kinds=kinds)
    return [_event(one, actor.time_zone, pages) for one in found]


def _event(item: Item, zone: str, pages: str) -> Event:
    if item.gathering is not None:
        one = item.gathering.of
        return workshop_event(one.workshop, one.title, page=f"{pages}/c/workshops/{item.id}")
    names = listed([one.full_name for one in item.concerned.people])
    has_hour = item.kind in HAS_HOUR and item.at is not None
    starts_at = (
        item.at if has_hour and item.at else datetime.combine(item.day, time(), tzinfo=UTC)
    )  # a whole day is a date, whatever the zone
    return Event(
        uid=f"{item.kind}.{item.id}@desk.mentorweave",
        sequence=0,
        starts_at=starts_at,
        minutes=(item.minutes or 60) if has_hour else 24 * 60,
        summary=_("%(what)s: %(names)s", what=_(TITLES[item.kind]), names=names) if names else _(TITLES[item.kind]),
        location=item.place or "",
        url=f"{pages}/c/calendar",
        time_zone=zone if has_hour else "UTC",
        is_all_day=not has_hour,
    )  # fmt: skip
