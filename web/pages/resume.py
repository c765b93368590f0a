"""The beginning of a form, and the way back to one that was begun."""

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid
from infra.http.source import source
from infra.language import gettext as _
from tenants.people import rules as people
from tenants.programmes import queries as programmes
from tenants.registration import resuming, telling
from web.door import Door, Page
from web.forms import refused
from web.pages.holding import BEGINNING, SENDING, at, count, next_page, remember
from web.rendering import FormState


async def start_page(door: Door, state: FormState, *, status: int = 200) -> Page:
    found = await programmes.open_programmes(door.session)
    offered = [{"slug": one.slug, "name": telling.shown_in(one, one.name)} for one in found]
    return door.page("apply/start.html", status=status, programmes=offered, form=state)


@post("/apply/resume")
async def ask_way_back(door: NamedDependency[Door]) -> Page:
    """The same answer whether or not there is a form of this address."""
    filled = await door.form()
    try:
        email = people.address(filled.text("email"))
    except Invalid as error:
        return await start_page(door, refused(filled, error), status=422)
    await count(
        door,
        (SENDING, f"{door.organisation.organisation_id}|{email}"),
        (BEGINNING, source(door.request.scope)),
    )
    await resuming.send_resume_link(door.session, door.actor, email=email, language=door.language)
    return door.go(
        "/apply?new=1",
        said=_("If there is a form that you have begun with this address, its link is on the way."),
    )


@route("/apply/resume/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD])
async def way_back(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    if await at(door, token) is None:
        return door.page("apply/gone.html", status=410)
    return door.page("apply/resume.html", token=token)


@post("/apply/resume/{token:str}")
async def come_back(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    registration = await at(door, token)
    if registration is None:
        return door.page("apply/gone.html", status=410)
    remember(door, registration.id)
    return door.go(await next_page(door, registration))


ROUTES = [ask_way_back, way_back, come_back]
