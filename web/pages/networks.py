"""Sub-networks on a coordinator's desk: what there is, who is in it, and who cares for it."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids
from infra.errors import Conflict, Invalid, LimitReached, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import isolated, language_name
from tenants.networks import actions, queries, rules
from tenants.networks.models import SubNetwork
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.rules import text_in
from tenants.registration import queries as registration
from tenants.registration.models import ParticipantRole, Status
from tenants.registration.telling import shown_in
from tenants.registration.words import ROLE_NAMES
from web import posting, query
from web.door import Door, Page
from web.forms import refused, sentence
from web.refusals import said
from web.rendering import FormState

PATH = "/c/networks"
ONE = PATH + "/{network_id:uuid}"
FOUND = 20  # people whom a search for new ones shows


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    listed = await queries.listed(door.session, door.actor)
    return door.page(
        "networks/list.html",
        rows=[
            (
                one,
                _name(door, one.network),
                shown_in(one.programme, one.programme.name) if one.programme else "",
            )
            for one in listed
        ],
        open=sum(one.network.is_open for one in listed),
    )


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    return await _form(door, None, FormState())


@post(PATH)
async def add(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        made = await actions.make(
            door.session,
            door.actor,
            name=_texts(door, filled, "name"),
            words=_texts(door, filled, "words"),
            programme_id=_id(filled, "programme"),
            lead_id=_id(filled, "lead_id"),
            once=posting.once(filled),
        )
    except Invalid as error:
        return await _form(door, None, refused(filled, error), status=422)
    except LimitReached as error:
        return door.go(PATH, said=said(error))
    return door.go(f"{PATH}/{made.id}", said=_("The sub-network is there. Its people can join."))


@get(ONE)
async def look(door: NamedDependency[Door], network_id: FromPath[UUID]) -> Page:
    network = await queries.access(door.session, door.actor, network_id)
    search = query.text(door.request, "q")
    inside = await queries.people(door.session, door.actor, network.id)
    there = {one.participation_id for one in inside}
    found = []
    if search and network.is_open:
        found = [
            one
            for one in await registration.participations(
                door.session,
                door.actor,
                programme_id=network.programme_id,
                statuses=[one for one in Status if one is not Status.LEFT],
                search=search,
                limit=FOUND,
            )
            if one.id not in there
        ]
    programme = (
        await programmes.own_programme(door.session, network.programme_id) if network.programme_id else None
    )
    names = dict(await queries.leads(door.session, door.actor))
    return door.page(
        "networks/one.html",
        network=network,
        is_hers=door.actor.keeps(network.lead_id),
        name=_name(door, network),
        words=text_in(network.words, door.language, door.organisation.languages),
        programme=isolated(shown_in(programme, programme.name)) if programme else "",
        lead=names.get(network.lead_id, "") if network.lead_id else "",
        inside=inside,
        search=search,
        found=found,
        roles=_roles(),
        most=queries.MOST_LISTED,
    )


@get(ONE + "/edit")
async def edit(door: NamedDependency[Door], network_id: FromPath[UUID]) -> Page:
    network = await queries.access(door.session, door.actor, network_id)
    door.actor.require_keeper(network.lead_id)
    return await _form(door, network, FormState(_fields(network)))


@post(ONE)
async def save(door: NamedDependency[Door], network_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    network = await queries.access(door.session, door.actor, network_id)
    try:
        await actions.change(
            door.session,
            door.actor,
            network_id,
            name=_texts(door, filled, "name"),
            words=_texts(door, filled, "words"),
            lead_id=_id(filled, "lead_id"),
            is_open=filled.text("is_open") == "yes",
            seen=int(filled.text("version")) if filled.text("version").isdecimal() else 0,
        )
    except Invalid as error:
        return await _form(door, network, refused(filled, error), status=422)
    except Conflict as error:
        first = f"name_{door.organisation.languages[0]}"
        return await _form(door, network, FormState(filled, {first: said(error)}), status=409)
    return door.go(f"{PATH}/{network_id}", said=_("Saved."))


@post(ONE + "/people/{participation_id:uuid}")
async def take_in(
    door: NamedDependency[Door], network_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    here = f"{PATH}/{network_id}"
    try:
        await actions.add(door.session, door.actor, network_id, participation_id)
    except Invalid as error:
        return door.go(here, said=sentence(error.problems[0]))
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("She is in it now."))


@post(ONE + "/people/{participation_id:uuid}/out")
async def take_out(
    door: NamedDependency[Door], network_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    await actions.remove(door.session, door.actor, network_id, participation_id)
    return door.go(f"{PATH}/{network_id}", said=_("She is in it no more."))


async def _form(door: Door, network: SubNetwork | None, form: FormState, *, status: int = 200) -> Page:
    leads = await queries.leads(door.session, door.actor)
    offered = []
    if network is None:
        door.actor.require(Permission.NETWORKS_KEEP)
        listed = await programmes.programmes(door.session, door.actor)
        offered = [(str(one.id), shown_in(one, one.name)) for one in listed]
    context: dict[str, Any] = {
        "network": network,
        "form": form,
        "languages": [(code, language_name(code)) for code in door.organisation.languages],
        "leads": [(str(id), isolated(name)) for id, name in leads],
        "programmes": offered,
        "once": form.value("once") or ids.new(),
        "most_name": rules.MAX_NAME,
        "most_words": rules.MAX_WORDS,
    }
    return door.page("networks/edit.html", status=status, **context)


def _name(door: Door, network: SubNetwork) -> str:
    return isolated(text_in(network.name, door.language, door.organisation.languages))


def _texts(door: Door, filled: Form, field: str) -> dict[str, str]:
    return {code: filled.text(f"{field}_{code}") for code in door.organisation.languages}


def _fields(network: SubNetwork) -> dict[str, Any]:
    return {
        **{f"name_{code}": text for code, text in network.name.items()},
        **{f"words_{code}": text for code, text in network.words.items()},
        "lead_id": str(network.lead_id or ""),
        "is_open": "yes" if network.is_open else "",
    }


def _id(filled: Form, name: str) -> UUID | None:
    """
    Raises:
        Invalid: something that is no id of ours.
    """
    return next(iter(posting.ids_of(filled, name)), None) if filled.text(name) else None


def _roles() -> dict[str, str]:
    return {role.value: _(ROLE_NAMES[role]) for role in ParticipantRole}


ROUTES = [show, new, add, look, edit, save, take_in, take_out]
