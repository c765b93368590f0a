"""Groups and circles that wait for answers, for their coordinators: who has said what, and letting one begin."""

from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, LimitReached, Problem, WrongState
from infra.http import paging
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.proposals import rules as pairs
from tenants.proposals.parties import actions, queries, rules
from tenants.proposals.parties.queries import Shown
from tenants.proposals.parties.words import STATE_NAMES
from tenants.proposals.party_models import PartyState
from tenants.proposals.runs import queries as runs
from tenants.proposals.runs import results
from tenants.relationships import parties
from tenants.relationships import queries as relationships
from web import query
from web.door import Door, Page
from web.forms import refused
from web.pages.matching import grouping, showing
from web.pages.proposals import tabs
from web.refusals import said
from web.rendering import FormState

PATH = "/c/groups"
AT_ONCE = 50
SHOWN = {
    "waiting": (PartyState.OPEN,),
    "confirmed": (PartyState.CONFIRMED,),
    "over": (PartyState.DECLINED, PartyState.WITHDRAWN),
}


@get(PATH)
async def groups(door: NamedDependency[Door]) -> Page:
    shown = query.one_of(door.request, "show", SHOWN) or "waiting"
    rows = await queries.listed(
        door.session,
        door.actor,
        states=SHOWN[shown],
        after=query.after(door.request, tuple[datetime, UUID]),
        limit=AT_ONCE + 1,
    )
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    page = rows[:AT_ONCE]
    return door.page(
        "groups/list.html",
        shown=shown,
        tabs=await tabs(door),
        here=PATH,
        kinds=[
            (_("Waiting for answers"), PATH, None),
            (_("Begun"), f"{PATH}?show=confirmed", None),
            (_("Not gone ahead"), f"{PATH}?show=over", None),
        ],
        at=PATH if shown == "waiting" else f"{PATH}?show={shown}",
        rows=[(one, grouping.title(one), _ends(door, one), grouping.marks(one)) for one in page],
        states={state.value: _(words) for state, words in STATE_NAMES.items()},
        next=door.view.with_query(after=paging.encode(last.key)) if last else "",
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
    )


@get(PATH + "/{party_id:uuid}")
async def group(door: NamedDependency[Door], party_id: FromPath[UUID]) -> Page:
    return await _page(door, party_id, FormState())


@post(PATH + "/{party_id:uuid}/withdraw")
async def withdraw(door: NamedDependency[Door], party_id: FromPath[UUID]) -> Page:
    try:
        await actions.withdraw(door.session, door.actor, party_id)
    except WrongState as error:
        return door.go(f"{PATH}/{party_id}", said=said(error))
    return door.go(f"{PATH}/{party_id}", said=_("It is withdrawn. Everybody is told in the same words."))


@post(PATH + "/{party_id:uuid}/begin")
async def begin(door: NamedDependency[Door], party_id: FromPath[UUID]) -> Page:
    try:
        await parties.begin_now(door.session, door.actor, party_id)
    except (WrongState, LimitReached) as error:
        return door.go(f"{PATH}/{party_id}", said=said(error))
    begun = await relationships.of_party(door.session, party_id)
    return door.go(f"/c/pairs/{begun.id}" if begun else f"{PATH}/{party_id}", said=_("It has begun."))


@post(PATH + "/{party_id:uuid}/answers/{participation_id:uuid}")
async def note_answer(
    door: NamedDependency[Door], party_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    filled = await door.form()
    try:
        if filled.text("answer") not in ("yes", "no"):
            raise Invalid(Problem("answer", "missing"))
        await parties.note_answer(
            door.session, door.actor, party_id, participation_id, is_yes=filled.text("answer") == "yes"
        )
    except Invalid as error:
        return await _page(door, party_id, refused(filled, error), status=422)
    except (WrongState, Conflict) as error:
        return door.go(f"{PATH}/{party_id}", said=said(error))
    return door.go(f"{PATH}/{party_id}", said=_("Noted. The others are not told."))


async def _page(door: Door, party_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await queries.shown(door.session, door.actor, party_id)
    run = await runs.access_run(door.session, door.actor, found.party.run_id)
    people = await results.named(door.session, door.actor, {one.participation_id for one in found.seats})
    labels = await showing.topics(door, found.party.cycle_id)
    begun = await relationships.of_party(door.session, party_id)
    is_open = found.party.state == PartyState.OPEN
    return door.page(
        "groups/group.html",
        status=status,
        form=form,
        one=found,
        group=grouping.told(found, people, labels),
        run=run,
        waits=sum(seat.is_yes is None for seat in found.seats),
        is_open=is_open,
        may_begin=is_open and rules.may_begin(found.seats),
        may_change=door.actor.may(Permission.PROPOSAL_APPROVE),
        pair_id=begun.id if begun else None,
        ends=_ends(door, found),
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
    )


def _ends(door: Door, one: Shown) -> object:
    if one.party.answer_by is None:
        return None
    return pairs.last_day(one.party.answer_by, door.organisation.time_zone)


ROUTES = [groups, group, withdraw, begin, note_answer]
