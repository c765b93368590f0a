"""
The figures by which a mentor network knows how it does (K40, K72, K76, K78), by office, with the pairs behind each.

    new matches   pairs to whom a first meeting was open, told of each other in the period
    go on         those of them that became a pair after the first meeting (K40: 86 of 124 in the source)
    confirmed     pairs that began in the period (K76)
    term due      pairs whose agreed time was over in the period
    completed     those of them that lasted to its end, or reached their goals before (K76)

A pair counts for the office of its mentee, whose need led to it. Groups and circles are not among these figures; that
they run, and their meetings, is counted in the facts, for each office of their people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.organisations import queries as organisations
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.proposals.models import Proposal, ProposalState
from tenants.registration.models import Participation
from tenants.relationships.models import EndReason, Relationship, RelationshipState
from tenants.reports import network
from tenants.reports.network import Facts

NEARLY = timedelta(days=14)  # a pair that ends so shortly before its last day has completed its time
MOST_LISTED = 500

_Mentor = aliased(Participation)
_Mentee = aliased(Participation)
_MentorPerson = aliased(Person)
_MenteePerson = aliased(Person)


class Measure(StrEnum):
    NEW = "new"
    GO_ON = "go_on"
    CONFIRMED = "confirmed"
    DUE = "due"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of a day to the beginning of another, by the organisation's clock."""

    since: date
    until: date
    zone: str

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise Invalid(Problem("until", "period_empty"))
        try:
            _ = self.begins, self.ends  # the ends of the calendar have no instant everywhere
        except (ValueError, OverflowError) as error:
            raise Invalid(Problem("since", "bad_format")) from error

    @property
    def begins(self) -> datetime:
        return clock.instant(self.since, datetime.min.time(), self.zone)

    @property
    def ends(self) -> datetime:
        return clock.instant(self.until, datetime.min.time(), self.zone)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one office, of those without one (None), or of all together."""

    office_id: UUID | None
    office: str
    counts: dict[Measure, int] = field(default_factory=dict)

    @property
    def continuation(self) -> float | None:
        """K40: pairs that go on after the first meeting, for each new match; None without any."""
        return _share(self.counts[Measure.GO_ON], self.counts[Measure.NEW])

    @property
    def completion(self) -> float | None:
        """K76: pairs that completed their time, for each whose time was over; None without any."""
        return _share(self.counts[Measure.COMPLETED], self.counts[Measure.DUE])


@dataclass(frozen=True, slots=True)
class Figures:
    period: Period
    total: Row
    offices: list[Row]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Behind:
    """One pair behind a number. `relationship_id` is None where it did not come to one."""

    proposal_id: UUID
    relationship_id: UUID | None
    mentor: str
    mentee: str
    office: str | None
    on: datetime


async def figures(session: AsyncSession, actor: Actor, period: Period) -> Figures:
    """As far as the actor's offices reach, in as many statements whatever the number of offices."""
    actor.require(Permission.RELATIONSHIP_READ)
    counted: dict[UUID | None, dict[Measure, int]] = {}
    for measure in Measure:
        query = _pairs(actor, period, measure).with_only_columns(_Mentee.office_id, func.count())
        for office_id, count in await session.execute(query.group_by(_Mentee.office_id)):
            counted.setdefault(office_id, {})[measure] = count
    offices = await organisations.offices(session)
    reached = [one for one in offices if actor.sees_office(one.id) and (one.is_open or one.id in counted)]
    rows = [Row(one.id, one.name, _whole(counted.get(one.id, {}))) for one in reached]
    if None in counted:
        rows.append(Row(None, "", _whole(counted[None])))
    total = Row(None, "", {one: sum(row.counts[one] for row in rows) for one in Measure})
    is_open = [one for one in reached if one.is_open]  # the facts are those of today
    facts = await network.facts(session, actor, period.begins, period.ends, offices=len(is_open))
    return Figures(period, total, rows, facts)


async def behind(
    session: AsyncSession,
    actor: Actor,
    period: Period,
    measure: Measure,
    *,
    office_id: UUID | None = None,
    without_office: bool = False,
) -> list[Behind]:
    """The pairs behind a number, the newest first, at most `MOST_LISTED` of them."""
    actor.require(Permission.RELATIONSHIP_READ)
    at = _moment(measure)
    query = (
        _pairs(actor, period, measure)
        .join(_MentorPerson, _same(_MentorPerson, Proposal, _MentorPerson.id == _Mentor.person_id))
        .join(_MenteePerson, _same(_MenteePerson, Proposal, _MenteePerson.id == _Mentee.person_id))
        .outerjoin(Office, _same(Office, Proposal, Office.id == _Mentee.office_id))
        .with_only_columns(
            Proposal.id, Relationship.id, _MentorPerson.full_name, _MenteePerson.full_name, Office.name, at
        )
        .order_by(at.desc(), Proposal.id)
        .limit(MOST_LISTED)
    )
    if office_id or without_office:
        query = query.where(_Mentee.office_id == office_id if office_id else _Mentee.office_id.is_(None))
    return [Behind(*row) for row in await session.execute(query)]


def year_to(today: date, zone: str) -> Period:
    """The twelve months that end today, which is among them."""
    until = today + timedelta(days=1)
    return Period(until - timedelta(days=365), until, zone)


def _pairs(actor: Actor, period: Period, measure: Measure) -> Any:
    """Proposals with what came of them, of which the measure counts each."""
    query = (
        select(Proposal)
        .join(_Mentor, _same(_Mentor, Proposal, _Mentor.id == Proposal.mentor_id))
        .join(_Mentee, _same(_Mentee, Proposal, _Mentee.id == Proposal.mentee_id))
        .outerjoin(Relationship, _same(Relationship, Proposal, Relationship.proposal_id == Proposal.id))
        .where(*_counts(period, measure))
    )
    if actor.offices:
        query = query.where(_Mentee.office_id.in_(actor.offices))
    return query


def _counts(period: Period, measure: Measure) -> Sequence[ColumnElement[bool]]:
    told = (Proposal.sent_at >= period.begins, Proposal.sent_at < period.ends, Proposal.meet_by.is_not(None))
    # Of a period that is not over yet, what is still to come has neither been completed nor missed.
    until = min(period.until, clock.today(period.zone) + timedelta(days=1))
    due = (Relationship.ends_on >= period.since, Relationship.ends_on < until)
    is_over = or_(
        Relationship.state == RelationshipState.RUNNING,
        Relationship.end_reason.in_((EndReason.TERM_OVER, EndReason.GOALS_REACHED)),
        func.timezone("UTC", Relationship.ended_at) >= Relationship.ends_on - NEARLY,
    )
    found: dict[Measure, Sequence[ColumnElement[bool]]] = {
        Measure.NEW: told,
        Measure.GO_ON: (*told, Proposal.state == ProposalState.CONFIRMED),
        Measure.CONFIRMED: (Relationship.begun_at >= period.begins, Relationship.begun_at < period.ends),
        Measure.DUE: due,
        Measure.COMPLETED: (*due, is_over),
    }
    return found[measure]


def _moment(measure: Measure) -> Any:
    return Proposal.sent_at if measure in (Measure.NEW, Measure.GO_ON) else Relationship.begun_at


def _same(table: Any, other: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Joined within the organisation, as every key begins with it."""
    return and_(table.organisation_id == other.organisation_id, condition)


def _whole(found: dict[Measure, int]) -> dict[Measure, int]:
    return {one: found.get(one, 0) for one in Measure}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
