"""
A pair for one of the two, a group or circle for one of its people: how to reach each other, their meetings, and times to
offer by all clocks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, NotFound, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.programmes.models import Structure
from tenants.proposals import reaching
from tenants.relationships import meeting, queries, rules, series
from tenants.relationships.agreements import templates as agreement_texts
from tenants.relationships.conflicts import queries as conflicts
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState
from tenants.relationships.queries import Belonging
from web import agreeing
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
    is_repeated: bool  # the clocks show it twice, and the first is meant


@dataclass(frozen=True, slots=True)
class Row:
    """One line of offers or meetings to come. `times` is more than one for meetings of every month."""

    one: Meeting
    times: int = 1
    instead_of: Meeting | None = None  # what would move


@get(PATH)
async def pair(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    ours = await _ours(door, relationship_id)
    now = clock.now()
    all_of_them = await queries.meetings(door.session, relationship_id)
    mine = ours.me.participation_id
    offers = [one for one in all_of_them if one.state == MeetingState.PROPOSED and one.starts_at > now]
    agreed = [one for one in all_of_them if one.state == MeetingState.AGREED]
    glance = await agreeing.at_a_glance(door.session, ours.relationship, ours.me.time_zone)
    return door.page(
        "pair/pair.html",
        ours=ours,
        agreed=glance,
        has_agreement=await agreement_texts.has_agreement(door.session, ours.relationship.programme_id),
        settled=await conflicts.agreed_of(door.session, ours.relationship.id),
        notices=agreeing.noticed(glance, ours.relationship, (ours.me, *ours.others), mine, ours.name),
        to_choose=_rows([one for one in offers if one.proposed_by != mine], all_of_them),
        offered=_rows([one for one in offers if one.proposed_by == mine], all_of_them),
        to_come=[one for one in agreed if one.starts_at > now],
        to_note=[one for one in agreed if one.starts_at <= now],
        history=_history(all_of_them),
        is_running=ours.relationship.state == RelationshipState.RUNNING,
        reach=await _reach(door, ours),
        begun_on=clock.local(ours.relationship.begun_at, ours.me.time_zone).date(),
        today=clock.today(ours.me.time_zone),
    )


@get(PATH + "/meetings")
async def to_come(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """All that are agreed, where they are more than stand on the pair's own page."""
    ours = await _ours(door, relationship_id)
    found = await queries.meetings(door.session, relationship_id)
    coming = [one for one in found if one.state == MeetingState.AGREED and one.starts_at > clock.now()]
    every_month = _rows([one for one in coming if one.series_id], coming)
    return door.page(
        "pair/meetings.html", ours=ours, to_come=coming, today=clock.today(ours.me.time_zone),
        series=[row for row in every_month if row.times > 1],  # that can be cancelled as a whole
    )  # fmt: skip


@get(PATH + "/meeting")
async def slots(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    ours = await _ours(door, relationship_id)
    if ours.relationship.state != RelationshipState.RUNNING:
        return door.go(f"/me/pair/{relationship_id}")
    return await _slots(
        door, ours, FormState({"monthly": "", "instead_of": door.request.query_params.get("instead_of", "")})
    )


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
        instead_of, monthly = _meeting_id(filled), filled.text("monthly") == "yes"
        if monthly and not instead_of and len(read) == 1:
            read = series.monthly(read[0][0], zone, ours.relationship.ends_on)
        if filled.text("step") == "send":
            await meeting.propose(
                door.session,
                door.actor,
                relationship_id,
                wall_times=walls,
                zone=zone,
                minutes=minutes,
                place=place,
                instead_of=instead_of,
                monthly=monthly,
            )
            return door.go(
                f"/me/pair/{relationship_id}",
                said=_("Your times are sent to %(name)s.", name=ours.name),
            )
    except Invalid as error:
        return await _slots(door, ours, _marked(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/pair/{relationship_id}", said=said(error))
    shown = [
        Slot(
            wall,
            moment,
            any(_is_night(moment, one.time_zone) for one in ours.others),
            clock.is_repeated(datetime.fromisoformat(wall).date(), datetime.fromisoformat(wall).time(), zone),
        )
        for wall, moment in read
    ]
    return door.page(
        "pair/check.html",
        ours=ours,
        slots=shown,
        minutes=minutes,
        place=place or "",
        filled=filled,
        is_monthly=monthly,
        sent=1 if monthly else len(shown),
        today=clock.today(zone),
    )


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


async def _reach(door: Door, ours: Ours) -> list[tuple[str, str]]:
    """K30: what the programme asked for besides telephone and e-mail, for the two of a pair."""
    if ours.kind != "pair":
        return []
    return [
        (_(words), value) for words, value in await reaching.asked(door.session, ours.other.participation_id)
    ]


async def _slots(door: Door, ours: Ours, form: FormState, *, status: int = 200) -> Page:
    moves = await _to_move(door, ours, str(form.value("instead_of") or ""))
    return door.page(
        "pair/meeting.html",
        status=status,
        form=form,
        ours=ours,
        moves=moves,
        today=clock.today(ours.me.time_zone),
        numbers=range(1, rules.MOST_SLOTS + 1),
        lengths=[(one, _("%(number)s minutes", number=one)) for one in MINUTES],
        first=clock.today(ours.me.time_zone).isoformat(),
    )


async def _to_move(door: Door, ours: Ours, meeting_id: str) -> Meeting | None:
    """The agreed meeting for which another time is looked for."""
    if not meeting_id:
        return None
    every = await queries.meetings(door.session, ours.relationship.id)
    found = next(
        (one for one in every if str(one.id) == meeting_id and one.state == MeetingState.AGREED), None
    )
    if found is None:
        raise NotFound(kind="meeting", id=meeting_id)
    return found


def _meeting_id(filled: Form) -> UUID | None:
    told = filled.text("instead_of")
    try:
        return UUID(told) if told else None
    except ValueError as error:
        raise NotFound(kind="meeting", id=told) from error


def _rows(offers: Sequence[Meeting], every: Sequence[Meeting]) -> list[Row]:
    """Offers as lines, meetings of every month as one; the first of them stands for all."""
    by_id = {one.id: one for one in every}
    counts: dict[UUID, int] = {}
    for one in offers:
        counts[one.series_id or one.id] = counts.get(one.series_id or one.id, 0) + 1
    found = []
    for one in offers:
        times = counts.pop(one.series_id or one.id, 0)
        if times:
            found.append(Row(one, times, by_id.get(one.instead_of) if one.instead_of else None))
    return found


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


def _history(every: Sequence[Meeting]) -> list[Meeting]:
    """What was held, the last first. Offers that came to nothing are no part of a pair's story."""
    return [one for one in reversed(every) if one.state == MeetingState.HELD]


ROUTES = [pair, to_come, slots, offer]
