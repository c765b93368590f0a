"""Groups and circles: those of a run, those of a coordinator's cases with their answers, and one's own with a private answer."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra import progress
from infra.http.paging import Paging, cut
from tenants.programmes.models import Structure
from tenants.proposals.parties import actions, changing, queries
from tenants.proposals.parties.queries import Seated, Seen, Shown
from tenants.proposals.party_models import PartyState
from tenants.proposals.runs import queries as runs
from tenants.registration.models import ParticipantRole
from tenants.relationships import parties


class Person(Struct):
    """
    One of the people. `points` of at most `most` are what all criteria give her with her mentor, or with all others of
    her circle together. `is_yes` is null until she has answered; `reason` for those of other offices.
    """

    participation_id: UUID
    person_id: UUID
    role: ParticipantRole
    full_name: str
    points: int
    most: int
    contributions: list[dict[str, Any]]
    is_yes: bool | None
    reason: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, one: Seated) -> "Person":
        return cls(
            one.participation_id, one.person_id, ParticipantRole(one.role), one.full_name, one.score, one.most,
            one.contributions, one.is_yes, one.reason, one.answered_at,
        )  # fmt: skip


class Group(Struct):
    """
    A group around its mentor, or a circle of peers. It begins when at least `least` have said yes, a group's mentor
    beside them. `facts` are what all have: topics, languages, hours of the working day.
    """

    id: UUID
    run_id: UUID
    cycle_id: UUID
    number: int
    structure: Structure
    state: PartyState
    least: int
    points: int
    facts: dict[str, Any]
    sent_at: datetime | None
    answer_by: datetime | None
    closed_at: datetime | None
    changed_at: datetime | None
    people: list[Person]

    @classmethod
    def of(cls, row: Shown) -> "Group":
        one = row.party
        return cls(
            one.id, one.run_id, one.cycle_id, one.number, Structure(one.structure), PartyState(one.state), one.least,
            one.score, one.facts, one.sent_at, one.answer_by, one.closed_at, one.changed_at,
            [Person.of(seat) for seat in row.seats],
        )  # fmt: skip


class OwnGroup(Struct):
    """
    A group or circle as one of its people sees it before it begins: how many `others` there are, never who, and her own
    answer. `mentor` is named to the mentees of a group. `may_answer` until it is decided, unless she has left meanwhile.
    """

    id: UUID
    structure: Structure
    state: PartyState
    answer_by: datetime | None
    facts: dict[str, Any]
    others: int
    mentor: str | None
    my_answer: bool | None
    may_answer: bool

    @classmethod
    def of(cls, seen: Seen) -> "OwnGroup":
        one = seen.party
        return cls(
            one.id, Structure(one.structure), PartyState(one.state), one.answer_by, one.facts, seen.others,
            seen.mentor or None, seen.me.is_yes, seen.may_answer,
        )  # fmt: skip


class GroupAnswer(Struct, forbid_unknown_fields=True):
    is_yes: bool
    reason: str | None = None


class NotedGroupAnswer(Struct, forbid_unknown_fields=True):
    """What one of the people has told her coordinator."""

    participation_id: UUID
    is_yes: bool
    reason: str | None = None


class Move(Struct, forbid_unknown_fields=True):
    """Whom to move, and into which other draft of the run; without `to_id` only what each place would mean is said."""

    participation_id: UUID
    to_id: UUID | None = None


class MoveState(StrEnum):
    WORKING = "working"
    WEIGHED = "weighed"
    MOVED = "moved"


class NewcomerView(Struct):
    participation_id: UUID
    full_name: str
    role: ParticipantRole


class Place(Struct):
    """`change`: stored points that the whole run gains, or loses below zero. `failed`: what would not hold."""

    to_id: UUID
    change: int
    failed: list[str]


class Moves(Struct):
    """While it is `working`, ask again. The place that costs least comes first."""

    state: MoveState
    places: list[Place]


@get(
    "/runs/{run_id:uuid}/groups",
    summary="The groups or circles of a run with their reasons, highest score first",
)
async def of_run(door: NamedDependency[ApiDoor], run_id: FromPath[UUID]) -> list[Group]:
    await runs.access_run(door.session, door.actor, run_id)
    return [Group.of(one) for one in await queries.of_run(door.session, door.actor, run_id)]


@get(
    "/runs/{run_id:uuid}/newcomers",
    summary="Who came after a run, and can be added to one of its groups or circles",
)
async def newcomers(door: NamedDependency[ApiDoor], run_id: FromPath[UUID]) -> list[NewcomerView]:
    """Each can be moved into a draft like those whom the run left out."""
    await runs.access_run(door.session, door.actor, run_id)
    found = await changing.newcomers(door.session, door.actor, run_id)
    return [NewcomerView(one.participation_id, one.full_name, ParticipantRole(one.role)) for one in found]


@post(
    "/runs/{run_id:uuid}/moves",
    summary="What moving somebody to another group or circle of a run would mean, and the move",
    status_code=200,
)
async def move(door: NamedDependency[ApiDoor], run_id: FromPath[UUID], data: JSONBody[Move]) -> Moves:
    """
    Before anybody is asked. A move needs to have been weighed: ask without `to_id` until the state is `weighed`.

    Raises:
        MoveNotWeighed: the drafts have changed, or nobody has asked yet.
        MoveRefused: a constraint of the run would not hold.
    """
    await runs.access_run(door.session, door.actor, run_id)
    key = await changing.ask_move(door.session, door.actor, run_id, data.participation_id)
    state = await progress.last(door.ground.redis, key)
    if state is None:
        if data.to_id is not None:
            raise changing.MoveNotWeighed
        return Moves(MoveState.WORKING, [])
    told = state.facts["moves"]
    places = [Place(UUID(one["to"]), one["change"], one["faults"]) for one in told]
    if data.to_id is None:
        return Moves(MoveState.WEIGHED, places)
    await changing.move(
        door.session, door.actor, run_id, data.participation_id, data.to_id, key=key, weighed=told
    )
    return Moves(MoveState.MOVED, [one for one in places if one.to_id == data.to_id])


@get("/groups", summary="Groups and circles of your cases, the newest first")
async def groups(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    in_state: Annotated[
        PartyState | None, QueryParameter(name="state", description="Only those in this state.")
    ] = None,
    cycle_id: Annotated[UUID | None, QueryParameter(description="Only those of this cycle.")] = None,
    run_id: Annotated[UUID | None, QueryParameter(description="Only those of this matching run.")] = None,
) -> list[Group]:
    rows = await queries.listed(
        door.session,
        door.actor,
        states=(in_state,) if in_state else (),
        cycle_id=cycle_id,
        run_id=run_id,
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    return [Group.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/groups/{party_id:uuid}", summary="One group or circle of your cases, with all private answers")
async def group(door: NamedDependency[ApiDoor], party_id: FromPath[UUID]) -> Group:
    return await _shown(door, party_id)


@post(
    "/groups/{party_id:uuid}/withdraw",
    summary="Take an open group or circle back, and tell all",
    status_code=200,
)
async def withdraw(door: NamedDependency[ApiDoor], party_id: FromPath[UUID]) -> Group:
    await actions.withdraw(door.session, door.actor, party_id)
    return await _shown(door, party_id)


@post(
    "/groups/{party_id:uuid}/begin", summary="Let it begin now, with those who have said yes", status_code=200
)
async def begin(door: NamedDependency[ApiDoor], party_id: FromPath[UUID]) -> Group:
    await parties.begin_now(door.session, door.actor, party_id)
    return await _shown(door, party_id)


@post(
    "/groups/{party_id:uuid}/answers",
    summary="Note what one of the people has told you, who has not answered herself",
    status_code=200,
)
async def note_answer(
    door: NamedDependency[ApiDoor], party_id: FromPath[UUID], data: JSONBody[NotedGroupAnswer]
) -> Group:
    await parties.note_answer(
        door.session, door.actor, party_id, data.participation_id, is_yes=data.is_yes, reason=data.reason
    )
    return await _shown(door, party_id)


@get("/me/groups", summary="Groups and circles that were proposed to you, the newest first")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnGroup]:
    return [OwnGroup.of(seen) for seen in await queries.own(door.session, door.actor)]


@get("/me/groups/{party_id:uuid}", summary="One group or circle that was proposed to you")
async def own_one(door: NamedDependency[ApiDoor], party_id: FromPath[UUID]) -> OwnGroup:
    return OwnGroup.of(await queries.see(door.session, door.actor, party_id))


@post(
    "/me/groups/{party_id:uuid}/answers", summary="Answer in private whether you take part", status_code=200
)
async def answer(
    door: NamedDependency[ApiDoor], party_id: FromPath[UUID], data: JSONBody[GroupAnswer]
) -> OwnGroup:
    await parties.answer(door.session, door.actor, party_id, is_yes=data.is_yes, reason=data.reason)
    await door.session.flush()
    return OwnGroup.of(await queries.see(door.session, door.actor, party_id))


async def _shown(door: ApiDoor, party_id: UUID) -> Group:
    await door.session.flush()
    return Group.of(await queries.shown(door.session, door.actor, party_id))


ROUTES = [of_run, newcomers, move, groups, group, withdraw, begin, note_answer, own, own_one, answer]
