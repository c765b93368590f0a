"""What a programme needs answered, who cares for it, and what counts for a match in it."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from api.programmes import CriterionView, QuestionView
from tenants.permissions import Role
from tenants.programmes import actions, furnishing, queries, stock
from tenants.proposals.runs import usual

Weight = Annotated[int, Meta(ge=0, le=10)]


class QuestionChange(Struct, forbid_unknown_fields=True):
    is_obligatory: bool


class QuestionChoice(Struct, forbid_unknown_fields=True):
    """For example `mobile`, `address`, `source` or `experience_years`, or the key of one that was left out."""

    key: Annotated[str, Meta(max_length=40)]


class Weights(Struct, forbid_unknown_fields=True):
    """By criterion, 0 (counts nothing) to 10; what is left out stays as it is."""

    weights: Annotated[dict[str, Weight], Meta(max_length=40)]


class CarerView(Struct):
    """Participants are shown the first coordinator of their office, else the first of all."""

    person_id: UUID
    full_name: str
    role: Role


@patch("/programmes/{programme_id:uuid}/questions/{key:str}", summary="Make a question needed or optional")
async def need(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    key: FromPath[str],
    data: JSONBody[QuestionChange],
) -> QuestionView:
    """All else about it stays. Whoever has left it open already is asked before she can be matched."""
    changed = furnishing.need(
        door.session, door.actor, programme_id, key=key, is_obligatory=data.is_obligatory
    )
    return QuestionView.of(await changed)


@post("/programmes/{programme_id:uuid}/questions", summary="Ask one question more")
async def take_up(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[QuestionChoice]
) -> QuestionView:
    """One that we have thought through, in the languages of the programme, or one that was left out. It is optional at first."""
    return QuestionView.of(await stock.take_up(door.session, door.actor, programme_id, key=data.key))


@delete("/programmes/{programme_id:uuid}/questions/{key:str}", summary="Ask a question no more")
async def leave_out(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], key: FromPath[str]) -> None:
    """Answers that were given stay. What matching cannot do without stays asked."""
    await stock.leave_out(door.session, door.actor, programme_id, key=key)


@patch("/programmes/{programme_id:uuid}/criteria", summary="Set the usual weights of a programme's criteria")
async def weigh(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[Weights]
) -> list[CriterionView]:
    """The next run begins with them; runs that were started keep theirs."""
    weighed = await usual.weigh(door.session, door.actor, programme_id, data.weights)
    return [CriterionView(one.name, one.weight, one.setting) for one in weighed]


@get("/programmes/{programme_id:uuid}/carers", summary="Who cares for a programme")
async def carers(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> list[CarerView]:
    found = await queries.carers(door.session, door.actor, programme_id)
    return [CarerView(one.person_id, one.full_name, one.role) for one in found]


@get("/coordinators", summary="Who could care for a programme")
async def coordinators(door: NamedDependency[ApiDoor]) -> list[CarerView]:
    found = await queries.coordinators(door.session, door.actor)
    return [CarerView(one.person_id, one.full_name, one.role) for one in found]


@put(
    "/programmes/{programme_id:uuid}/carers/{person_id:uuid}",
    status_code=204,
    summary="Let a coordinator care for a programme",
)
async def care(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], person_id: FromPath[UUID]
) -> None:
    await actions.give_role(door.session, door.actor, programme_id, person_id, Role.COORDINATOR)


@delete("/programmes/{programme_id:uuid}/carers/{person_id:uuid}", summary="Let somebody care for it no more")
async def care_no_more(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], person_id: FromPath[UUID]
) -> None:
    await actions.give_role(door.session, door.actor, programme_id, person_id, Role.COORDINATOR, taken=True)


ROUTES = [need, take_up, leave_out, weigh, carers, coordinators, care, care_no_more]
