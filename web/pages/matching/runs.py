"""The runs of a cycle, the newest first."""

from litestar import get
from litestar.di import NamedDependency

from infra.language import N_
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.pools import queries as pools
from tenants.pools.queries import Counts
from tenants.programmes.structures import facts
from tenants.proposals.models import RunState
from tenants.proposals.runs import queries, rules, words
from tenants.proposals.runs.criteria import AIMS
from web import query
from web.door import Door, Page
from web.pages.matching import cycles
from web.pages.matching.cycles import PATH
from web.pages.pipeline import cycle_name

AT_ONCE = 50
STATES = {
    RunState.WAITING: (N_("Waits for a worker"), "wait"),
    RunState.RUNNING: (N_("Working"), "wait"),
    RunState.DONE: (N_("Done"), "done"),
    RunState.FAILED: (N_("Failed"), "late"),
    RunState.CANCELLED: (N_("Stopped"), "muted"),
}


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.RUN_READ)
    listed = await cycles.matched(door)
    cycle = cycles.chosen(door, listed)
    if cycle is None:
        return door.page("matching/none.html")
    cycles.show(door, cycle)
    after = query.text(door.request, "before")
    rows = await queries.runs(
        door.session,
        door.actor,
        cycle_id=cycle.id,
        after=int(after) if after.isdecimal() and len(after) < 10 else None,
        limit=AT_ONCE + 1,
    )
    pool = await pools.pool_of(door.session, cycle.id)
    return door.page(
        "matching/runs.html",
        cycle=cycle,
        cycles=[(one.id, cycle_name(one, door.language)) for one in listed],
        rows=rows[:AT_ONCE],
        next=door.view.with_query(before=rows[AT_ONCE - 1].number) if len(rows) > AT_ONCE else "",
        counted=await pools.counts(door.session, pool.id, offices=door.actor.offices)
        if pool
        else Counts(0, 0, 0),
        states={state.value: (_(name), kind) for state, (name, kind) in STATES.items()},
        of_peers=not facts(cycle.structure).has_lead,
        of_hundred=rules.of_hundred,
        aims={code: words.aim(code) for code in AIMS},
        may_start=rules.may_start(door.actor),
        not_hers=_(words.SENTENCES[rules.RunForAll.code])
        if door.actor.may(Permission.RUN_START) and not rules.may_start(door.actor)
        else "",
        zone=door.organisation.time_zone,
    )


ROUTES = [show]
