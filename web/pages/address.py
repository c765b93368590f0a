"""One's own change of address: asked for in the settings, confirmed by the link that went to the new address."""

from uuid import UUID

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.http import cookies
from infra.language import gettext as _
from tenants.identity import own_address
from web import turned_away
from web.door import SESSION, Door, Page


@route("/address/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    """Shows a button and changes nothing: programs that check letters follow their links."""
    change_id = _read(door, token)
    change = await own_address.opened(door.session, change_id) if change_id else None
    if change is None:
        return await _closed(door, change_id)
    return door.page("settings/address.html", token=token, email=change.email)


@post("/address/{token:str}")
async def confirm(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    change_id = _read(door, token)
    person = await own_address.confirm(door.session, change_id) if change_id else None
    if person is None:
        return await _closed(door, change_id)
    if door.actor.person_id == person.id:
        cookies.forget(door.request.scope, SESSION)
    return door.go("/sign-in", said=_("Your new address is confirmed. From now on, please sign in with it."))


async def _closed(door: Door, change_id: UUID | None) -> Page:
    if change_id is not None and (why := await own_address.over(door.session, change_id)):
        await turned_away.note(door, "address_change", change_id, why)
    return door.page("settings/address_closed.html", status=410)


def _read(door: Door, token: str) -> UUID | None:
    return door.ground.links.read(own_address.PURPOSE, door.organisation.organisation_id, token)


ROUTES = [show, confirm]
