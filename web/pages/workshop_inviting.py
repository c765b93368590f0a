"""Whom a coordinator invites to a workshop: everybody of some statuses, or somebody by name; looked at first, and taken back for ten minutes."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language
from infra.errors import Invalid, NotFound, WrongState
from infra.language import gettext as _
from infra.language import ngettext
from tenants.gatherings import inviting, queries, rules
from tenants.gatherings.calendar import title_of
from tenants.gatherings.inviting import MOST_NAMED, Whom
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration import queries as registrations
from tenants.registration.words import STATUS_NAMES
from tenants.reports import guests as rehearsing
from web import query, summaries
from web.door import Door, Page
from web.pages.workshop import role_names, uuids
from web.pages.workshops import ONE, PATH
from web.refusals import said

FOUND = 20  # people whom a search offers


@get(ONE + "/invite")
async def look(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """By the statuses that are ticked; or by name (`by=name`), with `p` for each who is chosen and `q` for a search."""
    door.actor.require(Permission.STATUS_CHANGE)
    asked = door.request.query_params
    people = uuids(asked.getall("p", []))[:MOST_NAMED]
    by_name = bool(people) or query.one_of(door.request, "by", ["name"]) == "name"
    named = [one for one in asked.getall("status", []) if one in rules.MAY_BE_INVITED]
    statuses = [] if by_name else named or [one.value for one in rules.USUALLY_INVITED]
    here = f"{PATH}/{workshop_id}/invite"
    context: dict[str, Any] = {
        "workshop_id": workshop_id,
        "by_name": by_name,
        "here": f"{here}?by=name" if by_name else here,
        "tabs": [(_("By status"), here, None), (_("By name"), f"{here}?by=name", None)],
        "statuses": statuses,
        "choices": [(str(one), _(STATUS_NAMES[one])) for one in rules.MAY_BE_INVITED],
        "people": people,
        "why": _why(),
        "role_names": role_names(),
        "status_names": {one.value: _(words) for one, words in STATUS_NAMES.items()},
        **await _found(door, workshop_id, people),
    }
    if by_name and not people:
        return door.page("workshops/invite.html", **context, look=None)
    found = await rehearsing.rehearse(
        door.session, door.actor, workshop_id, Whom(statuses, people),
        web=door.ground.settings.web, links=door.ground.links,
    )  # fmt: skip
    return door.page(
        "workshops/invite.html",
        **context,
        look=found.look,
        letter=found.letter,
        reader=found.reader,
        letter_language=found.language,
        direction=language.direction(found.language) if found.language else "",
    )


@post(ONE + "/invitations")
async def invite(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"{PATH}/{workshop_id}"
    whom = Whom(filled.texts("status"), uuids(filled.texts("p")))
    try:
        sent = await inviting.invite(door.session, door.actor, workshop_id, whom)
    except (Invalid, WrongState) as error:
        return door.go(here, said=said(error))
    if not sent.number:
        return door.go(here, said=_("Nobody is left to be invited."))
    words = ngettext(
        "One person is invited. The letter leaves in ten minutes.",
        "%(num)s people are invited. The letters leave in ten minutes.",
        sent.number,
    )
    return door.go(
        here,
        said=words,
        undo=f"{PATH}/undo?batch={sent.batch_id}",
        left=ngettext("One minute left", "%(num)s minutes left", 10),
    )


@post(PATH + "/undo")
async def undo(door: NamedDependency[Door]) -> Page:
    batch_id = query.uuid(door.request, "batch")
    if batch_id is None:
        raise NotFound(kind="workshop_batch")
    undone, late = await inviting.take_back(door.session, door.actor, batch_id)
    return door.go(PATH, said=summaries.invitations_back(undone, late))


async def _found(door: Door, workshop_id: UUID, people: list[UUID]) -> dict[str, Any]:
    """The workshop's title, and of its programme whose name was searched for and is not chosen yet."""
    workshop = await queries.access(door.session, door.actor, workshop_id)
    programme = await programmes.own_programme(door.session, workshop.programme_id)
    search = query.text(door.request, "q")
    rows = []
    if search and len(people) < MOST_NAMED:
        rows = await registrations.participations(
            door.session,
            door.actor,
            programme_id=workshop.programme_id,
            statuses=rules.MAY_BE_INVITED,
            search=search,
            limit=FOUND,
        )
    return {
        "title": title_of(workshop, programme),
        "search": search,
        "found": [one for one in rows if one.id not in people],
    }


def _why() -> dict[str, str]:
    """Why somebody is not invited."""
    words = {status.value: _(name) for status, name in STATUS_NAMES.items()}
    return words | {"invited": _("Is invited already"), "left": _("Has left the programme")}


ROUTES = [look, invite, undo]
