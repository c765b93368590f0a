"""Letting support in, in one's own place or in somebody's of the organisation; and the way by which support comes in."""

from uuid import UUID

from litestar import HttpMethod, get, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, WrongState
from infra.http import cookies
from infra.http.forms import Form
from infra.http.limits import Policy
from infra.http.source import source
from infra.language import gettext as _
from infra.language import isolated
from tenants.identity import support
from tenants.identity import support_queries as queries
from tenants.identity import support_rules as rules
from tenants.organisations import queries as organisations
from tenants.people import queries as people
from tenants.permissions import Permission, of
from web import turned_away
from web.door import SESSION, Door, Page
from web.forms import refused
from web.pages.sign_in import home
from web.reach import FOR_SUPPORT
from web.refusals import said
from web.rendering import FormState

OWN, ALL = "/me/support", "/a/support"
TRIES = Policy("support-tries", quota=60, window_s=15 * 60)


@get(OWN)
async def own(door: NamedDependency[Door]) -> Page:
    return await _page(door, FormState(), of_all=False)


@post(OWN)
async def let_in_here(door: NamedDependency[Door]) -> Page:
    return await _let_in(door, await door.form(), of_all=False)


@get(ALL)
async def everybodys(door: NamedDependency[Door]) -> Page:
    return await _page(door, FormState(), of_all=True)


@post(ALL)
async def let_in(door: NamedDependency[Door]) -> Page:
    return await _let_in(door, await door.form(), of_all=True)


@post([OWN + "/{window_id:uuid}/end", ALL + "/{window_id:uuid}/end"])
async def shut(door: NamedDependency[Door], window_id: FromPath[UUID]) -> Page:
    await support.end(door.session, door.actor, window_id)
    is_own = door.request.url.path.startswith(OWN)
    return door.go(
        OWN if is_own else ALL, said=_("Support is shut out. Nobody can come in by this any more.")
    )


@route("/support/{token:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], opt={FOR_SUPPORT: True})
async def open_link(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    """Shows a button and changes nothing."""
    window_id = _window(door, token)
    window = await queries.seen(door.session, window_id) if window_id else None
    if window is None:
        await _note_over(door, window_id)
        return door.page("support/shut.html", status=410)
    return door.page("support/link.html", token=token, window=window, zone=door.organisation.time_zone)


@post("/support/{token:str}", opt={FOR_SUPPORT: True})
async def come_in(door: NamedDependency[Door], token: FromPath[str]) -> Page:
    await door.count((TRIES, source(door.request.scope)))
    window_id = _window(door, token)
    if window_id is None:
        return door.go(f"/support/{token}")
    try:
        begun = await support.come_in(door.session, door.actor, window_id)
    except WrongState as error:
        await _note_over(door, window_id)
        return door.page("support/shut.html", status=410, why=said(error))
    cookies.write(door.request.scope, SESSION, begun.secret)
    held = await people.grants(door.session, begun.person_id)
    return door.go(home(of(frozenset(role for role, _office in held))))


@post("/support/leave", opt={FOR_SUPPORT: True})
async def leave(door: NamedDependency[Door]) -> Page:
    if door.actor.support_id is not None:
        await support.end(door.session, door.actor, door.actor.support_id)
        cookies.forget(door.request.scope, SESSION)
    return door.go("/sign-in", said=_("The visit is over. The person gets a letter about it."))


async def _let_in(door: Door, filled: Form, *, of_all: bool) -> Page:
    try:
        window = await support.let_in(
            door.session,
            door.actor,
            email=filled.text("email") if of_all else None,
            operator=filled.text("operator"),
            reason=filled.text("reason"),
            minutes=_minutes(filled),
        )
    except Invalid as error:
        return await _page(door, refused(filled, error), of_all=of_all, status=422)
    except (Conflict, WrongState) as error:
        field = "email" if of_all else "operator"
        return await _page(door, FormState(filled, {field: said(error)}), of_all=of_all, status=422)
    words = _(
        "%(operator)s can come in as soon as the letter has left. Say: the organisation at %(host)s.",
        operator=isolated(window.operator),
        host=isolated(await organisations.primary_host(door.session)),
    )
    return door.go(ALL if of_all else OWN, said=words)


async def _page(door: Door, form: FormState, *, of_all: bool, status: int = 200) -> Page:
    windows = await queries.listed(door.session, door.actor, of_all=of_all)
    works_here = of_all or door.actor.permissions - {Permission.OWN_CASE, Permission.PROGRAMME_READ}
    zone = door.actor.time_zone
    return door.page(
        "support/support.html",
        status=status,
        layout="app.html" if works_here else "base.html",
        form=form,
        of_all=of_all,
        path=ALL if of_all else OWN,
        windows=windows,
        open_count=sum(one.state is not rules.State.OVER for one in windows),
        minutes=[(number, _("%(num)s minutes", num=number)) for number in rules.MINUTES],
        zone=zone,
        today=clock.today(zone),
    )


async def _note_over(door: Door, window_id: UUID | None) -> None:
    if window_id is not None and (why := await queries.over(door.session, window_id)):
        await turned_away.note(door, "support_window", window_id, why)


def _window(door: Door, token: str) -> UUID | None:
    return door.ground.links.read(rules.PURPOSE, door.organisation.organisation_id, token)


def _minutes(filled: Form) -> int:
    text = filled.text("minutes")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


ROUTES = [own, let_in_here, everybodys, let_in, shut, open_link, come_in, leave]
