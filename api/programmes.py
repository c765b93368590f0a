"""Programmes: what they ask, offer and weigh, and their cycles."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.programmes import about, actions, queries
from tenants.programmes.actions import Dates
from tenants.programmes.models import (
    AskedOf,
    ContactRelease,
    Cycle,
    Focus,
    Programme,
    ProgrammeState,
    Question,
    QuestionKind,
    Structure,
)
from tenants.programmes.starters import StarterName

Name = Annotated[str, Meta(min_length=1, max_length=80)]


class ListedProgramme(Struct):
    """Texts are by language code."""

    id: UUID
    slug: str
    structure: Structure
    state: ProgrammeState
    focus: list[Focus]
    name: dict[str, str]
    summary: dict[str, str]
    languages: list[str]
    contact_release: ContactRelease
    wants_interview: bool
    eligibility: dict[str, Any]
    places: int | None
    term_months: int

    @classmethod
    def of(cls, row: Programme) -> "ListedProgramme":
        return cls(**_facts(row))


class CycleView(Struct):
    id: UUID
    name: str
    opens_on: date
    closes_on: date
    matching_on: date
    launch_on: date
    ends_on: date

    @classmethod
    def of(cls, row: Cycle) -> "CycleView":
        return cls(row.id, row.name, row.opens_on, row.closes_on, row.matching_on, row.launch_on, row.ends_on)


class OptionView(Struct):
    """A retired one is kept for whoever has chosen it, and not offered."""

    value: str
    label: dict[str, str]
    is_retired: bool = False


class QuestionView(Struct):
    """
    `field` is the fact of a participant that the answer fills; null for a free answer. One that is asked no more
    keeps the answers that were given.
    """

    key: str
    kind: QuestionKind
    asked_of: AskedOf
    field: str | None
    is_obligatory: bool
    label: dict[str, str]
    hint: dict[str, str]
    options: list[OptionView]
    is_asked: bool
    version: int

    @classmethod
    def of(cls, row: Question) -> "QuestionView":
        return cls(**cls.facts(row))

    @staticmethod
    def facts(row: Question) -> dict[str, Any]:
        return {
            "key": row.key,
            "kind": QuestionKind(row.kind),
            "asked_of": AskedOf(row.asked_of),
            "field": row.field,
            "is_obligatory": row.is_obligatory,
            "label": row.label,
            "hint": row.hint,
            "options": [
                OptionView(one["value"], one["label"], one.get("is_retired", False)) for one in row.options
            ],
            "is_asked": row.is_asked,
            "version": row.version,
        }


class TopicView(Struct):
    code: str
    label: dict[str, str]


class CriterionView(Struct):
    name: str
    weight: int
    setting: dict[str, Any]


class ProgrammeView(ListedProgramme, kw_only=True):
    """`version` names what is said of it now."""

    version: str
    cycles: list[CycleView]
    questions: list[QuestionView]
    topics: list[TopicView]
    criteria: list[CriterionView]


class CycleDates(Struct, forbid_unknown_fields=True, kw_only=True):
    """In this order; two of them may be the same day."""

    opens_on: date
    closes_on: date
    matching_on: date
    launch_on: date
    ends_on: date

    def dates(self) -> Dates:
        return Dates(self.opens_on, self.closes_on, self.matching_on, self.launch_on, self.ends_on)


class NewCycle(CycleDates, kw_only=True):
    name: Name


class NewProgramme(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out is as the starter has it; `languages` are those of the organisation where none are named."""

    starter: StarterName
    structure: Structure | None = None
    slug: Annotated[str, Meta(min_length=1, max_length=60)]
    cycle: NewCycle
    name: dict[str, Annotated[str, Meta(min_length=1, max_length=120)]] | None = None
    languages: list[str] | None = None
    is_open: bool = True


class NewWords(Struct, forbid_unknown_fields=True, kw_only=True):
    """
    What is left out stays as it is; so do texts in languages that are not named. An empty text is taken away.

    With `version` it is changed only if nobody else has done so meanwhile.
    """

    name: dict[str, str] | UnsetType = UNSET
    summary: dict[str, str] | UnsetType = UNSET
    focus: list[Focus] | UnsetType = UNSET
    languages: list[str] | UnsetType = UNSET
    version: str | None = None


@get("/programmes", summary="Programmes, by address")
async def programmes(
    door: NamedDependency[ApiDoor], paging: NamedDependency[Paging]
) -> list[ListedProgramme]:
    rows = await queries.programmes(
        door.session, door.actor, after=paging.after(tuple[str, UUID]), limit=paging.limit + 1
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.slug, row.id))
    return [ListedProgramme.of(row) for row in page]


@get(
    "/programmes/{programme_id:uuid}", summary="One programme with its cycles, questions, topics and criteria"
)
async def programme(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> ProgrammeView:
    return await _view(door, programme_id)


@post("/programmes", summary="Start a programme with its first cycle")
async def start(door: NamedDependency[ApiDoor], data: JSONBody[NewProgramme]) -> ProgrammeView:
    launched = await actions.launch(
        door.session,
        door.actor,
        starter=data.starter,
        structure=data.structure,
        slug=data.slug,
        cycle_name=data.cycle.name,
        dates=data.cycle.dates(),
        languages=data.languages,
        name=data.name,
        is_open=data.is_open,
    )
    return await _view(door, launched.programme.id)


@patch("/programmes/{programme_id:uuid}", summary="Change what is said of a programme, and its languages")
async def change(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[NewWords]
) -> ProgrammeView:
    given = {name: getattr(data, name) for name in about.FIELDS if getattr(data, name) is not UNSET}
    await about.change(door.session, door.actor, programme_id, given, seen=data.version)
    return await _view(door, programme_id)


@post("/programmes/{programme_id:uuid}/open", status_code=200, summary="Let people register")
async def open_programme(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> ListedProgramme:
    return ListedProgramme.of(await actions.open_programme(door.session, door.actor, programme_id))


@post(
    "/programmes/{programme_id:uuid}/close", status_code=200, summary="Close a programme to new registrations"
)
async def close_programme(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> ListedProgramme:
    return ListedProgramme.of(await actions.close_programme(door.session, door.actor, programme_id))


@post("/programmes/{programme_id:uuid}/cycles", summary="Plan another cycle")
async def plan_cycle(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[NewCycle]
) -> CycleView:
    return CycleView.of(
        await actions.plan_cycle(door.session, door.actor, programme_id, name=data.name, dates=data.dates())
    )


@patch("/cycles/{cycle_id:uuid}", summary="Move the dates of a cycle")
async def move_cycle(
    door: NamedDependency[ApiDoor], cycle_id: FromPath[UUID], data: JSONBody[CycleDates]
) -> CycleView:
    return CycleView.of(await actions.move_cycle(door.session, door.actor, cycle_id, dates=data.dates()))


async def _view(door: ApiDoor, programme_id: UUID) -> ProgrammeView:
    found = await queries.access_programme(door.session, door.actor, programme_id)
    cycles = await queries.cycles(door.session, found.id)
    asked = await queries.questions(door.session, found.id)
    topics = await queries.topics(door.session, found.id)
    criteria = await queries.criteria(door.session, found.id)
    return ProgrammeView(
        **_facts(found),
        version=about.version(found),
        cycles=[CycleView.of(c) for c in cycles],
        questions=[QuestionView.of(one) for one in asked],
        topics=[TopicView(t.code, t.label) for t in topics if t.is_offered],
        criteria=[CriterionView(c.name, c.weight, c.setting) for c in criteria],
    )


def _facts(row: Programme) -> dict[str, Any]:
    return {field: getattr(row, field) for field in ListedProgramme.__struct_fields__}


ROUTES = [programmes, programme, start, change, open_programme, close_programme, plan_cycle, move_cycle]
