"""Pairs, groups and circles: a coordinator's cases with their check-ups and their end, and one's own with its meetings."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.permissions import Permission
from tenants.proposals import reaching
from tenants.registration.models import ParticipantRole, Status
from tenants.relationships import actions, parties, queries
from tenants.relationships.models import EndReason, RelationshipState


class Member(Struct):
    """Somebody of a group or circle."""

    participation_id: UUID
    person_id: UUID
    role: ParticipantRole
    full_name: str


class Case(Struct):
    """
    A pair, a group or a circle as its coordinator sees it.

    A pair has a proposal, a mentor and a mentee; of two peers neither is the mentor, and each stands in one of the places. A
    group or circle has `group_id` and `members` instead.
    """

    id: UUID
    proposal_id: UUID | None
    group_id: UUID | None
    programme_id: UUID
    cycle_id: UUID
    state: RelationshipState
    mentor_id: UUID | None
    mentor_person_id: UUID | None
    mentor_name: str | None
    mentee_id: UUID | None
    mentee_person_id: UUID | None
    mentee_name: str | None
    members: list[Member] | None
    coordinator_id: UUID | None
    begun_at: datetime
    ends_on: date
    check_up_on: date | None
    last_meeting_at: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    note: str | None

    @classmethod
    def of(cls, row: Any) -> "Case":
        one = row.Relationship
        return cls(
            one.id, one.proposal_id, one.party_id, one.programme_id, one.cycle_id, RelationshipState(one.state),
            one.mentor_id, row.mentor_person_id, row.mentor_name, one.mentee_id, row.mentee_person_id,
            row.mentee_name, _members(row), one.coordinator_id, one.begun_at, one.ends_on, one.check_up_on, row.last_meeting_at, one.ended_at,
            EndReason(one.end_reason) if one.end_reason else None, one.note,
        )  # fmt: skip


class OwnPair(Struct):
    """A group or circle has `members` instead of a mentor and a mentee."""

    id: UUID
    state: RelationshipState
    mentor_name: str | None
    mentee_name: str | None
    members: list[Member] | None
    begun_at: datetime
    ends_on: date

    @classmethod
    def of(cls, row: Any) -> "OwnPair":
        one = row.Relationship
        return cls(
            one.id, RelationshipState(one.state), row.mentor_name, row.mentee_name, _members(row),
            one.begun_at, one.ends_on,
        )  # fmt: skip


class Partner(Struct):
    """Who else is in it, and how to reach her. `mobile` and `address` are told in pairs, where the programme asks for them."""

    role: str
    full_name: str
    email: str | None
    phone: str | None
    mobile: str | None
    address: str | None
    time_zone: str


class OwnPairWithOthers(Struct):
    pair: OwnPair
    others: list[Partner]


class CheckUp(Struct, forbid_unknown_fields=True):
    on: date


class End(Struct, forbid_unknown_fields=True):
    """Why it ends, and what each chooses afterwards; mentees and peers go on as `mentee_goes_on_as`."""

    reason: EndReason
    note: str | None = None
    mentor_goes_on_as: Status = Status.READY
    mentee_goes_on_as: Status = Status.READY


class Leave(Struct, forbid_unknown_fields=True):
    """Who leaves a group or circle that goes on, and what she chooses afterwards."""

    participation_id: UUID
    goes_on_as: Status = Status.READY


@get("/relationships", summary="Pairs of your cases, the newest first")
async def relationships(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    in_state: Annotated[
        RelationshipState | None, QueryParameter(name="state", description="Only those in this state.")
    ] = None,
    cycle_id: Annotated[UUID | None, QueryParameter(description="Only those of this cycle.")] = None,
    coordinator_id: Annotated[UUID | None, QueryParameter(description="Only her cases.")] = None,
    check_up_by: Annotated[
        date | None, QueryParameter(description="Only with a check-up due by then.")
    ] = None,
    search: Annotated[str, QueryParameter(max_length=200, description="Beginnings of names.")] = "",
) -> list[Case]:
    rows = await queries.listed(
        door.session,
        door.actor,
        state=in_state,
        cycle_id=cycle_id,
        coordinator_id=coordinator_id,
        check_up_by=check_up_by,
        search=search,
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.Relationship.begun_at, row.Relationship.id))
    return [Case.of(row) for row in page]


@get("/relationships/{relationship_id:uuid}", summary="One pair of your cases")
async def relationship(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> Case:
    return Case.of(await queries.shown(door.session, door.actor, relationship_id))


@put("/relationships/{relationship_id:uuid}/check-up", summary="Set the one check-up date of a case")
async def set_check_up(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[CheckUp]
) -> Case:
    await actions.set_check_up(door.session, door.actor, relationship_id, on=data.on)
    return await _case(door, relationship_id)


@post(
    "/relationships/{relationship_id:uuid}/check-up/done",
    summary="Note that the check-up was done; the next one takes its place",
    status_code=200,
)
async def finish_check_up(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> Case:
    await actions.finish_check_up(door.session, door.actor, relationship_id)
    return await _case(door, relationship_id)


@post(
    "/relationships/{relationship_id:uuid}/end",
    summary="End a pair, with the reason and what each chooses",
    status_code=200,
)
async def end(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[End]) -> Case:
    await actions.end(
        door.session,
        door.actor,
        relationship_id,
        reason=data.reason,
        note=data.note,
        mentor_goes_on_as=data.mentor_goes_on_as,
        mentee_goes_on_as=data.mentee_goes_on_as,
    )
    return await _case(door, relationship_id)


@post(
    "/relationships/{relationship_id:uuid}/leave",
    summary="Note that somebody leaves a group or circle that goes on",
    status_code=200,
)
async def leave(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[Leave]
) -> Case:
    await parties.remove(
        door.session, door.actor, relationship_id, data.participation_id, goes_on_as=data.goes_on_as
    )
    return await _case(door, relationship_id)


@get("/me/pairs", summary="Your own pairs, running ones first")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnPair]:
    door.actor.require(Permission.OWN_CASE)
    return [OwnPair.of(row) for row in await queries.own(door.session, door.actor)]


@get("/me/pairs/{relationship_id:uuid}", summary="One of your own pairs, and how to reach the others")
async def own_one(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> OwnPairWithOthers:
    door.actor.require(Permission.OWN_CASE)
    relationship, mine = await queries.own_relationship(door.session, door.actor, relationship_id)
    row = next(
        row for row in await queries.own(door.session, door.actor) if row.Relationship.id == relationship_id
    )
    others = []
    for one in await queries.people(door.session, relationship):
        if one.participation_id == mine:
            continue
        is_pair = relationship.party_id is None
        given = dict(await reaching.asked(door.session, one.participation_id)) if is_pair else {}
        others.append(
            Partner(
                one.role, one.full_name, one.email, one.phone, given.get(reaching.ASKED["mobile"]),
                given.get(reaching.ASKED["address"]), one.time_zone,
            )
        )  # fmt: skip
    return OwnPairWithOthers(OwnPair.of(row), others)


def _members(row: Any) -> list[Member] | None:
    if row.members is None:
        return None
    return [
        Member(UUID(one["id"]), UUID(one["person_id"]), ParticipantRole(one["role"]), one["name"])
        for one in row.members
    ]


async def _case(door: ApiDoor, relationship_id: UUID) -> Case:
    await door.session.flush()
    return Case.of(await queries.shown(door.session, door.actor, relationship_id))


ROUTES = [relationships, relationship, set_check_up, finish_check_up, end, leave, own, own_one]
