"""What both sides should know before they begin, and while they are at it: one page to read, and to print (K73)."""

from litestar import get
from litestar.di import NamedDependency

from infra import language
from tenants.gatherings import material
from tenants.permissions import Permission
from web.door import Door, Page


@get("/me/handbook")
async def handbook(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    spoken = material.nearest(door.language)
    return door.page(
        "workshops/handbook.html",
        text=material.handbook(spoken),
        spoken=spoken,
        towards=language.direction(spoken),
    )


ROUTES = [handbook]
