"""
Writing a note: the record of an interview in the nine fields of K19, or a debrief in one.

Saving never asks who she is once more, and what she typed comes back with every answer that is not a success, also
when her session has ended meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, ids
from infra.errors import Conflict, Invalid, Problem, Unavailable, WrongState
from infra.http.csrf import FormNotOurs
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import time as hour
from tenants.interviews import actions, queries, reading, rules, talk
from tenants.interviews.models import Kind, NoteState
from tenants.interviews.queries import Seen, Standing
from tenants.interviews.words import SECTION_HINTS, SECTION_NAMES
from tenants.permissions import Permission
from tenants.programmes.guide_starters import EXPLAINED, EXPLAINED_NAMES, PROCESS
from tenants.registration import forms, telling
from tenants.registration import queries as registrations
from tenants.reports import doing
from web import answering
from web.door import Door, Page
from web.forms import refused
from web.pages.interviews import talking
from web.pages.interviews.lost import KeptTyped, typed_page
from web.pages.interviews.opening import Opened
from web.refusals import said
from web.rendering import FormState

PATH = "/c/interviews/{note_id:uuid}/write"
# Not below /c/, which sends whoever is no longer signed in away with nothing in her hands.
SAVE = "/interviews/{note_id:uuid}/save"
DRAFT = "/interviews/{note_id:uuid}/draft"


@dataclass(frozen=True, slots=True)
class Near:
    """Label and answer of what she wrote when she registered, and the questions of the talk."""

    application: list[tuple[str, str]] = field(default_factory=list)
    asked: talking.Asked = talking.NO_GUIDE


@get(PATH)
async def write(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    """An empty form. What was saved before is opened by a button, as any reading."""
    door.actor.require(Permission.NOTES_WRITE)
    seen = await _own(door, note_id)
    if seen.note.version or not seen.note.is_there:
        return door.go(f"/c/interviews/{note_id}")
    return _form(door, seen, await _near(door, seen), FormState(_first(seen)))


@post(PATH)
async def write_on(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Response[str]:
    """The form with what was saved before."""
    door.actor.require(Permission.NOTES_WRITE)
    seen = await _own(door, note_id)
    try:
        _seen, given = await reading.enter(door.session, door.actor, note_id)
    except WrongState as error:
        return door.go(f"/c/interviews/{note_id}", said=said(error))
    near = await _near(door, seen)

    def make(words: Mapping[str, str]) -> Page:
        said = talking.values(near.asked, words.get(talk.FIELD, ""))
        return _form(door, seen, near, FormState({**_first(seen), **words, **said}))

    return Opened(door, given, make)


@post(SAVE, exception_handlers={FormNotOurs: KeptTyped})
async def save(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    if door.actor.person_id is None:
        return typed_page(door, filled)
    is_final = filled.text("step") == "seal"
    try:
        _seen, note = await _save(door, note_id, filled, is_final=is_final)
    except Invalid as error:
        return await _again(door, note_id, refused(filled, error), status=422)
    except (Conflict, Unavailable) as error:
        status = 409 if isinstance(error, Conflict) else 503
        return await _again(door, note_id, FormState(filled), status=status, why=error)
    if not is_final:
        saved = _("Draft saved and sealed at %(time)s.", time=hour(clock.now(), door.actor.time_zone))
        return await _again(door, note_id, FormState(filled), saved=saved)
    if note.participation_id and note.kind == Kind.INTERVIEW:
        await doing.hold_interview(door.session, door.actor, note.participation_id, on=note.held_on)
    return door.go(f"/c/interviews/{note_id}", said=_("The note is saved and sealed."))


@post(DRAFT)
async def keep_draft(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Response[str]:
    """What the browser sends by itself while she types; a short text says whether it is kept."""
    door.require_person()
    filled = await door.form()
    try:
        await _save(door, note_id, filled, is_final=False)
    except (Invalid, Conflict, Unavailable, WrongState) as error:
        status = {Invalid: 422, Unavailable: 503}.get(type(error), 409)
        return Response("", status_code=status, media_type="text/plain")
    saved = _("Draft saved and sealed at %(time)s.", time=hour(clock.now(), door.actor.time_zone))
    return Response(saved, media_type="text/plain", status_code=200)


async def _save(door: Door, note_id: UUID, filled: Form, *, is_final: bool) -> tuple[Seen, Any]:
    seen = await _own(door, note_id)
    words = {name: filled.get(name, "") for name in rules.FIELDS[seen.note.kind]}
    if talk.FIELD in words:
        words[talk.FIELD] = talking.typed((await _near(door, seen)).asked, filled)
    note = await actions.save(
        door.session,
        door.actor,
        door.ground.keys,
        note_id,
        words=words,
        window=_window(filled),
        version=_version(filled),
        held_on=_day(filled),
        explained=filled.texts("explained"),
        is_final=is_final,
    )
    return seen, note


async def _own(door: Door, note_id: UUID) -> Seen:
    seen = await queries.access_note(door.session, door.actor, note_id)
    queries.must_be_author(seen)
    return seen


async def _again(
    door: Door,
    note_id: UUID,
    form: FormState,
    *,
    status: int = 200,
    why: Any = None,
    saved: str = "",
) -> Page:
    """The form with what she typed; what is stored is not opened for it."""
    seen = await _own(door, note_id)
    if isinstance(why, rules.NoteChangedElsewhere):
        form = FormState({**_values(form), "version": str(why.facts["version"])}, form.errors)
    return _form(
        door, seen, await _near(door, seen), form, status=status, why=said(why) if why else "", saved=saved
    )


def _form(
    door: Door,
    seen: Seen,
    near: Near,
    form: FormState,
    *,
    status: int = 200,
    why: str = "",
    saved: str = "",
) -> Page:
    fields = [name for name in rules.FIELDS[seen.note.kind] if name in SECTION_HINTS and name != "referral"]
    values = _values(form)
    return door.page(
        "interviews/write.html",
        status=status,
        form=FormState({**_first(seen), **values}, form.errors),
        seen=seen,
        note=seen.note,
        is_interview=seen.note.kind == Kind.INTERVIEW,
        is_sealed=seen.note.state == NoteState.SEALED,
        parts=talking.parts(near.asked, values, fields),
        names={name: _(SECTION_NAMES[name]) for name in fields},
        hints={name: _(SECTION_HINTS[name]) for name in fields},
        process=[(_(name), _(meaning)) for name, meaning in PROCESS] if near.asked else [],
        most_answer=talk.MAX_ANSWER,
        most_question=talk.MAX_QUESTION,
        explained=[(code, _(EXPLAINED_NAMES[code])) for code in EXPLAINED.get(seen.role or "", ())],
        beside=near.application,
        most=rules.MAX_SECTION,
        today=clock.today(door.actor.time_zone),
        why=why,
        saved=saved,
    )


def _values(form: FormState) -> dict[str, Any]:
    texts = getattr(form.values, "texts", None)
    ticked = {"explained": texts("explained")} if texts else {}
    return {**form.values, **ticked}


def _first(seen: Seen) -> dict[str, Any]:
    """What stands in the form beside the words."""
    return {
        "held_on": seen.note.held_on.isoformat(),
        "explained": seen.note.explained,
        "window": str(ids.random()),
        "version": str(seen.note.version),
    }


async def _near(door: Door, seen: Seen) -> Near:
    """What lies beside the record while she writes: the registration, and the guide of the talk."""
    if seen.note.participation_id is None or seen.standing is not Standing.AUTHOR:
        return Near()
    profile = await registrations.profile(door.session, door.actor, seen.note.participation_id)
    asked = await forms.of_programme(door.session, profile.programme.id)
    found = [
        (
            telling.shown_in(profile.programme, one.label),
            telling.in_words(asked, one, answering.plain(profile, one)),
        )
        for one in answering.questions(asked, profile)
    ]
    guide = (
        await talking.asked(door, profile.programme, profile.participation.role)
        if seen.note.kind == Kind.INTERVIEW
        else talking.NO_GUIDE
    )
    return Near([(label, words) for label, words in found if words], guide)


def _window(filled: Form) -> UUID:
    try:
        return UUID(filled.text("window"))
    except ValueError:
        return ids.random()


def _version(filled: Form) -> int:
    text = filled.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _day(filled: Form) -> date | None:
    if "held_on" not in filled:
        return None
    try:
        return date.fromisoformat(filled.text("held_on"))
    except ValueError as error:
        raise Invalid(Problem("held_on", "bad_format")) from error


ROUTES = [write, write_on, save, keep_draft]
