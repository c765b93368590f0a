"""Setting an organisation up: what is still to do, members and roles, facts and offices, API tokens."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, Problem
from infra.http import cookies
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import isolated
from tenants.identity import actions as identity
from tenants.identity import queries as identity_queries
from tenants.identity import sessions, tokens
from tenants.organisations import actions as organisations
from tenants.organisations import queries as organisation_queries
from tenants.people import actions as people
from tenants.people import queries
from tenants.people.rules import OFFICE_ROLES
from tenants.people.words import PERMISSION_NAMES, ROLE_NAMES
from tenants.permissions import Permission, Role
from tenants.programmes import queries as programmes
from web.door import SESSION, Door, Page
from web.forms import refused
from web.rendering import FormState
from web.setup import steps
from web.zones import choices

MOST_TOKENS = 200  # on the page; the API lists them all
# What only pages do, so that a token for it would open nothing.
OF_PAGES = frozenset({Permission.OWN_CASE, Permission.NOTES_WRITE, Permission.NOTES_DECIDE})
MEMBER_ROLES = tuple(role for role in Role if role is not Role.PARTICIPANT)


@get("/a")
async def members(door: NamedDependency[Door]) -> Page:
    if not door.actor.may(Permission.ORGANISATION_CHANGE) and door.actor.may(Permission.TOKENS_MANAGE):
        return door.go("/a/api")
    if not door.actor.may(Permission.ORGANISATION_CHANGE) and door.actor.may(Permission.PROGRAMME_CHANGE):
        return door.go("/a/programmes")
    if not door.actor.may(Permission.ORGANISATION_CHANGE) and door.actor.may(Permission.PRIVACY_READ):
        return door.go("/a/privacy")
    return await _members(door, FormState())


@post("/a/invite")
async def invite(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        person = await identity.invite(
            door.session,
            door.actor,
            full_name=filled.text("full_name"),
            email=filled.text("email"),
            role=_role(filled),
            office_id=_office(filled),
            language=door.organisation.default_language,
            time_zone=door.organisation.time_zone,
        )
    except Invalid as error:
        return await _members(door, refused(filled, error), status=422)
    await _rotate(door, person.id)
    return door.go(
        "/a", said=_("%(name)s has a new role and gets an e-mail about it.", name=person.full_name)
    )


@post("/a/members/{person_id:uuid}/take")
async def take(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    await people.take_role(door.session, door.actor, person_id, _role(filled), office_id=_office(filled))
    await _rotate(door, person_id)
    return door.go("/a", said=_("The role is taken away, and counts no more from this moment."))


@post("/a/members/{person_id:uuid}/leave")
async def leave(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    person = await identity.deactivate(door.session, door.actor, person_id)
    return door.go("/a", said=_("%(name)s can no longer sign in.", name=person.full_name))


@post("/a/members/{person_id:uuid}/return")
async def come_back(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    person = await people.set_active(door.session, door.actor, person_id, is_active=True)
    return door.go("/a", said=_("%(name)s can sign in again.", name=person.full_name))


@get("/a/organisation")
async def organisation(door: NamedDependency[Door]) -> Page:
    return await _organisation(door)


@post("/a/organisation")
async def change(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    names = ("name", "time_zone", "default_language", "contact_name", "contact_email", "contact_phone")
    try:
        await organisations.change(
            door.session, door.actor, hue=_hue(filled), **{name: filled.text(name) for name in names}
        )
    except Invalid as error:
        return await _organisation(door, form=refused(filled, error), status=422)
    return door.go("/a/organisation", said=_("Saved. It may take half a minute until everybody sees it."))


@post("/a/offices")
async def open_office(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        await organisations.open_office(
            door.session,
            door.actor,
            name=filled.text("name"),
            region=filled.text("region"),
            time_zone=filled.text("time_zone"),
        )
    except Invalid as error:
        return await _organisation(door, office_form=refused(filled, error), status=422)
    except Conflict as error:
        known = refused(filled, Invalid(Problem("name", error.code)))
        return await _organisation(door, office_form=known, status=422)
    return door.go("/a/organisation", said=_("The office is open."))


@post("/a/office/{office_id:uuid}")
async def close_office(door: NamedDependency[Door], office_id: FromPath[UUID]) -> Page:
    is_open = (await door.form()).text("open") == "yes"
    await organisations.close_office(door.session, door.actor, office_id, is_open=is_open)
    said = _("The office is open again.") if is_open else _("The office is closed to new people.")
    return door.go("/a/organisation", said=said)


@get("/a/api")
async def api(door: NamedDependency[Door]) -> Page:
    return await _api(door, FormState())


@post("/a/tokens")
async def make_token(door: NamedDependency[Door]) -> Page:
    """Shows the token at once, for it is shown only here; so this is the one form that does not lead on."""
    filled = await door.form()
    try:
        made = await tokens.make(
            door.session, door.actor, name=filled.text("name"), permissions=filled.texts("permissions")
        )
    except Invalid as error:
        return await _api(door, refused(filled, error), status=422)
    return await _api(door, FormState(), secret=made.secret)


@post("/a/tokens/{token_id:uuid}/end")
async def end_token(door: NamedDependency[Door], token_id: FromPath[UUID]) -> Page:
    await tokens.end(door.session, door.actor, token_id)
    return door.go("/a/api", said=_("The token opens nothing any more."))


async def _members(door: Door, form: FormState, *, status: int = 200) -> Page:
    found = await queries.members(door.session, door.actor)
    offices = await organisation_queries.offices(door.session)
    return door.page(
        "admin/members.html",
        status=status,
        form=form,
        members=found,
        steps=steps(
            await organisation_queries.own(door.session),
            offices,
            found,
            has_programme=bool(await programmes.programmes(door.session, door.actor, limit=1)),
        ),
        roles=[(role.value, _(ROLE_NAMES[role])) for role in MEMBER_ROLES],
        role_names=ROLE_NAMES,
        offices=[(office.id, isolated(office.name)) for office in offices],
        office_roles=[_(ROLE_NAMES[role]) for role in Role if role in OFFICE_ROLES],
    )


async def _organisation(
    door: Door, *, form: FormState | None = None, office_form: FormState | None = None, status: int = 200
) -> Page:
    door.actor.require(Permission.ORGANISATION_CHANGE)
    own = await organisation_queries.own(door.session)
    return door.page(
        "admin/organisation.html",
        status=status,
        own=own,
        host=await organisation_queries.primary_host(door.session),
        offices=await organisation_queries.offices(door.session),
        form=form or FormState(),
        office_form=office_form or FormState(),
        zones=choices(own.time_zone),
        spoken=[(one.code, one.native) for one in door.view.offered],
    )


async def _api(door: Door, form: FormState, *, secret: str = "", status: int = 200) -> Page:
    door.actor.require(Permission.TOKENS_MANAGE)
    rows = await identity_queries.tokens(door.session, door.actor, limit=MOST_TOKENS)
    living = {row.id for row in rows if row.is_living(clock.now())}
    held = [one for one in Permission if one in door.actor.permissions and one not in OF_PAGES]
    return door.page(
        "admin/api.html",
        status=status,
        form=form,
        secret=secret,
        tokens=[(row, [_name(one) for one in row.permissions], row.id in living) for row in rows],
        in_use=len(living),
        permissions=[(one.value, _name(one)) for one in held],
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


def _name(permission: str) -> str:
    """What a token may do, in words; the code of a permission that the product no longer has."""
    return _(PERMISSION_NAMES[Permission(permission)]) if permission in set(Permission) else permission


async def _rotate(door: Door, person_id: UUID) -> None:
    """A new secret for one's own session when one's own roles have changed."""
    if person_id == door.actor.person_id and door.actor.session_id is not None:
        cookies.write(door.request.scope, SESSION, await sessions.rotate(door.session, door.actor))


def _role(filled: Form) -> Role:
    try:
        return Role(filled.text("role"))
    except ValueError as error:
        raise Invalid(Problem("role", "not_a_choice")) from error


def _office(filled: Form) -> UUID | None:
    try:
        return UUID(filled.text("office_id")) if filled.text("office_id") else None
    except ValueError as error:
        raise Invalid(Problem("office_id", "not_a_choice")) from error


def _hue(filled: Form) -> int:
    try:
        return int(filled.text("hue"))
    except ValueError as error:
        raise Invalid(Problem("hue", "hue_unusable")) from error


ROUTES = [
    members, invite, take, leave, come_back, organisation, change, open_office, close_office, api, make_token, end_token,
]  # fmt: skip
