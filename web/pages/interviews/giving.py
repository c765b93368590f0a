"""What the author of a note decides: who may read it, until when it is kept, with whom she talks it over."""

from datetime import date
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language
from infra.errors import Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.interviews import actions, emergencies, grants
from tenants.interviews.models import AskedFor
from tenants.interviews.rules import GRANT_DAYS
from web.door import Door, Page
from web.forms import refused
from web.pages.interviews.showing import PATH, page
from web.refusals import said


@post(PATH + "/grants")
async def give(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await grants.give(
            door.session,
            door.actor,
            note_id,
            person_id=_id(filled, "person_id", "note_reader"),
            purpose=filled.text("purpose"),
            days=next((one for one in GRANT_DAYS if filled.text("days") == str(one)), 0),
        )
    except Invalid as error:
        return await page(door, note_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(_back(note_id), said=said(error))
    return door.go(_back(note_id), said=_("Your colleague may read it now, and gets an e-mail."))


@post(PATH + "/grants/{grant_id:uuid}/end")
async def end(door: NamedDependency[Door], note_id: FromPath[UUID], grant_id: FromPath[UUID]) -> Page:
    try:
        await grants.end(door.session, door.actor, note_id, grant_id)
    except WrongState as error:
        return door.go(_back(note_id), said=said(error))
    return door.go(_back(note_id), said=_("From now on your colleague reads it no more."))


@post(PATH + "/kept")
async def keep_until(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        on = _day(filled)
        await actions.keep_until(door.session, door.actor, note_id, on=on)
    except Invalid as error:
        return await page(door, note_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(_back(note_id), said=said(error))
    return door.go(_back(note_id), said=_("It is destroyed on %(day)s.", day=language.day(on)))


@post(PATH + "/debrief")
async def debrief(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        with_id = _id(filled, "with_id", "note_second")
        begun = await actions.begin_debrief(door.session, door.actor, note_id, with_id=with_id)
    except Invalid as error:
        return await page(door, note_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(_back(note_id), said=said(error))
    return door.go(f"/c/interviews/{begun}/write")


@post(PATH + "/emergency")
async def ask(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        asked = await emergencies.ask(door.session, door.actor, note_id, reason=filled.text("reason"))
    except Invalid as error:
        return await page(door, note_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(_back(note_id), said=said(error))
    return door.go(f"/c/emergencies/{asked}", said=_("Asked. Those who may decide have an e-mail now."))


@post(PATH + "/hand-over")
async def ask_for_hand_over(door: NamedDependency[Door], note_id: FromPath[UUID]) -> Page:
    """Its author has left: somebody else decides whether who took over may read on."""
    filled = await door.form()
    try:
        asked = await emergencies.ask(
            door.session, door.actor, note_id, reason=filled.text("reason"), asked_for=AskedFor.HAND_OVER
        )
    except Invalid as error:
        return await page(door, note_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(_back(note_id), said=said(error))
    return door.go(f"/c/emergencies/{asked}", said=_("Asked. Those who may decide have an e-mail now."))


def _back(note_id: UUID) -> str:
    return f"/c/interviews/{note_id}"


def _id(filled: Form, name: str, code: str) -> UUID:
    try:
        return UUID(filled.text(name))
    except ValueError as error:
        raise Invalid(Problem(name, code)) from error


def _day(filled: Form) -> date:
    try:
        return date.fromisoformat(filled.text("destroy_on"))
    except ValueError as error:
        raise Invalid(Problem("destroy_on", "bad_format")) from error


ROUTES = [give, end, keep_until, debrief, ask, ask_for_hand_over]
