"""Moving somebody to another group or circle of a run by hand: what each place would mean, then the move."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language, progress
from infra.errors import Conflict, NotFound, WrongState
from infra.language import gettext as _
from infra.language import isolated, ngettext
from tenants.proposals.parties import changing
from tenants.proposals.runs import queries, results, rules, words
from web import query
from web.door import Door, Page
from web.pages.matching import cycles, grouping, showing
from web.pages.matching.cycles import PATH
from web.refusals import said

MOVE = PATH + "/{run_id:uuid}/move"


@get(MOVE)
async def show(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    run = await queries.access_run(door.session, door.actor, run_id)
    await cycles.show_of(door, run.cycle_id)
    who = query.uuid(door.request, "who")
    if who is None:
        return door.page(
            "matching/whom.html",
            run=run,
            groups=await grouping.of_run(door, run),
            newcomers=await changing.newcomers(door.session, door.actor, run.id),
        )
    key = await changing.ask_move(door.session, door.actor, run_id, who)
    state = await progress.last(door.ground.redis, key)
    listed = await grouping.of_run(door, run)
    people = await results.named(door.session, door.actor, [who])
    home = next((one for one in listed if any(each["id"] == who for each in one["members"])), None)
    return door.page(
        "matching/move.html",
        run=run,
        who=who,
        name=showing.name_of(people, who),
        home=home,
        is_circle=listed[0]["is_circle"] if listed else False,
        key=key,
        moves=None if state is None else _told(state.facts["moves"], listed),
        here=f"{PATH}/{run_id}/move?who={who}",
    )


@post(MOVE)
async def move(door: NamedDependency[Door], run_id: FromPath[UUID]) -> Page:
    run = await queries.access_run(door.session, door.actor, run_id)
    filled = await door.form()
    who, to = _id(filled.text("who")), _id(filled.text("to"))
    key = filled.text("key")
    try:
        weighed = await _weighed(door, key)
        moved = await changing.move(door.session, door.actor, run.id, who, to, key=key, weighed=weighed)
    except (WrongState, Conflict) as error:
        return door.go(f"{PATH}/{run_id}/move?who={who}", said=said(error))
    people = await results.named(door.session, door.actor, [who])
    return door.go(
        f"{PATH}/{run_id}#g-{moved.id}",
        said=_("%(name)s is moved. Nobody has been told anything.", name=isolated(showing.name_of(people, who))),
    )  # fmt: skip


async def _weighed(door: Door, key: str) -> list[dict[str, Any]]:
    """What a worker has said; a key of another organisation finds nothing."""
    if not key.startswith(f"move:{door.organisation.organisation_id}:"):
        raise changing.MoveNotWeighed
    state = await progress.last(door.ground.redis, key)
    if state is None:
        raise changing.MoveNotWeighed
    found: list[dict[str, Any]] = state.facts["moves"]
    return found


def _told(moves: list[dict[str, Any]], listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each place with what it costs; one whose draft is gone meanwhile is left out."""
    found = []
    for one in moves:
        group = grouping.named(listed, one["to"])
        if group is not None:
            points = rules.of_hundred(one["change"])
            found.append({
                "group": group,
                "points": points,
                "words": _price(points),
                "faults": language.listed([words.limit(name) for name in one["faults"]]),
            })  # fmt: skip
    return found


def _price(points: int) -> str:
    if points == 0:
        return _("costs nothing")
    if points > 0:
        return ngettext("gains one point", "gains %(num)s points", points)
    return ngettext("costs one point", "costs %(num)s points", -points)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind="participation") from None


ROUTES = [show, move]
