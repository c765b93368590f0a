"""The log of a case: everything that has happened with it, contacts written down, and where it stands in its life."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Forbidden, Invalid, Problem, WrongState
from infra.http.forms import Form
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.notifications.models import LetterState
from tenants.notifications.words import STATE_NAMES
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships.contacts import actions, queries
from tenants.relationships.contacts.models import Phase
from tenants.relationships.contacts.rules import BY_HAND
from tenants.relationships.contacts.words import CHANNELS, PHASES, SIGNS
from tenants.reports import case
from tenants.reports.case import Show, Told
from tenants.reports.outbox import kinds
from web import query, timeline
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/c/pairs/{relationship_id:uuid}/log"
OF_PERSON = "/c/people/{person_id:uuid}/contacts"
CONTACT = "/c/contacts/{contact_id:uuid}"
SHOWN: Mapping[Show, str] = {
    Show.CONTACTS: N_("Contacts"),
    Show.LETTERS: N_("Letters"),
    Show.MEETINGS: N_("Meetings"),
    Show.REPLIES: N_("Replies"),
    Show.CHANGES: N_("Changes"),
}


@get(PATH)
async def log(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _page(door, relationship_id, FormState())


@post(PATH)
async def note(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.note(
            door.session,
            door.actor,
            relationship_id=relationship_id,
            person_id=_person(filled),
            channel=filled.text("channel"),
            on=_day(filled),
            words=filled.text("words"),
        )
    except Invalid as error:
        return await _page(door, relationship_id, refused(filled, error), status=422)
    return door.go(f"/c/pairs/{relationship_id}/log", said=_("It is in the log."))


@post("/c/pairs/{relationship_id:uuid}/phase")
async def set_phase(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    chosen = (await door.form()).text("phase")
    phase = next((one for one in Phase if one == chosen), None)
    await actions.set_phase(door.session, door.actor, relationship_id, phase)
    return door.go(f"/c/pairs/{relationship_id}/log", said=_("Noted."))


@post(OF_PERSON)
async def note_of_person(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.note(
            door.session,
            door.actor,
            person_id=person_id,
            channel=filled.text("channel"),
            on=_day(filled),
            words=filled.text("words"),
        )
    except Invalid as error:
        return door.page(
            "case/contact.html",
            status=422,
            form=refused(filled, error),
            action=f"/c/people/{person_id}/contacts",
            back=f"/c/people/{person_id}",
            contact=None,
            **_choices(door),
        )
    return door.go(f"/c/people/{person_id}", said=_("It is in the log."))


@get(CONTACT)
async def show(door: NamedDependency[Door], contact_id: FromPath[UUID]) -> Page:
    return await _contact(door, contact_id, FormState())


@post(CONTACT)
async def correct(door: NamedDependency[Door], contact_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        changed = await actions.correct(
            door.session,
            door.actor,
            contact_id,
            channel=filled.text("channel"),
            on=_day(filled),
            words=filled.text("words"),
        )
    except Invalid as error:
        return await _contact(door, contact_id, refused(filled, error), status=422)
    except (WrongState, Forbidden) as error:
        return door.go(f"/c/contacts/{contact_id}", said=said(error))
    return door.go(_back(changed), said=_("The note is saved."))


@post(CONTACT + "/remove")
async def remove(door: NamedDependency[Door], contact_id: FromPath[UUID]) -> Page:
    found = await queries.access_contact(door.session, door.actor, contact_id)
    try:
        await actions.remove(door.session, door.actor, contact_id)
    except (WrongState, Forbidden) as error:
        return door.go(f"/c/contacts/{contact_id}", said=said(error))
    return door.go(_back(found), said=_("It is out of the log."))


async def _page(door: Door, relationship_id: UUID, form: FormState, *, status: int = 200) -> Page:
    row = await relationships.shown(door.session, door.actor, relationship_id)
    people = await relationships.people(door.session, row.Relationship)
    show = next((one for one in Show if one == query.text(door.request, "show")), None)
    found = await case.story(door.session, door.actor, relationship_id, show=show)
    path = f"/c/pairs/{relationship_id}/log"
    return door.page(
        "case/log.html",
        status=status,
        form=form,
        row=row,
        one=row.Relationship,
        people=[(one.person_id, isolated(one.full_name)) for one in people],
        entries=[(told, *_words(told)) for told in found],
        tabs=[
            (_("Everything"), path, None),
            *((_(words), f"{path}?show={name}", None) for name, words in SHOWN.items()),
        ],
        here=f"{path}?show={show}" if show else path,
        standing=await queries.standing(door.session, row.Relationship, door.actor.time_zone),
        phases=[(one.value, _(PHASES[one]), _(SIGNS[one])) for one in Phase],
        phase_names=[(one.value, _(PHASES[one])) for one in Phase],
        may_change=door.actor.may(Permission.PEOPLE_CHANGE),
        me=door.actor.person_id,
        **_choices(door),
    )


async def _contact(door: Door, contact_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await queries.access_contact(door.session, door.actor, contact_id)
    return door.page(
        "case/contact.html",
        status=status,
        form=form,
        contact=found,
        is_mine=found.by_id == door.actor.person_id and found.channel in BY_HAND,
        action=f"/c/contacts/{contact_id}",
        back=_back(found),
        **_choices(door),
    )


def _choices(door: Door) -> dict[str, Any]:
    today = clock.today(door.actor.time_zone)
    return {
        "channels": [(one.value, _(CHANNELS[one])) for one in BY_HAND],
        "channel_names": {one.value: _(words) for one, words in CHANNELS.items()},
        "today": today,
        "zone": door.actor.time_zone,
    }


def _words(told: Told) -> tuple[str, str]:
    """What it is, and whose mark stands beside it."""
    if told.contact is not None:
        what = _(CHANNELS[next(one for one in CHANNELS if one == told.contact.channel)])
        if told.contact.full_name:
            what = _("%(channel)s: %(name)s", channel=what, name=isolated(told.contact.full_name))
        state = told.contact.letter_state
        if state is not None and state != LetterState.SENT:
            what = _("%(what)s (%(state)s)", what=what, state=_(STATE_NAMES[LetterState(state)]))
        return what, "both"
    if told.show is Show.LETTERS:
        kind = kinds().get(told.event)
        title = _(kind.title) if kind else told.event
        return _("Letter to %(name)s: %(title)s", name=isolated(told.name or ""), title=title), ""
    if told.show is Show.REPLIES:
        return _("%(name)s told how it goes", name=isolated(told.name or "")), "mentee"
    what = timeline.words_of(told.event, told.details)
    if told.name:
        what = _("%(what)s, by %(who)s", what=what, who=isolated(told.name))
    return what, "both" if told.name else ""


def _back(contact: Any) -> str:
    if contact.relationship_id is not None:
        return f"/c/pairs/{contact.relationship_id}/log"
    return f"/c/people/{contact.person_id}"


def _person(filled: Form) -> UUID | None:
    """Nobody named means all of the case."""
    text = filled.text("person_id")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(Problem("person_id", "not_a_choice")) from error


def _day(filled: Form) -> date:
    text = filled.text("on")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(Problem("on", "bad_format" if text else "missing")) from error


ROUTES = [log, note, set_phase, note_of_person, show, correct, remove]
