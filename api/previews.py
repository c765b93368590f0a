"""What a run would have to choose from: pairs that stay possible under criteria that nobody has started yet."""

import re
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter
from msgspec import Struct

from api.door import ApiDoor
from api.runs import NewRun, in_criteria, read_criteria
from infra import progress
from infra.errors import NotFound
from infra.progress import Progress
from tenants.pools import queries as pools
from tenants.proposals.runs import actions, rules
from tenants.proposals.runs.criteria import points

_ID = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})")


class PreviewState(StrEnum):
    COUNTING = "counting"
    COUNTED = "counted"
    TOO_LARGE = "too_large"


class Step(Struct):
    """One constraint: how many pairs it takes from those that the ones before have left."""

    limit: str
    taken: int
    left: int


class Preview(Struct):
    """
    While it is `counting`, ask for it again by its `id`. `few` are the mentees with less than three possible mentors.

    `too_large`: one side has more people than a run takes.
    """

    id: str
    state: PreviewState
    pairs: int | None = None
    possible: int | None = None
    few: int | None = None
    waterfall: list[Step] | None = None


class NewPreview(Preview, kw_only=True):
    """`points` is what each criterion could give a pair, of a hundred in all."""

    points: dict[str, int]


@post("/runs/previews", status_code=202, summary="Count the pairs that stay possible under some criteria")
async def preview(door: NamedDependency[ApiDoor], data: JSONBody[NewRun]) -> NewPreview:
    """The same criteria give the same preview until somebody in the pool, or a wish, changes."""
    chosen = read_criteria(data.criteria)
    with in_criteria():
        asked = await actions.ask_count(door.session, door.actor, data.cycle_id, chosen)
    kept = await actions.snapshot(door.session, door.actor, data.cycle_id, chosen)
    told = _told(_id(asked.key), await progress.last(door.ground.redis, asked.key))
    return NewPreview(
        told.id,
        told.state,
        told.pairs,
        told.possible,
        told.few,
        told.waterfall,
        points=points(kept.criteria.weights),
    )


@get("/runs/previews/{preview_id:str}", summary="A count of pairs, once a worker has made it")
async def counted(
    door: NamedDependency[ApiDoor], preview_id: Annotated[str, PathParameter(max_length=80)]
) -> Preview:
    """A count that is lost is `counting` for ever; ask for it anew after a minute."""
    rules.must_be_for_all(door.actor)
    found = _ID.fullmatch(preview_id)
    if found is None or await pools.pool_by_id(door.session, UUID(hex=found[1])) is None:
        raise NotFound(kind="preview", id=preview_id)
    key = f"count:{door.actor.organisation_id}:{UUID(hex=found[1])}:{found[2]}"
    return _told(preview_id, await progress.last(door.ground.redis, key))


def _id(key: str) -> str:
    _, _, pool, digest = key.split(":")
    return f"{UUID(pool).hex}-{digest}"


def _told(preview_id: str, state: Progress | None) -> Preview:
    if state is None:
        return Preview(preview_id, PreviewState.COUNTING)
    if state.phase == "too_large":
        return Preview(preview_id, PreviewState.TOO_LARGE)
    facts = state.facts
    steps = [Step(row["limit"], row["taken"], row["left"]) for row in facts["rows"]]
    return Preview(preview_id, PreviewState.COUNTED, facts["pairs"], facts["possible"], facts["few"], steps)


ROUTES = [preview, counted]
