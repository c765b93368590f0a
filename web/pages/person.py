"""The record of one person: where she stands, what happened, and the next thing to do."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Invalid, NotFound, Problem
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.identity import actions as identity
from tenants.organisations import queries as organisations
from tenants.people import queries
from tenants.people.actions import PersonKnown
from tenants.people.models import Gender, Person
from tenants.permissions import Permission, Role
from tenants.pools.rules import MATCHABLE
from tenants.programmes.rules import text_in
from tenants.programmes.structures import PARTIES, facts
from tenants.registration import profiles, told
from tenants.registration.models import ParticipantRole, Participation, Status
from tenants.registration.queries import access_participation
from tenants.registration.rules import PARTICIPATION_FIELDS
from tenants.registration.telling import plainly
from tenants.registration.words import CHANNEL_NAMES, LEVEL_NAMES, ROLE_NAMES, STATUS_NAMES
from tenants.relationships.contacts import queries as contacts
from tenants.relationships.contacts.rules import BY_HAND
from tenants.relationships.contacts.words import CHANNELS
from tenants.reports import doing, record
from tenants.reports.naming import Concerned, Named
from tenants.reports.record import Part, Record
from tenants.reports.today import Line
from web import query, timeline
from web.door import Door, Page
from web.forms import refused
from web.headlines import headline, next_step
from web.pages.pipeline import cycle_name, ways_on
from web.pages.today import row
from web.rendering import FormState
from web.zones import choices

PATH = "/c/people/{person_id:uuid}"
GENDERS = {Gender.WOMAN.value: N_("Woman"), Gender.MAN.value: N_("Man"), Gender.OTHER.value: N_("Other")}
MODES = {"individual": N_("In a pair"), "group": N_("In a group"), "both": N_("Either is fine")}
FACTS = ("full_name", "phone", "language", "time_zone", "gender", "office_id")


@get(PATH)
async def show(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.PEOPLE_READ)
    return await _record(door, person_id, FormState())


@get(PATH + "/edit")
async def edit(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.PEOPLE_CHANGE)
    return await _form(door, person_id, FormState())


@post(PATH + "/edit")
async def save(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    facts: dict[str, Any] = {name: filled.text(name) for name in FACTS if name in filled}
    if "office_id" in facts:
        facts["office_id"] = _uuid(facts["office_id"])
    if "gender" in facts:
        facts["gender"] = facts["gender"] or None
    try:
        person = await profiles.change_contact(door.session, door.actor, person_id, **facts)
        if (email := filled.text("email")) and email.lower() != person.email:
            await identity.change_address(door.session, door.actor, person_id, email=email)
    except PersonKnown:
        known = Invalid(Problem("email", "person_known"))
        return await _form(door, person_id, refused(filled, known), status=422)
    except Invalid as error:
        return await _form(door, person_id, refused(filled, error), status=422)
    said = _("The facts of %(name)s are saved.", name=isolated(person.full_name))
    return door.go(f"/c/people/{person_id}", said=said)


@post(PATH + "/note")
async def note(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    participation_id = await _hers(door, person_id, filled.text("participation"))
    await profiles.write_note(door.session, door.actor, participation_id, note=filled.text("note"))
    return door.go(f"/c/people/{person_id}", said=_("The note is saved."))


@post(PATH + "/interview")
async def plan(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    participation_id = await _hers(door, person_id, filled.text("participation"))
    try:
        wall = datetime.fromisoformat(filled.text("at"))
        at = clock.instant(wall.date(), wall.time(), door.actor.time_zone)
        await doing.plan_interview(door.session, door.actor, participation_id, at=at)
    except (ValueError, OverflowError):
        # The last day of the calendar is beyond it in another zone.
        form = refused(filled, Invalid(Problem("at", "bad_format")))
        return await _record(door, person_id, form, status=422)
    except Invalid as error:
        return await _record(door, person_id, refused(filled, error), status=422)
    when = language.moment_words(at, door.actor.time_zone, clock.today(door.actor.time_zone))
    return door.go(f"/c/people/{person_id}", said=_("Interview planned: %(when)s.", when=when))


@post(PATH + "/interview/held")
async def held(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    participation_id = await _hers(door, person_id, filled.text("participation"))
    try:
        on = date.fromisoformat(filled.text("on"))
        await doing.hold_interview(door.session, door.actor, participation_id, on=on)
    except ValueError:
        form = refused(filled, Invalid(Problem("on", "bad_format")))
        return await _record(door, person_id, form, status=422)
    except Invalid as error:
        return await _record(door, person_id, refused(filled, error), status=422)
    return door.go(f"/c/people/{person_id}", said=_("The day of the interview is noted."))


@post(PATH + "/told")
async def settle(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    """What she says is right of what others said when she was registered."""
    filled = await door.form()
    participation_id = await _hers(door, person_id, filled.text("participation"))
    await told.settle(door.session, door.actor, participation_id, take=filled.texts("take"))
    person = await queries.access_person(door.session, door.actor, person_id)
    said = _("The facts of %(name)s are saved.", name=isolated(person.full_name))
    return door.go(f"/c/people/{person_id}", said=said)


async def _record(door: Door, person_id: UUID, form: FormState, status: int = 200) -> Page:
    found = await record.record(door.session, door.actor, person_id)
    logged = await contacts.of_person(door.session, door.actor, person_id)
    shown = query.one_of(door.request, "show", [name for name, _words in timeline.SHOWS])
    here = f"/c/people/{person_id}"
    zone = door.actor.time_zone
    today = clock.today(zone)
    current = found.current
    return door.page(
        "people/person.html",
        status=status,
        form=form,
        record=found,
        person=found.person,
        role=current.participation.role if current else "",
        next=next_step(found),
        headline=headline(found, today, zone),
        parts=[_part(one, found, door) for one in found.parts],
        answers=_answers(current, found, door) if current else [],
        entries=timeline.entries(found, zone, today, logged, shown),
        shows=[(_("Everything"), here, None), *((_(w), f"{here}?show={n}", None) for n, w in timeline.SHOWS)],
        here=f"{here}?show={shown}" if shown else here,
        may_note=door.actor.may(Permission.PEOPLE_CHANGE) and door.actor.support_id is None,
        channels=[(one.value, _(CHANNELS[one])) for one in BY_HAND],
        tasks=[row(_line(task, found), today, zone) for task in found.tasks],
        consents=[(timeline.purpose(one.purpose), one) for one in found.consents],
        channel_names={name: _(words) for name, words in CHANNEL_NAMES.items()},
        status_names={one.value: _(words) for one, words in STATUS_NAMES.items()},
        role_names={name: _(words) for name, words in ROLE_NAMES.items()},
        today=today,
        zone=zone,
    )


def _part(part: Part, found: Record, door: Door) -> dict[str, Any]:
    """One participation as its block shows it."""
    one, spoken = part.participation, door.language
    is_matchable = found.person.is_active and one.status in MATCHABLE.get(ParticipantRole(one.role), ())

    def label(code: str) -> str:
        return text_in(found.topics.get(code, {}), spoken, part.cycle.languages) or code

    return {
        "one": one,
        "cycle": cycle_name(part.cycle, spoken),
        "ways": ways_on(one.status),
        "may_search": is_matchable and door.actor.may(Permission.RUN_START),
        "forms_parties": facts(part.cycle.structure).makes in PARTIES,
        "days": (clock.now() - one.status_at).days,
        "has_earlier": part.has_earlier,
        "told": _told(found.person, one, label),
        "missing": [text_in(question.label, spoken, part.cycle.languages) for question in part.missing],
        "wanted": [label(code) for code in one.topics_wanted],
        "offered": [label(code) for code in one.topics_offered],
        "appointment": found.appointments.get(one.id),
        "asks_interview": one.status in (Status.REGISTERED, Status.AWAITING_INTERVIEW),
        "languages": _spoken(one.languages),
    }


def _answers(part: Part, found: Record, door: Door) -> list[tuple[str, str]]:
    """What she said to questions of which matching knows nothing; not for support, which has no need of it."""
    if door.actor.support_id is not None:
        return []
    spoken = part.cycle.languages
    told = [
        (
            text_in(one.label, door.language, spoken),
            plainly(one, part.participation.answers.get(one.key), spoken),
        )
        for one in found.questions
    ]
    return [(label, words) for label, words in told if words]


def _told(person: Person, one: Participation, topic: Callable[[str], str]) -> list[tuple[str, str, str, str]]:
    """Field, its name, what was said, and what we know."""
    return [
        (
            name,
            _(timeline.FIELDS[name]),
            _fact(name, value, topic),
            _fact(name, getattr(one if name in PARTICIPATION_FIELDS else person, name), topic),
        )
        for name, value in told.beside(person, one).items()
    ]


def _fact(name: str, value: Any, topic: Callable[[str], str]) -> str:
    """One fact as a coordinator reads it out, so that she can ask whether it is right."""
    if name in ("topics_offered", "topics_wanted"):
        return language.listed([topic(code) for code in value])
    if isinstance(value, list) and name != "languages":
        return language.listed(value)
    said: dict[str, Callable[[Any], str]] = {
        "gender": lambda code: _(GENDERS[code]),
        "mode": lambda code: _(MODES[code]),
        "time_zone": language.city,
        "language": language.language_name,
        "languages": _spoken,
    }
    return said.get(name, str)(value)


def _spoken(languages: list[dict[str, Any]]) -> str:
    return language.listed(
        [
            _("%(language)s (%(level)s)", language=language.language_name(one["code"]), level=_level(one))
            for one in languages
        ]
    )


def _level(known: dict[str, Any]) -> str:
    return (
        _(LEVEL_NAMES[known["level"]]) if known.get("level") in LEVEL_NAMES else str(known.get("level", ""))
    )


def _line(task: Any, found: Record) -> Line:
    """Whose record it is stands at its head, so a row need only say who else it is about."""
    pairing = next((one for one in found.pairings if str(one.id) in task.about.values()), None)
    role = found.current.participation.role if found.current else ""
    people: tuple[Named, ...] = (Named(found.person.id, found.person.full_name, role, None, None),)
    if pairing is not None and pairing.other_name is not None:
        other = Named(pairing.other_id, pairing.other_name, "peer" if pairing.role == "peer" else "mentee" if pairing.role == "mentor" else "mentor", None, None)  # fmt: skip
        people = (*people, other) if pairing.role == "mentor" else (other, *people)
    return Line(
        task.id, task.kind, task.due_on, task.about, Concerned(people, pairing.bond if pairing else "")
    )


async def _form(door: Door, person_id: UUID, form: FormState, status: int = 200) -> Page:
    person: Person = await queries.access_person(door.session, door.actor, person_id)
    held_roles = {role for role, _office in await queries.grants(door.session, person_id)}
    may_change_address = not held_roles - {Role.PARTICIPANT} or door.actor.may(Permission.ROLES_GRANT)
    return door.page(
        "people/edit.html",
        status=status,
        form=form,
        person=person,
        may_change_address=may_change_address or person_id == door.actor.person_id,
        spoken=[(one.code, one.native) for one in door.view.offered],
        zones=choices(person.time_zone),
        offices=[
            (one.id, isolated(one.name))
            for one in await organisations.offices(door.session)
            if door.actor.sees_office(one.id)
        ],
        may_have_no_office=not door.actor.offices,
        genders=[(value, _(words)) for value, words in GENDERS.items()],
    )


async def _hers(door: Door, person_id: UUID, text: str) -> UUID:
    """
    The participation that the form names, if it is this person's.

    Raises:
        NotFound: it is not.
    """
    found = await access_participation(door.session, door.actor, _uuid(text) or person_id)
    if found.person_id != person_id:
        raise NotFound(kind="participation")
    return found.id


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


ROUTES = [show, edit, save, note, plan, held, settle]
