"""Visits of the platform's support. They are opened on a page alone, by a person who proves that it is she."""

from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from api.door import ApiDoor
from tenants.identity import support
from tenants.identity import support_queries as queries
from tenants.identity.support_rules import State


class VisitView(Struct):
    """In whose place support may come in, who, why and until when."""

    id: UUID
    person_id: UUID
    operator: str
    reason: str
    state: State
    created_at: datetime
    expires_at: datetime
    entered_at: datetime | None
    ended_at: datetime | None


@get("/support-visits", summary="Visits of support, the latest first")
async def visits(door: NamedDependency[ApiDoor]) -> list[VisitView]:
    return [
        VisitView(
            one.id, one.person_id, one.operator, one.reason, one.state, one.created_at, one.expires_at, one.entered_at,
            one.ended_at,
        )
        for one in await queries.listed(door.session, door.actor, of_all=True)
    ]  # fmt: skip


@post("/support-visits/{window_id:uuid}/end", status_code=204, summary="Shut support out")
async def end(door: NamedDependency[ApiDoor], window_id: FromPath[UUID]) -> None:
    """Counts from the next request on. The person in whose place it was is told."""
    await support.end(door.session, door.actor, window_id)


ROUTES = [visits, end]
