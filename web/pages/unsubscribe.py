"""
Ending the letters that somebody has asked for, by the link in one of them and without signing in.

Opening the link shows a button and changes nothing. Mail programs may send the button's form themselves (RFC 8058): such a
call carries no cookie and no token of ours, and its one effect is that fewer letters come.
"""

from litestar import HttpMethod, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.language import gettext as _
from tenants.notifications import choices
from tenants.registration import unsubscribing
from tenants.reports import outbox
from web.door import Door, Page

LINK = "/unsubscribe/{token:str}"
DONE = "/unsubscribe"


@route(LINK, http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    outbox.kinds()
    row_id = door.ground.links.read(choices.UNSUBSCRIBE, door.organisation.organisation_id, token)
    found = await choices.letter_of(door.session, row_id) if row_id else None
    if found is None:
        return door.page("settings/unsubscribed.html", status=410, is_closed=True)
    return door.page("settings/unsubscribe.html", title=_(found[1].title), action=f"/unsubscribe/{token}")


@post(LINK, opt={"from_elsewhere": True})
async def end(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    outbox.kinds()
    row_id = door.ground.links.read(choices.UNSUBSCRIBE, door.organisation.organisation_id, token)
    kind = await unsubscribing.end(door.session, door.actor, row_id) if row_id else None
    if kind is None:
        return door.page("settings/unsubscribed.html", status=410, is_closed=True)
    return door.go(DONE)


@get(DONE)
async def done(door: NamedDependency[Door]) -> Page:
    return door.page("settings/unsubscribed.html", is_closed=False)


ROUTES = [show, end, done]
