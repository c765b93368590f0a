"""Setting programmes up: starting one, its cycles, who cares for it, what it asks and what counts for a match."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Conflict, Invalid, NotFound, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import isolated, ngettext
from tenants.permissions import Permission, Role
from tenants.programmes import actions, queries, rules
from tenants.programmes.actions import CycleNameTaken, Dates, SlugTaken
from tenants.programmes.models import AskedOf, Programme, ProgrammeState
from tenants.programmes.starters import STARTERS, StarterName
from tenants.programmes.structures import facts
from tenants.proposals.runs import criteria, usual, words
from tenants.proposals.runs.criteria import WEIGHED
from tenants.registration.telling import shown_in
from tenants.reports import advice
from web import programme_words
from web.door import Door, Page
from web.forms import refused
from web.pages import new_programme
from web.pages.matching.choosing import WEIGHTS, in_words
from web.programme_words import DAYS
from web.rendering import FormState

PATH = "/a/programmes"
ONE = PATH + "/{programme_id:uuid}"
MOST = 200  # on the page; the API lists them all


@get(PATH)
async def listed(door: NamedDependency[Door]) -> Page:
    found = await queries.programmes(door.session, door.actor, limit=MOST)
    cycles = await queries.cycles_of(door.session, [one.id for one in found])
    today = clock.today(door.organisation.time_zone)
    return door.page(
        "programmes/list.html",
        only_programmes=not door.actor.may(Permission.ORGANISATION_CHANGE),
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        running=sum(one.state == ProgrammeState.OPEN for one in found),
        programmes=[
            {
                "id": one.id,
                "slug": one.slug,
                "name": shown_in(one, one.name),
                "is_open": one.state == ProgrammeState.OPEN,
                "state": _(programme_words.STATES[ProgrammeState(one.state)]),
                "cycle": rules.current_cycle(cycles[one.id], today),
                "languages": [language.language(code).native for code in one.languages],
            }
            for one in found
        ],
    )


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    return _new_page(door, FormState(new_programme.usual(door)))


@post(PATH + "/new")
async def start(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        languages = filled.texts("languages")
        if not languages:
            raise Invalid(Problem("languages", "missing"))
        name = {code: text for code in languages if (text := filled.text(f"name_{code}"))}
        launched = await actions.launch(
            door.session,
            door.actor,
            starter=new_programme.starter(filled),
            structure=new_programme.structure(filled),
            slug=filled.text("slug"),
            cycle_name=filled.text("cycle_name"),
            dates=_dates(filled),
            languages=languages,
            name=name or None,
            is_open=filled.text("state") != ProgrammeState.DRAFT,
        )
    except (Invalid, Conflict) as error:
        return _new_page(door, refused(filled, _at_field(error)), status=422)
    said = _("The programme is there. Now look through its questions, and say who cares for it.")
    return door.go(f"{PATH}/{launched.programme.id}", said=said)


@get(ONE)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _page(door, programme_id, FormState())


@post(ONE + "/state")
async def turn(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    if (await door.form()).text("open") == "yes":
        await actions.open_programme(door.session, door.actor, programme_id)
        return door.go(f"{PATH}/{programme_id}", said=_("The programme is open."))
    await actions.close_programme(door.session, door.actor, programme_id)
    return door.go(f"{PATH}/{programme_id}", said=_("The programme is closed. Whoever takes part goes on."))


@post(ONE + "/cycles")
async def plan(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    name = filled.text("cycle_name")
    try:
        await actions.plan_cycle(door.session, door.actor, programme_id, name=name, dates=_dates(filled))
    except (Invalid, CycleNameTaken) as error:
        return await _page(door, programme_id, refused(filled, _at_field(error)), status=422)
    said = _("The cycle %(name)s is planned.", name=isolated(name))
    return door.go(f"{PATH}/{programme_id}", said=said)


@post(ONE + "/cycles/{cycle_id:uuid}")
async def move(door: NamedDependency[Door], programme_id: FromPath[UUID], cycle_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    cycle = await queries.access_cycle(door.session, door.actor, cycle_id)
    if cycle.programme_id != programme_id:
        raise NotFound(kind="cycle", id=str(cycle_id))
    try:
        await actions.move_cycle(door.session, door.actor, cycle_id, dates=_dates(filled))
    except Invalid as error:
        return await _page(door, programme_id, refused(filled, error), status=422)
    return door.go(f"{PATH}/{programme_id}", said=_("The dates are moved."))


@post(ONE + "/carers")
async def care(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    taken = filled.text("taken") == "yes"
    await actions.give_role(
        door.session, door.actor, programme_id, _person(filled), Role.COORDINATOR, taken=taken
    )
    left, come = (
        _("This person no longer cares for the programme."),
        _("This person now cares for the programme."),
    )
    said = left if taken else come
    return door.go(f"{PATH}/{programme_id}", said=said)


@post(ONE + "/weights")
async def weigh(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """Only what was moved is sent on, so that a weight between two words stays what it is."""
    door.actor.require(Permission.PROGRAMME_CHANGE)
    filled = await door.form()
    found = await queries.access_programme(door.session, door.actor, programme_id)
    shown = in_words(criteria.of_programme(await queries.criteria(door.session, found.id))).weights
    by_text = {str(weight): weight for weight, _label in WEIGHTS}
    chosen = {name: by_text.get(filled.text(f"w_{name}"), shown[name]) for name in WEIGHED}
    moved = {name: weight for name, weight in chosen.items() if weight != shown[name]}
    await usual.weigh(door.session, door.actor, programme_id, moved)
    return door.go(f"{PATH}/{programme_id}#weights", said=_("Saved. The next run begins with it."))


def _new_page(door: Door, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    return door.page(
        "programmes/new.html",
        status=status,
        form=form,
        starters=[
            (name.value, _(STARTERS[name].title), _(programme_words.BRINGS[name])) for name in StarterName
        ],
        structures=new_programme.structures(),
        spoken=[(code, language.language_name(code)) for code in door.organisation.languages],
        days=_days(),
        labels=_labels(),
    )


async def _page(door: Door, programme_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await queries.access_programme(door.session, door.actor, programme_id)
    may_change = door.actor.may(Permission.PROGRAMME_CHANGE)
    today = clock.today(door.organisation.time_zone)
    cycles = await queries.cycles(door.session, found.id)
    carers = await queries.carers(door.session, door.actor, found.id)
    carers = [one for one in carers if one.role is Role.COORDINATOR]  # those whom participants may call
    known = {one.person_id for one in carers}
    others = await queries.coordinators(door.session, door.actor) if may_change else []
    usual = in_words(criteria.of_programme(await queries.criteria(door.session, found.id)))
    questions = await _questions(door, found)
    return door.page(
        "programmes/programme.html",
        status=status,
        hints=[
            ngettext(*advice.WORDS[one.code], one.found, aim=one.aim)
            for one in await advice.hints(door.session, door.actor, programme_id)
        ],
        form=form,
        labels=_labels(),
        programme=found,
        name=shown_in(found, found.name),
        guide_role=facts(found.structure).sides[0],
        may_change=may_change,
        leads_on=door.actor.support_id is None,  # to pages of which support sees none
        cycles=cycles,
        current=rules.current_cycle(cycles, today),
        days=_days(),
        proposed=new_programme.proposed(today),
        carers=carers,
        others=[(one.person_id, one.full_name) for one in others if one.person_id not in known],
        questions=questions,
        topics=sum(one.is_offered for one in await queries.topics(door.session, found.id)),
        criteria=[(name, words.criterion(name), usual.weights[name]) for name in WEIGHED],
        weights=[(weight, _(label)) for weight, label in WEIGHTS],
    )


async def _questions(door: Door, found: Programme) -> list[dict[str, Any]]:
    return [
        {
            "label": shown_in(found, one.label),
            "asked_of": _(programme_words.ASKED[AskedOf(one.asked_of)]),
            "is_obligatory": one.is_obligatory,
        }
        for one in await queries.questions(door.session, found.id)
    ]


def _dates(filled: Form) -> Dates:
    """
    Raises:
        Invalid: a problem at each day that is missing or is none.
    """
    found: dict[str, date] = {}
    problems = []
    for name in DAYS:
        try:
            found[name] = date.fromisoformat(filled.text(name))
        except ValueError:
            problems.append(Problem(name, "bad_format" if filled.text(name) else "missing"))
    if problems:
        raise Invalid(*problems)
    return Dates(**found)


def _at_field(error: Invalid | Conflict) -> Invalid:
    """A name that is taken already is a problem of its field."""
    if isinstance(error, Invalid):
        return error
    if not isinstance(error, SlugTaken | CycleNameTaken):
        raise error
    return Invalid(Problem("slug" if isinstance(error, SlugTaken) else "cycle_name", error.code))


def _person(filled: Form) -> UUID:
    try:
        return UUID(filled.text("person"))
    except ValueError as error:
        raise NotFound(kind="person") from error


def _days() -> list[tuple[str, str]]:
    return [(name, _(label)) for name, label in DAYS.items()]


def _labels() -> dict[str, str]:
    return dict(_days()) | {
        "slug": _("Address of its page"),
        "cycle_name": _("Name of the cycle"),
        "languages": _("Languages in which it is offered"),
    }


ROUTES = [listed, new, start, show, turn, plan, move, care, weigh]
