"""
A pair for one of the two, a group or circle for one of its people: how to reach each other, their meetings, and times to
offer by all clocks.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.calendar import MEDIA_TYPE, Event, write
from infra.errors import Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.http.hosts import host
from infra.http.uploads import attachment
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.programmes.models import Structure
from tenants.relationships import calendar, meeting, queries, rules
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState
from tenants.relationships.queries import Belonging
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/pair/{relationship_id:uuid}"
MINUTES = (30, 45, 60, 90)
NIGHT = (7, 21)  # hours: a meeting outside of them is asked about before it is offered


@dataclass(frozen=True, slots=True)
class Ours:
    """`name` is the other one's, or what a group or circle calls itself in the middle of a sentence."""

    relationship: Relationship
    me: Belonging
    others: tuple[Belonging, ...]
    name: str
    kind: str  # "pair", "group" or "circle"

    @property
    def other(self) -> Belonging:
        """Of a pair."""
        return self.others[0]

    @property
    def marks(self) -> list[dict[str, str]]:
        """Of everybody, the mentor's first."""
        everybody = sorted((self.me, *self.others), key=lambda one: one.role != "mentor")
        return [{"name": one.full_name, "role": one.role} for one in everybody]

    def name_of(self, participation_id: UUID) -> str:
        return next((one.full_name for one in self.others if one.participation_id == participation_id), "")

    @property
    def zones(self) -> list[str]:
        """The clocks of the others that differ from hers, each once."""
        return sorted({one.time_zone for one in self.others} - {self.me.time_zone})


@dataclass(frozen=True, slots=True)
class Slot:
    """One time by both clocks."""

    wall: str
    moment: datetime
    is_night: bool  # for somebody of the others


@get(PATH)
async def pair(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    ours = await _ours(door, relationship_id)
    now = clock.now()
    all_of_them = await queries.meetings(door.session, relationship_id)
    mine = ours.me.participation_id
    offers = [one for one in all_of_them if one.state == MeetingState.PROPOSED and one.starts_at > now]
    agreed = [one for one in all_of_them if one.state == MeetingState.AGREED]
    return door.page(
        "pair/pair.html",
        ours=ours,
        to_choose=[one for one in offers if one.proposed_by != mine],
        offered=[one for one in offers if one.proposed_by == mine],
        to_come=[one for one in agreed if one.starts_at > now],
        to_note=[one for one in agreed if one.starts_at <= now],
        history=_history(all_of_them),
        is_running=ours.relationship.state == RelationshipState.RUNNING,
        begun_on=clock.local(ours.relationship.begun_at, ours.me.time_zone).date(),
        today=clock.today(ours.me.time_zone),
    )


@get(PATH + "/meeting")
async def slots(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    ours = await _ours(door, relationship_id)
    if ours.relationship.state != RelationshipState.RUNNING:
        return door.go(f"/me/pair/{relationship_id}")
    return _slots(door, ours, FormState())


@post(PATH + "/meeting")
async def offer(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """First shows the times by both clocks; sends them once they have been looked at."""
    ours = await _ours(door, relationship_id)
    filled = await door.form()
    zone = ours.me.time_zone
    try:
        walls = _walls(filled)
        read = rules.read_slots(walls, zone)
        minutes, place = rules.tidy_meeting(_minutes(filled), filled.text("place"))
        if filled.text("step") == "send":
            await meeting.propose(
                door.session,
                door.actor,
                relationship_id,
                wall_times=walls,
                zone=zone,
                minutes=minutes,
                place=place,
            )
            return door.go(
                f"/me/pair/{relationship_id}",
                said=_("Your times are sent to %(name)s.", name=ours.name),
            )
    except Invalid as error:
        return _slots(door, ours, _marked(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/pair/{relationship_id}", said=said(error))
    shown = [
        Slot(wall, moment, any(_is_night(moment, one.time_zone) for one in ours.others))
        for wall, moment in read
    ]
    return door.page(
        "pair/check.html",
        ours=ours,
        slots=shown,
        minutes=minutes,
        place=place or "",
        filled=filled,
        today=clock.today(zone),
    )


@post("/me/meeting/{meeting_id:uuid}/agree")
async def agree(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    return await _do(door, meeting.agree, meeting_id, _("Your meeting is agreed."))


@post("/me/meeting/{meeting_id:uuid}/cancel")
async def cancel(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    return await _do(door, meeting.cancel, meeting_id, _("That time is taken back."))


@post("/me/meeting/{meeting_id:uuid}/held")
async def hold(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    return await _do(door, meeting.hold, meeting_id, _("Noted: you met."))


@get("/me/meeting/{meeting_id:uuid}/calendar.ics")
async def calendar_of(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Response[bytes]:
    """One agreed meeting for a calendar; one that was cancelled takes it out again."""
    found = await calendar.one(door.session, door.actor, meeting_id, pages=_pages(door))
    method = "CANCEL" if found.is_cancelled else "PUBLISH"
    return _file([found], method, _("meeting"))


@get("/me/calendar.ics")
async def calendar_of_all(door: NamedDependency[Door]) -> Response[bytes]:
    """All of one's agreed meetings."""
    return _file(await calendar.own(door.session, door.actor, pages=_pages(door)), "PUBLISH", _("meetings"))


def _pages(door: Door) -> str:
    return door.ground.settings.web.url(host(door.request.scope), "")


def _file(events: list[Event], method: str, name: str) -> Response[bytes]:
    return Response(
        write(events, method=method).encode(),
        media_type=MEDIA_TYPE,
        headers={"content-disposition": attachment(f"{name}.ics")},
    )


async def _do(door: Door, action: Any, meeting_id: UUID, done: str) -> Page:
    try:
        changed = await action(door.session, door.actor, meeting_id)
    except WrongState as error:
        return door.go("/me", said=said(error))
    return door.go(f"/me/pair/{changed.relationship_id}", said=done)


async def _ours(door: Door, relationship_id: UUID) -> Ours:
    relationship, mine = await queries.own_relationship(door.session, door.actor, relationship_id)
    people = await queries.people(door.session, relationship)
    me = next(one for one in people if one.participation_id == mine)
    others = tuple(one for one in people if one is not me)
    programme = await programmes.own_programme(door.session, relationship.programme_id)
    await introduce(door, programme)
    if relationship.party_id is None:
        return Ours(relationship, me, others, others[0].full_name, "pair")
    if programme.structure == Structure.CIRCLE:
        return Ours(relationship, me, others, _("your circle"), "circle")
    return Ours(relationship, me, others, _("your group"), "group")


def _slots(door: Door, ours: Ours, form: FormState, *, status: int = 200) -> Page:
    return door.page(
        "pair/meeting.html",
        status=status,
        form=form,
        ours=ours,
        numbers=range(1, rules.MOST_SLOTS + 1),
        lengths=[(one, _("%(number)s minutes", number=one)) for one in MINUTES],
        first=clock.today(ours.me.time_zone).isoformat(),
    )


def _walls(filled: Form) -> list[str]:
    """The times that were filled in; one that has a day or an hour alone is kept, and found unreadable."""
    found = [(filled.text(f"day_{n}"), filled.text(f"time_{n}")) for n in range(1, rules.MOST_SLOTS + 1)]
    return [f"{day}T{time}" for day, time in found if day or time]


def _minutes(filled: Form) -> int:
    try:
        return int(filled.text("minutes", "60"))
    except ValueError as error:
        raise rules.MeetingTime(Problem("minutes", "unusable")) from error


def _marked(filled: Form, error: Invalid) -> FormState:
    """Problems of the n-th time that was sent, at the field of the n-th that was filled in."""
    form = refused(filled, error)
    used = [n for n in range(1, rules.MOST_SLOTS + 1) if filled.text(f"day_{n}") or filled.text(f"time_{n}")]
    places = {f"times[{at}]": f"day_{n}" for at, n in enumerate(used)} | {"times": "day_1"}
    return FormState(form.values, {places.get(name, name): words for name, words in form.errors.items()})


def _is_night(moment: datetime, zone: str) -> bool:
    begin, end = NIGHT
    return not begin <= clock.local(moment, zone).hour < end


def _history(every: Any) -> list[Meeting]:
    """What was held, the last first. Offers that came to nothing are no part of a pair's story."""
    return [one for one in reversed(every) if one.state == MeetingState.HELD]


ROUTES = [pair, slots, offer, agree, cancel, hold, calendar_of, calendar_of_all]
