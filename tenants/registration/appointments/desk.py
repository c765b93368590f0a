"""What every new time of an interview brings with it: the hour on the record and the desk, and letters that tell of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.registration import calling_off
from tenants.registration.appointment_models import Appointment
from tenants.registration.appointments import queries, rules
from tenants.registration.appointments.rules import Time
from tenants.registration.calling_off import REMINDER
from tenants.registration.models import Participation

HOLD = "interview.hold"  # the task, on the desk of whoever leads the talk


async def keep_hours(session: AsyncSession, actor: Actor) -> None:
    """
    Let the actor's other tabs wait until her hours are as they will be, so that none of them is given twice.

    Before anything else is locked: whoever waits for her holds nothing that she could need.
    """
    if actor.person_id is not None:
        await session.execute(select(bulk.alone(actor.person_id)))


async def must_be_free(
    session: AsyncSession,
    actor: Actor,
    times: Mapping[UUID, Time],
    minutes: int,
    *,
    fields: Mapping[UUID, str],
    but: UUID | None = None,
) -> None:
    """
    Raises:
        Invalid: the actor has another talk at one of these times; with a problem at the field of each.
    """
    if not times:
        return
    hours = [time.at for time in times.values()]
    taken = await queries.taken(session, actor.person_id, min(hours), max(hours), but=but)
    late = rules.overlapping(times, minutes, taken)
    if late:
        raise Invalid(*(Problem(fields[one], "interview_overlaps") for one in late))


async def note_hour(
    session: AsyncSession, actor: Actor, participation: Participation, appointment: Appointment
) -> None:
    """The hour on her record, and on the desk of whoever leads the talk."""
    participation.interview_on = appointment.starts_at
    await notifications.ask(
        session, actor, HOLD, key=calling_off.hold_key(appointment),
        due_on=clock.local(appointment.starts_at, appointment.time_zone).date(),
        person_id=appointment.coordinator_id,
        office_id=participation.office_id if appointment.coordinator_id is None else None,
        participation_id=participation.id, appointment_id=appointment.id,
    )  # fmt: skip


async def write(
    session: AsyncSession,
    actor: Actor,
    appointment: Appointment,
    participation: Participation,
    kind: str,
    *,
    due_at: datetime,
) -> None:
    """The letter of now, and the reminder of the day before where there is a day between the two."""
    await notifications.write(
        session, actor, kind, key=calling_off.letter_key(kind, appointment),
        person_id=participation.person_id, due_at=due_at, appointment_id=appointment.id,
        sequence=appointment.sequence,
    )  # fmt: skip
    here = clock.local(appointment.starts_at, appointment.time_zone)
    reminded_at = clock.instant(here.date() - timedelta(days=1), here.time(), appointment.time_zone)
    if reminded_at > due_at + rules.REMINDED:
        await notifications.write(
            session, actor, REMINDER, key=calling_off.letter_key(REMINDER, appointment),
            person_id=participation.person_id, due_at=reminded_at, appointment_id=appointment.id,
            sequence=appointment.sequence,
        )  # fmt: skip
