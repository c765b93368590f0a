"""
One meeting: agreed to, cancelled, kept in a calendar; and whether it took place.

Whether they met is asked on two pages: behind the sign-in, and behind the link of a letter, where whoever opens it answers
without signing in (docs/decisions/0005-answering-from-a-letter.md).
"""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.calendar import MEDIA_TYPE, Event, write
from infra.errors import Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.http.hosts import host
from infra.http.uploads import attachment
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.relationships import calendar, cancelling, meeting
from tenants.relationships.keeping import met, noting
from tenants.relationships.keeping.met import Asked
from tenants.relationships.keeping.models import Met
from tenants.reports import calendars
from web import by_letter
from web.by_letter import Asking, Question
from web.door import Door, Page
from web.pages.programme import introduce
from web.refusals import said

PATH = "/me/meeting/{meeting_id:uuid}"
LETTER = "/met"


@post(PATH + "/agree")
async def agree(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    return await _do(door, meeting.agree, meeting_id, _("Your meeting is agreed."))


@post(PATH + "/cancel")
async def cancel(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    return await _do(door, meeting.cancel, meeting_id, _("That time is taken back."))


@post(PATH + "/cancel-all")
async def cancel_all(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    """All to come of those of every month to which it belongs."""
    try:
        gone = await cancelling.cancel_series(door.session, door.actor, meeting_id)
    except WrongState as error:
        return door.go("/me", said=said(error))
    if not gone:
        return door.go("/me", said=_("They are cancelled already."))
    words = language.ngettext("One meeting is cancelled.", "%(num)s meetings are cancelled.", len(gone))
    return door.go(f"/me/pair/{gone[0].relationship_id}", said=words)


@post(PATH + "/answer")
async def answer(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Page:
    """Whether they met."""
    given = _given(await door.form())
    try:
        changed = await met.say(door.session, door.actor, meeting_id, given)
    except WrongState as error:
        return door.go("/me", said=said(error))
    if given is Met.ANOTHER_DAY:
        return door.go(
            f"/me/pair/{changed.relationship_id}/meeting", said=_("Noted. Propose another day here.")
        )
    words = _("Noted: you met.") if given is Met.MET else _("Noted: you did not meet.")
    return door.go(f"/me/pair/{changed.relationship_id}", said=words)


@post("/me/pair/{relationship_id:uuid}/met")
async def note(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """A meeting that had not been planned here."""
    filled = await door.form()
    path = f"/me/pair/{relationship_id}"
    try:
        try:
            on = date.fromisoformat(filled.text("on"))
        except ValueError as error:
            raise Invalid(Problem("on", "missing" if not filled.text("on") else "bad_format")) from error
        await noting.note(door.session, door.actor, relationship_id, on=on)
    except (Invalid, WrongState) as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("Noted: you met."))


@get(PATH + "/calendar.ics")
async def calendar_of(door: NamedDependency[Door], meeting_id: FromPath[UUID]) -> Response[bytes]:
    """One agreed meeting for a calendar; one that was cancelled takes it out again."""
    found = await calendar.one(door.session, door.actor, meeting_id, pages=_pages(door))
    method = "CANCEL" if len(found) == 1 and found[0].is_cancelled else "PUBLISH"
    return _file(found, method, _("meeting"))


@get("/me/calendar.ics")
async def calendar_of_all(door: NamedDependency[Door]) -> Response[bytes]:
    """All of one's agreed meetings, and one's workshops."""
    return _file(await calendars.own(door.session, door.actor, pages=_pages(door)), "PUBLISH", _("meetings"))


def _pages(door: Door) -> str:
    return door.ground.settings.web.url(host(door.request.scope), "")


def _file(events: list[Event], method: str, name: str) -> Response[bytes]:
    return Response(
        write(events, method=method).encode(),
        media_type=MEDIA_TYPE,
        headers={"content-disposition": attachment(f"{name}.ics")},
    )


def _given(filled: Form) -> Met:
    try:
        return Met(filled.text("answer"))
    except ValueError as error:
        raise Invalid(Problem("answer", "missing")) from error


async def _do(door: Door, action: Any, meeting_id: UUID, done: str) -> Page:
    try:
        changed = await action(door.session, door.actor, meeting_id)
    except WrongState as error:
        return door.go("/me", said=said(error))
    return door.go(f"/me/pair/{changed.relationship_id}", said=done)


async def _asked(door: Door, token: str) -> Asked | None:
    answer_id = door.ground.links.read(met.PURPOSE, door.organisation.organisation_id, token)
    return await met.reader_of(door.session, door.actor, answer_id) if answer_id else None


async def _ask(door: Door, asked: Asked, asking: Asking) -> Page:
    await introduce(door, await programmes.own_programme(door.session, asked.relationship.programme_id))
    return door.page(
        "meeting/letter.html",
        status=asking.status,
        form=asking.form,
        asked=asked,
        zone=asked.actor.time_zone,
        today=clock.today(asked.actor.time_zone),
        action=asking.action,
    )


async def _take(door: Door, asked: Asked, filled: Form) -> str:
    await met.say(door.session, asked.actor, asked.meeting.id, _given(filled), by_letter=True)
    return ""


HELD = Question(LETTER, "meeting/thanks.html", "proposal/closed.html", _asked, _ask, _take)
ROUTES = [agree, cancel, cancel_all, answer, note, *by_letter.routes(HELD), calendar_of, calendar_of_all]
