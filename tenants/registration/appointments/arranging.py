"""
Inviting one or many to interviews, and taking that back within ten minutes.

Every way locks the participation before the appointment, so that two coordinators, or a coordinator and she herself,
wait for each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, NotFound, Problem, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.permissions import Permission
from tenants.registration import actions as registration
from tenants.registration import calling_off
from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments import desk, queries, rules
from tenants.registration.appointments.queries import Invitee, Seen
from tenants.registration.appointments.rules import Details, Time
from tenants.registration.calling_off import INVITED
from tenants.registration.events import Event
from tenants.registration.models import Status
from tenants.registration.queries import access_participation
from tenants.registration.rules import UNDO, AppointmentStands, UndoTooLate


@dataclass(frozen=True, slots=True)
class Arranged:
    """What came of inviting some people: `made` by participation, and who stays with the reason."""

    batch_id: UUID
    made: Mapping[UUID, Appointment]
    staying: Sequence[Invitee]


async def arrange(
    session: AsyncSession,
    actor: Actor,
    walls: Mapping[UUID, str],
    *,
    zone: str,
    details: Details,
    language: str = "",
) -> Arranged:
    """
    Invite people to talks with the actor, each at a wall time such as 2026-11-23T14:00 in `zone`, by participation.

    Who is REGISTERED moves on to AWAITING INTERVIEW (K09). The letters wait for as long as all can be taken back.

    Raises:
        Forbidden: the actor may not move people on.
        Invalid: a time that cannot be used, or that falls into another talk of hers; nobody is invited then.
    """
    actor.require(Permission.STATUS_CHANGE)
    if not 0 < len(walls) <= rules.MOST:
        raise Invalid(Problem("slots", "missing" if not walls else "too_long", {"maximum": rules.MOST}))
    times = _read(walls, zone)
    await desk.keep_hours(session, actor)
    named = await queries.invitees(session, actor, list(walls))
    staying = [one for one in named if one.refusal]
    invited = {one.participation_id: one for one in named if one.refusal is None}
    free = {one: times[one] for one in invited}
    fields = {one: f"slots[{number}]" for number, one in enumerate(walls)}
    await desk.must_be_free(session, actor, free, details.minutes, fields=fields)
    batch_id, made = ids.random(), dict[UUID, Appointment]()
    for one_id in sorted(invited):  # all who lock several lock them in this order
        one = invited[one_id]
        try:
            async with session.begin_nested():
                made[one_id] = await _invite(session, actor, one, times[one_id], details, language, batch_id)
        except WrongState as refusal:
            staying.append(replace(one, refusal=refusal))
    return Arranged(batch_id, {one: made[one] for one in invited if one in made}, staying)


def _read(walls: Mapping[UUID, str], zone: str) -> dict[UUID, Time]:
    """
    Raises:
        Invalid: with a problem at each time that cannot be used.
    """
    times: dict[UUID, Time] = {}
    problems: list[Problem] = []
    for number, (one, wall) in enumerate(walls.items()):
        try:
            times[one] = rules.read_time(wall, zone, f"slots[{number}]")
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return times


async def _invite(
    session: AsyncSession,
    actor: Actor,
    one: Invitee,
    time: Time,
    details: Details,
    language: str,
    batch_id: UUID,
) -> Appointment:
    participation = await access_participation(session, actor, one.participation_id, lock=True)
    await session.refresh(participation)
    has_open = await queries.count_open(session, participation.id) > 0
    is_held = participation.interviewed_on is not None
    if refusal := rules.refusal(participation.status, is_held=is_held, has_open=has_open):
        raise refusal
    if participation.status == Status.REGISTERED:
        await registration.move(session, actor, participation, Status.AWAITING_INTERVIEW)
    else:  # the invitation that named no time says less than this one
        await notifications.withdraw_letters(session, keys=[registration.invitation_key(participation)])
    made = Appointment(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        participation_id=participation.id,
        coordinator_id=actor.person_id,
        batch_id=batch_id,
        link_id=ids.random(),
        state=AppointmentState.ASKED,
        wall_time=time.wall,
        time_zone=time.zone,
        starts_at=time.at,
        minutes=details.minutes,
        place=details.place,
        link=details.link,
        language=rules.spoken(language, one.language),
        sequence=0,
        moved_at=clock.now(),
        proposed=[],
    )
    session.add(made)
    try:
        await session.flush()
    except IntegrityError as error:  # another coordinator was faster by a moment
        raise AppointmentStands from error
    await calling_off.off_desk(session, actor, made, participation)  # an hour that was noted before
    await desk.note_hour(session, actor, participation, made)
    await desk.write(session, actor, made, participation, INVITED, due_at=clock.now() + UNDO)
    audit.record(session, actor, Event.APPOINTMENT_MADE, kind="participation", id=participation.id)
    return made


async def take_back(session: AsyncSession, actor: Actor, batch_id: UUID) -> tuple[int, int]:
    """
    Take back the invitations that were made together, within ten minutes: who was moved on moves back, nobody is told.

    Returns how many were taken back, and how many no longer could be.

    Raises:
        NotFound: no such batch within the actor's reach.
    """
    actor.require(Permission.STATUS_CHANGE)
    found = await queries.of_batch(session, batch_id)
    undone = reached = 0
    for appointment_id, participation_id in found:
        try:
            participation = await access_participation(session, actor, participation_id, lock=True)
        except NotFound:
            continue
        reached += 1
        seen = await queries.seen(session, appointment_id, participation, lock=True)
        if not rules.may_be_taken_back(seen.appointment, UNDO):
            continue
        await _undo(session, actor, seen)
        undone += 1
    if not reached:
        raise NotFound(kind="appointment", id=str(batch_id))
    return undone, reached - undone


async def _undo(session: AsyncSession, actor: Actor, seen: Seen) -> None:
    was_moved_on = seen.participation.status_at >= seen.appointment.created_at - timedelta(seconds=5)
    if was_moved_on and seen.participation.status == Status.AWAITING_INTERVIEW:
        try:
            async with session.begin_nested():
                await registration.undo(session, actor, seen.participation.id)
            return
        except UndoTooLate:
            pass  # she awaited an interview before, so only the appointment goes
    await calling_off.cancel(session, actor, seen.appointment, seen.participation)
