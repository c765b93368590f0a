"""Programmes: what they ask, offer and weigh, and their cycles."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.programmes import queries
from tenants.programmes.models import (
    AskedOf,
    ContactRelease,
    Focus,
    Programme,
    ProgrammeState,
    QuestionKind,
    Structure,
)


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


class OptionView(Struct):
    value: str
    label: dict[str, str]


class QuestionView(Struct):
    """`field` is the fact of a participant that the answer fills; null for a free answer."""

    key: str
    kind: QuestionKind
    asked_of: AskedOf
    field: str | None
    is_obligatory: bool
    label: dict[str, str]
    hint: dict[str, str]
    options: list[OptionView]


class TopicView(Struct):
    code: str
    label: dict[str, str]


class CriterionView(Struct):
    name: str
    weight: int
    setting: dict[str, Any]


class ProgrammeView(ListedProgramme, kw_only=True):
    cycles: list[CycleView]
    questions: list[QuestionView]
    topics: list[TopicView]
    criteria: list[CriterionView]


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
    found = await queries.access_programme(door.session, door.actor, programme_id)
    cycles = await queries.cycles(door.session, found.id)
    asked = await queries.questions(door.session, found.id)
    topics = await queries.topics(door.session, found.id)
    criteria = await queries.criteria(door.session, found.id)
    return ProgrammeView(
        **_facts(found),
        cycles=[
            CycleView(c.id, c.name, c.opens_on, c.closes_on, c.matching_on, c.launch_on, c.ends_on)
            for c in cycles
        ],
        questions=[
            QuestionView(
                q.key,
                QuestionKind(q.kind),
                AskedOf(q.asked_of),
                q.field,
                q.is_obligatory,
                q.label,
                q.hint,
                [OptionView(one["value"], one["label"]) for one in q.options],
            )
            for q in asked
        ],
        topics=[TopicView(t.code, t.label) for t in topics],
        criteria=[CriterionView(c.name, c.weight, c.setting) for c in criteria],
    )


def _facts(row: Programme) -> dict[str, Any]:
    return {field: getattr(row, field) for field in ListedProgramme.__struct_fields__}


ROUTES = [programmes, programme]
