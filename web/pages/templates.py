"""The words of letters: which say what in which language, and where an organisation writes its own."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Invalid
from infra.language import N_
from infra.language import gettext as _
from tenants.notifications import writing
from tenants.notifications.letters import Desk
from tenants.notifications.templates import actions, coverage, looking, rules
from tenants.notifications.templates.coverage import Cell, Shown, State, Template, Why
from tenants.notifications.wording.declared import FIELDS, Source
from tenants.reports import outbox
from web import query
from web.door import Door, Page
from web.forms import refused_lines
from web.refusals import said
from web.rendering import FormState

PATH = "/c/templates"
ONE = PATH + "/{template:str}/{spoken:str}"
STATE_NAMES = {
    State.OWN: N_("Your own text"),
    State.SHIPPED: N_("Our text"),
    State.MISSING: N_("No own text yet"),
    State.OUTDATED: N_("Look again"),
}
ROOM_NAMES = {
    "registration": N_("Registration"),
    "interview": N_("Interview"),
    "proposal": N_("Proposals to two people"),
    "party": N_("Groups and circles"),
    "relationship": N_("Pairs, groups and circles that run"),
    "agreement": N_("Agreement and activity plan"),
    "meeting": N_("Meetings"),
    "notice": N_("Notice"),
    "contact": N_("From the coordinator"),
    "follow_up": N_("Follow-ups"),
    "evaluation": N_("Evaluations"),
}


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    outbox.kinds()
    state = query.one_of(door.request, "state", list(State))
    rows = await coverage.matrix(door.session, door.actor)
    cells = [cell for _template, of in rows for cell in of]
    counts = {one: sum(cell.state == one for cell in cells) for one in State}
    chosen = [(template, of) for template, of in rows if not state or any(c.state == state for c in of)]
    return door.page(
        "wording/list.html",
        groups=_groups(chosen),
        tabs=[
            (_("All"), PATH, len(cells)),
            *((_(STATE_NAMES[one]), f"{PATH}?{urlencode({'state': one})}", counts[one]) for one in State),
        ],
        here=f"{PATH}?{urlencode({'state': state})}" if state else PATH,
        state=state,
        own=sum(any(cell.state in (State.OWN, State.OUTDATED) for cell in of) for _template, of in rows),
        letters=len(rows),
        outdated=counts[State.OUTDATED],
        languages=[language.language_name(cell.language) for cell in rows[0][1]] if rows else [],
        state_names={one: _(words) for one, words in STATE_NAMES.items()},
        may_edit=rules.may_edit(door.actor),
    )


@get(ONE)
async def one(door: NamedDependency[Door], template: FromPath[str], spoken: FromPath[str]) -> Page:
    shown = await _shown(door, template, spoken)
    looked = await looking.look(
        door.session, door.actor, shown.template, spoken, shown.source, await _desk(door)
    )
    return await _page(door, shown, _filled(shown.source, shown), looked)


@post(ONE)
async def write(door: NamedDependency[Door], template: FromPath[str], spoken: FromPath[str]) -> Page:
    filled = await door.form()
    shown = await _shown(door, template, spoken)
    try:
        await actions.write(
            door.session, door.actor, template, spoken, source(filled), based_on=number(filled, "based_on"),
            desk=await _desk(door),
        )  # fmt: skip
    except Invalid as error:
        return await _page(door, shown, refused_lines(filled, error), None, status=422)
    except rules.TemplateChanged as error:
        # Both texts are on the page: hers in the fields, the other among the versions.
        form = FormState({**texts(filled), "based_on": str(shown.cell.version)}, {"body": said(error)})
        return await _page(door, shown, form, None, status=409)
    return door.go(_address(template, spoken), said=_("Saved. Letters that go from now on say this."))


@post(ONE + "/look")
async def look(door: NamedDependency[Door], template: FromPath[str], spoken: FromPath[str]) -> Page:
    """The preview alone for a page that asks while somebody types, and the whole page without scripts."""
    filled = await door.form()
    shown = await _shown(door, template, spoken)
    form, looked = FormState(filled), None
    try:
        told = await actions.checked(door.session, shown, source(filled), desk := await _desk(door))
        looked = await looking.look(
            door.session, door.actor, shown.template, spoken, told, desk, reader_id=_reader(filled)
        )
    except Invalid as error:
        form = refused_lines(filled, error)
    if door.view.is_fragment:
        return door.page(
            "wording/looked.html", title=title(shown.template), form=form, **_of_look(looked, spoken)
        )
    return await _page(door, shown, form, looked, status=422 if looked is None else 200)


@post(ONE + "/restore")
async def restore(door: NamedDependency[Door], template: FromPath[str], spoken: FromPath[str]) -> Page:
    filled = await door.form()
    outbox.kinds()
    try:
        await actions.restore(
            door.session, door.actor, template, spoken, version=number(filled, "version"),
            based_on=number(filled, "based_on"),
        )  # fmt: skip
    except rules.TemplateChanged as error:
        return door.go(_address(template, spoken), said=said(error))
    return door.go(
        _address(template, spoken), said=_("Taken up again. Letters that go from now on say this.")
    )


@post(ONE + "/try")
async def try_out(door: NamedDependency[Door], template: FromPath[str], spoken: FromPath[str]) -> Page:
    filled = await door.form()
    shown = await _shown(door, template, spoken)
    looked = None
    try:
        address = await actions.try_out(
            door.session, door.actor, template, spoken, source(filled), desk := await _desk(door)
        )
        looked = await looking.look(door.session, door.actor, shown.template, spoken, source(filled), desk)
    except Invalid as error:
        return await _page(door, shown, refused_lines(filled, error), None, status=422)
    except (rules.TooManyTrials, rules.TrialWithoutAddress) as error:
        return await _page(door, shown, FormState(filled), None, told=said(error), status=409)
    told = _("On its way to %(address)s. Nothing is saved yet.", address=address)
    return await _page(door, shown, FormState(filled), looked, told=told)


async def _page(
    door: Door,
    shown: Shown,
    form: FormState,
    looked: looking.Looked | None,
    *,
    told: str = "",
    status: int = 200,
) -> Page:
    return door.page(
        "wording/editor.html",
        status=status,
        shown=shown,
        address=_address(shown.template.name, shown.cell.language),
        title=title(shown.template),
        form=form,
        told=told,
        notice=_notice(shown),
        state_name=_(STATE_NAMES[shown.cell.state]),
        fields=fields(shown.template),
        readers=[
            (str(one.id), one.name) for one in await looking.readers(door.session, door.actor, shown.template)
        ],
        languages=[
            (one.native, _address(shown.template.name, one.code), one.code) for one in door.view.offered
        ],
        speaks=shown.cell.language,
        may_edit=rules.may_edit(door.actor),
        today=clock.today(door.actor.time_zone),
        zone=door.actor.time_zone,
        **_of_look(looked, shown.cell.language),
    )


def title(template: Template) -> str:
    return f"{_(template.title)} ({_(template.whom)})" if template.whom else _(template.title)


def fields(template: Template) -> list[tuple[str, str, bool, bool]]:
    """Each field with its title, whether no text may lack it, and whether it stands for whole sentences."""
    words = template.words
    return [
        (f"{{{{{name}}}}}", _(FIELDS[name].title), name in words.needs, FIELDS[name].is_whole)
        for name in words.fields
    ]


def _groups(rows: list[tuple[Template, list[Cell]]]) -> list[tuple[str, list[tuple[str, list[Any]]]]]:
    """The rows of the table by what they belong to; each cell with its address."""
    made: dict[str, list[tuple[str, list[Any]]]] = {}
    for template, cells in rows:
        room = template.name.partition(".")[0]
        name = _(ROOM_NAMES[room]) if room in ROOM_NAMES else _("Others")
        of = [(cell, _address(template.name, cell.language)) for cell in cells]
        made.setdefault(name, []).append((title(template), of))
    return list(made.items())


def _notice(shown: Shown) -> str:
    """What somebody should know before she writes, about this text in this language."""
    spoken = language.language_name(shown.cell.speaks)
    return {
        Why.SHIPPED: _("Our text has changed since you wrote yours. Compare the two, and save yours, changed or as it is."),
        Why.OTHER: _("Your text in your organisation’s own language is newer than this one. Compare the two, and save this one, changed or as it is."),
        Why.ONLY_OTHERS: _("You have written this letter in another language, and not in this one. Readers get our text: %(language)s.", language=spoken),
        Why.UNTRANSLATED: _("We do not have this letter in this language yet. Until you write it, readers get it in another one: %(language)s.", language=spoken),
    }.get(shown.cell.why, "") if shown.cell.why else ""  # fmt: skip


def _of_look(looked: looking.Looked | None, spoken: str) -> dict[str, Any]:
    return {"looked": looked, "spoken": spoken, "direction": language.direction(spoken)}


async def _shown(door: Door, name: str, spoken: str) -> Shown:
    outbox.kinds()
    return await coverage.show(door.session, door.actor, name, spoken)


async def _desk(door: Door) -> Desk:
    return await writing.desk(door.session, door.ground.settings.web, door.ground.links)


def _address(name: str, spoken: str) -> str:
    return f"{PATH}/{name}/{spoken}"


def source(filled: Any) -> Source:
    return Source(filled.text("subject"), filled.text("heading"), filled.text("body"))


def texts(filled: Any) -> dict[str, str]:
    return {name: filled.text(name) for name in Source._fields}


def _filled(source: Source, shown: Shown) -> FormState:
    return FormState({**source._asdict(), "based_on": str(shown.cell.version)})


def number(filled: Any, name: str) -> int:
    told = filled.text(name)
    return int(told) if told.isascii() and told.isdigit() and len(told) < 7 else 0


def _reader(filled: Any) -> UUID | None:
    try:
        return UUID(filled.text("reader"))
    except ValueError:
        return None


ROUTES = [show, one, write, look, restore, try_out]
