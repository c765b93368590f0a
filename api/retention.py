"""How long people are kept with whom nothing happens."""

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.privacy import idling


class Retaining(Struct, forbid_unknown_fields=True):
    months: int | None


class RetentionView(Struct):
    """`concerned`: people who will be asked next."""

    months: int | None
    concerned: int

    @classmethod
    async def of(cls, door: ApiDoor) -> "RetentionView":
        months = await idling.period(door.session, door.actor)
        waiting = 0 if months is None else await idling.count(door.session, door.actor, months)
        return cls(months, waiting)


@get("/retention", summary="How long people are kept with whom nothing happens")
async def retention(door: NamedDependency[ApiDoor]) -> RetentionView:
    return await RetentionView.of(door)


@put("/retention", summary="Decide how long people are kept with whom nothing happens")
async def retain(door: NamedDependency[ApiDoor], data: JSONBody[Retaining]) -> RetentionView:
    """Each of them is asked first, has 45 days to stay, and is reminded. `null`: nobody is let go by itself."""
    await idling.set_period(door.session, door.actor, data.months)
    await door.session.flush()
    return await RetentionView.of(door)


ROUTES = [retention, retain]
