"""The figures of a network by office, and the pairs behind each number."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra import clock
from tenants.organisations import queries as organisations
from tenants.reports import activities, figures
from tenants.reports.figures import Measure, Period, Row

Since = Annotated[date | None, QueryParameter(description="The first day; twelve months ago if left out.")]
Until = Annotated[
    date | None, QueryParameter(description="The day after the last one; tomorrow if left out.")
]


class OfficeFigures(Struct):
    """`office_id` null: pairs of mentees without an office, or all together. Shares are null where nothing counts."""

    office_id: UUID | None
    office: str | None
    new: int
    go_on: int
    continuation: float | None
    confirmed: int
    due: int
    completed: int
    completion: float | None

    @classmethod
    def of(cls, row: Row) -> "OfficeFigures":
        counts = row.counts
        return cls(
            row.office_id, row.office or None, counts[Measure.NEW], counts[Measure.GO_ON], row.continuation,
            counts[Measure.CONFIRMED], counts[Measure.DUE], counts[Measure.COMPLETED], row.completion,
        )  # fmt: skip


class NetworkFigures(Struct):
    """`activities`: how often people came together in the period, by kind; kinds of which there was nothing are left out."""

    since: date
    until: date
    total: OfficeFigures
    offices: list[OfficeFigures]
    mentors: int
    mentees: int
    peers: int
    running_pairs: int
    people_ever: int
    meetings_held: int
    meetings_missed: int
    meetings_cancelled: int
    workshops_held: int
    sub_networks: int
    activities: dict[str, int]


class PairBehind(Struct):
    proposal_id: UUID
    relationship_id: UUID | None
    mentor: str
    mentee: str
    office: str | None
    at: datetime


@get("/figures", summary="How the network does in a period, by office")
async def all_of_them(
    door: NamedDependency[ApiDoor], since: Since = None, until: Until = None
) -> NetworkFigures:
    found = await figures.figures(door.session, door.actor, await _period(door, since, until))
    facts, period = found.facts, found.period
    done = await activities.activities(door.session, door.actor, facts, period.begins, period.ends)
    by_kind = {one.kind: one.number for one in done}
    return NetworkFigures(
        found.period.since, found.period.until, OfficeFigures.of(found.total),
        [OfficeFigures.of(row) for row in found.offices], facts.mentors, facts.mentees, facts.peers, facts.pairs,
        facts.ever, facts.held, facts.missed, facts.cancelled, facts.workshops,
        facts.sub_networks, by_kind,
    )  # fmt: skip


@get("/figures/behind", summary="The pairs behind one number, the newest 500")
async def behind(
    door: NamedDependency[ApiDoor],
    since: Since = None,
    until: Until = None,
    measure: Annotated[Measure, QueryParameter(description="Which number.")] = Measure.NEW,
    office_id: Annotated[UUID | None, QueryParameter(description="Only of mentees of this office.")] = None,
) -> list[PairBehind]:
    period = await _period(door, since, until)
    rows = await figures.behind(door.session, door.actor, period, measure, office_id=office_id)
    return [
        PairBehind(one.proposal_id, one.relationship_id, one.mentor, one.mentee, one.office, one.on)
        for one in rows
    ]


async def _period(door: ApiDoor, since: date | None, until: date | None) -> Period:
    zone = (await organisations.own(door.session)).time_zone
    usual = figures.year_to(clock.today(zone), zone)
    return Period(since or usual.since, until or usual.until, zone)


ROUTES = [all_of_them, behind]
