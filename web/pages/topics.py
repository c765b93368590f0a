"""The topics from which people of a programme choose: in their order, with how many have chosen each."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids, language
from infra.errors import Invalid, NotFound, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries, topic_list
from tenants.programmes.models import Programme, Topic
from tenants.programmes.rules import missing_languages, text_in
from tenants.programmes.topic_list import MAX_NAME, TopicChanged
from tenants.programmes.topics import TOPICS
from tenants.registration import answered
from tenants.registration.telling import shown_in
from web.door import Door, Page
from web.forms import refused
from web.question_forms import number
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/topics"
ONE = PATH + "/{code:str}"


@get(PATH)
async def listed(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _list(door, programme_id, FormState())


@post(PATH + "/add")
async def add(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """The code was made with the form: sent twice, it makes one topic."""
    filled = await door.form()
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    label = _label(filled, programme)
    try:
        made = await topic_list.add(
            door.session, door.actor, programme_id, label=label, code=filled.text("once")
        )
    except Invalid as error:
        return await _list(door, programme_id, refused(filled, _at_fields(error)), status=422)
    except WrongState as error:
        return door.go(_back(programme_id), said=said(error))
    return door.go(_back(programme_id, made.code), said=_("This topic can be chosen from now on."))


@post(PATH + "/place")
async def place(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    """The button says the place rather than "one up", so that a second click moves it no further."""
    filled = await door.form()
    code, at = filled.text("code"), number(filled.text("at"), 0)
    try:
        await topic_list.place(door.session, door.actor, programme_id, code, at=at)
    except NotFound:
        if all(one.code != code for one in await topic_list.every(door.session, door.actor, programme_id)):
            raise
        return door.go(_back(programme_id), said=_("This topic is offered no more."))
    shown = [one.code for one in await queries.topics(door.session, programme_id) if one.is_offered]
    words = _("It is shown as number %(number)s now.", number=shown.index(code) + 1)
    return door.go(_back(programme_id, code), said=words)


@post(PATH + "/offer")
async def offer(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    code, is_offered = filled.text("code"), filled.text("offered") == "yes"
    try:
        await topic_list.offer(door.session, door.actor, programme_id, code, is_offered=is_offered)
    except WrongState as error:
        return door.go(_back(programme_id), said=said(error))
    told = (
        _("This topic can be chosen again.")
        if is_offered
        else _("This topic is offered no more. Whoever has chosen it keeps it.")
    )
    return door.go(_back(programme_id), said=told)


@get(ONE)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID], code: FromPath[str]) -> Page:
    return await _page(door, programme_id, code, FormState())


@post(ONE)
async def rename(door: NamedDependency[Door], programme_id: FromPath[UUID], code: FromPath[str]) -> Page:
    filled = await door.form()
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    try:
        await topic_list.rename(
            door.session,
            door.actor,
            programme_id,
            code,
            label=_label(filled, programme),
            version=number(filled.text("version"), -1),
        )
    except Invalid as error:
        return await _page(door, programme_id, code, refused(filled, _at_fields(error)), status=422)
    except TopicChanged as error:
        # What she wrote stays in the form, and what stands now beside it; her next try is taken.
        return await _page(door, programme_id, code, FormState(filled), status=409, changed=said(error))
    words = _("The topic is named anew. Whoever has chosen it reads the new name.")
    return door.go(_back(programme_id, code), said=words)


async def _list(door: Door, programme_id: UUID, form: FormState, *, status: int = 200) -> Page:
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    every = await topic_list.every(door.session, door.actor, programme_id)
    chosen = await answered.topics(door.session, door.actor, programme_id)
    return door.page(
        "programmes/topics.html",
        status=status,
        form=form,
        programme=programme,
        name=shown_in(programme, programme.name),
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        offered=[_row(one, programme, chosen) for one in every if one.is_offered],
        retired=[_row(one, programme, chosen) for one in every if not one.is_offered],
        once=form.value("once", f"own_{ids.random().hex[:12]}"),
        **_fields(programme, {}),
    )


async def _page(
    door: Door, programme_id: UUID, code: str, form: FormState, *, status: int = 200, changed: str = ""
) -> Page:
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    every = await topic_list.every(door.session, door.actor, programme_id)
    found = next((one for one in every if one.code == code), None)
    if found is None:
        raise NotFound(kind="topic", code=code)
    return door.page(
        "programmes/topic.html",
        status=status,
        form=form,
        changed=changed,
        programme=programme,
        name=shown_in(programme, programme.name),
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        one=_row(found, programme, await answered.topics(door.session, door.actor, programme_id)),
        is_offered=found.is_offered,
        version=found.version,
        **_fields(programme, found.label),
    )


def _fields(programme: Programme, label: dict[str, str]) -> dict[str, Any]:
    names = [(code, language.language_name(code)) for code in programme.languages]
    return {
        "most": MAX_NAME,
        "label": label,
        "languages": names,
        "labels": {f"label_{code}": _("Name in %(language)s", language=name) for code, name in names},
    }


def _row(one: Topic, programme: Programme, chosen: dict[str, int]) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": shown_in(programme, one.label),
        "chosen": chosen.get(one.code, 0),
        "lacking": _lacking(one, programme),
    }


def _lacking(one: Topic, programme: Programme) -> list[str]:
    """The languages that show its name in another one, unless that is the very word: leadership is le leadership."""
    ours = TOPICS.get(one.code)
    return [
        language.language_name(code)
        for code in missing_languages(one.label, programme.languages)
        if ours is None
        or text_in(one.label, code, programme.languages) != language.translations(code).gettext(ours)
    ]


def _label(filled: Form, programme: Programme) -> dict[str, str]:
    return {code: filled.text(f"label_{code}") for code in programme.languages}


def _at_fields(error: Invalid) -> Invalid:
    return Invalid(*(Problem(one.field.replace(".", "_"), one.code, one.facts) for one in error.problems))


def _back(programme_id: UUID, code: str = "") -> str:
    return f"/a/programmes/{programme_id}/topics" + (f"#t-{code}" if code else "")


ROUTES = [listed, add, place, offer, show, rename]
