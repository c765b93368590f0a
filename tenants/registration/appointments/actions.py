"""
Moving an interview that was arranged, accepting a time that somebody proposes, cancelling.

She is told of each, unless the first letter has not left yet.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.registration import calling_off
from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments import desk, queries, rules
from tenants.registration.appointments.queries import Seen
from tenants.registration.appointments.rules import Details, Time
from tenants.registration.calling_off import INVITED, MOVED
from tenants.registration.events import Event
from tenants.registration.rules import UNDO


async def move(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    *,
    wall: str,
    zone: str,
    details: Details,
    language: str = "",
    version: str | None = None,
) -> Appointment:
    """
    Offer another time; she is asked anew, and the entry in her calendar moves.

    `version` is what the page showed (`rules.version_of`).

    Raises:
        NotFound: none within the actor's reach. AppointmentOver: cancelled or held.
        AppointmentChanged: it was moved or answered meanwhile. Invalid: the time cannot be used.
    """
    await desk.keep_hours(session, actor)
    seen = await _access(session, actor, appointment_id, version)
    time = rules.read_time(wall, zone, "at")
    await desk.must_be_free(
        session,
        actor,
        {appointment_id: time},
        details.minutes,
        fields={appointment_id: "at"},
        but=appointment_id,
    )
    found = seen.appointment
    found.minutes, found.place, found.link = details.minutes, details.place, details.link
    found.language = rules.spoken(language, found.language)
    await _set(session, actor, seen, time, AppointmentState.ASKED)
    return found


async def accept(
    session: AsyncSession, actor: Actor, appointment_id: UUID, *, at: datetime, version: str | None = None
) -> Appointment:
    """
    Take one of the times that she proposes. She is told that it stands, with the entry for her calendar.

    Raises:
        NotFound: none within the actor's reach. AppointmentOver: cancelled or held.
        AppointmentChanged: it was moved or answered meanwhile.
        NotProposed: she proposes no such time. Invalid: it is over, or falls into another talk.
    """
    await desk.keep_hours(session, actor)
    seen = await _access(session, actor, appointment_id, version)
    found = seen.appointment
    kept = next((one for one in found.proposed if datetime.fromisoformat(one["at"]) == at), None)
    if kept is None or found.state != AppointmentState.PROPOSED:
        raise rules.NotProposed
    if at <= clock.now():
        raise Invalid(Problem("at", "interview_in_the_past"))
    # Kept as the coordinator's wall time, like every other.
    time = Time(rules.wall_of(at, found.time_zone), found.time_zone, at)
    await desk.must_be_free(
        session,
        actor,
        {appointment_id: time},
        found.minutes,
        fields={appointment_id: "at"},
        but=appointment_id,
    )
    await _set(session, actor, seen, time, AppointmentState.CONFIRMED)
    return found


async def cancel(
    session: AsyncSession, actor: Actor, appointment_id: UUID, *, version: str | None = None
) -> Appointment:
    """
    Cancel; she is told, and stays AWAITING INTERVIEW.

    Raises:
        NotFound: none within the actor's reach. AppointmentOver: cancelled or held already.
        AppointmentChanged: it was moved or answered meanwhile.
    """
    seen = await _access(session, actor, appointment_id, version)
    await calling_off.cancel(session, actor, seen.appointment, seen.participation)
    return seen.appointment


async def _access(session: AsyncSession, actor: Actor, appointment_id: UUID, version: str | None) -> Seen:
    actor.require(Permission.STATUS_CHANGE)
    seen = await queries.access(session, actor, appointment_id, lock=True)
    if not actor.sees_office(seen.participation.office_id):
        # Her own, at an office that is not hers: she answers like everybody, and does not arrange it.
        raise NotFound(kind="appointment", id=str(appointment_id))
    rules.must_be_open(seen.appointment)
    rules.must_be_of_now(seen.appointment, version)
    return seen


async def _set(session: AsyncSession, actor: Actor, seen: Seen, time: Time, state: AppointmentState) -> None:
    """Give it another time: a new link, a higher sequence, letters and tasks of the new time in place of the old."""
    found, participation = seen.appointment, seen.participation
    await calling_off.withdraw_letters(session, found)
    kind = MOVED if await calling_off.was_told(session, found, participation) else INVITED
    await calling_off.off_desk(session, actor, found, participation)
    found.wall_time, found.time_zone, found.starts_at = time.wall, time.zone, time.at
    found.coordinator_id = actor.person_id or found.coordinator_id
    found.state, found.proposed, found.word, found.answered_at = state, [], None, None
    found.link_id = ids.random()
    found.sequence += 1
    found.moved_at = clock.now()
    await session.flush()
    await desk.note_hour(session, actor, participation, found)
    await desk.write(session, actor, found, participation, kind, due_at=clock.now() + UNDO)
    audit.record(session, actor, Event.APPOINTMENT_MOVED, kind="participation", id=participation.id)
