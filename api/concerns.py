"""Concerns: told in confidence to those whom the teller chooses, read and settled by them alone."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.notifications import concerns, confidants
from tenants.notifications.models import Concern
from tenants.notifications.rules import MAX_CONCERN
from tenants.permissions import Permission


class ReaderView(Struct):
    id: UUID
    full_name: str


class NewConcern(Struct, forbid_unknown_fields=True):
    """`readers`: who shall read it, of those at `/me/concerns/readers`; nobody else ever does."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CONCERN)]
    readers: Annotated[list[UUID], Meta(min_length=1, max_length=200)]


class ConcernTold(Struct):
    """`readers` are those who will find it; whoever may not read concerns is left out."""

    readers: list[UUID]
    created_at: datetime


class ConcernView(Struct):
    id: UUID
    person_id: UUID
    full_name: str
    text: str
    created_at: datetime
    read_at: datetime | None
    settled_at: datetime | None


@get("/me/concerns/readers", summary="To whom you may tell a concern")
async def readers(door: NamedDependency[ApiDoor]) -> list[ReaderView]:
    door.actor.require(Permission.OWN_CASE)
    return [ReaderView(one.id, one.full_name) for one in await confidants.readers(door.session, door.actor)]


@post("/me/concerns", summary="Tell a concern in confidence")
async def tell(door: NamedDependency[ApiDoor], data: JSONBody[NewConcern]) -> ConcernTold:
    """Each reader finds a task; the audit trail names neither you nor what you say."""
    told = await concerns.tell(door.session, door.actor, text=data.text, readers=set(data.readers))
    return ConcernTold([UUID(one) for one in told.readers], told.created_at)


@get("/concerns/{concern_id:uuid}", summary="Read a concern that was told to you")
async def read(door: NamedDependency[ApiDoor], concern_id: FromPath[UUID]) -> ConcernView:
    """The audit trail keeps who has read it. The id stands in `about` of the task."""
    return await _view(door, await concerns.read(door.session, door.actor, concern_id))


@post("/concerns/{concern_id:uuid}/settle", status_code=200, summary="Say that a concern is dealt with")
async def settle(door: NamedDependency[ApiDoor], concern_id: FromPath[UUID]) -> ConcernView:
    """The tasks of all its readers are done."""
    return await _view(door, await concerns.settle_concern(door.session, door.actor, concern_id))


async def _view(door: ApiDoor, found: Concern) -> ConcernView:
    teller = await confidants.person_named(door.session, found.person_id)
    return ConcernView(
        found.id, teller.id, teller.full_name, found.text, found.created_at, found.read_at, found.settled_at
    )


ROUTES = [readers, tell, read, settle]
