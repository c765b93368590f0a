"""How far the work on an import has come: a line on the page, and the same line as it changes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language, progress
from infra.http.events import Event, EventStream
from infra.language import gettext as _
from tenants.registration.importing import queries
from tenants.registration.importing.rules import BUSY
from tenants.registration.importing.telling import LAST, key_of
from tenants.registration.models import ImportState, RosterImport
from web import rendering
from web.door import Door

_LOOK_EACH = 5  # heartbeats: how often a stream asks the database, should the last word be lost


async def now(door: Door, found: RosterImport) -> dict[str, Any]:
    key = key_of(door.organisation.organisation_id, found.id)
    return phase(found, await progress.last(door.ground.redis, key))


def phase(found: RosterImport, told: progress.Progress | None) -> dict[str, Any]:
    """One line about the work that goes on; of an earlier piece of work nothing is said."""
    first = {
        ImportState.UPLOADED: _("We read the file."),
        ImportState.COMMITTING: _("We begin to import."),
        ImportState.REVERTING: _("We look whether anything has happened since."),
    }[ImportState(found.state)]
    if told is None or not _is_of(found, told) or told.phase in LAST:
        return {"words": first, "percent": 0}
    done, most = told.facts.get("done", 0), told.facts.get("most", 0)
    text = {
        "reading": _("We read the file."),
        "checking": language.ngettext("We check one row.", "We check %(num)s rows.", most),
        "saving": _("%(done)s of %(most)s rows are ready to look at.", done=done, most=most),
        "people": _("%(done)s of %(most)s people are in.", done=done, most=most),
        "cards": _("We prepare them for matching."),
        "looking": _("We look whether anything has happened since."),
        "taking_back": _("%(done)s of %(most)s rows are taken back.", done=done, most=most),
    }.get(told.phase, first)
    return {"words": text, "percent": told.percent}


def _is_of(found: RosterImport, told: progress.Progress) -> bool:
    if found.state == ImportState.COMMITTING:
        return told.phase in ("people", "cards", "committed")
    return told.facts.get("version") == found.version


@get("/c/import/{id:uuid}/events")
async def events(door: NamedDependency[Door], id: FromPath[UUID]) -> EventStream:
    found = await queries.access_import(door.session, door.actor, id)
    return door.stream(_told(door, found))


async def _told(door: Door, found: RosterImport) -> AsyncGenerator[Event | None, None]:
    """The lines of progress, until the import has another state. The page then loads itself anew."""
    if found.state not in BUSY:
        return  # over before anybody looked
    key = key_of(door.organisation.organisation_id, found.id)
    silent = 0
    async with aclosing(progress.follow(door.ground.redis, key)) as told:
        async for one in told:
            silent += 1
            is_last = one is not None and _is_of(found, one) and one.phase in LAST
            if is_last or (silent % _LOOK_EACH == 0 and await _has_moved(door, found)):
                return
            yield _event(door, found, one) if one is not None else None


def _event(door: Door, found: RosterImport, one: progress.Progress) -> Event:
    # Each event is made in a context of its own, so the language is chosen here and not around the whole stream.
    with language.use(door.language):
        return Event(rendering.fragment("imports/_progress.html", door.view, now=phase(found, one)))


async def _has_moved(door: Door, found: RosterImport) -> bool:
    async with door.ground.database.tenant_session(door.actor.context()) as session:
        now = await queries.access_import(session, door.actor, found.id)
        return (now.state, now.version) != (found.state, found.version)
