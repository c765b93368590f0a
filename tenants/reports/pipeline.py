"""Everybody on the way from registration to a relationship: counts, a list by waiting time, a board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, case, cast, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db.lookup import CHOSEN, keyed, lookup
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

_WAIT = (Participation.status_at, Participation.id)
_BEGINNING = (datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))  # before any time zone's first moment
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


_Person = keyed(Person, Participation.person_id, "full_name")
_WAITERS = lookup(
    select(
        Participation.id, Participation.person_id, _Person.c.full_name, Participation.role, Participation.status,
        Participation.status_at, Participation.interview_on, Participation.interviewed_on, Participation.entity,
        Office.name.label("office"), Participation.programme_id, Participation.cycle_id, _RANK.label("rank"),
    )
    .select_from(Participation)
    .join(_Person, true())
    .outerjoin(Office, Office.id == Participation.office_id)
    .where(Participation.id == CHOSEN.c.id)
)  # fmt: skip


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
    query = _first(actor, chosen, each=limit, after=after).limit(limit)
    return [Waiter(*row) for row in await session.execute(query)]


async def board(session: AsyncSession, actor: Actor, chosen: Chosen) -> dict[str, list[Waiter]]:
    """The first few of each stage, in one query."""
    actor.require(Permission.PEOPLE_READ)
    columns: dict[str, list[Waiter]] = {status.value: [] for status in STAGES}
    for row in await session.execute(_first(actor, chosen, each=ON_BOARD)):
        waiter = Waiter(*row)
        columns.setdefault(waiter.status, []).append(waiter)
    return columns


async def counts(session: AsyncSession, actor: Actor, chosen: Chosen) -> tuple[dict[str, int], int]:
    """How many there are by status, whatever status is chosen; and how many registrations wait too long."""
    actor.require(Permission.PEOPLE_READ)
    is_long = (Participation.status == Status.REGISTERED) & (
        Participation.status_at < clock.now() - LONG_WAIT
    )
    query: Any = select(Participation.status, func.count(), func.count().filter(is_long)).group_by(
        Participation.status
    )
    rows = (await session.execute(_narrowed(query, actor, chosen))).all()
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


def _first(
    actor: Actor, chosen: Chosen, *, each: int, after: tuple[int, datetime, UUID] | None = None
) -> Any:
    """The first `each` of every status; sorting by status and time would read everybody on every page."""
    ids = _found(actor, chosen, each, after) if chosen.search else _waiting(actor, chosen, each, after)
    return _WAITERS.of(ids).order_by(_WAITERS.c.rank, _WAITERS.c.status_at, _WAITERS.c.id)


def _waiting(actor: Actor, chosen: Chosen, each: int, after: tuple[int, datetime, UUID] | None) -> Any:
    """For each status a look into the index that holds its people in this order."""
    rank, *begin = after or (-1, *_BEGINNING)
    statuses = [status for status in _statuses(chosen) if ORDER.index(status) >= rank]
    begins = [begin if ORDER.index(status) == rank else _BEGINNING for status in statuses]
    stage = (
        func.unnest(
            cast(statuses, ARRAY(Text)),
            cast([moment for moment, _ in begins], ARRAY(DateTime(timezone=True))),
            cast([id for _, id in begins], ARRAY(Uuid)),
        )
        .table_valued("status", "moment", "id", name="stage")
        .render_derived()
    )
    first = (
        _narrowed(select(Participation.id), actor, chosen)
        .where(Participation.status == stage.c.status, tuple_(*_WAIT) > tuple_(stage.c.moment, stage.c.id))
        .order_by(*_WAIT)
        .limit(each)
        .correlate(stage)
        .lateral("first")
    )
    return select(first.c.id).select_from(stage).join(first, true())


def _found(actor: Actor, chosen: Chosen, each: int, after: tuple[int, datetime, UUID] | None) -> Any:
    """Whom a search finds: looked for once, not once for each status."""
    place = func.row_number().over(partition_by=Participation.status, order_by=_WAIT)
    query = _narrowed(select(Participation.id, place.label("place")), actor, chosen)
    query = query.where(Participation.status.in_(_statuses(chosen)))
    if after is not None:
        query = query.where(tuple_(_RANK, *_WAIT) > tuple_(*after))
    found = query.subquery("found")
    return select(found.c.id).where(found.c.place <= each)


def _statuses(chosen: Chosen) -> list[Status]:
    return [Status(chosen.status)] if chosen.status else list(STAGES)


def _narrowed(query: Any, actor: Actor, chosen: Chosen) -> Any:
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    for column, value in (
        (Participation.role, chosen.role or None),
        (Participation.cycle_id, chosen.cycle_id),
        (Participation.office_id, chosen.office_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if chosen.search:
        query = matching(query.join(Person, Person.id == Participation.person_id), chosen.search)
    return query
