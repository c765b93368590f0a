"""The notes about a person, and one of them: closed until somebody opens it, which is written down."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import NotFound, WrongState
from infra.language import gettext as _
from infra.language import ngettext
from tenants.interviews import actions, colleagues, queries, reading, rules, talk, trail
from tenants.interviews.models import Kind, NoteState
from tenants.interviews.queries import Seen, Standing
from tenants.interviews.words import KIND_NAMES, PURPOSE_NAMES, SECTION_NAMES
from tenants.people import queries as people
from tenants.people.words import ROLE_NAMES
from tenants.permissions import Permission, Role
from tenants.programmes.guide_starters import EXPLAINED_NAMES
from tenants.registration import queries as registrations
from tenants.registration.words import ROLE_NAMES as PART_NAMES
from web.door import Door, Page
from web.pages.interviews import talking
from web.pages.interviews.opening import Opened
from web.refusals import said
from web.rendering import FormState

LIST = "/c/people/{person_id:uuid}/interviews"
PATH = "/c/interviews/{note_id:uuid}"


@get(LIST)
async def of_person(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.NOTES_WRITE)
    person = await people.access_person(door.session, door.actor, person_id)
    parts = await registrations.participations(door.session, door.actor, person_id=person_id, limit=20)
    return door.page(
        "interviews/list.html",
        person=person,
        notes=await queries.notes_of(door.session, door.actor, person_id),
        parts=[(one.id, _(PART_NAMES[one.role])) for one in parts],
        **_names(),
    )


@post(LIST)
async def begin(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        participation_id = UUID(filled.text("participation"))
    except ValueError:
        raise NotFound(kind="participation") from None
    found = await registrations.access_participation(door.session, door.actor, participation_id)
    if found.person_id != person_id:
        raise NotFound(kind="participation", id=str(participation_id))
    note_id = await actions.begin(door.session, door.actor, participation_id)
    return door.go(f"/c/interviews/{note_id}")


@get(PATH)
async def show(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.NOTES_WRITE)
    return await page(door, note_id, FormState())


@post(PATH)
async def open_note(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Response[str]:
    """Reading: asked for by a button, since it leaves a trace."""
    door.actor.require(Permission.NOTES_WRITE)
    try:
        seen, given = await reading.enter(door.session, door.actor, note_id)
    except WrongState as error:
        return door.go(f"/c/interviews/{note_id}", said=said(error))
    facts = _facts(door, seen)

    def make(words: Mapping[str, str]) -> Page:
        sections = [
            (_(SECTION_NAMES[name]), words[name])
            for name in rules.FIELDS[seen.note.kind]
            if name in words and name != talk.FIELD
        ]
        explained = [_(EXPLAINED_NAMES[code]) for code in seen.note.explained if code in EXPLAINED_NAMES]
        said = talking.shown(words.get(talk.FIELD, ""))
        return door.page("interviews/opened.html", sections=sections, said=said, explained=explained, **facts)

    return Opened(door, given, make)


async def page(door: Door, note_id: UUID, form: FormState, *, status: int = 200) -> Page:
    """A note, closed, with who may read it; and for its author, whom she may let."""
    seen = await queries.access_note(door.session, door.actor, note_id)
    facts = _facts(door, seen)
    is_author = seen.standing is Standing.AUTHOR
    may_give = is_author and seen.note.kind == Kind.INTERVIEW and seen.note.state == NoteState.SEALED
    is_told = seen.standing in (Standing.AUTHOR, Standing.OTHER)
    now = clock.now()
    readings, has_more = await trail.readings(door.session, [note_id] if is_told else [])
    return door.page(
        "interviews/note.html",
        status=status,
        form=form,
        granted=[(one, one.is_live(now)) for one in await grants_of(door, seen)],
        colleagues=[
            (one.id, one.full_name)
            for one in (
                await colleagues.colleagues(
                    door.session, door.actor, seen.office_id, about=seen.note.subject_id
                )
                if is_author
                else []
            )
        ],
        may_give=may_give,
        purposes=[(one.value, _(PURPOSE_NAMES[one])) for one in rules.GRANT_PURPOSES],
        days=[(one, _days(one)) for one in rules.GRANT_DAYS],
        debriefs=await queries.own_debriefs(door.session, door.actor, note_id),
        may_ask=seen.standing is Standing.NEAR
        and seen.note.state == NoteState.SEALED
        and Role.OWNER not in door.actor.roles
        and seen.note.subject_id != door.actor.person_id,
        author_left=not await colleagues.works_here(door.session, seen.note.author_id),
        reason_most=rules.MAX_REASON,
        readings=readings,
        has_more=bool(has_more),
        **facts,
    )


async def grants_of(door: Door, seen: Seen) -> list[queries.Granted]:
    """Her own right to read, or for the author those of all."""
    found = await queries.grants(door.session, seen.note.id)
    if seen.standing is Standing.AUTHOR:
        return found
    return [one for one in found if one.grant.person_id == door.actor.person_id]


def _facts(door: Door, seen: Seen) -> dict[str, Any]:
    return {
        "seen": seen,
        "note": seen.note,
        "is_author": seen.standing is Standing.AUTHOR,
        "kind": _(KIND_NAMES[seen.note.kind]),
        "zone": door.actor.time_zone,
        "today": clock.today(door.actor.time_zone),
        **_names(),
    }


def _names() -> dict[str, Any]:
    return {
        "purpose_names": {one.value: _(words) for one, words in PURPOSE_NAMES.items()},
        "role_names": {one.value: _(words) for one, words in ROLE_NAMES.items()},
        "kind_names": {name: _(words) for name, words in KIND_NAMES.items()},
    }


def _days(number: int) -> str:
    return ngettext("One day", "%(num)s days", number)


ROUTES = [of_person, begin, show, open_note]
