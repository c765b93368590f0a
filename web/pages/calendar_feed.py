"""One's meetings in one's own calendar: the page that gives the address, and the address itself."""

from dataclasses import replace
from uuid import UUID

from litestar import HttpMethod, Response, get, post, route
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from infra import language
from infra.calendar import MEDIA_TYPE, write
from infra.http.hosts import host
from infra.language import gettext as _
from tenants.people import queries as people
from tenants.permissions import Permission
from tenants.relationships import feeds
from tenants.reports import calendars
from web.door import Door, Page

PATH = "/me/settings/calendar"
FEED = "/feed/{token:str}"
ENDING = ".ics"  # some calendar programs want to see it


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    feed_id = await feeds.own(door.session, door.actor)
    return door.page("calendar/feed.html", address=_address(door, feed_id) if feed_id else "")


@post(PATH)
async def make(door: NamedDependency[Door]) -> Page:
    await feeds.make(door.session, door.actor)
    return door.go(PATH)


@post(PATH + "/change")
async def change(door: NamedDependency[Door]) -> Page:
    await feeds.change(door.session, door.actor)
    return door.go(PATH, said=_("This is your new address. The one before shows nothing any more."))


@post(PATH + "/close")
async def close(door: NamedDependency[Door]) -> Page:
    await feeds.close(door.session, door.actor)
    return door.go(PATH, said=_("The address is closed. It shows nothing any more."))


@route(FEED, http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def read(door: NamedDependency[Door], token: FromPath[str]) -> Response[bytes]:
    """For a calendar program, which brings no cookie. Unknown, changed and closed addresses answer alike."""
    feed_id = door.ground.links.read(
        feeds.PURPOSE, door.organisation.organisation_id, token.removesuffix(ENDING)
    )
    reader = await feeds.reader_of(door.session, door.actor, feed_id) if feed_id else None
    if reader is None:
        raise NotFoundException
    pages = door.ground.settings.web.url(host(door.request.scope), "")
    with language.use(reader.language):
        her = await people.acts_now(door.session, door.actor, reader.person_id)
        at_work = replace(her, language=reader.language, time_zone=reader.time_zone) if her else None
        events = await calendars.feed(door.session, reader, at_work, pages=pages)
        return Response(write(events).encode(), media_type=MEDIA_TYPE)


def _address(door: Door, feed_id: UUID) -> str:
    token = door.ground.links.token(feeds.PURPOSE, door.organisation.organisation_id, feed_id)
    return door.ground.settings.web.url(host(door.request.scope), f"/feed/{token}{ENDING}")


ROUTES = [show, make, change, close, read]
