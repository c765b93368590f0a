"""The trail of the organisation: who did what, when, to which row; and the last signed checkpoint of its chain."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.audit import queries
from tenants.audit.queries import Filter, ListedEvent
from tenants.audit.words import EVENTS, Group


class EventView(Struct):
    """`details` holds ids, states, counts and names of fields, never what somebody wrote."""

    id: UUID
    seq: int
    at: datetime
    event: str
    actor_kind: str
    person_id: UUID | None
    token_id: UUID | None
    object_kind: str
    object_id: UUID | None
    details: dict[str, Any]

    @classmethod
    def of(cls, one: ListedEvent) -> "EventView":
        return cls(
            one.id, one.seq, one.at, one.event, one.actor_kind, one.person_id, one.token_id, one.object_kind,
            one.object_id, one.details,
        )  # fmt: skip


class ChainView(Struct):
    """
    `note` is a signed note: the number of links, the last hash and the moment. Keep it where we cannot reach it.

    `unkept_since`: since when new notes could not be laid down outside of our database; null where all is well.
    """

    links: int
    last_hash: str
    checkpoint_at: datetime | None
    checkpoint_seq: int | None
    note: str | None
    unkept_since: datetime | None


@get("/audit-events", summary="What was done in the organisation, the newest first")
async def events(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    group: Annotated[Group | None, QueryParameter(description="Only events about this.")] = None,
    event: Annotated[str | None, QueryParameter(max_length=80, description="Only this event.")] = None,
    person_id: Annotated[UUID | None, QueryParameter(description="Only what this person did.")] = None,
    object_id: Annotated[
        UUID | None, QueryParameter(description="Only what was done to the row with this id.")
    ] = None,
    since: Annotated[datetime | None, QueryParameter(description="From this moment on.")] = None,
    until: Annotated[datetime | None, QueryParameter(description="Before this moment.")] = None,
) -> list[EventView]:
    named = tuple(EVENTS[group]) if group else ()
    rows = await queries.events(
        door.session,
        door.actor,
        Filter(
            events=(event,) if event else named,
            object_id=object_id,
            person_id=person_id,
            since=since,
            until=until,
        ),
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    return [EventView.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/audit-chain", summary="How long the trail's chain is, and its last signed checkpoint")
async def chain(door: NamedDependency[ApiDoor]) -> ChainView:
    state = await queries.chain_state(door.session, door.actor)
    return ChainView(
        state.links,
        state.last_hash.hex(),
        state.checkpoint_at,
        state.checkpoint_seq,
        state.note,
        state.unkept_since,
    )


ROUTES = [events, chain]
