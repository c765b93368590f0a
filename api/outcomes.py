"""Outcomes: what a programme asks about its effects, what is answered, and the numbers."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.evaluations import outcome_answers, outcomes
from tenants.evaluations.outcome_models import Indicator, IndicatorKind, Moment


class NewIndicator(Struct, forbid_unknown_fields=True):
    """`label` by language. A `scale` is answered from 1 to 5 before and at the end; a `fact` is 1 or 0."""

    kind: IndicatorKind
    label: dict[str, Annotated[str, Meta(max_length=200)]]


class StarterSet(Struct, forbid_unknown_fields=True):
    """`network` asks mentees six things about themselves, `political` who stood for election and was elected."""

    set: str


class IndicatorView(Struct):
    id: UUID
    programme_id: UUID
    code: str
    kind: IndicatorKind
    label: dict[str, str]
    is_open: bool


class OutcomeView(Struct):
    """
    `answered`: on both sides of a scale, or whether a fact is so. `good`: became better, or is so. Null where fewer than
    five people would be seen behind it.
    """

    indicator: IndicatorView
    answered: int | None
    good: int | None
    share: float | None


class PersonBehind(Struct):
    participation_id: UUID
    person_id: UUID
    full_name: str


class Answers(Struct, forbid_unknown_fields=True):
    """By code of the question."""

    answers: dict[str, int]


class AnswersView(Struct):
    """What you may read: all of your own; of others the facts, and of scales what you noted yourself."""

    participation_id: UUID
    moment: Moment
    answers: dict[str, int]


@get("/programmes/{programme_id:uuid}/outcomes", summary="What became better, and what happened")
async def counted(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> list[OutcomeView]:
    return await _counted(door, programme_id)


@post(
    "/programmes/{programme_id:uuid}/outcomes", status_code=201, summary="Ask one more question about effects"
)
async def define(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[NewIndicator]
) -> IndicatorView:
    made = await outcomes.define(door.session, door.actor, programme_id, kind=data.kind, label=data.label)
    return _view(made)


@post(
    "/programmes/{programme_id:uuid}/outcomes/take-up", status_code=200, summary="Take up a set of questions"
)
async def take_up(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[StarterSet]
) -> list[IndicatorView]:
    await outcomes.take_up(door.session, door.actor, programme_id, data.set)
    return [_view(one) for one in await outcomes.indicators(door.session, programme_id, every=True)]


@post("/outcomes/{indicator_id:uuid}/close", status_code=200, summary="Ask a question no more")
async def close(door: NamedDependency[ApiDoor], indicator_id: FromPath[UUID]) -> IndicatorView:
    return _view(await outcomes.close(door.session, door.actor, indicator_id))


@get("/outcomes/{indicator_id:uuid}/behind", summary="The people behind one number")
async def behind(door: NamedDependency[ApiDoor], indicator_id: FromPath[UUID]) -> list[PersonBehind]:
    return [PersonBehind(*row) for row in await outcomes.behind(door.session, door.actor, indicator_id)]


@post(
    "/participations/{participation_id:uuid}/outcomes",
    status_code=200,
    summary="Answer, or note what you were told",
)
async def answer(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Answers]
) -> AnswersView:
    mine = await outcome_answers.answer(door.session, door.actor, participation_id, data.answers)
    moment = await outcome_answers.moment_of(door.session, mine.id)
    told = await outcome_answers.told(door.session, door.actor, mine, moment)
    return AnswersView(mine.id, moment, dict(told.values))


async def _counted(door: ApiDoor, programme_id: UUID) -> list[OutcomeView]:
    return [
        OutcomeView(_view(one.indicator), one.answered, one.good, one.share)
        for one in await outcomes.counted(door.session, door.actor, programme_id)
    ]


def _view(one: Indicator) -> IndicatorView:
    return IndicatorView(one.id, one.programme_id, one.code, IndicatorKind(one.kind), one.label, one.is_open)


ROUTES = [counted, define, take_up, close, behind, answer]
