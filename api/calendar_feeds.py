"""The secret address from which a calendar program reads one's meetings."""

from litestar import delete, get, post
from litestar.di import NamedDependency
from msgspec import Struct

from api.door import ApiDoor
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.relationships import feeds


class Feed(Struct):
    """`address` null: there is none. Whoever has it sees one's meetings."""

    address: str | None


@get("/me/calendar-feed", summary="The address of your calendar feed")
async def own(door: NamedDependency[ApiDoor]) -> Feed:
    door.actor.require(Permission.OWN_CASE)
    return await _feed(door)


@post("/me/calendar-feed", summary="Have a calendar feed; a new address if you have one", status_code=200)
async def change(door: NamedDependency[ApiDoor]) -> Feed:
    await feeds.change(door.session, door.actor)
    return await _feed(door)


@delete("/me/calendar-feed", summary="Have no calendar feed")
async def close(door: NamedDependency[ApiDoor]) -> None:
    await feeds.close(door.session, door.actor)


async def _feed(door: ApiDoor) -> Feed:
    feed_id = await feeds.own(door.session, door.actor)
    if feed_id is None:
        return Feed(None)
    token = door.ground.links.token(feeds.PURPOSE, door.actor.organisation_id, feed_id)
    host = await organisations.primary_host(door.session)
    return Feed(door.ground.settings.web.url(host, f"/feed/{token}.ics"))


ROUTES = [own, change, close]
