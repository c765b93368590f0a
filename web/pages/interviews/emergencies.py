"""Break-glass: who asked to read a note without its author, for what reason, and who decided."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import WrongState
from infra.language import gettext as _
from tenants.interviews import emergencies
from tenants.interviews.emergencies import Case
from tenants.interviews.models import AskedFor, EmergencyState
from tenants.permissions import Permission
from web.door import Door, Page
from web.refusals import said

LIST = "/c/emergencies"
PATH = LIST + "/{emergency_id:uuid}"


@get(LIST)
async def cases(door: NamedDependency[Door]) -> Page:
    if not door.actor.may(Permission.NOTES_WRITE):  # who writes notes finds those that she asked for
        door.actor.require(Permission.NOTES_DECIDE)
    now = clock.now()
    found = await emergencies.cases(door.session, door.actor)
    return door.page(
        "interviews/emergencies.html",
        cases=[(one, _state(one, now)) for one in found],
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


@get(PATH)
async def case(door: NamedDependency[Door], emergency_id: FromPath[UUID]) -> Page:
    found = await emergencies.see(door.session, door.actor, emergency_id)
    now = clock.now()
    is_own = found.emergency.requester_id == door.actor.person_id
    return door.page(
        "interviews/emergency.html",
        case=found,
        state=_state(found, now),
        may_decide=found.is_open(now) and not is_own and door.actor.may(Permission.NOTES_DECIDE),
        may_read=is_own and found.until is not None and found.until > now,
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


@post(PATH + "/open")
async def open_it(door: NamedDependency[Door], emergency_id: FromPath[UUID]) -> Page:
    return await _decide(door, emergency_id, True, _("It is open now. Everybody concerned is told."))


@post(PATH + "/refuse")
async def refuse(door: NamedDependency[Door], emergency_id: FromPath[UUID]) -> Page:
    return await _decide(door, emergency_id, False, _("The note stays closed."))


async def _decide(door: Door, emergency_id: UUID, is_yes: bool, done: str) -> Page:
    try:
        await emergencies.decide(door.session, door.actor, emergency_id, is_yes=is_yes)
    except WrongState as error:
        return door.go(f"{LIST}/{emergency_id}", said=said(error))
    return door.go(f"{LIST}/{emergency_id}", said=done)


def _state(case: Case, now: Any) -> str:
    """How it stands, in words."""
    if case.emergency.state == EmergencyState.REFUSED:
        return _("Stayed closed")
    if case.emergency.asked_for == AskedFor.HAND_OVER:
        return _handed(case, now)
    if case.emergency.state == EmergencyState.OPENED:
        is_open = case.until is not None and case.until > now
        return _("Open now") if is_open else _("Was open for an hour")
    return _("Waits for a decision") if case.is_open(now) else _("Nobody answered within a day")


def _handed(case: Case, now: Any) -> str:
    if case.emergency.state == EmergencyState.OPENED:
        is_open = case.until is not None and case.until > now
        return _("Handed over") if is_open else _("Was handed over")
    return _("Waits for a decision") if case.is_open(now) else _("Nobody answered in two weeks")


ROUTES = [cases, case, open_it, refuse]
