"""Sub-networks as participants see them: those that one is in, and those that one can join."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import WrongState
from infra.language import gettext as _
from infra.language import isolated
from tenants.networks import actions, queries
from tenants.programmes import queries as programmes
from tenants.programmes.rules import text_in
from web.door import Door, Page
from web.pages.programme import introduce
from web.refusals import said

PATH = "/me/networks"
ONE = PATH + "/{network_id:uuid}"


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    listed = await queries.own(door.session, door.actor)
    if mine := await queries.own_parts(door.session, door.actor):
        await introduce(door, await programmes.own_programme(door.session, mine[0][1]))
    chain = door.organisation.languages
    rows = [
        (
            one,
            isolated(text_in(one.network.name, door.language, chain)),
            text_in(one.network.words, door.language, chain),
        )
        for one in listed
    ]
    return door.page(
        "networks/own.html",
        mine=[row for row in rows if row[0].participation_id],
        others=[row for row in rows if not row[0].participation_id],
    )


@post(ONE + "/join")
async def join(door: NamedDependency[Door], network_id: FromPath[UUID]) -> Page:
    try:
        await actions.join(door.session, door.actor, network_id)
    except WrongState as error:
        return door.go(PATH, said=said(error))
    return door.go(PATH, said=_("You are in it now."))


@post(ONE + "/leave")
async def leave(door: NamedDependency[Door], network_id: FromPath[UUID]) -> Page:
    await actions.leave(door.session, door.actor, network_id)
    return door.go(PATH, said=_("You are in it no more."))


ROUTES = [show, join, leave]
