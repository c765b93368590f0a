"""One question of a programme: written in its own words, changed, and shown as somebody who registers sees it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from markupsafe import Markup

from infra import ids, language
from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries, questions
from tenants.programmes import question_rules as rules
from tenants.programmes.models import AskedOf, Programme, Question, QuestionKind
from tenants.programmes.question_rules import QuestionChanged, Shape
from tenants.programmes.rules import text_in
from tenants.registration import answered, forms
from tenants.registration.forms import Step
from tenants.registration.telling import shown_in
from web import asking, programme_words, query, question_forms, rendering
from web.door import Door, Page
from web.forms import refused
from web.question_forms import FILLS, KINDS, SHAPES, Filled, number
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/questions"
NEW = PATH + "/new"
ONE = PATH + "/{key:str}"


@get(NEW)
async def new(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """First what kind of answer, then the words."""
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    shape = query.one_of(door.request, "shape", set(Shape))
    if not shape:
        return door.page(
            "programmes/shapes.html",
            programme=programme,
            name=shown_in(programme, programme.name),
            shapes=[(one.value, _(title), _(words)) for one, (title, words) in SHAPES.items()],
        )
    return await _new_page(door, programme, Shape(shape), f"own_{ids.random().hex[:12]}", FormState())


@post(NEW)
async def add(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """The key was made with the form: sent twice, it makes one question."""
    filled = await door.form()
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    if filled.text("shape") not in set(Shape):
        return door.go(f"/a/programmes/{programme_id}/questions/new")
    shape, key = Shape(filled.text("shape")), filled.text("once")
    told = question_forms.read(filled, programme, AskedOf.EVERYBODY)
    try:
        made = await questions.add(
            door.session,
            door.actor,
            programme_id,
            shape=shape,
            words=told.words,
            asked_of=told.asked_of,
            is_obligatory=told.is_obligatory,
            fills=filled.text("fills") or None,
            key=key,
        )
    except Invalid as error:
        state = refused(filled, told.at_fields(error))
        return await _new_page(door, programme, shape, key, state, status=422)
    except WrongState as error:
        return door.go(f"/a/programmes/{programme_id}/questions", said=said(error))
    words = _("It is asked from now on, as the last question. Beside the form you see it on a telephone.")
    if not made.is_asked:  # an old form, whose question was left out since
        words = _("This question is asked no more.")
    return door.go(f"/a/programmes/{programme_id}/questions/{made.key}", said=words)


@get(ONE)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID], key: FromPath[str]) -> Page:
    return await _page(door, programme_id, key, FormState())


@post(ONE)
async def save(door: NamedDependency[Door], programme_id: FromPath[UUID], key: FromPath[str]) -> Page:
    filled = await door.form()
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    now = await questions.access(door.session, door.actor, programme_id, key)
    told = question_forms.read(filled, programme, AskedOf(now.asked_of))
    try:
        await questions.change(
            door.session,
            door.actor,
            programme_id,
            key,
            words=told.words,
            asked_of=told.asked_of,
            is_obligatory=told.is_obligatory,
            version=number(filled.text("version"), -1),
        )
    except Invalid as error:
        state = refused(filled, told.at_fields(error))
        return await _page(door, programme_id, key, state, status=422)
    except QuestionChanged:
        # What she wrote stays in the form, and what stands now beside it; her next try is taken.
        return await _page(door, programme_id, key, FormState(filled), status=409, told=told)
    words = _("The question is saved. Answers that were given stay, and show the new words.")
    return door.go(f"/a/programmes/{programme_id}/questions/{key}", said=words)


async def _new_page(
    door: Door, programme: Programme, shape: Shape, key: str, form: FormState, *, status: int = 200
) -> Page:
    every = await questions.every(door.session, door.actor, programme.id)
    taken = {one.field for one in every}
    kind = rules.KINDS[shape]
    fills = [(name, _(FILLS[name])) for name in rules.FILLS.get(kind, ()) if name not in taken]
    rows = question_forms.rows_of_shape(shape, programme)
    return door.page(
        "programmes/question_new.html",
        status=status,
        form=form,
        programme=programme,
        name=shown_in(programme, programme.name),
        shape=shape.value,
        title=_(SHAPES[shape][0]),
        once=key,
        fills=fills,
        rows=rows,
        are_own=True,
        tongues=question_forms.tongues(programme, {}, {}),
        labels=_labels(programme, rows),
        of_whom=_of_whom(programme, AskedOf.EVERYBODY),
        most=_most(),
    )


async def _page(
    door: Door,
    programme_id: UUID,
    key: str,
    form: FormState,
    *,
    status: int = 200,
    told: Filled | None = None,
) -> Page:
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    found = await questions.access(door.session, door.actor, programme_id, key)
    are_own = rules.has_own_options(found)
    chosen = await answered.options(door.session, door.actor, found) if are_own else {}
    counted = await answered.questions(door.session, door.actor, programme_id)
    rows = question_forms.rows_of(found, chosen)
    spoken = query.one_of(door.request, "in", programme.languages) or _spoken(door, programme)
    return door.page(
        "programmes/question.html",
        status=status,
        form=form,
        is_stale=told is not None,
        stands=_stands(found, told, programme) if told else [],
        programme=programme,
        name=shown_in(programme, programme.name),
        key=key,
        label=shown_in(programme, found.label),
        kind=_(KINDS[QuestionKind(found.kind)]),
        use=question_forms.use(found),
        answers=counted.get(key, 0) if found.field is None else None,
        is_asked=found.is_asked,
        may_go=found.is_asked and key not in questions.ESSENTIAL,
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        version=found.version,
        asked_of=found.asked_of,
        is_obligatory=found.is_obligatory,
        of_whom=[] if key in questions.ESSENTIAL else _of_whom(programme, found.asked_of),
        rows=rows,
        are_own=are_own,
        tongues=question_forms.tongues(programme, found.label, found.hint, found),
        lacking=question_forms.lacking(found, programme),
        spoken=spoken,
        languages=[(code, language.language_name(code)) for code in programme.languages],
        preview=await _preview(door, found, spoken),
        labels=_labels(programme, rows),
        most=_most(),
    )


async def _preview(door: Door, question: Question, spoken: str) -> Markup:
    """The question in one language as it stands on a telephone."""
    form = await forms.of_programme(door.session, question.programme_id)
    view = replace(door.view, language=spoken)
    with language.use(spoken):
        asked = asking.step(form, Step(question.key, question))
    html = rendering.fragment(
        "programmes/_phone.html",
        view,
        asked=asked,
        form=FormState(),
        name=shown_in(form.programme, form.programme.name),
    )
    return Markup(html)  # noqa: S704  a template of ours, which has escaped what is not


def _stands(now: Question, told: Filled, programme: Programme) -> list[tuple[str, str]]:
    """What stands now where somebody wrote something else: language and text."""
    found = []
    for code in programme.languages:
        for standing, written in ((now.label, told.words.label), (now.hint, told.words.hint)):
            text = standing.get(code, "")
            if text and text != " ".join(written.get(code, "").split()):
                found.append((language.language_name(code), text))
    written_options = {one.value: one for one in told.words.options}
    for one in now.options:
        mine, is_gone = written_options.get(one["value"]), one.get("is_retired", False)
        is_same = mine is not None and all(
            mine.label.get(code, "") == text for code, text in one["label"].items()
        )
        if is_same if not is_gone else mine is None or mine.is_retired:
            continue
        what = _("Answer, offered no more") if is_gone else _("Answer")
        found.append((what, text_in(one["label"], language.current(), programme.languages)))
    return found


def _of_whom(programme: Programme, now: str) -> list[tuple[str, str]]:
    among = {*rules.askable(programme), AskedOf(now)}
    return [(one.value, _(words)) for one, words in programme_words.ASKED.items() if one in among]


def _most() -> dict[str, int]:
    return {"label": rules.MAX_LABEL, "hint": rules.MAX_HINT, "option": rules.MAX_OPTION}


def _labels(programme: Programme, rows: list[dict[str, Any]]) -> dict[str, str]:
    """What each field is called in the list of errors."""
    found: dict[str, str] = {"asked_of": _("Asked of"), "fills": _("What the answers are for")}
    for code in programme.languages:
        name = language.language_name(code)
        found[f"label_{code}"] = _("The question in %(language)s", language=name)
        found[f"hint_{code}"] = _("The help in %(language)s", language=name)
        for at, row in enumerate(rows, 1):
            found[f"o_{row['id']}_{code}"] = _("Answer %(number)s in %(language)s", number=at, language=name)
    return found


def _spoken(door: Door, programme: Programme) -> str:
    return door.language if door.language in programme.languages else programme.languages[0]


ROUTES = [new, add, show, save]
