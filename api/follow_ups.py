"""How it goes: what a pair is asked while it runs, one's own replies, and those of a coordinator's cases."""

from datetime import date, datetime
from uuid import UUID

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.relationships import following, queries
from tenants.relationships.follow_up_models import FollowUp


class FollowUpView(Struct):
    """`after_days` counts from the beginning of the relationship."""

    id: UUID
    relationship_id: UUID
    participation_id: UUID
    after_days: int
    asked_at: datetime
    reply_by: date
    reminded_at: datetime | None
    replied_at: datetime | None
    goals: str | None
    news: str | None

    @classmethod
    def of(cls, one: FollowUp) -> "FollowUpView":
        return cls(
            one.id, one.relationship_id, one.participation_id, one.after_days, one.created_at, one.reply_by,
            one.reminded_at, one.replied_at, one.goals, one.news,
        )  # fmt: skip


class Reply(Struct, forbid_unknown_fields=True):
    """One of the two is enough."""

    goals: str | None = None
    news: str | None = None


@get("/me/pairs/{relationship_id:uuid}/follow-ups", summary="What you were asked about one of your pairs")
async def own(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[FollowUpView]:
    await queries.own_relationship(door.session, door.actor, relationship_id)
    return [FollowUpView.of(one) for one in await following.own_of(door.session, door.actor, relationship_id)]


@put("/me/follow-ups/{follow_up_id:uuid}/reply", summary="Say how it goes, or change what you said")
async def reply(
    door: NamedDependency[ApiDoor], follow_up_id: FromPath[UUID], data: JSONBody[Reply]
) -> FollowUpView:
    replied = await following.reply(door.session, door.actor, follow_up_id, goals=data.goals, news=data.news)
    return FollowUpView.of(replied)


@get(
    "/relationships/{relationship_id:uuid}/follow-ups",
    summary="What the people of a case were asked and replied",
)
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[FollowUpView]:
    rows = await following.of_case(door.session, door.actor, relationship_id)
    return [FollowUpView.of(row.FollowUp) for row in rows]


ROUTES = [own, reply, of_case]
