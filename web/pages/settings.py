"""One's own contact, language and time zone, and where one is signed in."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Invalid, LimitReached
from infra.http import cookies
from infra.language import gettext as _
from infra.language import isolated, ngettext
from tenants.identity import accounts, own_address, passkeys, providers, rules, sessions
from tenants.identity import queries as identity
from tenants.notifications import choices
from tenants.people import queries
from tenants.registration import profiles
from tenants.reports import outbox as letters
from web.door import LANGUAGE, Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState
from web.zones import choices as zone_choices

PATH = "/me/settings"
YEAR_S = 365 * 86_400
FIELDS = ("full_name", "phone", "language", "time_zone")


@get([PATH, "/settings"])
async def settings(door: NamedDependency[Door]) -> Page:
    return await _page(door, FormState())


@get("/settings/language")
async def to_language(door: NamedDependency[Door]) -> Page:
    return door.go(f"{PATH}#f-language")


@post(PATH)
async def save(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    facts: dict[str, Any] = {name: filled.text(name) for name in FIELDS if name in filled}
    try:
        await profiles.change_contact(door.session, door.actor, door.require_person(), **facts)
    except Invalid as error:
        return await _page(door, refused(filled, error), status=422)
    if facts.get("language") in door.organisation.languages:
        # What somebody has once chosen on the language bar would win over her settings.
        cookies.write(door.request.scope, LANGUAGE, facts["language"], max_age_s=YEAR_S)
        language.use(facts["language"])
    return door.go(PATH, said=_("Your settings are saved."))


@post(PATH + "/address")
async def ask_address(door: NamedDependency[Door]) -> Page:
    """A letter goes to the new address; nothing changes before it is confirmed from there."""
    filled = await door.form()
    try:
        change = await own_address.ask(door.session, door.actor, email=filled.text("email"))
    except Invalid as error:
        return await _page(door, refused(filled, error), status=422)
    except LimitReached as error:
        return await _page(door, FormState(filled, {"email": said(error)}), status=429)
    return door.go(
        PATH,
        said=_(
            "We have sent a letter to %(email)s. Please confirm it from there.", email=isolated(change.email)
        ),
    )


@post(PATH + "/letters")
async def choose_letters(door: NamedDependency[Door]) -> Page:
    """The boxes that are ticked are the letters that she wants."""
    filled = await door.form()
    wanted = set(filled.texts("letter"))
    listed = await letters.choices(door.session, door.actor)
    dropped = [one.kind for one in listed if one.may_drop and one.kind not in wanted]
    asked = {one.kind for one in listed if one.is_asked_for}
    off = [one for one in dropped if one not in asked]
    await choices.choose(door.session, door.actor, off=off, on=sorted(asked & wanted))
    return door.go(PATH, said=_("Your settings are saved."))


@post(PATH + "/sessions/{session_id:uuid}/end")
async def end_session(door: NamedDependency[Door], session_id: FromPath[UUID]) -> Page:
    await sessions.end(door.session, door.actor, session_id)
    return door.go(PATH, said=_("That device is signed out."))


@post(PATH + "/sessions/end")
async def end_others(door: NamedDependency[Door]) -> Page:
    ended = await sessions.end_all(door.session, door.actor, door.require_person())
    said = ngettext("One other device is signed out.", "%(num)s other devices are signed out.", ended)
    return door.go(PATH, said=said)


async def _page(door: Door, form: FormState, *, status: int = 200) -> Page:
    person = await queries.access_person(door.session, door.actor, door.require_person())
    connected = await accounts.own(door.session, door.actor)
    known = {provider_id for _id, provider_id, _name in connected}
    ways = await providers.ways_in(door.session)
    return door.page(
        "settings/settings.html",
        status=status,
        layout="app.html" if rules.works_here(door.actor.permissions) else "base.html",
        form=form,
        person=person,
        letters=await letters.choices(door.session, door.actor),
        spoken=[(one.code, one.native) for one in door.view.offered],
        zones=zone_choices(person.time_zone),
        passkeys=len(await passkeys.own(door.session, door.actor, "")),
        sessions=await identity.own_sessions(door.session, door.actor),
        accounts=[(id, isolated(name)) for id, _provider, name in connected],
        ways=[(id, isolated(name)) for id, name in ways if id not in known],
        today=clock.today(person.time_zone),
    )


ROUTES = [settings, to_language, save, ask_address, choose_letters, end_session, end_others]
