"""What experience recommends to a programme."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from api.door import ApiDoor
from tenants.reports import advice


class HintView(Struct):
    """`coordinators`, `pilot` (pairs) or `months`: so many are `found`, and `recommended` are at least so many."""

    code: str
    found: int
    recommended: int


@get("/programmes/{programme_id:uuid}/advice", summary="What a programme falls short of; a hint, not a bar")
async def hints(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> list[HintView]:
    found = await advice.hints(door.session, door.actor, programme_id)
    return [HintView(one.code, one.found, one.aim) for one in found]


ROUTES = [hints]
