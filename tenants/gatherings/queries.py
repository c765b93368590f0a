"""Reading workshops: one, lists of them, one's own, and their guests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor, person
from tenants.gatherings import rules
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.programmes.models import Programme
from tenants.registration.models import Participation, Status

PURPOSE = "workshop"  # of the links in letters, over `link_id`
OPINION = "workshop-opinion"  # likewise, for what she thinks of it


@dataclass(frozen=True, slots=True)
class Counts:
    """How many guests stand how; `came` counts everybody who was there."""

    states: Mapping[str, int]
    came: int

    @property
    def invited(self) -> int:
        return sum(number for state, number in self.states.items() if state != GuestState.UNASKED)

    @property
    def coming(self) -> int:
        return self.states.get(GuestState.COMING, 0)

    @property
    def waiting(self) -> int:
        return self.states.get(GuestState.WAITING, 0)


@dataclass(frozen=True, slots=True)
class Listed:
    workshop: Workshop
    counts: Counts


@dataclass(frozen=True, slots=True)
class Seen:
    """A workshop as one of its guests sees it."""

    workshop: Workshop
    guest: Guest
    programme: Programme
    person_id: UUID
    full_name: str
    language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Whoever holds a letter: she may answer as its reader, about this one workshop and nothing else."""

    actor: Actor
    workshop_id: UUID
    guest_id: UUID


async def access(session: AsyncSession, actor: Actor, workshop_id: UUID, *, lock: bool = False) -> Workshop:
    """
    One within the actor's offices, for who works with people. Whatever changes its guests locks it first.

    Raises:
        NotFound: none that this actor may know of.
    """
    actor.require(Permission.PEOPLE_READ)
    found = await own_workshop(session, workshop_id, lock=lock)
    if found is None or not actor.sees_office(found.office_id):
        raise NotFound(kind="workshop", id=str(workshop_id))
    return found


async def own_workshop(session: AsyncSession, workshop_id: UUID, *, lock: bool = False) -> Workshop | None:
    """For the house's own use, whoever acts."""
    query = select(Workshop).where(Workshop.id == workshop_id)
    query = query.with_for_update() if lock else query
    found = await session.execute(query.execution_options(populate_existing=True))
    return found.scalar_one_or_none()


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    is_over: bool = False,
    held: tuple[datetime, datetime] | None = None,
    kind: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """
    Those to come by their hour, or those that are held, cancelled or past, the newest first.

    With `held` only those that took place from its first moment to before its second, as the figures count them.
    """
    actor.require(Permission.PEOPLE_READ)
    w = Workshop
    is_to_come = and_(w.state == WorkshopState.PLANNED, w.starts_at > clock.now())
    is_over = is_over or held is not None
    query: Any = select(w).where(within_reach(actor), ~is_to_come if is_over else is_to_come)
    if held is not None:
        query = query.where(*took_place(*held))
    if kind:
        query = query.where(w.kind == kind)
    if after is not None:
        at = tuple_(w.starts_at, w.id)
        query = query.where(at < tuple_(*after) if is_over else at > tuple_(*after))
    order = (w.starts_at.desc(), w.id.desc()) if is_over else (w.starts_at, w.id)
    found = (await session.execute(query.order_by(*order).limit(limit))).scalars().all()
    counted = await counts(session, [one.id for one in found])
    return [Listed(one, counted[one.id]) for one in found]


async def counts(session: AsyncSession, workshop_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Of workshops that somebody has access to."""
    states: dict[UUID, dict[str, int]] = {one: {} for one in workshop_ids}
    came = dict.fromkeys(workshop_ids, 0)
    if workshop_ids:
        query = (
            select(Guest.workshop_id, Guest.state, func.count(), func.count().filter(Guest.came.is_(True)))
            .where(Guest.workshop_id.in_(workshop_ids))
            .group_by(Guest.workshop_id, Guest.state)
        )
        for workshop_id, state, number, there in await session.execute(query):
            states[workshop_id][state] = number
            came[workshop_id] += there
    return {one: Counts(states[one], came[one]) for one in workshop_ids}


def took_place(begins: datetime, ends: datetime) -> tuple[ColumnElement[bool], ...]:
    """K72: what counts as a workshop of a time."""
    return Workshop.state == WorkshopState.HELD, Workshop.starts_at >= begins, Workshop.starts_at < ends


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """Workshops of the actor's offices; all of them for who works for the whole organisation."""
    return Workshop.office_id.in_(actor.offices) if actor.offices else true()


async def taken(session: AsyncSession, workshop_id: UUID) -> int:
    """How many places are taken; exact for whoever holds the lock of the workshop."""
    query = select(func.count()).where(Guest.workshop_id == workshop_id, Guest.state == GuestState.COMING)
    return int((await session.execute(query)).scalar_one())


def staying(workshop_id: UUID) -> Any:
    """Select (guest, person) of the guests who have not left the programme; narrow it further."""
    return (
        select(Guest.id, Participation.person_id)
        .join(Participation, same(Participation, Guest.participation_id))
        .where(Guest.workshop_id == workshop_id, Participation.status != Status.LEFT)
        .order_by(Guest.id)
    )


async def seen(session: AsyncSession, guest_id: UUID) -> Seen | None:
    """For the house's own use: letters, and answers that were accessed before."""
    query = _seen().where(Guest.id == guest_id).execution_options(populate_existing=True)
    row = (await session.execute(query)).one_or_none()
    return Seen(*row) if row else None


async def own(session: AsyncSession, actor: Actor) -> list[Seen]:
    """
    Workshops to which the actor is invited and that are still to come, and those at which she was and of which she may
    tell what she thinks; by their hour.
    """
    now = clock.now()
    comes = (
        Workshop.state == WorkshopState.PLANNED,
        Workshop.starts_at > now,
        Guest.state.in_((*rules.OPEN, GuestState.DECLINED)),
    )
    may_say = (
        Workshop.state == WorkshopState.HELD,
        Workshop.starts_at > now - rules.SAID_WITHIN,
        Guest.came.is_(True),
        Guest.has_said.is_(False),
    )
    query = _seen().where(
        Participation.person_id == actor.require_person(), or_(and_(*comes), and_(*may_say))
    )
    return [Seen(*row) for row in await session.execute(query.order_by(Workshop.starts_at, Guest.id))]


async def own_one(session: AsyncSession, actor: Actor, workshop_id: UUID) -> Seen:
    """
    As one of its guests; her open answer first, should she be there in two parts.

    Raises:
        NotFound: she is none of its guests.
    """
    query = _seen().where(Participation.person_id == actor.require_person(), Guest.workshop_id == workshop_id)
    query = query.order_by(Guest.state.in_(rules.OPEN).desc(), Guest.id).limit(1)
    row = (await session.execute(query.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise NotFound(kind="workshop", id=str(workshop_id))
    return Seen(*row)


async def reader_of(
    session: AsyncSession, visitor: Actor, link_id: UUID, *, says: bool = False
) -> LetterReader | None:
    """Whom a link speaks for; None once there is nothing to answer, or (`says`) nothing to say of it."""
    query = _seen().where(Guest.link_id == link_id, Person.is_active)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    found = Seen(*row)
    is_open = (
        rules.may_say(found.workshop, found.guest)
        if says
        else rules.is_answerable(found.workshop, found.guest)
    )
    if not is_open:
        return None
    reader = person(
        visitor.organisation_id,
        found.person_id,
        frozenset({Role.PARTICIPANT}),
        language=found.language,
        time_zone=found.time_zone,
    )
    return LetterReader(reader, found.workshop.id, found.guest.id)


async def of_programmes(session: AsyncSession, workshops: Sequence[Workshop]) -> dict[UUID, Programme]:
    """The programme of each."""
    wanted = {one.programme_id for one in workshops}
    if not wanted:
        return {}
    found = (await session.execute(select(Programme).where(Programme.id.in_(wanted)))).scalars()
    return {one.id: one for one in found}


def of_guests() -> Any:
    """Select (workshop, guest, programme); narrow it further."""
    return (
        select(Workshop, Guest, Programme)
        .select_from(Guest)
        .join(Workshop, same(Workshop, Guest.workshop_id))
        .join(Programme, same(Programme, Workshop.programme_id))
    )


def _seen() -> Any:
    return (
        of_guests()
        .add_columns(Person.id, Person.full_name, Person.language, Person.time_zone)
        .join(Participation, same(Participation, Guest.participation_id))
        .join(Person, same(Person, Participation.person_id))
    )


def same(table: Any, column: Any) -> ColumnElement[bool]:
    """Joined within the organisation, as every key begins with it."""
    return and_(table.organisation_id == column.class_.organisation_id, table.id == column)
