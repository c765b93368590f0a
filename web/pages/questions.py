"""What a programme asks: its questions in their order, those left out, and those of ours that it may take up."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import NotFound, WrongState
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import furnishing, queries, questions, stock
from tenants.programmes.models import AskedOf, Programme, Question, QuestionKind
from tenants.registration import answered
from tenants.registration.telling import shown_in
from web import programme_words, question_forms
from web.door import Door, Page
from web.question_forms import KINDS, number
from web.refusals import said

PATH = "/a/programmes/{programme_id:uuid}/questions"


@get(PATH)
async def listed(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    every = await questions.every(door.session, door.actor, programme_id)
    counted = await answered.questions(door.session, door.actor, programme_id)
    known = {one.key for one in every}
    filled = {one.field for one in every if one.field}
    return door.page(
        "programmes/questions.html",
        programme=programme,
        name=shown_in(programme, programme.name),
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        asked=[_row(one, programme, counted) for one in every if one.is_asked],
        left_out=[_row(one, programme, counted) for one in every if not one.is_asked],
        more=[
            (key, _(one.label))
            for key, one in stock.STOCK.items()
            if key not in known and (one.field is None or one.field not in filled)
        ],
    )


@post(PATH + "/needed")
async def need(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """Whether a question must be answered (K05); all else about it stays."""
    filled = await door.form()
    key, is_needed = filled.text("key"), filled.text("needed") == "yes"
    try:
        await furnishing.need(door.session, door.actor, programme_id, key=key, is_obligatory=is_needed)
    except NotFound:
        return await _left_out(door, programme_id, key)
    return door.go(_back(programme_id, key), said=_("The question is changed."))


@post(PATH + "/place")
async def place(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """The button says the place rather than "one up", so that a second click moves it no further."""
    filled = await door.form()
    key, at = filled.text("key"), number(filled.text("at"), 0)
    try:
        await questions.place(door.session, door.actor, programme_id, key, at=at)
    except NotFound:
        return await _left_out(door, programme_id, key)
    asked = await queries.questions(door.session, programme_id)
    now = [one.key for one in asked].index(key) + 1
    return door.go(_back(programme_id, key), said=_("It is asked as number %(number)s now.", number=now))


@post(PATH + "/more")
async def take_up(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """One of ours, or one that was left out."""
    key = (await door.form()).text("key")
    try:
        await stock.take_up(door.session, door.actor, programme_id, key=key)
    except WrongState as error:
        return door.go(_back(programme_id), said=said(error))
    words = _("It is asked from now on, as an optional question.")
    return door.go(_back(programme_id, key), said=words)


@post(PATH + "/less")
async def leave_out(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    key = (await door.form()).text("key")
    try:
        await stock.leave_out(door.session, door.actor, programme_id, key=key)
    except WrongState as error:
        return door.go(_back(programme_id), said=said(error))
    except NotFound:  # by a second click, or by somebody else
        return await _left_out(door, programme_id, key)
    return door.go(_back(programme_id), said=_("It is asked no more. Answers that were given stay."))


async def _left_out(door: Door, programme_id: UUID, key: str) -> Page:
    """
    The list again, where somebody works on a question that was left out meanwhile.

    Raises:
        NotFound: the programme never asked it.
    """
    await questions.access(door.session, door.actor, programme_id, key)
    return door.go(_back(programme_id), said=_("This question is asked no more."))


def _back(programme_id: UUID, key: str = "") -> str:
    return f"/a/programmes/{programme_id}/questions" + (f"#q-{key}" if key else "")


def _row(one: Question, programme: Programme, counted: dict[str, int]) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": shown_in(programme, one.label),
        "kind": _(KINDS[QuestionKind(one.kind)]),
        "asked_of": _(programme_words.ASKED[AskedOf(one.asked_of)]),
        "is_obligatory": one.is_obligatory,
        "use": question_forms.use(one),
        "lacking": question_forms.lacking(one, programme),
        "answers": counted.get(one.key, 0) if one.field is None else None,
        "may_go": one.key not in questions.ESSENTIAL,
    }


ROUTES = [listed, need, place, take_up, leave_out]
