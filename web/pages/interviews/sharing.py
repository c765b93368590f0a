"""What a pair shares, for the two of them; and letting a coordinator read it, if both agree (N10)."""

from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, ids
from infra.errors import Conflict, Invalid, NotFound, Problem, Unavailable, WrongState
from infra.language import gettext as _
from tenants.interviews import actions, queries, reading, releases, rules
from tenants.interviews.models import Kind
from tenants.interviews.queries import Seen, Standing
from tenants.notifications import confidants
from tenants.permissions import Permission
from tenants.proposals import queries as proposals
from tenants.relationships import queries as relationships
from web.door import Door, Page
from web.forms import refused
from web.pages.interviews.opening import Opened
from web.refusals import said
from web.rendering import FormState

LIST = "/me/pair/{relationship_id:uuid}/notes"
PATH = "/me/notes/{note_id:uuid}"
RELEASE = PATH + "/release/{release_id:uuid}"


@get(LIST)
async def notes(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _list(door, relationship_id, FormState({"note": str(ids.random())}))


@post(LIST)
async def write(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    _name, other_id = await _other(door, relationship_id)
    try:
        note_id = UUID(filled.text("note"))
    except ValueError:
        note_id = ids.random()
    await actions.begin_shared(
        door.session, door.actor, note_id, relationship_id=relationship_id, other_id=other_id
    )
    try:
        await actions.save(
            door.session,
            door.actor,
            door.ground.keys,
            note_id,
            words={"shared": filled.get("shared", "")},
            window=note_id,
            version=0,
            is_final=True,
        )
    except Invalid as error:
        return await _list(door, relationship_id, refused(filled, error), status=422)
    except (Conflict, Unavailable) as error:
        status = 409 if isinstance(error, Conflict) else 503
        return await _list(door, relationship_id, FormState(filled), status=status, why=said(error))
    except WrongState as error:
        return door.go(f"/me/pair/{relationship_id}/notes", said=said(error))
    return door.go(
        f"/me/pair/{relationship_id}/notes", said=_("Your note is saved. Both of you can read it.")
    )


@get(PATH)
async def show(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    return await _page(door, await _shared(door, note_id), FormState())


@post(PATH)
async def open_note(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Response[str]:
    await _shared(door, note_id)
    try:
        seen, given = await reading.enter(door.session, door.actor, note_id)
    except WrongState as error:
        return door.go(f"/me/notes/{note_id}", said=said(error))

    def make(words: Mapping[str, str]) -> Page:
        return door.page("notes/opened.html", seen=seen, note=seen.note, words=words.get("shared", ""))

    return Opened(door, given, make)


@post(PATH + "/release")
async def ask(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    seen = await _shared(door, note_id)
    filled = await door.form()
    try:
        try:
            reader_id = UUID(filled.text("reader_id"))
        except ValueError as error:
            raise Invalid(Problem("reader_id", "note_reader")) from error
        await releases.ask(door.session, door.actor, note_id, reader_id=reader_id)
    except Invalid as error:
        return await _page(door, seen, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/notes/{note_id}", said=said(error))
    return door.go(f"/me/notes/{note_id}", said=_("Noted. It is opened as soon as both of you agree."))


@post(RELEASE + "/agree")
async def agree(door: NamedDependency[Door], note_id: FromPath[UUID], release_id: FromPath[UUID]) -> Page:
    try:
        is_open = await releases.agree(door.session, door.actor, note_id, release_id)
    except WrongState as error:
        return door.go(f"/me/notes/{note_id}", said=said(error))
    done = _("Both of you agree: it may be read now.") if is_open else _("Thank you. We have your yes.")
    return door.go(f"/me/notes/{note_id}", said=done)


@post(RELEASE + "/take-back")
async def take_back(door: NamedDependency[Door], note_id: FromPath[UUID], release_id: FromPath[UUID]) -> Page:
    try:
        await releases.take_back(door.session, door.actor, note_id, release_id)
    except WrongState as error:
        return door.go(f"/me/notes/{note_id}", said=said(error))
    return door.go(f"/me/notes/{note_id}", said=_("Taken back. Nobody but the two of you can read it now."))


async def _list(
    door: Door, relationship_id: UUID, form: FormState, *, status: int = 200, why: str = ""
) -> Page:
    name, _other_id = await _other(door, relationship_id)
    return door.page(
        "notes/shared.html",
        status=status,
        form=form,
        why=why,
        name=name,
        relationship_id=relationship_id,
        notes=await queries.shared_notes(door.session, door.actor, relationship_id),
        most=rules.MAX_SECTION,
        me=door.actor.person_id,
        today=clock.today(door.actor.time_zone),
    )


async def _page(door: Door, seen: Seen, form: FormState, *, status: int = 200) -> Page:
    readers = await confidants.readers(door.session, door.actor)
    two = {seen.note.author_id, seen.note.other_id}
    return door.page(
        "notes/note.html",
        status=status,
        form=form,
        seen=seen,
        note=seen.note,
        other=seen.author if seen.standing is Standing.OTHER else seen.other,
        wishes=await releases.wishes(door.session, door.actor, seen.note.id),
        readers=[(one.id, one.full_name) for one in readers if one.id not in two],
        is_mine=seen.standing is Standing.AUTHOR,
        zone=door.actor.time_zone,
    )


async def _shared(door: Door, note_id: UUID) -> Seen:
    """
    Raises:
        NotFound: no note that the reader shares with the other of a pair.
    """
    door.actor.require(Permission.OWN_CASE)
    seen = await queries.access_note(door.session, door.actor, note_id)
    if seen.note.kind != Kind.SHARED or seen.standing not in (Standing.AUTHOR, Standing.OTHER):
        raise NotFound(kind="note", id=str(note_id))
    return seen


async def _other(door: Door, relationship_id: UUID) -> tuple[str, UUID]:
    """
    The other of the pair, by name.

    Raises:
        NotFound: not one of the reader's pairs.
    """
    door.actor.require(Permission.OWN_CASE)
    found, _mine = await relationships.own_relationship(door.session, door.actor, relationship_id)
    if found.proposal_id is None:
        raise NotFound(kind="relationship", id=str(relationship_id))  # a group shares nothing by twos
    both = await proposals.see(door.session, door.actor, found.proposal_id)
    return both.other.full_name, both.other.person_id


ROUTES = [notes, write, show, open_note, ask, agree, take_back]
