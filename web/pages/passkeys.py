"""Signing in with a passkey, making one at the door where the organisation demands it, and keeping one's own."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, LimitReached, StepUpNeeded, WrongState
from infra.http import cookies
from infra.language import gettext as _
from tenants.identity import passkey_proofs, rules
from tenants.identity import passkeys as own
from tenants.identity.proof_models import Asked
from tenants.identity.sessions import Begun
from tenants.identity.words import PASSKEY_REFUSALS
from tenants.people import queries as people
from web import passkeys, query
from web.addresses import address
from web.door import SESSION, Door, Page
from web.forms import refused, within
from web.pages.sign_in import enter, home
from web.refusals import said
from web.rendering import FormState

DOOR = "/sign-in/passkey"
PATH = "/me/settings/passkeys"


@get(DOOR)
async def ask(door: NamedDependency[Door]) -> Page:
    """For visitors, and for whoever has come in by half: she shows her passkey, or makes the first."""
    after = within(door.request.query_params.get("next", ""), "")
    if door.actor.person_id is not None:
        return door.go(after or home(door.actor.permissions))
    if away := await passkeys.elsewhere(door):
        return away
    why = query.one_of(door.request, "why", PASSKEY_REFUSALS)
    return await _at_the_door(door, FormState(), after, why=_(PASSKEY_REFUSALS[why]) if why else "")


@post(f"{DOOR}/options")
async def options(door: NamedDependency[Door]) -> Page:
    await passkeys.count(door)
    browser = passkeys.new_browser(door)
    site = await passkeys.site(door)
    return passkeys.asked(
        await passkey_proofs.to_show(door.session, door.actor, Asked.SIGN_IN, site, browser)
    )


@post(DOOR)
async def show(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    await passkeys.count(door)
    found = await passkey_proofs.show(
        door.session,
        door.actor,
        Asked.SIGN_IN,
        await passkeys.site(door),
        filled.text("credential"),
        browser_digest=passkeys.same_browser(door),
        device=rules.device(door.request.headers.get("user-agent", "")),
    )
    after = within(filled.text("next"), "")
    if isinstance(found, Begun):
        return await enter(door, found, after)
    return door.go(address(DOOR, next=after, why=found.value))


@post([f"{DOOR}/new/options", f"{PATH}/new/options"])
async def options_of_new(door: NamedDependency[Door]) -> Page:
    await passkeys.count(door)
    browser = passkeys.new_browser(door)
    try:
        asked = await own.to_add(door.session, door.actor, await passkeys.site(door), browser)
    except StepUpNeeded:
        # The script loads its page again, which leads to where she proves it.
        return Response("", status_code=403)
    return passkeys.asked(asked)


@post(f"{DOOR}/new")
async def make_first(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    after = within(filled.text("next"), "")
    try:
        made = await _make(door)
    except Invalid as error:
        return await _at_the_door(door, refused(filled, error), after, status=422)
    if made is None:
        return door.go(address(DOOR, next=after, why=passkey_proofs.Refused.WRONG))
    return await enter(door, made, after)


@get(PATH)
async def kept(door: NamedDependency[Door]) -> Page:
    person = await people.access_person(door.session, door.actor, door.actor.require_herself())
    site = await passkeys.site(door)
    return door.page(
        "settings/passkeys.html",
        layout=_layout(door),
        passkeys=await own.own(door.session, door.actor, site.host),
        host=site.host,
        most=own.MOST,
        zone=person.time_zone,
        today=clock.today(person.time_zone),
    )


@get(f"{PATH}/new")
async def new(door: NamedDependency[Door]) -> Page:
    if away := await passkeys.elsewhere(door):
        return away
    door.actor.require_fresh(clock.now())
    return _new(door, FormState())


@post(f"{PATH}/new")
async def make(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        made = await _make(door)
    except Invalid as error:
        return _new(door, refused(filled, error), status=422)
    except (Conflict, LimitReached) as error:
        return _new(door, FormState(filled, {"name": said(error)}), status=409)
    if made is None:
        return door.go(f"{PATH}/new", said=_(PASSKEY_REFUSALS["wrong"]))
    cookies.write(door.request.scope, SESSION, made.secret)
    return door.go(PATH, said=_("Your passkey is kept. You can sign in with it from now on."))


@post(f"{PATH}/{{passkey_id:uuid}}/name")
async def rename(door: NamedDependency[Door], passkey_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await own.rename(door.session, door.actor, passkey_id, name=filled.text("name"))
    except Invalid:
        return door.go(
            PATH, said=_("A passkey needs a name of at most %(most)s characters.", most=rules.MAX_NAME)
        )
    return door.go(PATH, said=_("The passkey has its new name."))


@post(f"{PATH}/{{passkey_id:uuid}}/remove")
async def remove(door: NamedDependency[Door], passkey_id: FromPath[UUID]) -> Page:
    site = await passkeys.site(door)
    try:
        await own.remove(door.session, door.actor, passkey_id, site.host)
    except WrongState as error:
        return door.go(PATH, said=said(error))
    return door.go(PATH, said=_("The passkey opens nothing here any more. Remove it from your device too."))


async def _make(door: Door) -> Begun | None:
    filled = await door.form()
    await passkeys.count(door)
    return await own.add(
        door.session,
        door.actor,
        await passkeys.site(door),
        filled.text("credential"),
        browser_digest=passkeys.same_browser(door),
        name=filled.text("name"),
    )


async def _at_the_door(door: Door, form: FormState, after: str, *, why: str = "", status: int = 200) -> Page:
    half = door.actor.half
    site = await passkeys.site(door)
    return door.page(
        "sign_in/passkey.html",
        status=status,
        form=form,
        after=after,
        why=why,
        is_half=half is not None,
        makes_first=half is not None and not await own.has_any(door.session, half.person_id, site.host),
        name=_name(door),
        home=address("/sign-in", next=after),
    )


def _new(door: Door, form: FormState, *, status: int = 200) -> Page:
    return door.page(
        "settings/passkey_new.html", status=status, layout=_layout(door), form=form, name=_name(door)
    )


def _name(door: Door) -> str:
    """What a passkey may be called, before she says otherwise."""
    return rules.device(door.request.headers.get("user-agent", "")) or _("My passkey")


def _layout(door: Door) -> str:
    return "app.html" if rules.works_here(door.actor.permissions) else "base.html"


ROUTES = [ask, options, show, options_of_new, make_first, kept, new, make, rename, remove]
