"""What the organisation demands of those who sign in, and helping somebody who has lost her passkeys."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from infra.language import isolated
from tenants.identity import demands
from tenants.identity import passkeys as own
from tenants.people import queries as people
from tenants.permissions import Permission
from web import passkeys
from web.door import Door, Page
from web.forms import sentence
from web.refusals import said

PATH = "/a/sign-in/demands"


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    site = await passkeys.site(door)
    found = await demands.shown(door.session, door.actor, site.host)
    return door.page(
        "admin/demands.html",
        demands=found,
        providers=[(id, isolated(name), values) for id, name, values in found.acr_values],
        members=await _members(door, site.host),
    )


@post(f"{PATH}/passkeys")
async def demand_passkeys(door: NamedDependency[Door]) -> Page:
    is_demanded = (await door.form()).text("demanded") == "yes"
    site = await passkeys.site(door)
    try:
        await demands.demand_passkeys(door.session, door.actor, is_demanded=is_demanded, host=site.host)
    except WrongState as error:
        return door.go(PATH, said=said(error))
    if is_demanded:
        return door.go(PATH, said=_("Everybody who works here is asked for a passkey from now on."))
    return door.go(
        PATH, said=_("Nobody is asked for a passkey any more. Whoever has one can go on using it.")
    )


@post(f"{PATH}/{{provider_id:uuid}}/acr")
async def demand_acr(door: NamedDependency[Door], provider_id: FromPath[UUID]) -> Page:
    values = (await door.form()).text("acr_values").split()
    try:
        await demands.demand_acr(door.session, door.actor, provider_id, values)
    except Invalid as error:
        return door.go(PATH, said=sentence(error.problems[0]))
    return door.go(PATH, said=_("Saved. It counts when somebody next has to prove who she is."))


@post("/a/members/{person_id:uuid}/passkeys/remove")
async def reset(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    await own.reset(door.session, door.actor, person_id)
    return door.go(
        PATH, said=_("Her passkeys are removed, and she was told by letter. She is signed out everywhere.")
    )


async def _members(door: Door, host: str) -> list[tuple[people.Member, int]]:
    """Who works here, with the number of her passkeys; for those alone who hand out roles."""
    if not door.actor.may(Permission.ROLES_GRANT):
        return []
    counts = await own.counts(door.session, door.actor, host)
    found = await people.members(door.session, door.actor)
    return [(one, counts.get(one.id, 0)) for one in found if one.is_active]


ROUTES = [show, demand_passkeys, demand_acr, reset]
