"""The board of opportunities on a coordinator's desk: what was proposed, what is open, and who is interested."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids
from infra.errors import Conflict, Invalid, WrongState
from infra.http import paging
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import isolated
from tenants.opportunities import actions, queries, rules
from tenants.opportunities.models import Opportunity, OpportunityState
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import ProgrammeState
from tenants.registration.telling import shown_in
from web import posting, query
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/c/opportunities"
ONE = PATH + "/{opportunity_id:uuid}"
AT_ONCE = 50
# What the list can be narrowed to; `over` is whatever has ended in one way or another.
SHOWN = {
    "open": (OpportunityState.OPEN,),
    "proposed": (OpportunityState.PROPOSED,),
    "over": (OpportunityState.CLOSED, OpportunityState.DECLINED, OpportunityState.WITHDRAWN),
}


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    counts = await queries.counts(door.session, door.actor)
    chosen = query.one_of(door.request, "show", SHOWN) or "open"
    rows = await queries.listed(
        door.session,
        door.actor,
        states=SHOWN[chosen],
        after=query.after(door.request, tuple[date, UUID]),
        limit=AT_ONCE + 1,
    )
    page = rows[:AT_ONCE]
    return door.page(
        "opportunities/list.html",
        rows=[(one, posting.kind_name(one.kind), posting.state_name(one.state)) for one in page],
        chosen=chosen,
        counts={name: sum(counts.get(one, 0) for one in states) for name, states in SHOWN.items()},
        next=door.view.with_query(after=paging.encode(page[-1].key)) if len(rows) > AT_ONCE else "",
    )


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OPPORTUNITIES_KEEP)
    return await _form(door, None, FormState({"language": door.organisation.default_language}))


@post(PATH)
async def add(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        made = await actions.post(
            door.session,
            door.actor,
            posting.content(filled),
            programme_ids=posting.ids_of(filled, "programmes"),
            once=posting.once(filled),
        )
    except Invalid as error:
        return await _form(door, None, refused(filled, error), status=422)
    return door.go(f"{PATH}/{made.id}", said=_("The people of these programmes see it from now on."))


@get(ONE)
async def look(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    return await _page(door, opportunity_id, FormState())


@get(ONE + "/edit")
async def edit(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    one = await queries.access(door.session, door.actor, opportunity_id)
    rules.must_be_hers(door.actor, one)
    return await _form(door, one, FormState(posting.fields(one)))


@post(ONE)
async def save(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"{PATH}/{opportunity_id}"
    try:
        await actions.change(
            door.session,
            door.actor,
            opportunity_id,
            posting.content(filled),
            programme_ids=posting.ids_of(filled, "programmes"),
            seen=_version(filled),
        )
    except Invalid as error:
        one = await queries.access(door.session, door.actor, opportunity_id)
        return await _form(door, one, refused(filled, error), status=422)
    except Conflict as error:  # what she typed stays before her
        one = await queries.access(door.session, door.actor, opportunity_id)
        return await _form(door, one, FormState(filled, {"title": said(error)}), status=409)
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("Saved."))


@post(ONE + "/publish")
async def publish(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    try:
        await actions.publish(door.session, door.actor, opportunity_id)
    except WrongState as error:
        return door.go(f"{PATH}/{opportunity_id}", said=said(error))
    return door.go(f"{PATH}/{opportunity_id}", said=_("It is published, and whoever proposed it is told."))


@post(ONE + "/decline")
async def decline(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.decline(door.session, door.actor, opportunity_id, words=filled.text("words"))
    except Invalid as error:
        return await _page(door, opportunity_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"{PATH}/{opportunity_id}", said=said(error))
    return door.go(
        f"{PATH}/{opportunity_id}", said=_("It is declined, and whoever proposed it gets your words.")
    )


@post(ONE + "/close")
async def close(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    here = f"{PATH}/{opportunity_id}"
    try:
        await actions.close(door.session, door.actor, opportunity_id)
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("It is closed. Nobody sees it on the board any more."))


async def _page(door: Door, opportunity_id: UUID, form: FormState, *, status: int = 200) -> Page:
    one = await queries.access(door.session, door.actor, opportunity_id)
    return door.page(
        "opportunities/one.html",
        status=status,
        form=form,
        one=one,
        **posting.shown(one),
        programmes=[isolated(shown_in(p, p.name)) for p in await queries.programmes_of(door.session, one.id)],
        poster=await queries.poster(door.session, one),
        interested=await queries.interested(door.session, door.actor, one.id),
        is_open=one.state == OpportunityState.OPEN,
        is_proposed=one.state == OpportunityState.PROPOSED,
        has_offices=bool(door.actor.offices),
        is_hers=rules.is_hers(door.actor, one),
    )


async def _form(door: Door, one: Opportunity | None, form: FormState, *, status: int = 200) -> Page:
    listed = [
        p for p in await programmes.programmes(door.session, door.actor) if p.state != ProgrammeState.DRAFT
    ]
    kept = [str(p.id) for p in await queries.programmes_of(door.session, one.id)] if one else []
    context: dict[str, Any] = {
        "one": one,
        "form": form,
        "kinds": posting.kinds(),
        "spoken": posting.spoken(door),
        "offered": [(str(p.id), shown_in(p, p.name)) for p in listed],
        "kept": kept or ([str(listed[0].id)] if len(listed) == 1 else []),
        "once": form.value("once") or ids.new(),
        "first": (await queries.today(door.session)).isoformat(),
    }
    return door.page("opportunities/edit.html", status=status, **context)


def _version(filled: Form) -> int:
    text = filled.text("version")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


ROUTES = [show, new, add, look, edit, save, publish, decline, close]
