"""The activity plan of a pair, group or circle: what they want, the steps on the way, and what is done (K57)."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, NotFound, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.relationships import queries
from tenants.relationships.agreements import plan_rules, plans
from tenants.relationships.agreements.plan_rules import BELOW, Change, Deed, Kind
from tenants.relationships.models import RelationshipState
from web import agreeing, together
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/pair/{relationship_id:uuid}/plan"
SHOWN = 12  # changes on the page


@get(PATH)
async def plan(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _page(door, relationship_id, FormState())


@get(PATH + "/item")
async def item(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """One goal, milestone or activity: change it, remove it, or put something below it."""
    return await _item(door, relationship_id, str(door.request.query_params.get("item", "")), FormState())


@post(PATH)
async def change(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    where = filled.text("item")
    path = f"/me/pair/{relationship_id}/plan"
    try:
        made = await plans.change(door.session, door.actor, relationship_id, _change(filled))
    except Invalid as error:
        form = refused(filled, error)
        if where:
            return await _item(door, relationship_id, where, form, status=422)
        return await _page(door, relationship_id, form, status=422)
    except (Conflict, WrongState) as error:
        return door.go(path, said=said(error))
    except NotFound as error:
        if error.facts.get("kind") != "plan_item":
            raise
        return door.go(path, said=_("Somebody else has removed that."))
    if made.change.get("deed") == Deed.DONE and made.change.get("kind") == Kind.GOAL:
        return door.go(path, said=_("Well done! Your coordinator hears that you have reached a goal."))
    return door.go(path, said=_("Saved. The others see it now."))


def _change(filled: Form) -> Change:
    try:
        deed = Deed(filled.text("deed"))
    except ValueError as error:
        raise Invalid(Problem("deed", "not_a_choice")) from error
    try:
        by = date.fromisoformat(filled.text("by")) if filled.text("by") else None
    except ValueError as error:
        raise Invalid(Problem("by", "bad_format")) from error
    return Change(deed, filled.text("item"), filled.text("text"), by, filled.text("seen"))


async def _ours(door: Door, relationship_id: UUID) -> dict[str, Any]:
    door.actor.refuse_support()
    relationship, mine = await queries.own_relationship(door.session, door.actor, relationship_id)
    people = await queries.people(door.session, relationship)
    await introduce(door, await programmes.own_programme(door.session, relationship.programme_id))
    return {
        "one": relationship,
        "who": together.others(people, mine),
        "is_running": relationship.state == RelationshipState.RUNNING,
        "today": clock.today(door.actor.time_zone),
        "zone": door.actor.time_zone,
    }


async def _page(door: Door, relationship_id: UUID, form: FormState, *, status: int = 200) -> Page:
    ours = await _ours(door, relationship_id)
    changes = await plans.versions(door.session, relationship_id, limit=SHOWN)
    told = (changes[0].content or {}) if changes else {}
    return door.page(
        "agreement/plan.html",
        status=status,
        form=form,
        plan=agreeing.dated(told),
        counts=agreeing.counts(told),
        history=[(agreeing.story(one), one.by, one.at) for one in changes],
        most=plan_rules.MAX_TEXT,
        most_goals=plan_rules.MOST_GOALS,
        **ours,
    )


async def _item(
    door: Door, relationship_id: UUID, item_id: str, form: FormState, *, status: int = 200
) -> Page:
    ours = await _ours(door, relationship_id)
    found = await plans.latest(door.session, relationship_id)
    every = plan_rules.items(found.content if found else {})
    kind, chosen = next(((kind, one) for kind, one in every if one["id"] == item_id), (None, None))
    if kind is None or chosen is None or not ours["is_running"]:
        return door.go(f"/me/pair/{relationship_id}/plan", said=_("Somebody else has removed that."))
    below = BELOW.get(kind)
    is_new = form.values.get("deed") == Deed.ADD
    return door.page(
        "agreement/item.html",
        status=status,
        change=FormState() if is_new else form,
        add=form if is_new else FormState(),
        kind=kind.value,
        item=chosen,
        below=below.value if below else "",
        most=plan_rules.MAX_TEXT,
        **ours,
    )


ROUTES = [plan, item, change]
