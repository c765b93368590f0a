"""What lies on a coordinator's desk and in the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from infra import clock
from infra.errors import NotFound
from infra.outbox.models import JobState, OutboxJob
from tenants.actor import Actor
from tenants.notifications import rules
from tenants.notifications.models import Letter, LetterState, Task
from tenants.people.models import Person, RoleGrant
from tenants.people.queries import matching
from tenants.permissions import ROLE_PERMISSIONS, Permission

MAX_JOBS = 100  # failed jobs on one page; a hundred have one cause, and one look finds it

_MOVE_PEOPLE_ON = [role for role, held in ROLE_PERMISSIONS.items() if Permission.STATUS_CHANGE in held]


@dataclass(frozen=True, slots=True)
class ListedTask:
    """One task. `key` goes back into `after`."""

    id: UUID
    kind: str
    due_on: date
    about: dict[str, Any]
    person_id: UUID | None
    office_id: UUID | None
    done_at: datetime | None

    @property
    def key(self) -> tuple[date, UUID]:
        return self.due_on, self.id


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """One letter of the outbox. `key` goes back into `after`."""

    id: UUID
    kind: str
    person_id: UUID | None
    full_name: str | None
    to_email: str | None
    language: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    subject: str | None
    error: str | None
    is_edited: bool

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.due_at, self.id


@dataclass(frozen=True, slots=True)
class FailedJob:
    id: UUID
    kind: str
    error: str | None
    attempt: int
    created_at: datetime
    failed_at: datetime | None


def on_the_desk_of(actor: Actor) -> ColumnElement[bool]:
    """Open tasks that `reached_by` gives."""
    return Task.done_at.is_(None) & reached_by(actor)


def reached_by(actor: Actor) -> ColumnElement[bool]:
    """
    Tasks, open or done, that are the actor's own or anybody's.

    What is anybody's is about people. For a coordinator of some offices it is hers within those; without
    an office it is for who works for the whole organisation. What was a coordinator's who works here no more is
    anybody's, as long as nobody has taken her cases over; what she was told in confidence is not.
    """
    anybodys: ColumnElement[bool] = Task.person_id.is_(None) | _of_nobody_here()
    if actor.offices:
        anybodys = anybodys & Task.office_id.in_(actor.offices)
    own = Task.person_id == actor.person_id
    if actor.support_id is not None:  # what was told to her in confidence is told to nobody in her place
        own = own & ~or_(*(Task.kind.startswith(kind, autoescape=True) for kind in rules.PERSONAL))
    return or_(anybodys, own)


def _of_nobody_here() -> ColumnElement[bool]:
    works_here = (
        select(RoleGrant.id)
        .join(
            Person, (Person.organisation_id == RoleGrant.organisation_id) & (Person.id == RoleGrant.person_id)
        )
        .where(
            RoleGrant.organisation_id == Task.organisation_id,
            RoleGrant.person_id == Task.person_id,
            RoleGrant.role.in_(_MOVE_PEOPLE_ON),
            Person.is_active,
        )
    )
    personal = or_(*(Task.kind.startswith(kind, autoescape=True) for kind in rules.PERSONAL))
    return ~works_here.exists() & ~personal


async def desk_counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """The numbers beside the sections: tasks due by today, and letters that wait. One query."""
    due = (
        select(func.count())
        .select_from(Task)
        .where(on_the_desk_of(actor), Task.due_on <= clock.today(actor.time_zone))
        .scalar_subquery()
    )
    held = select(func.count()).where(Letter.state == LetterState.WAITING, Letter.due_at > clock.now())
    waiting = _reachable(held.select_from(Letter), actor).scalar_subquery()
    row = (await session.execute(select(due.label("today"), waiting.label("outbox")))).one()
    return {"today": row.today, "outbox": row.outbox}


async def tasks(
    session: AsyncSession,
    actor: Actor,
    *,
    kinds: Collection[str] = (),
    due_by: date | None = None,
    due_on: date | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int = 50,
) -> list[ListedTask]:
    """Open tasks on the actor's desk, the longest due first. `kinds` are beginnings, such as `interview.`."""
    actor.require(Permission.STATUS_CHANGE)
    query = (
        select(Task.id, Task.kind, Task.due_on, Task.about, Task.person_id, Task.office_id, Task.done_at)
        .where(on_the_desk_of(actor))
        .order_by(Task.due_on, Task.id)
        .limit(limit)
    )
    if kinds:
        query = query.where(or_(*(Task.kind.startswith(kind, autoescape=True) for kind in kinds)))
    if due_by is not None:
        query = query.where(Task.due_on <= due_by)
    if due_on is not None:
        query = query.where(Task.due_on == due_on)
    if after is not None:
        query = query.where(tuple_(Task.due_on, Task.id) > tuple_(*after))
    return [ListedTask(*row) for row in await session.execute(query)]


async def access_task(session: AsyncSession, actor: Actor, task_id: UUID, *, lock: bool = False) -> Task:
    """
    Raises:
        NotFound: no such task on the actor's desk.
    """
    query = select(Task).where(Task.id == task_id, reached_by(actor))
    task = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if task is None:
        raise NotFound(kind="task", id=str(task_id))
    return task


async def access_letter(
    session: AsyncSession, actor: Actor, letter_id: UUID, *, lock: bool = False
) -> Letter:
    """
    A letter to somebody within the actor's offices, or to an address that is nobody yet (see `_reachable`).

    Raises:
        NotFound: none that this actor may know of.
    """
    actor.require(Permission.OUTBOX_READ)
    query = _reachable(select(Letter).where(Letter.id == letter_id), actor)
    query = query.with_for_update(of=Letter) if lock else query
    found: Letter | None = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="letter", id=str(letter_id))
    return found


async def letters(
    session: AsyncSession,
    actor: Actor,
    *,
    states: Collection[str] = (),
    language: str | None = None,
    search: str = "",
    person_id: UUID | None = None,
    without: Collection[str] = (),
    kind: str = "",
    newest: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[ListedLetter]:
    """
    Letters by the time they are due, the next first or (`newest`) the last first.

    `without` are kinds to leave out; `search` is the beginning of names or of an address.
    """
    actor.require(Permission.OUTBOX_READ)
    columns = (
        Letter.id, Letter.kind, Letter.person_id, Person.full_name, func.coalesce(Person.email, Letter.to_email),
        Letter.language, Letter.state, Letter.due_at, Letter.sent_at, Letter.subject, Letter.error,
        Letter.is_edited,
    )  # fmt: skip
    order = (Letter.due_at.desc(), Letter.id.desc()) if newest else (Letter.due_at, Letter.id)
    query: Any = chosen(select(*columns), actor, states, language, search, without)
    query = query.order_by(*order).limit(limit)
    if person_id is not None:
        query = query.where(Letter.person_id == person_id)
    if kind:
        query = query.where(Letter.kind == kind)
    if after is not None:
        at, last = tuple_(Letter.due_at, Letter.id), tuple_(*after)
        query = query.where(at < last if newest else at > last)
    return [ListedLetter(*row) for row in await session.execute(query)]


async def letter_counts(
    session: AsyncSession, actor: Actor, *, without: Collection[str] = ()
) -> dict[tuple[str, str], int]:
    """How many letters there are by (state, language), in one query."""
    actor.require(Permission.OUTBOX_READ)
    query: Any = select(Letter.state, Letter.language, func.count()).group_by(Letter.state, Letter.language)
    query = chosen(query, actor, (), None, "", without)
    return {(state, language): count for state, language, count in await session.execute(query)}


def chosen(
    query: Any,
    actor: Actor,
    states: Collection[str],
    language: str | None,
    search: str,
    without: Collection[str],
) -> Any:
    query = _reachable(query, actor)
    if states:
        query = query.where(Letter.state.in_(states))
    if language:
        query = query.where(Letter.language == language)
    if without:
        query = query.where(Letter.kind.not_in(without))
    if search:
        begins = Letter.to_email.istartswith(search.strip(), autoescape=True)
        of_person = matching(select(Person.id), search)
        query = query.where(or_(begins, Letter.person_id.in_(of_person)))
    return query


def _reachable(query: Any, actor: Actor) -> Any:
    """
    Letters to people of the actor's offices, with the people joined.

    An address that is nobody yet belongs to no office: a coordinator of some
    offices sees the letters to those whom she has written down herself.
    """
    query = query.outerjoin(Person, Person.id == Letter.person_id)
    if actor.offices:
        is_mine = Letter.person_id.is_(None) & (Letter.about["recorded_by"].astext == str(actor.person_id))
        query = query.where(or_(is_mine, Person.office_id.in_(actor.offices)))
    return query


async def failed_jobs(session: AsyncSession, actor: Actor) -> list[FailedJob]:
    """
    Jobs that were tried too often, the oldest first.

    They are the organisation's: whoever works for some offices is shown none, since a
    job says what goes on elsewhere.
    """
    actor.require(Permission.JOBS_READ)
    if actor.offices:
        return []
    query = (
        select(
            OutboxJob.id, OutboxJob.kind, OutboxJob.error, OutboxJob.attempt, OutboxJob.created_at,
            OutboxJob.done_at,
        )
        .where(OutboxJob.state == JobState.DEAD)
        .order_by(OutboxJob.created_at, OutboxJob.id)
        .limit(MAX_JOBS)
    )  # fmt: skip
    return [FailedJob(*row) for row in await session.execute(query)]
