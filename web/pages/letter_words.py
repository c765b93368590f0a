"""A letter that waits, written anew for its one reader; and all that wait, by kind and language, before they go."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language
from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from tenants.notifications import bundles, queries, writing
from tenants.notifications.letters import Desk
from tenants.notifications.templates import editing, rules
from tenants.notifications.templates.looking import Looked
from tenants.notifications.wording.declared import READER
from tenants.reports import outbox
from web import query
from web.door import Door, Page
from web.forms import refused_lines
from web.pages.outbox import PATH
from web.pages.templates import fields, number, source, texts, title
from web.refusals import said
from web.rendering import FormState

EDIT = PATH + "/{letter_id:uuid}/words"


@get(PATH + "/by-language")
async def by_language(door: NamedDependency[Door]) -> Page:
    waiting = await bundles.bundles(door.session, door.actor, without=outbox.secret_kinds())
    kind, spoken = query.text(door.request, "kind"), query.text(door.request, "language")
    wanted = (one for one in waiting if (one.kind, one.language) == (kind, spoken))
    shown = next(wanted, waiting[0] if waiting else None)
    text = letter = None
    if shown:
        letter = await queries.access_letter(door.session, door.actor, shown.first_id)
        settings = door.ground.settings
        text = await outbox.preview(door.session, door.actor, letter, settings.web, door.ground.links)
    return door.page(
        "outbox/kinds.html",
        bundles=[(_title(one.kind), one, _bundle(one)) for one in waiting],
        shown=shown,
        total=sum(one.count for one in waiting),
        letter=letter,
        text=text,
        direction=language.direction(letter.language) if letter else "ltr",
    )


def _title(kind: str) -> str:
    known = outbox.kinds().get(kind)
    return _(known.title) if known else kind  # one that a release before this has promised


def _bundle(one: bundles.Bundle) -> str:
    return f"{PATH}/by-language?{urlencode({'kind': one.kind, 'language': one.language})}"


@get(EDIT)
async def edit(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    desk = await _desk(door)
    try:
        found = await _editable(door, letter_id, desk)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    form = FormState({**found.source._asdict(), "based_on": str(found.version)})
    looked = await editing.look_at(door.session, found, found.source, desk)
    return await _page(door, found, form, looked)


@post(EDIT)
async def write(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    desk = await _desk(door)
    try:
        found = await _editable(door, letter_id, desk)
        await editing.write(
            door.session,
            door.actor,
            letter_id,
            source(filled),
            based_on=number(filled, "based_on"),
            desk=desk,
        )
    except Invalid as error:
        return await _page(door, found, refused_lines(filled, error), None, status=422)
    except rules.TemplateChanged as error:
        form = FormState({**texts(filled), "based_on": str(found.version)}, {"body": said(error)})
        return await _page(door, found, form, None, status=409)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    return door.go(f"{PATH}/{letter_id}", said=_("Saved. This letter goes out in your words."))


@post(EDIT + "/look")
async def look(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    """The preview alone for a page that asks while somebody types, and the whole page without scripts."""
    filled = await door.form()
    form, looked = FormState(filled), None
    desk = await _desk(door)
    try:
        found = await _editable(door, letter_id, desk)
        looked = await editing.look_at(door.session, found, source(filled), desk)
    except Invalid as error:
        form = refused_lines(filled, error)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    if door.view.is_fragment:
        spoken = found.language
        return door.page(
            "wording/looked.html",
            title=title(found.template),
            form=form,
            looked=looked,
            spoken=spoken,
            direction=language.direction(spoken),
        )
    return await _page(door, found, form, looked, status=422 if looked is None else 200)


@post(EDIT + "/drop")
async def drop(door: NamedDependency[Door], letter_id: FromPath[UUID]) -> Page:
    try:
        await editing.drop(door.session, door.actor, letter_id)
    except WrongState as error:
        return door.go(f"{PATH}/{letter_id}", said=said(error))
    return door.go(f"{PATH}/{letter_id}", said=_("The letter says again what all letters of its kind say."))


async def _page(
    door: Door, found: editing.Editable, form: FormState, looked: Looked | None, *, status: int = 200
) -> Page:
    name = found.filling.fields.get(READER)  # most letters begin with it
    if not name:
        known, email = await outbox.reader(door.session, found.letter)
        name = known or email
    return door.page(
        "outbox/words.html",
        status=status,
        address=f"{PATH}/{found.letter.id}",
        letter=found.letter,
        title=title(found.template),
        reader=name,
        form=form,
        fields=fields(found.template),
        original=found.original,
        looked=looked,
        spoken=found.language,
        direction=language.direction(found.language),
    )


async def _editable(door: Door, letter_id: UUID, desk: Desk) -> editing.Editable:
    outbox.kinds()
    return await editing.editable(door.session, door.actor, letter_id, desk)


async def _desk(door: Door) -> Desk:
    return await writing.desk(door.session, door.ground.settings.web, door.ground.links)


ROUTES = [by_language, edit, write, look, drop]
