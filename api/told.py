"""What others said of a person when she was registered, where it is not what we know of her."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.registration import told


class Told(Struct):
    """By field, as it was said. The person's own facts stand at `/people`."""

    participation_id: UUID
    told: dict[str, Any]


class Right(Struct, forbid_unknown_fields=True):
    """`take` are the fields in which she says that it is right; what stands in the others is forgotten."""

    take: list[str]


@get("/participations/{participation_id:uuid}/told", summary="What was said of her and is not what we know")
async def about(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> Told:
    return Told(participation_id, await told.about(door.session, door.actor, participation_id))


@post(
    "/participations/{participation_id:uuid}/told", status_code=200, summary="Settle with her what is right"
)
async def settle(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Right]
) -> Told:
    found = await told.settle(door.session, door.actor, participation_id, take=data.take)
    return Told(participation_id, found.told)


ROUTES = [about, settle]
