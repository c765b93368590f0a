"""A participant tells a concern in confidence; those whom she chose read it."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid
from infra.language import gettext as _
from tenants.notifications import concerns, confidants
from tenants.notifications.rules import MAX_CONCERN
from tenants.permissions import Permission
from tenants.relationships.conflicts import queries as conflicts
from web.door import Door, Page
from web.forms import refused
from web.rendering import FormState


@get("/me/concern")
async def write(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    return await _form(door, FormState())


@post("/me/concern")
async def tell(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    chosen = {reader.id for reader in await confidants.readers(door.session, door.actor)}
    if "readers" in filled or "asked" in filled:
        chosen = {one for one in chosen if str(one) in filled.texts("readers")}
    try:
        await concerns.tell(door.session, door.actor, text=filled.text("text"), readers=chosen)
    except Invalid as error:
        form = refused(filled, error)
        kept = FormState({**form.values, "readers": filled.texts("readers")}, form.errors)
        return await _form(door, kept, status=422)
    return door.go("/me/concern/sent")


@get("/me/concern/sent")
async def sent(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    return door.page("concern/sent.html")


async def _form(door: Door, form: FormState, status: int = 200) -> Page:
    readers = await confidants.readers(door.session, door.actor)
    return door.page("concern/write.html", status=status, form=form, readers=readers, most=MAX_CONCERN)


@get("/c/concerns/{concern_id:uuid}")
async def read(door: NamedDependency[Door], concern_id: FromPath[UUID]) -> Page:
    concern = await concerns.read(door.session, door.actor, concern_id)
    person = await confidants.person_named(door.session, concern.person_id)
    return door.page(
        "concern/read.html",
        concern=concern,
        person=person,
        zone=door.actor.time_zone,
        cases=await conflicts.cases_of(door.session, door.actor, concern.person_id)
        if door.actor.may(Permission.RELATIONSHIP_CHANGE)
        else [],
    )


@post("/c/concerns/{concern_id:uuid}/settle")
async def settle(door: NamedDependency[Door], concern_id: FromPath[UUID]) -> Page:
    await concerns.settle_concern(door.session, door.actor, concern_id)
    return door.go("/c/today", said=_("The concern is marked as dealt with."))


ROUTES = [write, tell, sent, read, settle]
