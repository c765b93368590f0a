"""Three questions to those of whom a coordinator has not heard: asked by her, answered by each alone."""

from datetime import datetime
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.relationships import queries
from tenants.relationships.keeping import not_heard
from tenants.relationships.keeping.models import GoesOn, NotHeard


class NotHeardView(Struct):
    """Null where she left a question out, or has not answered yet."""

    id: UUID
    relationship_id: UUID
    participation_id: UUID
    asked_at: datetime
    answered_at: datetime | None
    is_agreement_coming: bool | None
    has_met_again: bool | None
    goes_on: GoesOn | None
    words: str | None

    @classmethod
    def of(cls, one: NotHeard) -> "NotHeardView":
        return cls(
            one.id, one.relationship_id, one.participation_id, one.asked_at, one.answered_at,
            one.is_agreement_coming, one.has_met_again, GoesOn(one.goes_on) if one.goes_on else None, one.words,
        )  # fmt: skip


class Said(Struct, forbid_unknown_fields=True):
    """One of them is enough."""

    is_agreement_coming: bool | None = None
    has_met_again: bool | None = None
    goes_on: GoesOn | None = None
    words: str | None = None


@post(
    "/relationships/{relationship_id:uuid}/not-heard",
    summary="Have the three questions sent to a pair of which you have not heard",
    status_code=200,
)
async def ask(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[NotHeardView]:
    return [NotHeardView.of(one) for one in await not_heard.ask(door.session, door.actor, relationship_id)]


@get(
    "/relationships/{relationship_id:uuid}/not-heard",
    summary="What the people of a case answered to the three questions",
)
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[NotHeardView]:
    rows = await not_heard.of_case(door.session, door.actor, relationship_id)
    return [NotHeardView.of(row.NotHeard) for row in rows]


@get(
    "/me/pairs/{relationship_id:uuid}/not-heard",
    summary="What your coordinator asked you about one of your pairs",
)
async def own(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[NotHeardView]:
    await queries.own_relationship(door.session, door.actor, relationship_id)
    return [NotHeardView.of(one) for one in await not_heard.own_of(door.session, door.actor, relationship_id)]


@put(
    "/me/not-heard/{not_heard_id:uuid}/answer",
    summary="Answer the three questions, or change what you answered",
)
async def answer(
    door: NamedDependency[ApiDoor], not_heard_id: FromPath[UUID], data: JSONBody[Said]
) -> NotHeardView:
    said = not_heard.Said(data.is_agreement_coming, data.has_met_again, data.goes_on, data.words)
    return NotHeardView.of(await not_heard.answer(door.session, door.actor, not_heard_id, said))


ROUTES = [ask, of_case, own, answer]
