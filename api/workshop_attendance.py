"""All guests of a workshop who answered alike, noted as there at once."""

from enum import StrEnum
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.gatherings import attending
from tenants.gatherings.models import GuestState
from tenants.reports.deeds import attending as deeds


class MayBeThere(StrEnum):
    ASKED = "asked"
    COMING = "coming"
    WAITING = "waiting"
    DECLINED = "declined"


class AttendanceOfAll(Struct, forbid_unknown_fields=True):
    """All guests who stand so."""

    standing: list[MayBeThere]

    @property
    def states(self) -> list[GuestState]:
        return [GuestState(one) for one in self.standing]


class AttendanceLook(Struct):
    """How many would be noted as there, the first of them by name, and how many more are it already."""

    number: int
    first: list[str]
    already: int


class AttendedTogether(Struct):
    """`deed_id` takes it back, within ten minutes."""

    deed_id: UUID
    number: int


@post(
    "/workshops/{workshop_id:uuid}/attendance/preview",
    status_code=200,
    summary="See whom noting all would reach",
)
async def preview(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[AttendanceOfAll]
) -> AttendanceLook:
    """Nothing is changed."""
    found = await attending.matching(door.session, door.actor, workshop_id, data.states)
    return AttendanceLook(found.number, [name for name, _role in found.first], found.already)


@post("/workshops/{workshop_id:uuid}/attendance/all", summary="Note that all who answered alike were there")
async def attend_all(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[AttendanceOfAll]
) -> AttendedTogether:
    """Each is asked how it was, ten minutes later; until then it is taken back as a deed."""
    done = await deeds.attend(door.session, door.actor, workshop_id, data.states)
    return AttendedTogether(done.deed_id, len(done.rows))


ROUTES = [preview, attend_all]
