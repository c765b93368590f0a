"""Activity plans with all their changes, notice, and the memo: one's own, and those of one's cases."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from infra.language import current
from tenants.programmes.models import Programme
from tenants.registration.telling import shown_in
from tenants.relationships import notices, queries
from tenants.relationships.agreements import memos, plans
from tenants.relationships.agreements.memos import Memo
from tenants.relationships.agreements.notice_models import Ground, Notice, NoticeState
from tenants.relationships.agreements.plan_rules import Change, Deed, Kind
from tenants.relationships.agreements.plans import Version


class Activity(Struct):
    id: str
    text: str
    by: date | None
    done_on: date | None


class Milestone(Struct):
    id: str
    text: str
    by: date | None
    done_on: date | None
    activities: list[Activity]


class Goal(Struct):
    """`done_on`: when it was reached."""

    id: str
    text: str
    by: date | None
    done_on: date | None
    milestones: list[Milestone]


class PlanChangeView(Struct):
    """What was done to the plan. `full_name` is empty where somebody's data has been deleted."""

    number: int
    deed: Deed | None
    kind: Kind | None
    item: str | None
    text: str | None
    full_name: str
    changed_at: datetime

    @classmethod
    def of(cls, one: Version) -> "PlanChangeView":
        told = one.change
        return cls(
            one.number, Deed(told["deed"]) if told else None, Kind(told["kind"]) if told.get("kind") else None,
            told.get("item"), told.get("text"), one.by, one.at,
        )  # fmt: skip


class PlanView(Struct):
    """The plan as it stands, and its last fifty changes, the newest first."""

    number: int
    goals: list[Goal]
    changes: list[PlanChangeView]


class PlanChange(Struct, forbid_unknown_fields=True):
    """
    One change. `add` puts something below `item`, or a goal where none is named; `done` of a goal says that it is
    reached. `seen` is the text that you had before you: if it has changed since, the answer is 409.
    """

    deed: Deed
    item: str = ""
    text: str = ""
    by: date | None = None
    seen: str = ""


class NoticeView(Struct):
    ground: Ground
    state: NoticeState
    reason: str | None
    given_at: datetime
    ends_on: date
    participation_id: UUID

    @classmethod
    def of(cls, one: Notice) -> "NoticeView":
        return cls(
            Ground(one.ground),
            NoticeState(one.state),
            one.reason,
            one.given_at,
            one.ends_on,
            one.participation_id,
        )


class Give(Struct, forbid_unknown_fields=True):
    """`month`: no reason needed; `breach` (one day) and `confidence` (at once): the coordinator has to know why."""

    ground: Ground
    reason: str | None = None


class MemoView(Struct):
    participation_id: UUID
    programme: str
    language: str
    title: str
    intro: str
    points: list[str]
    digest: str
    read_at: datetime | None
    read_in: str | None

    @classmethod
    def of(cls, one: Memo) -> "MemoView":
        body = one.text.body
        points = [point for section in body["sections"] for point in section["points"]]
        return cls(
            one.participation.id, _name(one.programme), one.text.language, body["title"], body["intro"], points,
            one.text.digest, one.read_at, one.read_in or None,
        )  # fmt: skip


class MemoRead(Struct, forbid_unknown_fields=True):
    """The language and the digest of what you have read."""

    language: str
    digest: str


@get("/me/pairs/{relationship_id:uuid}/plan", summary="The activity plan of one of your pairs")
async def own(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> PlanView:
    door.actor.refuse_support()
    await queries.own_relationship(door.session, door.actor, relationship_id)
    return await _plan(door, relationship_id)


@post("/me/pairs/{relationship_id:uuid}/plan/changes", status_code=200, summary="Change the activity plan")
async def change(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[PlanChange]
) -> PlanView:
    """A goal that is reached is told to the coordinator."""
    wanted = Change(data.deed, data.item, data.text, data.by, data.seen)
    await plans.change(door.session, door.actor, relationship_id, wanted)
    return await _plan(door, relationship_id)


@get("/relationships/{relationship_id:uuid}/plan", summary="The activity plan of one of your cases")
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> PlanView:
    door.actor.refuse_support()
    await queries.access_relationship(door.session, door.actor, relationship_id)
    return await _plan(door, relationship_id)


@get("/me/pairs/{relationship_id:uuid}/notice", summary="The notice that you have given, if it stands")
async def own_notice(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> NoticeView | None:
    found = await notices.own(door.session, door.actor, relationship_id)
    return NoticeView.of(found) if found else None


@post("/me/pairs/{relationship_id:uuid}/notice", status_code=200, summary="Give notice")
async def give(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[Give]
) -> NoticeView:
    """The others are told the day, and never the ground or the reason."""
    return NoticeView.of(
        await notices.give(door.session, door.actor, relationship_id, data.ground, reason=data.reason)
    )


@delete("/me/pairs/{relationship_id:uuid}/notice", summary="Take your notice back", status_code=204)
async def take_back(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> None:
    await notices.take_back(door.session, door.actor, relationship_id)


@get(
    "/relationships/{relationship_id:uuid}/notices",
    summary="Notices of one of your cases, with their reasons",
)
async def notices_of_case(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]
) -> list[NoticeView]:
    rows = await notices.of_case(door.session, door.actor, relationship_id)
    return [NoticeView.of(row.Notice) for row in rows]


@get("/me/memos", summary="What to remember in what you take part in")
async def own_memos(door: NamedDependency[ApiDoor]) -> list[MemoView]:
    return [MemoView.of(one) for one in await memos.own(door.session, door.actor, current())]


@post(
    "/me/participations/{participation_id:uuid}/memo",
    status_code=200,
    summary="Say that you have read the memo",
)
async def acknowledge(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[MemoRead]
) -> MemoView:
    return MemoView.of(
        await memos.acknowledge(
            door.session, door.actor, participation_id, language=data.language, digest=data.digest
        )
    )


async def _plan(door: ApiDoor, relationship_id: UUID) -> PlanView:
    await door.session.flush()
    found = await plans.latest(door.session, relationship_id)
    changes = await plans.versions(door.session, relationship_id)
    goals = [_goal(one) for one in (found.content.get("goals", []) if found else [])]
    return PlanView(found.number if found else 0, goals, [PlanChangeView.of(one) for one in changes])


def _goal(one: dict[str, Any]) -> Goal:
    return Goal(**_item(one), milestones=[
        Milestone(**_item(each), activities=[Activity(**_item(step)) for step in each["activities"]])
        for each in one["milestones"]
    ])  # fmt: skip


def _item(one: dict[str, Any]) -> dict[str, Any]:
    dates = {name: date.fromisoformat(one[name]) if one.get(name) else None for name in ("by", "done_on")}
    return {"id": one["id"], "text": one["text"], **dates}


def _name(programme: Programme) -> str:
    return shown_in(programme, programme.name)


ROUTES = [
    own, change, of_case, own_notice, give, take_back, notices_of_case, own_memos, acknowledge,
]  # fmt: skip
