"""Deciding about the drafts of a matching run: approving, taking that back, and asking why another pair was not chosen."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra import progress
from tenants.proposals import actions, by_hand
from tenants.proposals.runs import actions as runs
from tenants.proposals.runs import queries


class Approve(Struct, forbid_unknown_fields=True):
    """
    `proposals`: those to send; null for every draft. `override` is a programme manager's reason to go
    beyond the caseload.
    """

    proposals: Annotated[list[UUID], Meta(min_length=1, max_length=2_000)] | None = None
    override: Annotated[str, Meta(max_length=500)] | None = None


class Approved(Struct):
    """`left_out` stay drafts: somebody has no place left, or takes part no more."""

    sent: int
    left_out: int


class TakenBack(Struct):
    drafts: int


class Pair(Struct, forbid_unknown_fields=True):
    """Two participations of the run's cycle."""

    mentee_id: UUID
    mentor_id: UUID


class WhyState(StrEnum):
    WORKING = "working"
    EXPLAINED = "explained"
    ABSENT = "absent"


class Points(Struct):
    criterion: str
    points: int


class Why(Struct):
    """
    While it is `working`, ask again. `failed` are the constraints that forbid the pair; `price` the stored
    points that the whole run would lose with it, null where a kept pair stands against it.
    """

    state: WhyState
    score: int | None = None
    price: int | None = None
    is_matched: bool | None = None
    failed: list[str] | None = None
    contributions: list[Points] | None = None


@post("/runs/{run_id:uuid}/approve", status_code=200, summary="Send drafts of a run to the people of each")
async def approve(
    door: NamedDependency[ApiDoor], run_id: FromPath[UUID], data: JSONBody[Approve]
) -> Approved:
    """Letters wait ten minutes in the outbox, for as long as this can be undone."""
    await queries.access_run(door.session, door.actor, run_id)
    done = await actions.approve(
        door.session, door.actor, run_id, data.proposals, override=data.override or None
    )
    return Approved(done.sent, done.left_out)


@post(
    "/runs/{run_id:uuid}/undo-approval", status_code=200, summary="Take an approval back, within ten minutes"
)
async def undo(door: NamedDependency[ApiDoor], run_id: FromPath[UUID]) -> TakenBack:
    await queries.access_run(door.session, door.actor, run_id)
    return TakenBack(await actions.undo_approval(door.session, door.actor, run_id))


@post("/runs/{run_id:uuid}/why", status_code=202, summary="What another pair would earn and cost the run")
async def why(door: NamedDependency[ApiDoor], run_id: FromPath[UUID], data: JSONBody[Pair]) -> Why:
    key = await runs.ask_why(
        door.session, door.actor, run_id, mentee_id=data.mentee_id, mentor_id=data.mentor_id
    )
    state = await progress.last(door.ground.redis, key)
    if state is None:
        return Why(WhyState.WORKING)
    if state.phase == "absent":
        return Why(WhyState.ABSENT)
    facts = state.facts
    parts = [Points(name, points) for name, points in dict(facts["contributions"]).items()]
    return Why(
        WhyState.EXPLAINED, facts["score"], facts["price"], facts["is_matched"], facts["failed"], parts
    )


class Override(Struct, forbid_unknown_fields=True):
    """A programme manager's reason to go beyond the caseload."""

    override: Annotated[str, Meta(max_length=500)] | None = None


@post("/proposals/{proposal_id:uuid}/approve", status_code=200, summary="Send one draft to its two people")
async def approve_one(
    door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID], data: JSONBody[Override]
) -> Approved:
    """Letters wait ten minutes in the outbox, for as long as this can be undone."""
    done = await by_hand.approve(door.session, door.actor, proposal_id, override=data.override or None)
    return Approved(done.sent, done.left_out)


@post(
    "/proposals/{proposal_id:uuid}/undo-approval",
    status_code=200,
    summary="Take the approval of one proposal back, within ten minutes",
)
async def undo_one(door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID]) -> TakenBack:
    await by_hand.undo_approval(door.session, door.actor, proposal_id)
    return TakenBack(1)


@post(
    "/proposals/{proposal_id:uuid}/discard",
    status_code=204,
    summary="Throw a draft that was made by hand away",
)
async def discard(door: NamedDependency[ApiDoor], proposal_id: FromPath[UUID]) -> None:
    await by_hand.discard(door.session, door.actor, proposal_id)


ROUTES = [approve, undo, why, approve_one, undo_one, discard]
