"""What somebody had said before she registered again in the same cycle."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from api.door import ApiDoor
from tenants.registration import earlier
from tenants.registration.models import Origin, Status


class EarlierView(Struct):
    """An earlier registration for the same cycle, as it stood when it ended; nobody changes it any more."""

    id: UUID
    registered_on: date
    ended_at: datetime
    status: Status
    end_reason: str | None
    origin: Origin
    interviewed_on: date | None
    answers: dict[str, Any]


@get("/participations/{participation_id:uuid}/earlier", summary="What was said at an earlier registration")
async def before(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> list[EarlierView]:
    """Of somebody who had left and registered again in the same cycle; the latest first."""
    found = await earlier.of(door.session, door.actor, participation_id)
    return [
        EarlierView(**{field: getattr(one, field) for field in EarlierView.__struct_fields__})
        for one in found
    ]


ROUTES = [before]
