"""Statuses of participations, one step at a time."""

from datetime import date
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from api.registrations import ParticipationView, Text, view
from tenants.registration import actions
from tenants.registration.models import Status
from tenants.reports import doing, moving


class Held(Struct, forbid_unknown_fields=True):
    on: date


class Reason(Struct, forbid_unknown_fields=True):
    reason: Text | None = None


@post(
    "/participations/{participation_id:uuid}/select-for-interview",
    status_code=200,
    summary="Await an interview",
)
async def select_for_interview(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]
) -> ParticipationView:
    return await view(door, await actions.select_for_interview(door.session, door.actor, participation_id))


@post(
    "/participations/{participation_id:uuid}/interview-held", status_code=200, summary="Record the interview"
)
async def interview_held(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Held]
) -> ParticipationView:
    """A day up to today; the appointment leaves the desk."""
    held = doing.hold_interview(door.session, door.actor, participation_id, on=data.on)
    return await view(door, await held)


@post("/participations/{participation_id:uuid}/make-ready", status_code=200, summary="Ready to be matched")
async def make_ready(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> ParticipationView:
    return await view(door, await moving.move_one(door.session, door.actor, participation_id, Status.READY))


@post("/participations/{participation_id:uuid}/to-network", status_code=200, summary="News and events only")
async def to_network(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Reason]
) -> ParticipationView:
    to = Status.NETWORK_PARTICIPANT
    moved = moving.move_one(door.session, door.actor, participation_id, to, reason=data.reason)
    return await view(door, await moved)


@post("/participations/{participation_id:uuid}/leave", status_code=200, summary="Leave the cycle")
async def leave(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Reason]
) -> ParticipationView:
    to = Status.LEFT
    moved = moving.move_one(door.session, door.actor, participation_id, to, reason=data.reason)
    return await view(door, await moved)


@post("/participations/{participation_id:uuid}/reapply", status_code=200, summary="Begin again as registered")
async def reapply(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> ParticipationView:
    return await view(door, await actions.reapply(door.session, door.actor, participation_id))


@post("/participations/{participation_id:uuid}/undo", status_code=200, summary="Take the last status back")
async def undo(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> ParticipationView:
    return await view(door, await actions.undo(door.session, door.actor, participation_id))


ROUTES = [select_for_interview, interview_held, make_ready, to_network, leave, reapply, undo]
