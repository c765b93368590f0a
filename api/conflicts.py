"""Conflicts on cases and their mediation, for those who accompany the case and nobody else."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships.conflicts import actions, queries, steps
from tenants.relationships.conflicts.models import Conflict, ConflictState, ConflictStep, Outcome
from tenants.relationships.conflicts.queries import Shown


class NewConflict(Struct, forbid_unknown_fields=True):
    """`concern_id`: a concern that was told to you, from which it arose. `helper_id`: a colleague who reads all of it."""

    summary: Annotated[str, Meta(min_length=1, max_length=5_000)]
    concern_id: UUID | None = None
    helper_id: UUID | None = None


class StepView(Struct):
    """`item` is a step of our checklist, `title` one of your own."""

    id: UUID
    item: str | None
    title: str | None
    due_on: date
    done_on: date | None
    note: str | None

    @classmethod
    def of(cls, one: ConflictStep) -> "StepView":
        return cls(one.id, one.item, one.title, one.due_on, one.done_on, one.note)


class ConflictLine(Struct):
    id: UUID
    state: ConflictState
    outcome: Outcome | None
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, one: Conflict) -> "ConflictLine":
        outcome = Outcome(one.outcome) if one.outcome else None
        return cls(one.id, ConflictState(one.state), outcome, one.created_at, one.closed_at)


class ConflictView(Struct):
    """`agreed` is seen by the people of the case once it is shared, and nothing else of this is."""

    id: UUID
    relationship_id: UUID
    concern_id: UUID | None
    opened_by: UUID
    helper_id: UUID | None
    summary: str
    state: ConflictState
    outcome: Outcome | None
    agreed: str | None
    shared_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    steps: list[StepView]

    @classmethod
    def of(cls, shown: Shown) -> "ConflictView":
        one = shown.conflict
        return cls(
            one.id, one.relationship_id, shown.concern_id, one.opened_by, one.helper_id, one.summary,
            ConflictState(one.state), Outcome(one.outcome) if one.outcome else None, one.agreed, one.shared_at,
            one.created_at, one.closed_at, [StepView.of(step) for step in shown.steps],
        )  # fmt: skip


class StepTaken(Struct, forbid_unknown_fields=True):
    note: Annotated[str, Meta(max_length=3_000)] | None = None


class StepDue(Struct, forbid_unknown_fields=True):
    due_on: date


class NewStep(Struct, forbid_unknown_fields=True):
    title: Annotated[str, Meta(min_length=1, max_length=200)]
    due_on: date


class Helper(Struct, forbid_unknown_fields=True):
    helper_id: UUID | None


class AgreedWords(Struct, forbid_unknown_fields=True):
    agreed: Annotated[str, Meta(max_length=3_000)] | None
    is_shared: bool


class Closing(Struct, forbid_unknown_fields=True):
    outcome: Outcome


class AgreedView(Struct):
    words: str
    shared_at: datetime


@get("/relationships/{relationship_id:uuid}/conflicts", summary="Conflicts of a case that you may read")
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[ConflictLine]:
    door.actor.require(Permission.RELATIONSHIP_CHANGE)
    await relationships.access_relationship(door.session, door.actor, relationship_id)
    return [ConflictLine.of(one) for one in await queries.of_case(door.session, door.actor, relationship_id)]


@post("/relationships/{relationship_id:uuid}/conflicts", summary="Open a conflict on a case")
async def open_conflict(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[NewConflict]
) -> ConflictView:
    """With our checklist for mediating it; the next step lies on the desk of whoever accompanies the case."""
    opened = await actions.open_conflict(
        door.session, door.actor, relationship_id, summary=data.summary, concern_id=data.concern_id,
        helper_id=data.helper_id,
    )  # fmt: skip
    return await _view(door, opened.id)


@get("/conflicts/{conflict_id:uuid}", summary="Read a conflict")
async def read(door: NamedDependency[ApiDoor], conflict_id: FromPath[UUID]) -> ConflictView:
    """The audit trail keeps who has read it."""
    return ConflictView.of(await actions.read(door.session, door.actor, conflict_id))


@post("/conflicts/{conflict_id:uuid}/steps", summary="Add a step of your own")
async def add_step(
    door: NamedDependency[ApiDoor], conflict_id: FromPath[UUID], data: JSONBody[NewStep]
) -> ConflictView:
    await steps.add_step(door.session, door.actor, conflict_id, title=data.title, due_on=data.due_on)
    return await _view(door, conflict_id)


@post("/conflicts/{conflict_id:uuid}/steps/{step_id:uuid}/done", status_code=200, summary="Take a step")
async def do_step(
    door: NamedDependency[ApiDoor],
    conflict_id: FromPath[UUID],
    step_id: FromPath[UUID],
    data: JSONBody[StepTaken],
) -> ConflictView:
    await steps.do_step(door.session, door.actor, conflict_id, step_id, note=data.note)
    return await _view(door, conflict_id)


@post("/conflicts/{conflict_id:uuid}/steps/{step_id:uuid}/open", status_code=200, summary="Take a step back")
async def reopen_step(
    door: NamedDependency[ApiDoor], conflict_id: FromPath[UUID], step_id: FromPath[UUID]
) -> ConflictView:
    await steps.reopen_step(door.session, door.actor, conflict_id, step_id)
    return await _view(door, conflict_id)


@put("/conflicts/{conflict_id:uuid}/steps/{step_id:uuid}/due", summary="Put a step off")
async def move_step(
    door: NamedDependency[ApiDoor],
    conflict_id: FromPath[UUID],
    step_id: FromPath[UUID],
    data: JSONBody[StepDue],
) -> ConflictView:
    await steps.move_step(door.session, door.actor, conflict_id, step_id, due_on=data.due_on)
    return await _view(door, conflict_id)


@put("/conflicts/{conflict_id:uuid}/helper", summary="Let a colleague help, or nobody")
async def set_helper(
    door: NamedDependency[ApiDoor], conflict_id: FromPath[UUID], data: JSONBody[Helper]
) -> ConflictView:
    await actions.set_helper(door.session, door.actor, conflict_id, data.helper_id)
    return await _view(door, conflict_id)


@put("/conflicts/{conflict_id:uuid}/agreed", summary="Write down what was agreed, and whether they see it")
async def agree(
    door: NamedDependency[ApiDoor], conflict_id: FromPath[UUID], data: JSONBody[AgreedWords]
) -> ConflictView:
    await actions.agree(door.session, door.actor, conflict_id, words=data.agreed, is_shared=data.is_shared)
    return await _view(door, conflict_id)


@post("/conflicts/{conflict_id:uuid}/close", status_code=200, summary="Close a conflict")
async def close(
    door: NamedDependency[ApiDoor], conflict_id: FromPath[UUID], data: JSONBody[Closing]
) -> ConflictView:
    await actions.close(door.session, door.actor, conflict_id, outcome=data.outcome)
    return await _view(door, conflict_id)


@get("/me/pairs/{relationship_id:uuid}/agreed", summary="What you have agreed on after a conflict")
async def agreed(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[AgreedView]:
    await relationships.own_relationship(door.session, door.actor, relationship_id)
    found = await queries.agreed_of(door.session, relationship_id)
    return [AgreedView(one.words, one.shared_at) for one in found]


async def _view(door: ApiDoor, conflict_id: UUID) -> ConflictView:
    return ConflictView.of(await queries.shown(door.session, door.actor, conflict_id))


ROUTES = [
    of_case,
    open_conflict,
    read,
    add_step,
    do_step,
    reopen_step,
    move_step,
    set_helper,
    agree,
    close,
    agreed,
]
