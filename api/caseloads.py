"""How many matches of twelve months each coordinator has in hand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.reports import caseloads
from tenants.reports.caseloads import Load


class CaseloadView(Struct):
    """From `warning` on she is warned; at `limit` only a programme manager's reason makes more."""

    person_id: UUID
    full_name: str
    used: int
    left: int
    warning: int
    limit: int

    @classmethod
    def of(cls, one: Load) -> "CaseloadView":
        meter = one.meter
        return cls(one.person_id, one.full_name, meter.used, meter.left, meter.warning, meter.limit)


class MatchView(Struct):
    relationship_id: UUID
    state: str
    begun_at: datetime
    cycle_id: UUID


@get("/caseloads", summary="Matches of the last twelve months: yours, or everybody's for a programme manager")
async def all_of_them(door: NamedDependency[ApiDoor]) -> list[CaseloadView]:
    return [CaseloadView.of(one) for one in await caseloads.loads(door.session, door.actor)]


@get("/caseloads/matches", summary="The matches behind one number, the newest first")
async def behind(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    coordinator_id: Annotated[UUID | None, QueryParameter(description="Yours, if left out.")] = None,
) -> list[MatchView]:
    rows = await caseloads.matches(
        door.session, door.actor, coordinator_id or door.actor.require_person(),
        after=paging.after(tuple[datetime, UUID]), limit=paging.limit + 1,
    )  # fmt: skip
    kept = cut(door.request.scope, paging, rows, lambda row: (row.Relationship.begun_at, row.Relationship.id))
    return [
        MatchView(one.id, one.state, one.begun_at, one.cycle_id) for one in (row.Relationship for row in kept)
    ]


ROUTES = [all_of_them, behind]
