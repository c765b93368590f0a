"""One appointment of an interview on the coordinator's side: what she says to it, another time, cancelling."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import Conflict, Invalid, Problem, WrongState
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.appointment_models import OPEN, AppointmentState
from tenants.registration.appointments import actions, queries, rules
from tenants.registration.appointments.queries import Seen
from tenants.registration.appointments.words import STATE_NAMES
from tenants.registration.telling import shown_in
from tenants.registration.words import ROLE_NAMES
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/c/appointments/{appointment_id:uuid}"


@get(PATH)
async def show(door: NamedDependency[Door], appointment_id: FromPath[UUID]) -> Page:
    door.actor.require(Permission.PEOPLE_READ)
    return await _page(door, appointment_id, FormState())


@post(PATH + "/move")
async def move(door: NamedDependency[Door], appointment_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        minutes = filled.text("minutes")
        if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 5):
            raise Invalid(Problem("minutes", "not_a_number"))
        details = rules.details(int(minutes), filled.text("place"), filled.text("link"))
        found = await actions.move(
            door.session,
            door.actor,
            appointment_id,
            wall=filled.text("at"),
            zone=door.actor.time_zone,
            details=details,
            language=filled.text("language"),
            version=filled.text("version"),
        )
    except Invalid as error:
        return await _page(door, appointment_id, refused(filled, error), status=422)
    except (WrongState, Conflict) as error:
        return door.go(f"/c/appointments/{appointment_id}", said=said(error))
    when = language.moment_words(found.starts_at, door.actor.time_zone, clock.today(door.actor.time_zone))
    return door.go(
        f"/c/appointments/{appointment_id}",
        said=_("Moved: %(when)s. The letter leaves in ten minutes.", when=when),
    )


@post(PATH + "/accept")
async def accept(door: NamedDependency[Door], appointment_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        at = datetime.fromisoformat(filled.text("at"))
        if at.tzinfo is None:
            raise ValueError
    except ValueError:
        return door.go(f"/c/appointments/{appointment_id}", said=said(rules.NotProposed()))
    try:
        await actions.accept(door.session, door.actor, appointment_id, at=at, version=filled.text("version"))
    except Invalid as error:
        return await _page(door, appointment_id, refused({}, error), status=422)
    except (WrongState, Conflict) as error:
        return door.go(f"/c/appointments/{appointment_id}", said=said(error))
    return door.go(
        f"/c/appointments/{appointment_id}",
        said=_("The time that she proposed stands. The letter leaves in ten minutes."),
    )


@post(PATH + "/cancel")
async def cancel(door: NamedDependency[Door], appointment_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await actions.cancel(door.session, door.actor, appointment_id, version=filled.text("version"))
    except (WrongState, Conflict) as error:
        return door.go(f"/c/appointments/{appointment_id}", said=said(error))
    return door.go(f"/c/appointments/{appointment_id}", said=_("The interview is cancelled."))


async def _page(door: Door, appointment_id: UUID, form: FormState, *, status: int = 200) -> Page:
    seen = await queries.access(door.session, door.actor, appointment_id)
    one, zone = seen.appointment, door.actor.time_zone
    programme = await programmes.own_programme(door.session, seen.participation.programme_id)
    return door.page(
        "appointments/one.html",
        status=status,
        form=form,
        seen=seen,
        one=one,
        is_open=one.state in OPEN,
        is_over=one.starts_at <= clock.now(),
        needs_you=one.state in (AppointmentState.PROPOSED, AppointmentState.DECLINED),
        state=_(STATE_NAMES[AppointmentState(one.state)]),
        role=_(ROLE_NAMES[seen.participation.role]),
        programme=shown_in(programme, programme.name),
        proposed=[_proposed(kept, seen, zone) for kept in one.proposed],
        version=rules.version_of(one),
        wall=rules.wall_of(one.starts_at, zone),
        spoken=[
            (code, language.language_name(code)) for code in {*door.organisation.languages, one.language}
        ],
        zone=zone,
        today=clock.today(zone),
    )


def _proposed(kept: dict[str, Any], seen: Seen, zone: str) -> dict[str, Any]:
    """A time of hers, as both read it; nothing can be accepted that is over."""
    at = datetime.fromisoformat(kept["at"])
    differs = clock.local(at, zone).utcoffset() != clock.local(at, seen.time_zone).utcoffset()
    return {
        "at": kept["at"],
        "mine": language.moment_words(at, zone, clock.today(zone)),
        "hers": language.moment_words(at, seen.time_zone, clock.today(zone)) if differs else "",
        "is_over": at <= clock.now(),
    }


ROUTES = [show, move, accept, cancel]
