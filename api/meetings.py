"""Meetings: one's own from the offer to whether they took place, those of a case, and how a programme watches them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.relationships import cancelling, meeting, queries
from tenants.relationships.keeping import met, noting, reckoning, settings
from tenants.relationships.keeping.models import Met
from tenants.relationships.keeping.settings import Watching
from tenants.relationships.models import Meeting, MeetingState


class MeetingView(Struct):
    """
    A time as its proposer wrote it, in her zone, and the instant that it means.

    An offer for a meeting that is agreed names it in `instead_of`. Meetings of every month have one `series_id`.
    """

    id: UUID
    state: MeetingState
    is_mine: bool
    wall_time: str
    time_zone: str
    starts_at: datetime
    minutes: int
    place: str | None
    instead_of: UUID | None
    series_id: UUID | None
    moved: int


class Offer(Struct, forbid_unknown_fields=True):
    """
    Up to three times such as 2026-11-23T14:00, meant in the time zone.

    `instead_of` is an agreed meeting for which another time is looked for; `monthly` offers one time with the same
    weekday of each month after it, as long as the mentoring runs.
    """

    times: list[str]
    time_zone: str
    minutes: int = 60
    place: str | None = None
    instead_of: UUID | None = None
    monthly: bool = False


class Said(Struct, forbid_unknown_fields=True):
    answer: Met


class Noted(Struct, forbid_unknown_fields=True):
    """The day on which they met."""

    on: date


class ShareView(Struct):
    """What one of its people did: meetings that she proposed, and that she cancelled."""

    participation_id: UUID
    name: str
    proposed: int
    cancelled: int


class CaseMeeting(Struct):
    """A meeting that was agreed, or noted once it was over. Who proposed and cancelled it are participations."""

    id: UUID
    state: MeetingState
    starts_at: datetime
    minutes: int
    moved: int
    proposed_by: UUID
    cancelled_by: UUID | None


class CaseMeetings(Struct):
    """`rate` is the share that was held of all whose time is over or that were cancelled; null without any."""

    held: int
    missed: int
    cancelled: int
    moved: int
    rate: float | None
    shares: list[ShareView]
    disputed: list[UUID]
    meetings: list[CaseMeeting]


class WatchingView(Struct, forbid_unknown_fields=True):
    """After `quiet_days` without a meeting a pair gets a letter, and `task_days` later its coordinator a task."""

    is_watched: bool
    quiet_days: Annotated[int, Meta(ge=7, le=366)]
    task_days: Annotated[int, Meta(ge=1, le=90)]
    not_heard_days: Annotated[int, Meta(ge=7, le=366)]

    @classmethod
    def of(cls, one: Watching) -> "WatchingView":
        return cls(one.is_watched, one.quiet_days, one.task_days, one.not_heard_days)


@get("/me/pairs/{relationship_id:uuid}/meetings", summary="Meetings of one of your pairs")
async def own(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[MeetingView]:
    pair, me = await queries.own_relationship(door.session, door.actor, relationship_id)
    return [_meeting(one, me) for one in await queries.meetings(door.session, pair.id)]


@post("/me/pairs/{relationship_id:uuid}/meetings", summary="Offer up to three times for a meeting")
async def propose(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[Offer]
) -> list[MeetingView]:
    made = await meeting.propose(
        door.session,
        door.actor,
        relationship_id,
        wall_times=data.times,
        zone=data.time_zone,
        minutes=data.minutes,
        place=data.place,
        instead_of=data.instead_of,
        monthly=data.monthly,
    )
    return [_meeting(one, one.proposed_by) for one in made]


@post(
    "/me/pairs/{relationship_id:uuid}/met",
    summary="Say that you met, where no meeting was planned",
    status_code=200,
)
async def note(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[Noted]
) -> MeetingView:
    noted = await noting.note(door.session, door.actor, relationship_id, on=data.on)
    _pair, me = await queries.own_relationship(door.session, door.actor, relationship_id)
    return _meeting(noted, me)


@post("/me/meetings/{meeting_id:uuid}/agree", summary="Say yes to a time that was offered", status_code=204)
async def agree(door: NamedDependency[ApiDoor], meeting_id: FromPath[UUID]) -> None:
    """A time that was offered in place of a meeting moves that one; of meetings of every month you agree to all."""
    await meeting.agree(door.session, door.actor, meeting_id)


@post(
    "/me/meetings/{meeting_id:uuid}/cancel",
    summary="Cancel a meeting, or take an offer back",
    status_code=204,
)
async def cancel(door: NamedDependency[ApiDoor], meeting_id: FromPath[UUID]) -> None:
    await meeting.cancel(door.session, door.actor, meeting_id)


@post(
    "/me/meetings/{meeting_id:uuid}/cancel-series",
    summary="Cancel all meetings to come of those of every month to which one belongs",
    status_code=200,
)
async def cancel_series(door: NamedDependency[ApiDoor], meeting_id: FromPath[UUID]) -> list[MeetingView]:
    """Everybody gets one letter for all of them. Those that are over stay. The answer is what was cancelled."""
    gone = await cancelling.cancel_series(door.session, door.actor, meeting_id)
    if not gone:
        return []
    _pair, me = await queries.own_relationship(door.session, door.actor, gone[0].relationship_id)
    return [_meeting(one, me) for one in gone]


@post("/me/meetings/{meeting_id:uuid}/held", summary="Say that a meeting took place", status_code=204)
async def hold(door: NamedDependency[ApiDoor], meeting_id: FromPath[UUID]) -> None:
    await met.say(door.session, door.actor, meeting_id, Met.MET)


@post("/me/meetings/{meeting_id:uuid}/answer", summary="Say whether a meeting took place", status_code=204)
async def say(door: NamedDependency[ApiDoor], meeting_id: FromPath[UUID], data: JSONBody[Said]) -> None:
    """It was held if one of you says so. You may say something else later."""
    await met.say(door.session, door.actor, meeting_id, data.answer)


@get("/relationships/{relationship_id:uuid}/meetings", summary="How a case keeps its meetings")
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> CaseMeetings:
    found, kept = await reckoning.of_case(door.session, door.actor, relationship_id)
    return CaseMeetings(
        kept.held, kept.missed, kept.cancelled, kept.moved, kept.rate,
        [ShareView(one.participation_id, one.name, one.proposed, one.cancelled) for one in kept.shares],
        [one.id for one in kept.disputed],
        [
            CaseMeeting(
                one.id, MeetingState(one.state), one.starts_at, one.minutes, one.moved, one.proposed_by,
                one.cancelled_by,
            )
            for one in found
        ],
    )  # fmt: skip


@get("/programmes/{programme_id:uuid}/meetings", summary="How a programme watches its meetings")
async def watching(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> WatchingView:
    door.actor.require(Permission.PROGRAMME_READ)
    await programmes.access_programme(door.session, door.actor, programme_id)
    return WatchingView.of(await settings.of_programme(door.session, programme_id))


@put("/programmes/{programme_id:uuid}/meetings", summary="Watch meetings otherwise")
async def watch(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[WatchingView]
) -> WatchingView:
    wanted = Watching(data.is_watched, data.quiet_days, data.task_days, data.not_heard_days)
    return WatchingView.of(await settings.change(door.session, door.actor, programme_id, wanted))


def _meeting(one: Meeting, me: UUID) -> MeetingView:
    return MeetingView(
        one.id, MeetingState(one.state), one.proposed_by == me, one.wall_time, one.time_zone, one.starts_at,
        one.minutes, one.place, one.instead_of, one.series_id, one.moved or 0,
    )  # fmt: skip


ROUTES = [own, propose, note, agree, cancel, cancel_series, hold, say, of_case, watching, watch]
