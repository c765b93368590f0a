"""Everybody on the way from registration to a relationship: counts, a list by waiting time, a board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.people.queries import matching
from tenants.permissions import Permission
from tenants.programmes.models import Cycle, Programme
from tenants.registration.models import Participation, Status

STAGES = (Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.READY, Status.IN_RELATIONSHIP)
ORDER = (*STAGES, Status.NETWORK_PARTICIPANT, Status.LEFT)
LONG_WAIT = timedelta(days=14)  # from the registration to an invitation: the goal that the page names
ON_BOARD = 8  # cards in one column

_RANK = case({status: at for at, status in enumerate(ORDER)}, value=Participation.status)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a page shows of the pipeline: the whole of its query string."""

    status: str = ""
    role: str = ""
    cycle_id: UUID | None = None
    office_id: UUID | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Waiter:
    """One participation in the pipeline. `key` goes back into `after`."""

    id: UUID
    person_id: UUID
    full_name: str
    role: str
    status: str
    status_at: datetime
    interview_on: datetime | None
    interviewed_on: date | None
    entity: str | None
    office: str | None
    programme_id: UUID
    cycle_id: UUID
    rank: int

    @property
    def key(self) -> tuple[int, datetime, UUID]:
        return self.rank, self.status_at, self.id


@dataclass(frozen=True, slots=True)
class CycleName:
    """A cycle with the programme whose run it is, for lists to choose from."""

    id: UUID
    name: str
    programme_id: UUID
    programme: dict[str, str]
    languages: list[str]
    structure: str


async def waiters(
    session: AsyncSession,
    actor: Actor,
    chosen: Chosen,
    *,
    after: tuple[int, datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Waiter]:
    """By status in the order of the process, and in each whoever has been in it longest first."""
    actor.require(Permission.PEOPLE_READ)
    query = _narrowed(_columns(), actor, chosen).order_by(_RANK, Participation.status_at, Participation.id)
    if after is not None:
        query = query.where(tuple_(_RANK, Participation.status_at, Participation.id) > tuple_(*after))
    return [Waiter(*row) for row in await session.execute(query.limit(limit))]


async def board(session: AsyncSession, actor: Actor, chosen: Chosen) -> dict[str, list[Waiter]]:
    """The first few of each stage, in one query."""
    actor.require(Permission.PEOPLE_READ)
    place = func.row_number().over(
        partition_by=Participation.status, order_by=(Participation.status_at, Participation.id)
    )
    ranked = _narrowed(_columns(place.label("place")), actor, chosen).subquery()
    rows = await session.execute(
        select(ranked).where(ranked.c.place <= ON_BOARD).order_by(ranked.c.rank, ranked.c.place)
    )
    columns: dict[str, list[Waiter]] = {status.value: [] for status in STAGES}
    for *row, _ in rows:
        waiter = Waiter(*row)
        columns.setdefault(waiter.status, []).append(waiter)
    return columns


async def counts(session: AsyncSession, actor: Actor, chosen: Chosen) -> tuple[dict[str, int], int]:
    """How many there are by status, whatever status is chosen; and how many registrations wait too long."""
    actor.require(Permission.PEOPLE_READ)
    is_long = (Participation.status == Status.REGISTERED) & (
        Participation.status_at < clock.now() - LONG_WAIT
    )
    query = (
        select(Participation.status, func.count(), func.count().filter(is_long))
        .join(Person, Person.id == Participation.person_id)
        .group_by(Participation.status)
    )
    rows = (await session.execute(_narrowed(query, actor, chosen, by_status=False))).all()
    return {status: count for status, count, _ in rows}, sum(long for *_, long in rows)


async def cycles(session: AsyncSession, actor: Actor) -> Sequence[CycleName]:
    """All cycles with their programmes, the newest first."""
    actor.require(Permission.PROGRAMME_READ)
    rows = await session.execute(
        select(Cycle.id, Cycle.name, Programme.id, Programme.name, Programme.languages, Programme.structure)
        .join(Programme, Programme.id == Cycle.programme_id)
        .order_by(Cycle.opens_on.desc(), Programme.slug, Cycle.id)
    )
    return [CycleName(*row) for row in rows]


def _columns(*more: Any) -> Any:
    p = Participation
    return (
        select(
            p.id, p.person_id, Person.full_name, p.role, p.status, p.status_at, p.interview_on, p.interviewed_on,
            p.entity, Office.name.label("office"), p.programme_id, p.cycle_id, _RANK.label("rank"), *more,
        )
        .join(Person, Person.id == p.person_id)
        .outerjoin(Office, Office.id == p.office_id)
    )  # fmt: skip


def _narrowed(query: Any, actor: Actor, chosen: Chosen, *, by_status: bool = True) -> Any:
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    if by_status:
        statuses = [chosen.status] if chosen.status else list(STAGES)
        query = query.where(Participation.status.in_(statuses))
    for column, value in (
        (Participation.role, chosen.role or None),
        (Participation.cycle_id, chosen.cycle_id),
        (Participation.office_id, chosen.office_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return matching(query, chosen.search)
