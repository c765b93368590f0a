"""The appointment of an interview, and the coordinator's note on a profile."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.registration import profiles
from tenants.reports import doing


class Appointment(Struct, forbid_unknown_fields=True):
    """`at` with its offset; within two years of today."""

    at: Annotated[datetime, Meta(tz=True)]


class Planned(Struct):
    participation_id: UUID
    interview_on: datetime


class Note(Struct, forbid_unknown_fields=True):
    """Null, or nothing in it, takes the note away."""

    note: Annotated[str, Meta(max_length=20_000)] | None


@put(
    "/participations/{participation_id:uuid}/interview", summary="Set or move the appointment of an interview"
)
async def plan(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Appointment]
) -> Planned:
    """It comes onto the desk of whoever sets it; an earlier appointment leaves it."""
    await doing.plan_interview(door.session, door.actor, participation_id, at=data.at)
    return Planned(participation_id, data.at)


@put("/participations/{participation_id:uuid}/note", status_code=204, summary="Write the coordinator's note")
async def note(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Note]
) -> None:
    """Read by coordinators alone."""
    await profiles.write_note(door.session, door.actor, participation_id, note=data.note or "")


ROUTES = [plan, note]
