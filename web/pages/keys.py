"""The key beneath which the organisation's confidential texts lie: which one it is, and asking for a new one."""

from litestar import get, post
from litestar.di import NamedDependency

from infra import clock
from infra.language import gettext as _
from tenants.organisations import new_keys
from web.door import Door, Page

PATH = "/a/keys"


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    return await _shown(door)


@post(PATH)
async def ask(door: NamedDependency[Door]) -> Page:
    try:
        await new_keys.ask(door.session, door.actor)
    except new_keys.NewKeyAskedToday:
        return await _shown(door, is_too_soon=True, status=422)
    return door.go(PATH, said=_("A new key is being made. This page says how far it is."))


async def _shown(door: Door, *, is_too_soon: bool = False, status: int = 200) -> Page:
    zone = door.actor.time_zone
    return door.page(
        "admin/keys.html",
        status=status,
        key=await new_keys.state(door.session, door.actor, door.ground.keys),
        is_too_soon=is_too_soon,
        zone=zone,
        today=clock.today(zone),
    )


ROUTES = [show, ask]
