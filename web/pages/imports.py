"""Importing a roster: upload, look at the preview, decide group by group, import, take back."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_409_CONFLICT, HTTP_413_REQUEST_ENTITY_TOO_LARGE

from infra.errors import Conflict, HouseError, Invalid, LimitReached, WrongState
from infra.http import uploads
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.registration.importing import actions, queries
from tenants.registration.importing.rules import NEW_TOPICS
from tenants.registration.models import ImportState, RosterImport, Status
from tenants.registration.roster.containers import LARGEST_FILE
from tenants.registration.roster.errors import TooLarge
from web import rosters
from web.door import Door, Page
from web.pages import import_files, import_progress
from web.pages import import_views as views
from web.pages.import_views import address

AFTER_UPLOAD = uploads.body_limit(LARGEST_FILE)


@get("/c/import")
async def history(door: NamedDependency[Door]) -> Page:
    return await views.history(door)


@post("/c/import", request_max_body_size=AFTER_UPLOAD, exception_handlers=import_files.TOO_LARGE)
async def upload(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.IMPORT_ROSTER)
    filled = await door.form()
    try:
        file = filled.file("file")
        content = await uploads.whole(file, max_bytes=LARGEST_FILE)
        found = await actions.upload(
            door.session,
            door.actor,
            cycle_id=views.cycle_id(filled.text("cycle")),
            file_name=uploads.safe_name(file.filename or "", fallback="roster"),
            content=content,
        )
    except uploads.TooLarge as error:
        fault = TooLarge(
            found=error.facts.get("found", LARGEST_FILE + 1), limit=LARGEST_FILE, mend="split_file"
        )
        return await views.history(door, fault=fault, status=HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    except (Invalid, LimitReached) as error:
        return await views.history(door, fault=error, filled=filled, status=422)
    return door.go(address(found))


@get("/c/import/{id:uuid}")
async def preview(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    found = await queries.access_import(door.session, door.actor, id)
    return await views.state(door, found)


@get("/c/import/{id:uuid}/reading")
async def reading(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    found = await queries.access_import(door.session, door.actor, id)
    return await views.reading(door, found)


@post("/c/import/{id:uuid}/reading")
async def read_as(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    filled = await door.form()
    row = filled.text("header_row")
    chosen: dict[str, Any] = {name: filled.text(name) or None for name in ("sheet", "encoding")}
    chosen["delimiter"] = views.sign(filled.text("delimiter"))
    chosen["header_row"] = int(row) if row.isdecimal() and len(row) < 10 else (row or None)
    try:
        found = await actions.read_as(
            door.session, door.actor, id, version=views.version(filled), reading=chosen
        )
    except Invalid as error:
        found = await queries.access_import(door.session, door.actor, id)
        return await views.reading(door, found, filled=filled, error=error)
    except (Conflict, WrongState) as error:
        return await _as_it_stands(door, id, error)
    return door.go(address(found))


@post("/c/import/{id:uuid}/columns")
async def columns(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    filled = await door.form()
    named = {name.removeprefix("column-"): filled.text(name) for name in filled if name.startswith("column-")}
    try:
        found = await actions.map_columns(
            door.session, door.actor, id, version=views.version(filled), columns=named
        )
    except Invalid as error:
        found = await queries.access_import(door.session, door.actor, id)
        return await views.reading(door, found, filled=filled, error=error)
    except (Conflict, WrongState) as error:
        return await _as_it_stands(door, id, error)
    return door.go(address(found))


@post("/c/import/{id:uuid}/choices")
async def choose(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    """One decision about a group, the order of dates, or the meaning of a writing."""
    filled = await door.form()
    found = await queries.access_import(door.session, door.actor, id)
    choices: dict[str, Any] = {}
    if filled.text("date_order"):
        choices["date_order"] = filled.text("date_order")
    elif filled.text("group"):
        choices["groups"] = {filled.text("group"): filled.text("decision")}
    elif filled.text("field"):
        choices |= _meaning(found, filled.text("field"), filled.text("found"), filled.text("means"))
    return await _choose(door, id, views.version(filled), choices)


def _meaning(found: RosterImport, field: str, written: str, means: str) -> dict[str, Any]:
    """A topic may be wanted and offered: what its name means is said for both."""
    fields = ("topics_offered", "topics_wanted") if field.startswith("topics_") else (field,)
    if means == rosters.NEW_TOPIC:
        return {
            NEW_TOPICS: [*rosters.new_topics(found), written],
            "readings": {one: {written: None} for one in fields},
        }
    return {"readings": {one: {written: means} for one in fields}}


@get("/c/import/{id:uuid}/rows")
async def rows(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    found = await queries.access_import(door.session, door.actor, id)
    return await views.rows(door, found)


@get("/c/import/{id:uuid}/rows/{number:int}")
async def row(door: NamedDependency[Door], id: FromPath[UUID], number: FromPath[int]) -> Page:
    found = await queries.access_import(door.session, door.actor, id)
    one = await queries.access_row(door.session, door.actor, id, number)
    return await views.row(door, found, one)


@post("/c/import/{id:uuid}/rows/{number:int}")
async def correct(door: NamedDependency[Door], id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Other text in some cells of one row, or the whole row left out or taken back in."""
    filled = await door.form()
    found = await queries.access_import(door.session, door.actor, id)
    one = await queries.access_row(door.session, door.actor, id, number)
    skipped = set(found.choices.get("skip", ()))
    if filled.text("act") == "leave_out":
        choices: dict[str, Any] = {"skip": sorted(skipped | {number})}
    elif filled.text("act") == "take_in":
        choices = {"skip": sorted(skipped - {number})}
    else:
        choices = {"rows": {str(number): views.corrections(found, one, filled)}}
    return await _choose(door, id, views.version(filled), choices)


@post("/c/import/{id:uuid}/again")
async def again(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    try:
        found = await actions.check_again(door.session, door.actor, id)
    except WrongState as error:
        return await _as_it_stands(door, id, error)
    return door.go(address(found))


@post("/c/import/{id:uuid}/commit")
async def commit(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        found = await actions.commit(
            door.session,
            door.actor,
            id,
            version=views.version(filled),
            status=Status.READY if filled.text("status") == "ready" else Status.REGISTERED,
            interviews_held=filled.text("status") == "ready",
            have_agreed=bool(filled.text("have_agreed")),
        )
    except Invalid as error:
        found = await queries.access_import(door.session, door.actor, id)
        return await views.state(door, found, error=error, filled=filled, status=422)
    except (Conflict, WrongState) as error:
        return await _as_it_stands(door, id, error)
    return door.go(address(found))


@post("/c/import/{id:uuid}/revert")
async def revert(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    try:
        found = await actions.revert(door.session, door.actor, id)
    except WrongState as error:
        return await _as_it_stands(door, id, error)
    return door.go(address(found))


@post("/c/import/{id:uuid}/discard")
async def discard(door: NamedDependency[Door], id: FromPath[UUID]) -> Page:
    try:
        await actions.discard(door.session, door.actor, id)
    except WrongState as error:
        return await _as_it_stands(door, id, error)
    return door.go("/c/import", said=_("The file and its rows are deleted. Nothing of it was saved."))


async def _choose(door: Door, id: UUID, version: int, choices: dict[str, Any]) -> Page:
    try:
        found = await actions.choose(door.session, door.actor, id, version=version, choices=choices)
    except (Conflict, WrongState, Invalid) as error:
        return await _as_it_stands(door, id, error)
    if found.state != ImportState.UPLOADED:
        return door.go(address(found), said=_("That is decided already."))
    return door.go(address(found))


async def _as_it_stands(door: Door, id: UUID, error: HouseError) -> Page:
    """Somebody was there first, or it is too late for this: say so kindly, above the import as it is now."""
    found = await queries.access_import(door.session, door.actor, id)
    return await views.state(door, found, error=error, status=HTTP_409_CONFLICT)


ROUTES = [
    history, upload, preview, reading, read_as, columns, choose, rows, row, correct, again, commit, revert, discard,
    import_progress.events, import_files.refused_csv, import_files.refused_xlsx,
]  # fmt: skip
