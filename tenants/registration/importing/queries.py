"""Reading imports: the history, one import, its rows and what stands in the way of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle, Programme, ProgrammeState, Question
from tenants.registration.importing import setting
from tenants.registration.models import RosterImport, RosterMapping, RosterRow, RowState


@dataclass(frozen=True, slots=True)
class Past:
    """One import in the history. `key` goes back into `after`."""

    id: UUID
    file_name: str
    state: str
    created_at: datetime
    committed_at: datetime | None
    uploaded_by: str
    cycle: str
    rows: int | None
    imported: int | None

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.created_at, self.id


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of the preview; `cells` are as they stand in the file."""

    row_number: int
    state: str
    cells: list[str]
    values: dict[str, Any]
    problems: list[dict[str, Any]]
    person_id: UUID | None

    @property
    def name(self) -> str:
        return self.values.get("full_name") or ""


async def access_import(
    session: AsyncSession, actor: Actor, import_id: UUID, *, lock: bool = False
) -> RosterImport:
    """
    Locked as one that may be referred to meanwhile: a worker that writes its people does not make a page wait.

    Raises:
        NotFound: none that this actor may know of.
    """
    actor.require(Permission.IMPORT_ROSTER)
    query = select(RosterImport).where(RosterImport.id == import_id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None or not setting.may_see(actor, found):
        raise NotFound(kind="import", id=str(import_id))
    return found


async def with_file(session: AsyncSession, import_id: UUID) -> RosterImport | None:
    """The import with its bytes, for the worker that reads them."""
    query = select(RosterImport).where(RosterImport.id == import_id).options(undefer(RosterImport.file))
    return (await session.execute(query)).scalar_one_or_none()


async def imports(
    session: AsyncSession, actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Past]:
    """The newest first."""
    actor.require(Permission.IMPORT_ROSTER)
    i = RosterImport
    query = (
        select(
            i.id, i.file_name, i.state, i.created_at, i.committed_at, Person.full_name, Cycle.name,
            i.counts["all"].astext.cast(Integer), i.counts["imported"].astext.cast(Integer),
        )
        .join(Person, Person.id == i.uploaded_by)
        .join(Cycle, Cycle.id == i.cycle_id)
        .order_by(i.created_at.desc(), i.id.desc())
        .limit(limit)
    )  # fmt: skip
    if actor.offices:
        query = query.where(i.uploaded_by == actor.person_id)
    if after is not None:
        query = query.where((i.created_at < after[0]) | ((i.created_at == after[0]) & (i.id < after[1])))
    return [Past(*row) for row in await session.execute(query)]


async def rows(
    session: AsyncSession,
    actor: Actor,
    import_id: UUID,
    *,
    states: Collection[RowState] = (),
    group: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> list[ListedRow]:
    """
    Rows in the order of the file, from the one below row `after`; `group` narrows to those with a problem of that group.

    Raises:
        NotFound: no import that this actor may know of.
    """
    await access_import(session, actor, import_id)
    query = _rows(import_id).where(RosterRow.row_number > after).limit(limit)
    if states:
        query = query.where(RosterRow.state.in_(states))
    if group:
        query = query.where(RosterRow.problems.contains([{"group": group}]))
    return [ListedRow(*row) for row in await session.execute(query)]


async def count_rows(
    session: AsyncSession, import_id: UUID, *, states: Collection[RowState] = (), group: str | None = None
) -> int:
    """How many `rows` would list in all."""
    query = select(func.count()).select_from(RosterRow).where(RosterRow.import_id == import_id)
    if states:
        query = query.where(RosterRow.state.in_(states))
    if group:
        query = query.where(RosterRow.problems.contains([{"group": group}]))
    return (await session.execute(query)).scalar_one()


async def rows_numbered(
    session: AsyncSession, import_id: UUID, numbers: Sequence[int]
) -> dict[int, ListedRow]:
    """Single rows by their numbers, in one query."""
    query = _rows(import_id).where(bulk.any_of(RosterRow.row_number, sorted(set(numbers)), Integer()))
    return {row[0]: ListedRow(*row) for row in await session.execute(query)}


async def access_row(session: AsyncSession, actor: Actor, import_id: UUID, number: int) -> ListedRow:
    """
    Raises:
        NotFound: no such row, or no import that this actor may know of.
    """
    await access_import(session, actor, import_id)
    found = await rows_numbered(session, import_id, [number])
    if number not in found:
        raise NotFound(kind="row", row=number)
    return found[number]


async def refused_rows(session: AsyncSession, actor: Actor, import_id: UUID) -> list[ListedRow]:
    """All that was handed back."""
    return await rows(session, actor, import_id, states=(RowState.REFUSED,), limit=1_000_000)


def _rows(import_id: UUID) -> Any:
    r = RosterRow
    query = select(r.row_number, r.state, r.cells, r.values, r.problems, r.person_id)
    return query.where(r.import_id == import_id).order_by(r.row_number)


async def open_cycles(session: AsyncSession, actor: Actor) -> list[tuple[Programme, Cycle]]:
    """The cycles that people can join by a roster, the current ones of each programme first."""
    actor.require(Permission.IMPORT_ROSTER)
    query = (
        select(Programme, Cycle)
        .join(Cycle, Cycle.programme_id == Programme.id)
        .where(Programme.state != ProgrammeState.CLOSED)
        .order_by(Programme.slug, Cycle.opens_on.desc(), Cycle.id)
    )
    return [(programme, cycle) for programme, cycle in await session.execute(query)]


async def joined_cycle(session: AsyncSession, found: RosterImport) -> tuple[Programme, Cycle]:
    cycle = await programmes.own_cycle(session, found.cycle_id)
    return await programmes.own_programme(session, cycle.programme_id), cycle


async def own_questions(session: AsyncSession, found: RosterImport) -> list[Question]:
    """What the programme asks in its own words, and no field of ours holds: a column may answer it."""
    cycle = await programmes.own_cycle(session, found.cycle_id)
    return [one for one in await programmes.questions(session, cycle.programme_id) if one.field is None]


async def remembered(session: AsyncSession, fingerprint: str) -> RosterMapping | None:
    """How this organisation read a roster of this shape the last time."""
    query = select(RosterMapping).where(RosterMapping.fingerprint == fingerprint)
    return (await session.execute(query)).scalar_one_or_none()
