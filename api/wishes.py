"""Pairs that the next runs of a cycle keep together or apart."""

from datetime import datetime
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.programmes import queries as programmes
from tenants.proposals.models import WishKind
from tenants.proposals.runs import queries, wishing


class NewWish(Struct, forbid_unknown_fields=True):
    """`lock` keeps the pair together whatever it scores, `forbid` apart. Ids are those of participations."""

    mentor_id: UUID
    mentee_id: UUID
    kind: WishKind


class WishMade(Struct):
    id: UUID
    cycle_id: UUID
    mentor_id: UUID
    mentee_id: UUID
    kind: WishKind


class WishView(Struct):
    id: UUID
    mentor_id: UUID
    mentee_id: UUID
    kind: WishKind
    created_at: datetime


@get("/cycles/{cycle_id:uuid}/pair-wishes", summary="Pairs kept together and apart, the oldest wish first")
async def wishes(
    door: NamedDependency[ApiDoor], paging: NamedDependency[Paging], cycle_id: FromPath[UUID]
) -> list[WishView]:
    await programmes.access_cycle(door.session, door.actor, cycle_id)
    rows = await queries.wishes(
        door.session,
        door.actor,
        cycle_id,
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.created_at, row.id))
    return [
        WishView(row.id, row.mentor_id, row.mentee_id, WishKind(row.kind), row.created_at) for row in page
    ]


@post("/cycles/{cycle_id:uuid}/pair-wishes", summary="Keep a pair together or apart in the next runs")
async def wish(door: NamedDependency[ApiDoor], cycle_id: FromPath[UUID], data: JSONBody[NewWish]) -> WishMade:
    """The later wish for a pair wins. What no run could keep is refused at once."""
    await programmes.access_cycle(door.session, door.actor, cycle_id)
    made = await wishing.wish(
        door.session,
        door.actor,
        cycle_id,
        mentor_id=data.mentor_id,
        mentee_id=data.mentee_id,
        kind=data.kind,
    )
    return WishMade(made, cycle_id, data.mentor_id, data.mentee_id, data.kind)


@delete("/pair-wishes/{wish_id:uuid}", summary="Let the next runs decide about a pair again")
async def release(door: NamedDependency[ApiDoor], wish_id: FromPath[UUID]) -> None:
    await wishing.release(door.session, door.actor, wish_id)


ROUTES = [wishes, wish, release]
