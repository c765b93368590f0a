"""Reading appointments: one, one's own, those of a person, and whom a coordinator may invite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from infra.errors import NotFound, WrongState
from tenants.actor import Actor, person
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.registration.appointment_models import OPEN, Appointment
from tenants.registration.appointments import rules
from tenants.registration.models import Participation, Status
from tenants.registration.queries import access_participation

PURPOSE = "interview"  # of the links in letters, over `link_id`


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who is to be invited; `refusal` says why she cannot be."""

    participation_id: UUID
    person_id: UUID
    full_name: str
    role: str
    status: str
    language: str
    time_zone: str
    programme_id: UUID
    can_be_written_to: bool
    refusal: WrongState | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An appointment with the two who talk."""

    appointment: Appointment
    participation: Participation
    full_name: str
    language: str
    time_zone: str
    coordinator: str | None
    coordinator_email: str | None
    coordinator_phone: str | None


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Whoever holds a letter: she may answer as its reader, about this one appointment and nothing else."""

    actor: Actor
    appointment_id: UUID


async def invitees(session: AsyncSession, actor: Actor, participation_ids: Sequence[UUID]) -> list[Invitee]:
    """Those within the actor's reach, in the order in which they are named."""
    actor.require(Permission.STATUS_CHANGE)
    p = Participation
    has_open = exists().where(Appointment.participation_id == p.id, Appointment.state.in_(OPEN))
    query: Any = (
        select(
            p.id, p.person_id, Person.full_name, p.role, p.status, Person.language, Person.time_zone,
            p.programme_id, (Person.email.is_not(None) & Person.is_active).label("written_to"),
            p.interviewed_on.is_not(None).label("is_held"), has_open.label("has_open"),
        )
        .join(Person, Person.id == p.person_id)
        .where(bulk.any_of(p.id, participation_ids[: rules.MOST]))
    )  # fmt: skip
    if actor.offices:
        query = query.where(p.office_id.in_(actor.offices))
    place = {one: at for at, one in enumerate(participation_ids)}
    rows = sorted(await session.execute(query), key=lambda row: place[row.id])
    return [
        Invitee(
            row.id, row.person_id, row.full_name, row.role, row.status, row.language, row.time_zone,
            row.programme_id, row.written_to,
            rules.refusal(row.status, is_held=row.is_held, has_open=row.has_open),
        )
        for row in rows
    ]  # fmt: skip


async def parts_of(session: AsyncSession, actor: Actor, person_ids: Sequence[UUID]) -> list[UUID]:
    """Of each person the part for which she is to be interviewed, else her newest; in the order of the people."""
    actor.require(Permission.STATUS_CHANGE)
    p = Participation
    waits = p.status.in_((Status.REGISTERED, Status.AWAITING_INTERVIEW)) & p.interviewed_on.is_(None)
    query: Any = select(p.person_id, p.id).where(bulk.any_of(p.person_id, person_ids[: rules.MOST]))
    if actor.offices:
        query = query.where(p.office_id.in_(actor.offices))
    found: dict[UUID, UUID] = {}
    for person_id, participation_id in await session.execute(
        query.order_by(waits.desc(), p.created_at.desc(), p.id)
    ):
        found.setdefault(person_id, participation_id)
    return [found[one] for one in person_ids if one in found]


async def access(session: AsyncSession, actor: Actor, appointment_id: UUID, *, lock: bool = False) -> Seen:
    """
    One's own, or that of somebody with whom the actor works; the participation is locked before it.

    Raises:
        NotFound: none that this actor may know of.
    """
    whose = await session.scalar(select(Appointment.participation_id).where(Appointment.id == appointment_id))
    if whose is None:
        raise NotFound(kind="appointment", id=str(appointment_id))
    try:
        participation = await access_participation(session, actor, whose, lock=lock)
    except NotFound as error:
        raise NotFound(kind="appointment", id=str(appointment_id)) from error
    return await seen(session, appointment_id, participation, lock=lock)


async def seen(
    session: AsyncSession, appointment_id: UUID, participation: Participation, *, lock: bool = False
) -> Seen:
    """With whatever the house may read of the two."""
    query = select(Appointment).where(Appointment.id == appointment_id)
    query = query.with_for_update() if lock else query
    found = (await session.execute(query.execution_options(populate_existing=True))).scalar_one()
    people = {
        row.id: row
        for row in await session.execute(
            select(
                Person.id, Person.full_name, Person.language, Person.time_zone, Person.email, Person.phone,
                Person.is_active,
            ).where(Person.id.in_([participation.person_id, found.coordinator_id or participation.person_id]))
        )
    }  # fmt: skip
    her, coordinator = people[participation.person_id], people.get(found.coordinator_id)
    is_there = coordinator is not None and coordinator.is_active
    return Seen(
        found,
        participation,
        her.full_name,
        her.language,
        her.time_zone,
        coordinator.full_name if coordinator and is_there else None,
        coordinator.email if coordinator and is_there else None,
        coordinator.phone if coordinator and is_there else None,
    )


async def of_participations(
    session: AsyncSession, participation_ids: Sequence[UUID]
) -> dict[UUID, Appointment]:
    """The open appointment of each, for lists that have seen to who may read them."""
    if not participation_ids:
        return {}
    query = select(Appointment).where(
        Appointment.participation_id.in_(participation_ids), Appointment.state.in_(OPEN)
    )
    return {one.participation_id: one for one in (await session.execute(query)).scalars()}


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    since: date | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Appointment]:
    """Open appointments of people within the actor's offices by their hour; from a day on in her zone."""
    actor.require(Permission.PEOPLE_READ)
    # The first day of the calendar has no instant in every zone.
    begin = clock.instant(max(since, date(2, 1, 1)), datetime.min.time(), actor.time_zone) if since else None
    query: Any = select(Appointment).where(Appointment.state.in_(OPEN))
    if actor.offices:
        query = query.join(Participation, Participation.id == Appointment.participation_id)
        query = query.where(Participation.office_id.in_(actor.offices))
    if begin is not None:
        query = query.where(Appointment.starts_at >= begin)
    if after is not None:
        query = query.where(
            (Appointment.starts_at > after[0])
            | ((Appointment.starts_at == after[0]) & (Appointment.id > after[1]))
        )
    query = query.order_by(Appointment.starts_at, Appointment.id).limit(limit)
    return list((await session.execute(query)).scalars())


async def own(session: AsyncSession, actor: Actor) -> list[Appointment]:
    """The actor's own that are open, the soonest first."""
    actor.require(Permission.OWN_CASE)
    mine = select(Participation.id).where(Participation.person_id == actor.require_person())
    query = select(Appointment).where(Appointment.participation_id.in_(mine), Appointment.state.in_(OPEN))
    return list((await session.execute(query.order_by(Appointment.starts_at))).scalars())


async def own_one(session: AsyncSession, actor: Actor, appointment_id: UUID, *, lock: bool = False) -> Seen:
    """
    Raises:
        NotFound: not one's own.
    """
    actor.require(Permission.OWN_CASE)
    found = await access(session, actor, appointment_id, lock=lock)
    if found.participation.person_id != actor.require_person():
        raise NotFound(kind="appointment", id=str(appointment_id))
    return found


async def reader_of(session: AsyncSession, visitor: Actor, link_id: UUID) -> LetterReader | None:
    """
    Whom a link speaks for; None once its hour has come, it was moved or is over, or she has left.

    The actor that comes of it holds no session. The door uses it for this
    appointment alone: see docs/decisions/0005-answering-from-a-letter.md.
    """
    query = (
        select(Appointment, Person.id, Person.language, Person.time_zone)
        .join(Participation, Participation.id == Appointment.participation_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Appointment.link_id == link_id, Person.is_active)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None or not rules.is_answerable(row.Appointment):
        return None
    reader = person(
        visitor.organisation_id,
        row.id,
        frozenset({Role.PARTICIPANT}),
        language=row.language,
        time_zone=row.time_zone,
    )
    return LetterReader(reader, row.Appointment.id)


async def taken(
    session: AsyncSession,
    coordinator_id: UUID | None,
    first: datetime,
    last: datetime,
    *,
    but: UUID | None = None,
) -> list[tuple[datetime, int]]:
    """When a coordinator has other talks around some hours."""
    if coordinator_id is None:
        return []
    longest = timedelta(minutes=rules.MINUTES[1])
    query = select(Appointment.starts_at, Appointment.minutes).where(
        Appointment.coordinator_id == coordinator_id,
        Appointment.state.in_(OPEN),
        Appointment.starts_at.between(first - longest, last + longest),
    )
    if but is not None:
        query = query.where(Appointment.id != but)
    return [(row.starts_at, row.minutes) for row in await session.execute(query)]


async def of_batch(session: AsyncSession, batch_id: UUID) -> list[tuple[UUID, UUID]]:
    """(appointment, participation) of those that were arranged together."""
    query = select(Appointment.id, Appointment.participation_id).where(Appointment.batch_id == batch_id)
    rows = await session.execute(query.order_by(Appointment.participation_id))
    return [(row.id, row.participation_id) for row in rows]


async def count_open(session: AsyncSession, participation_id: UUID) -> int:
    query = select(func.count()).where(
        Appointment.participation_id == participation_id, Appointment.state.in_(OPEN)
    )
    return int((await session.execute(query)).scalar_one())
