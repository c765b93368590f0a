"""The meter of matches (K28), and the matches behind it; for a programme manager, everybody's."""

from datetime import datetime
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from infra import clock
from infra.http import paging
from infra.language import gettext as _
from tenants.relationships.words import END_REASONS
from tenants.reports import caseloads
from web import query
from web.door import Door, Page
from web.summaries import caseload as in_words

PATH = "/c/caseload"
AT_ONCE = 50


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    mine = door.require_person()
    loads = await caseloads.loads(door.session, door.actor)
    whose: UUID = query.uuid(door.request, "of") or mine
    rows = await caseloads.matches(
        door.session, door.actor, whose,
        after=query.after(door.request, tuple[datetime, UUID]), limit=AT_ONCE + 1,
    )  # fmt: skip
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    load = next((one for one in loads if one.person_id == whose), None)
    return door.page(
        "caseload/caseload.html",
        load=load,
        is_mine=whose == mine,
        words=in_words(load.meter) if load else "",
        loads=loads if caseloads.sees_all(door.actor) else [],
        rows=rows[:AT_ONCE],
        next=door.view.with_query(after=paging.encode((last.Relationship.begun_at, last.Relationship.id)))
        if last
        else "",
        end_reasons={reason.value: _(words) for reason, words in END_REASONS.items()},
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
    )


ROUTES = [show]
