"""The guide of a programme's interviews: its questions by section, in one language at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language
from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import guides, queries
from tenants.programmes.guide_starters import SECTIONS
from tenants.programmes.guides import Guide, GuideChanged, Question
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.programmes.structures import facts
from tenants.registration.telling import shown_in
from tenants.registration.words import ROLE_NAMES
from web import query
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/guide/{role:str}"


@get(PATH)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID], role: FromPath[str]) -> Page:
    return await _page(door, programme_id, role, FormState())


@post(PATH)
async def save(door: NamedDependency[Door], programme_id: FromPath[UUID], role: FromPath[str]) -> Page:
    filled = await door.form()
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    now = await guides.of_programme(door.session, programme, role)
    spoken = _spoken(door, programme)
    made, fields = _read(filled, now, spoken)
    back = f"/a/programmes/{programme_id}/guide/{role}?in={spoken}"
    try:
        if filled.text("step") == "anew":
            await guides.begin_anew(door.session, door.actor, programme_id, role, version=_version(filled))
            return door.go(back, said=_("The guide asks the usual questions again."))
        await guides.save(door.session, door.actor, programme_id, role, made, version=_version(filled))
    except GuideChanged as error:
        return door.go(back, said=said(error))
    except Invalid as error:
        at_fields = Invalid(*(_at(one, fields) for one in error.problems))
        return await _page(door, programme_id, role, refused(filled, at_fields), status=422)
    return door.go(back, said=_("The guide is saved. The next interview is led by it."))


async def _page(door: Door, programme_id: UUID, role: str, form: FormState, *, status: int = 200) -> Page:
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    found = await guides.of_programme(door.session, programme, role)
    spoken = _spoken(door, programme)
    return door.page(
        "programmes/guide.html",
        status=status,
        form=form,
        programme=programme,
        name=shown_in(programme, programme.name),
        role=role,
        roles=[(one, _(ROLE_NAMES[one])) for one in _roles(programme)],
        may_change=door.actor.may(Permission.PROGRAMME_CHANGE),
        is_usual=found.version == 0,
        version=found.version,
        spoken=spoken,
        languages=[(one, language.language_name(one)) for one in programme.languages],
        direction=language.direction(spoken),
        sections=_sections(found, spoken, programme),
        asked=sum(not one.is_hidden for one in found.questions),
        most=guides.MAX_TEXT,
    )


def _sections(found: Guide, spoken: str, programme: Programme) -> list[dict[str, Any]]:
    """All sections, those without a question last: there something can be added."""
    named: dict[str, list[dict[str, Any]]] = {name: [] for name in SECTIONS}
    for one in found.questions:
        text = one.text.get(spoken, "")
        other = "" if text else text_in(one.text, spoken, programme.languages)
        questions = named[one.section]
        questions.append(
            {
                "key": one.key,
                "text": text,
                "other": other,
                "is_hidden": one.is_hidden,
                "place": len(questions) + 1,
            }
        )
    return [
        {"name": name, "title": guides.section_name(name), "questions": asked}
        for name, asked in sorted(named.items(), key=lambda pair: not pair[1])
    ]


def _read(filled: Form, now: Guide, spoken: str) -> tuple[list[Question], list[str]]:
    """
    The guide as it was filled in: its texts of one language, which are hidden, their order, and what is new.

    Beside it the field of each, for what is wrong with it.
    """
    made: list[tuple[str, int, int, Question, str]] = []
    for number, one in enumerate(now.questions):
        name = f"t_{one.key}"
        text = {code: words for code, words in one.text.items() if code != spoken}
        if words := filled.text(name, one.text.get(spoken, "")):
            text[spoken] = words
        changed = replace(one, text=text, is_hidden=one.key not in filled.texts("asked"))
        if filled.text("version"):
            made.append((one.section, _place(filled.text(f"n_{one.key}"), number), number, changed, name))
    for number, section in enumerate(SECTIONS):
        if words := filled.text(f"new_{section}"):
            new = Question(section, {spoken: words})
            made.append((section, 10_000, number, new, f"new_{section}"))
    made.sort(key=lambda one: (one[0], one[1], one[2]))
    # Sorted by section already where they are saved; here only the order within each counts.
    return [one[3] for one in made], [one[4] for one in made]


def _place(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def _at(problem: Problem, fields: Sequence[str]) -> Problem:
    number = problem.field.partition("[")[2].partition("]")[0]
    if number.isdigit() and int(number) < len(fields):
        return Problem(fields[int(number)], problem.code, problem.facts)
    return problem


def _version(filled: Form) -> int:
    text = filled.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _spoken(door: Door, programme: Programme) -> str:
    """The language whose texts are shown: as chosen, the reader's, or the programme's first."""
    asked = query.one_of(door.request, "in", programme.languages)
    mine = door.language if door.language in programme.languages else ""
    return asked or mine or programme.languages[0]


def _roles(programme: Programme) -> Sequence[str]:
    return facts(programme.structure).sides


ROUTES = [show, save]
