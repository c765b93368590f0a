"""One thing done to many: looked at first, then done, then taken back for ten minutes; and caseloads handed over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra import clock
from infra.errors import Invalid, Problem
from tenants.permissions import Permission
from tenants.reports import agenda as agendas
from tenants.reports.agenda import Item, Kind
from tenants.reports.deeds import caseloads, changing, handing_over, planning, telling, undoing
from tenants.reports.deeds.keeping import Done
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.rules import MOST, Choice, Of, Row, by_language, going
from tenants.reports.deeds.telling import Words


class LetterWords(Struct, forbid_unknown_fields=True):
    subject: Annotated[str, Meta(max_length=150)]
    text: Annotated[str, Meta(max_length=6_000)]


class DeedOf(Struct, forbid_unknown_fields=True):
    """
    What is to be done, and to whom: ids of people, of parts (participations), of cases (relationships) or of tasks.

    `role` narrows the people of cases to "mentor" or "mentee". `on` is the day for `move`, `to` the colleagues for
    `hand_over`, `texts` the letter for `write` by language; who reads another language gets the first.
    """

    do: DeedKind
    of: Of
    ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST)]
    role: str = ""
    on: date | None = None
    to: Annotated[list[UUID], Meta(max_length=MOST)] = []
    texts: dict[str, LetterWords] = {}

    @property
    def choice(self) -> Choice:
        return Choice(self.of, tuple(dict.fromkeys(self.ids)), self.role)


class LeftOut(Struct):
    """`reason` is a code."""

    names: list[str]
    reason: str
    person_id: UUID | None
    relationship_id: UUID | None
    task_id: UUID | None


class DeedPreview(Struct):
    """`number` would be done; `languages` are those of the letters with how many get each."""

    number: int
    languages: dict[str, int]
    left_out: list[LeftOut]


class DeedDone(Struct):
    id: UUID
    number: int
    left_out: list[LeftOut]


class DeedUndone(Struct):
    """What was touched meanwhile has stayed as it is."""

    back: int
    stayed: int


class HandOver(Struct, forbid_unknown_fields=True):
    """`from_id` null: the cases that nobody accompanies. Of several in `to` each gets a part."""

    from_id: UUID | None
    to: Annotated[list[UUID], Meta(min_length=1, max_length=50)]


class Share(Struct):
    person_id: UUID
    counts: dict[str, int]


class HandOverPreview(Struct):
    """`stays` are tasks that were told to her in confidence; they are handed to nobody."""

    number: int
    shares: list[Share]
    stays: int
    left_out: list[LeftOut]


class CaseColleague(Struct):
    """Somebody who may accompany cases; `offices` empty: in all of them."""

    id: UUID
    full_name: str
    offices: list[UUID]
    running: int


class AgendaItem(Struct):
    """`at` where it has an hour. `about` holds the id of what it concerns; `title` is that of a workshop, in your language."""

    kind: Kind
    id: UUID
    day: date
    at: datetime | None
    minutes: int | None
    place: str | None
    task_kind: str | None
    about: dict[str, str]
    names: list[str]
    title: str | None

    @classmethod
    def of(cls, item: Item) -> "AgendaItem":
        return cls(
            item.kind, item.id, item.day, item.at, item.minutes, item.place, item.task_kind or None,
            {name: str(value) for name, value in item.about.items()},
            [one.full_name for one in item.concerned.people], item.gathering.of.title if item.gathering else None,
        )  # fmt: skip


@post("/deeds/preview", status_code=200, summary="Look what would be done to many, and who is left out")
async def preview(door: NamedDependency[ApiDoor], data: JSONBody[DeedOf]) -> DeedPreview:
    """Nothing is changed. Of those who are named and not within your reach nothing is said."""
    rows = await _rehearse(door, data)
    languages = by_language(rows) if data.do in (DeedKind.REMIND, DeedKind.WRITE) else {}
    return DeedPreview(len(going(rows)), languages, _left_out(rows))


@post("/deeds", summary="Do one thing to many")
async def do(door: NamedDependency[ApiDoor], data: JSONBody[DeedOf]) -> DeedDone:
    """Letters wait for ten minutes, and so long all of it can be taken back."""
    session, actor, choice = door.session, door.actor, data.choice
    match data.do:
        case DeedKind.REMIND:
            return _done(await telling.remind(session, actor, choice))
        case DeedKind.WRITE:
            texts = {code: Words(one.subject, one.text) for code, one in data.texts.items()}
            return _done(await telling.write(session, actor, choice, texts))
        case DeedKind.TICK:
            return _done(await changing.tick(session, actor, choice))
        case DeedKind.MOVE:
            return _done(await changing.move(session, actor, choice, _on(data)))
        case DeedKind.HAND_OVER:
            done, _plan = await handing_over.hand_over(session, actor, to=data.to, choice=choice)
            return _done(done)


@post(
    "/deeds/{deed_id:uuid}/undo",
    status_code=200,
    summary="Take back what you did to many, within ten minutes",
)
async def undo(door: NamedDependency[ApiDoor], deed_id: FromPath[UUID]) -> DeedUndone:
    undone = await undoing.undo(door.session, door.actor, deed_id)
    return DeedUndone(undone.back, undone.stayed)


@get("/caseloads/colleagues", summary="Who may accompany cases")
async def colleagues(door: NamedDependency[ApiDoor]) -> list[CaseColleague]:
    door.actor.require(Permission.RELATIONSHIP_CHANGE)
    found = await caseloads.colleagues(door.session, door.actor)
    return [CaseColleague(one.id, one.full_name, sorted(one.offices), one.running) for one in found]


@post("/hand-overs/preview", status_code=200, summary="Look how a caseload would be handed over")
async def preview_hand_over(door: NamedDependency[ApiDoor], data: JSONBody[HandOver]) -> HandOverPreview:
    planned = await planning.plan(door.session, door.actor, to=data.to, from_id=data.from_id)
    rows = [one.row for one in planned.given]
    shares = [Share(id, counts) for id, counts in planned.counts.items()]
    return HandOverPreview(len(going(rows)), shares, planned.stays, _left_out(rows))


@post("/hand-overs", summary="Hand a caseload over")
async def hand_over(door: NamedDependency[ApiDoor], data: JSONBody[HandOver]) -> DeedDone:
    """
    Cases, open proposals, interviews to come and tasks, in one transaction. It is taken back as a deed.

    Confidential notes do not go with it. Everybody whose coordinator changes is told in one letter.
    """
    done, _plan = await handing_over.hand_over(door.session, door.actor, to=data.to, from_id=data.from_id)
    return _done(done)


@get("/agenda", summary="What comes on which day: check-ups, interviews, meetings, workshops, answers")
async def agenda(
    door: NamedDependency[ApiDoor],
    first: Annotated[
        date | None, QueryParameter(name="from", description="The first day; else today.")
    ] = None,
    last: Annotated[
        date | None,
        QueryParameter(name="to", description="The last day, at most a year later; else in four weeks."),
    ] = None,
    kind: Annotated[Kind | None, QueryParameter(description="Only those of this kind.")] = None,
) -> list[AgendaItem]:
    """At most 400; ask for fewer days where there are more."""
    first = first or clock.today(door.actor.time_zone)
    if not 1990 < first.year < 2200:
        raise Invalid(Problem("from", "unusable"))
    last = last or first + timedelta(days=27)
    if not 0 <= (last - first).days <= 366:
        raise Invalid(Problem("to", "unusable"))
    kinds = [kind] if kind else list(Kind)
    found = await agendas.agenda(door.session, door.actor, first, last, kinds=kinds)
    return [AgendaItem.of(one) for one in found]


async def _rehearse(door: ApiDoor, data: DeedOf) -> list[Row]:
    session, actor, choice = door.session, door.actor, data.choice
    match data.do:
        case DeedKind.REMIND:
            return await telling.rehearse_reminding(session, actor, choice)
        case DeedKind.WRITE:
            return await telling.rehearse_writing(session, actor, choice)
        case DeedKind.TICK:
            return await changing.rehearse_ticking(session, actor, choice)
        case DeedKind.MOVE:
            return await changing.rehearse_moving(session, actor, choice, _on(data))
        case DeedKind.HAND_OVER:
            planned = await planning.plan(session, actor, to=data.to, choice=choice)
            return [one.row for one in planned.given]


def _on(data: DeedOf) -> date:
    if data.on is None:
        raise Invalid(Problem("on", "missing"))
    return data.on


def _done(done: Done) -> DeedDone:
    return DeedDone(done.deed_id, len(going(done.rows)), _left_out(done.rows))


def _left_out(rows: Sequence[Row]) -> list[LeftOut]:
    return [
        LeftOut(list(row.names), row.refusal.code, row.person_id, row.relationship_id, row.task_id)
        for row in rows
        if row.refusal is not None
    ]


ROUTES: list[Any] = [
    preview,
    do,
    undo,
    colleagues,
    preview_hand_over,
    hand_over,
    agenda,
]
