"""Keeping two people together or apart in the next runs, and taking that back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, NotFound, Problem
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes.structures import PEER, Makes, facts
from tenants.proposals.models import WishKind
from tenants.proposals.runs import queries, results, rules, wishing
from tenants.registration import queries as registration
from tenants.registration.queries import Listed
from web import query
from web.door import Door, Page
from web.forms import refused, within
from web.pages.matching import cycles
from web.pages.matching.cycles import PATH
from web.rendering import FormState

WISHES = f"{PATH}/wishes"
SIDES = ("mentor", "mentee")
SUGGESTED = 10
SHOWN = 200  # wishes on the page; a cycle with more is kept through the API


@get(WISHES)
async def show(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.RUN_START)
    return await _page(door, _cycle(await _named(door)), FormState())


@post(WISHES)
async def wish(door: NamedDependency[Door]) -> Page:
    """Both people are named by the beginning of their names, or chosen among those who are called so."""
    door.actor.require(Permission.RUN_START)
    filled = await door.form()
    cycle = _cycle(await _named(door, filled.text("cycle")))
    several: dict[str, list[Listed]] = {}
    try:
        kind = _kind(filled.text("kind"))
        found = {side: await _found(door, cycle, side, filled, several) for side in SIDES}
        mentor_id, mentee_id = _both(found)
        await wishing.wish(
            door.session,
            door.actor,
            cycle.id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            kind=kind,
        )
    except Invalid as error:
        form = refused(filled, error)
        # The domain names ids; the form asks for names.
        shown = {name.removesuffix("_id"): words for name, words in form.errors.items()}
        return await _page(door, cycle, FormState(form.values, shown), several, status=422)
    told = (
        _("Kept together from the next run on.")
        if kind is WishKind.LOCK
        else _("Kept apart from the next run on.")
    )
    return door.go(f"{WISHES}?cycle={cycle.id}", said=told)


@get(f"{WISHES}/options")
async def options(door: NamedDependency[Door]) -> Response[list[dict[str, str]]]:
    """Names that begin with what is being typed, for a browser that suggests them."""
    door.actor.require(Permission.RUN_START)
    cycle = _cycle(await _named(door))
    side = query.one_of(door.request, "side", SIDES)
    rows = await _called(door, cycle, side, query.text(door.request, "q")) if side else []
    return Response([{"id": str(row.id), "text": row.full_name} for row in rows])


@post(WISHES + "/{wish_id:uuid}/release")
async def release(door: NamedDependency[Door], wish_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    cycle_id = await wishing.release(door.session, door.actor, wish_id)
    usual = f"{PATH}/new" if rules.may_start(door.actor) else WISHES
    back = within(filled.text("back"), f"{usual}?cycle={cycle_id}")
    return door.go(back, said=_("Released: the next run decides about this pair."))


async def _named(door: Door, text: str = "") -> Any:
    try:
        wanted = UUID(text) if text else None
    except ValueError:
        raise NotFound(kind="cycle") from None
    return cycles.chosen(door, await cycles.matched(door), wanted)


def _cycle(found: Any) -> Any:
    if found is None:
        raise NotFound(kind="cycle")
    return found


def _kind(text: str) -> WishKind:
    try:
        return WishKind(text)
    except ValueError:
        raise Invalid(Problem("kind", "not_a_choice" if text else "missing")) from None


async def _called(door: Door, cycle: Any, side: str, name: str) -> list[Listed]:
    """Of two peers either may be named first."""
    if not name:
        return []
    role = side if facts(cycle.structure).has_lead else PEER
    return await registration.participations(
        door.session, door.actor, cycle_id=cycle.id, roles=[role], search=name, limit=SUGGESTED
    )


async def _found(
    door: Door, cycle: Any, side: str, filled: Mapping[str, str], several: dict[str, list[Listed]]
) -> UUID | Problem:
    """The participation that a side of the form names; what is wrong with the name otherwise."""
    chosen = filled.get(side, "").strip()
    try:
        if chosen:
            return UUID(chosen)
    except ValueError:
        return Problem(side, "not_a_choice")
    name = filled.get(f"{side}_text", "").replace("\0", "").strip()[: query.MAX_SEARCH]
    if not name:
        return Problem(side, "missing")
    rows = await _called(door, cycle, side, name)
    if len(rows) == 1:
        return rows[0].id
    if not rows:
        return Problem(side, "wish_nobody_found")
    several[side] = rows
    return Problem(side, "wish_several_found")


def _both(found: Mapping[str, UUID | Problem]) -> list[UUID]:
    if wrong := [one for one in found.values() if isinstance(one, Problem)]:
        raise Invalid(*wrong)
    return [one for one in found.values() if isinstance(one, UUID)]


async def _page(
    door: Door,
    cycle: Any,
    form: FormState,
    several: Mapping[str, list[Listed]] | None = None,
    *,
    status: int = 200,
) -> Page:
    cycles.show(door, cycle)
    wishes = await queries.wishes(door.session, door.actor, cycle.id, limit=SHOWN)
    return door.page(
        "matching/wishes.html",
        status=status,
        cycle=cycle,
        form=form,
        several={
            side: [(str(row.id), row.full_name, row.email or "") for row in rows]
            for side, rows in (several or {}).items()
        },
        wishes=wishes,
        of_peers=not facts(cycle.structure).has_lead,
        may_lock=facts(cycle.structure).makes is not Makes.CIRCLES,
        names=await results.named(
            door.session, door.actor, {i for w in wishes for i in (w.mentor_id, w.mentee_id)}
        ),
        may_start=rules.may_start(door.actor),
        here=f"{WISHES}?cycle={cycle.id}",
    )


ROUTES = [show, wish, options, release]
