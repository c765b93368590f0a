"""The link of the letter: GET shows a button, POST confirms. Mail scanners follow links and confirm nothing."""

from uuid import UUID

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import NotFound
from infra.language import N_
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.registration import confirming, queries, registrations, telling
from tenants.registration.models import Origin, Registration
from tenants.registration.rules import CONFIRM
from web.door import Door, Page
from web.pages.programme import introduce

_ASKED = {
    "mentor": N_("You want to be a mentor in %(programme)s. Your registration applies only after you have confirmed it."),
    "mentee": N_("You want to be a mentee in %(programme)s. Your registration applies only after you have confirmed it."),
    "peer": N_("You want to take part in %(programme)s. Your registration applies only after you have confirmed it."),
}  # fmt: skip
_DONE = {
    "mentor": N_("You are registered as a mentor in %(programme)s. We have sent you an e-mail with all that follows."),
    "mentee": N_("You are registered as a mentee in %(programme)s. We have sent you an e-mail with all that follows."),
    "peer": N_("You are registered for %(programme)s. We have sent you an e-mail with all that follows."),
}  # fmt: skip


@route("/confirm/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def show(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    registration = await _found(door, token)
    if registration is None:
        return door.page("apply/gone.html", status=410)
    programme = await programmes.own_programme(door.session, registration.programme_id)
    await introduce(door, programme)
    return await _page(door, token, registration, programme)


@post("/confirm/{token:str}")
async def confirm(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    registration = await _found(door, token)
    if registration is None:
        return door.page("apply/gone.html", status=410)
    await confirming.confirm(door.session, door.actor, registration.id)
    return door.go(f"/confirm/{token}")


async def _found(door: Door, token: str) -> Registration | None:
    id = door.ground.links.read(CONFIRM, door.organisation.organisation_id, token)
    return await _sent(door, id) if id else None


async def _sent(door: Door, id: UUID) -> Registration | None:
    try:
        return await registrations.access_sent(door.session, id)
    except NotFound:
        return None


async def _page(door: Door, token: str, registration: Registration, programme: Programme) -> Page:
    is_confirmed = registration.confirmed_at is not None
    role = registration.role or "peer"
    words = (_DONE if is_confirmed else _ASKED)[role]
    rows, steps = [], []
    if is_confirmed and registration.participation_id is not None:
        participation = await queries.own_participation(door.session, registration.participation_id)
        cycle = await programmes.own_cycle(door.session, participation.cycle_id)
        steps = telling.what_happens(programme, cycle, clock.today(door.organisation.time_zone))
    elif registration.origin == Origin.COORDINATOR:
        form, _recorder = await telling.recorded(door.session, registration)
        rows = telling.told(form, registration)
    else:
        rows = await telling.contradicted(door.session, registration)
    return door.page(
        "apply/confirm.html",
        token=token,
        is_confirmed=is_confirmed,
        role_words=_(words, programme=telling.shown_in(programme, programme.name)),
        rows=rows,
        is_written_for=registration.origin == Origin.COORDINATOR,
        steps=steps,
        mark={"mentor": "mentor", "mentee": "mentee"}.get(role, "both"),
    )


ROUTES = [show, confirm]
