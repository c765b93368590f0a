"""A new run: what must hold, what matters, and how many pairs stay possible."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency

from infra import language, progress
from infra.errors import Conflict, Invalid, NotFound, WrongState
from infra.http.events import Event, Source
from infra.http.forms import Form
from infra.language import N_
from infra.language import gettext as _
from tenants.pools import queries as pools
from tenants.programmes import queries as programmes
from tenants.programmes.structures import facts
from tenants.proposals.models import WishKind
from tenants.proposals.runs import actions, criteria, queries, results, rules, words
from tenants.proposals.runs.criteria import WEIGHED, Criteria
from web import query, rendering
from web.door import Door, Page
from web.forms import refused
from web.pages.matching import cycles, quotas
from web.pages.matching.cycles import PATH
from web.refusals import said
from web.rendering import FormState

NEW = f"{PATH}/new"
WEIGHTS = ((0, N_("Not")), (2, N_("A little")), (4, N_("Some")), (8, N_("A lot")), (10, N_("Most")))
NUMBERS = ("languages", "overlap", "topics")
BOXES = ("supervisor", "gender", "mode")
NOTHING = "none"


@get(NEW)
async def choose(door: NamedDependency[Door]) -> Page:
    rules.must_be_for_all(door.actor)
    listed = await cycles.matched(door)
    cycle = cycles.chosen(door, listed)
    if cycle is None:
        return door.page("matching/none.html")
    given = dict(door.request.query_params)
    usual = in_words(criteria.of_programme(await programmes.criteria(door.session, cycle.programme_id)))
    rows = await quotas.rows(door, cycle.id)
    try:
        chosen = read(given, usual, rows) if "set" in given else usual
        return await _page(door, cycle, chosen, rows)
    except Invalid as error:
        return await _page(door, cycle, usual, rows, form=refused(given, error), status=422)


@post(NEW)
async def send(door: NamedDependency[Door]) -> Page:
    """Count again, or start the run: one form with two buttons."""
    rules.must_be_for_all(door.actor)
    filled = await door.form()
    cycle = cycles.chosen(door, await cycles.matched(door), _uuid(filled.text("cycle")))
    if cycle is None:
        raise NotFound(kind="cycle")
    usual = in_words(criteria.of_programme(await programmes.criteria(door.session, cycle.programme_id)))
    listed = await quotas.rows(door, cycle.id)
    try:
        chosen = read(filled, usual, listed)
    except Invalid as error:
        return await _page(door, cycle, usual, listed, form=refused(filled, error), status=422)
    if filled.text("do") == "count":
        return door.go(f"{NEW}?{urlencode({'cycle': str(cycle.id), 'set': '1', **fields(chosen)})}")
    try:
        run = await actions.start_run(door.session, door.actor, cycle.id, chosen)
    except Conflict as error:
        return door.go(f"{PATH}/{error.facts['id']}", said=said(error))
    except WrongState as error:
        return door.go(f"{PATH}?cycle={cycle.id}", said=said(error))
    except Invalid as error:  # a group that has left the pool since the form was shown
        return await _page(door, cycle, usual, listed, form=refused(filled, error), status=422)
    return door.go(f"{PATH}/{run.id}")


@get(f"{NEW}/events")
async def follow(door: NamedDependency[Door]) -> Response[bytes]:
    """The count of pairs as soon as a worker has made it."""
    rules.must_be_for_all(door.actor)
    key = query.text(door.request, "key")
    if not key.startswith(f"count:{door.organisation.organisation_id}:"):
        raise NotFound(kind="count")
    return door.stream(_counted(door, key))


async def _counted(door: Door, key: str) -> Source:
    async for state in progress.follow(door.ground.redis, key):
        if state is None:
            yield None
            continue
        html = rendering.fragment("matching/_count.html", door.view, **told(state, key))
        yield Event(html)
        return


async def _page(
    door: Door,
    cycle: Any,
    chosen: Criteria,
    listed: list[quotas.Row],
    *,
    form: FormState | None = None,
    status: int = 200,
) -> Page:
    cycles.show(door, cycle)
    asked = await actions.ask_count(door.session, door.actor, cycle.id, chosen)
    wishes = await queries.wishes(door.session, door.actor, cycle.id)
    return door.page(
        "matching/new.html",
        status=status,
        cycle=cycle,
        chosen=chosen,
        fields=fields(chosen),
        points=criteria.points(chosen.weights),
        weights=[(value, _(label)) for value, label in WEIGHTS],
        criteria=[
            (name, words.criterion(name, of_peers=not facts(cycle.structure).has_lead)) for name in WEIGHED
        ],
        of=facts(cycle.structure),
        sizes=chosen.sizes or facts(cycle.structure).sizes,
        size_choices=_sizes(facts(cycle.structure).size_bounds),
        aims=[(aim, *(_(said) for said in words.AIMS[aim][:2])) for aim in criteria.AIMS],
        levels=[(level, _(label)) for level, label in words.LEVELS.items()],
        form=form,
        quotas=listed,
        opened=quotas.opened(listed, form.errors if form else fields(chosen)),
        counted=await pools.counts(door.session, asked.pool_id),
        kept=[one for one in wishes if one.kind == WishKind.LOCK],
        apart=[one for one in wishes if one.kind == WishKind.FORBID],
        names=await results.named(
            door.session, door.actor, {i for w in wishes for i in (w.mentor_id, w.mentee_id)}
        ),
        here=f"{door.view.path}?{door.view.query}" if door.view.query else door.view.path,
        **told(await progress.last(door.ground.redis, asked.key), asked.key),
    )


def _sizes(bounds: tuple[int, int]) -> list[tuple[int, str]]:
    low, high = bounds
    return [(one, language.number(one)) for one in range(low, high + 1)]


def told(state: progress.Progress | None, key: str) -> dict[str, Any]:
    """What a worker has counted, for the drawing; `counts` is None while nobody has."""
    if state is None:
        return {"counts": None, "steps": [], "key": key, "too_large": None, "dearest": ""}
    if state.phase == "too_large":
        return {"counts": None, "steps": [], "key": key, "too_large": state.facts, "dearest": ""}
    facts = state.facts
    steps = [{"label": _("All pairs"), "left": facts["pairs"], "taken": 0, "limit": ""}]
    steps += [{"label": words.limit(row["limit"]), **row} for row in facts["rows"]]
    dearest: dict[str, Any] = max(facts["rows"], key=lambda row: row["taken"], default={"taken": 0})
    name = words.limit(dearest["limit"]) if dearest["taken"] else ""
    return {"counts": facts, "steps": steps, "key": key, "too_large": None, "dearest": name}


def in_words(usual: Criteria) -> Criteria:
    """The same with each weight moved to the nearest that has a word."""
    steps = [value for value, _label in WEIGHTS]
    nearest = {
        name: min(steps, key=lambda step: (abs(step - weight), -step))
        for name, weight in usual.weights.items()
    }
    return criteria.read({**_plain(usual), "weights": nearest})


def fields(chosen: Criteria) -> dict[str, str]:
    """The form's fields as these criteria would fill them; an empty box is not among them."""
    found = {f"w_{name}": str(weight) for name, weight in chosen.weights.items()}
    found |= {name: str(getattr(chosen, name)) for name in (*NUMBERS, "organisation")}
    found["aim"] = chosen.aim
    found["seniority"] = NOTHING if chosen.seniority is None else str(chosen.seniority)
    found |= {"ahead_from": str(chosen.window[0]), "ahead_to": str(chosen.window[1])}
    if chosen.sizes:
        found |= {"least": str(chosen.sizes[0]), "most": str(chosen.sizes[1])}
    return found | {name: "yes" for name in BOXES if getattr(chosen, name)} | quotas.fields(chosen.quotas)


def read(given: Form | dict[str, Any], usual: Criteria, listed: list[quotas.Row]) -> Criteria:
    """
    Raises:
        Invalid: something that the form does not offer.
    """
    seniority = given.get("seniority", NOTHING)
    return criteria.read(
        {
            **_plain(usual),
            "weights": {name: given.get(f"w_{name}", "0") for name in WEIGHED},
            **{name: given.get(name, "0") for name in NUMBERS},
            "organisation": given.get("organisation", "any"),
            "seniority": None if seniority == NOTHING else seniority,
            "window": _window(given, usual),
            **{name: given.get(name) == "yes" for name in BOXES},
            "aim": given.get("aim", criteria.AIMS[0]),
            "quotas": quotas.read(given, listed),
            "sizes": (given["least"], given["most"]) if given.get("least") and given.get("most") else None,
        }
    )


def _window(given: Form | dict[str, Any], usual: Criteria) -> tuple[int, int]:
    """What "a little more experienced" means here; a box that was left empty keeps what is usual."""
    boxes = zip(("ahead_from", "ahead_to"), usual.window, strict=True)
    try:
        low, high = (int(given.get(box) or kept) for box, kept in boxes)
    except ValueError:
        raise Invalid(criteria.window_unusable()) from None
    return low, high


def _plain(usual: Criteria) -> dict[str, Any]:
    return {name: getattr(usual, name) for name in usual.__struct_fields__}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind="cycle") from None


ROUTES = [choose, send, follow]
