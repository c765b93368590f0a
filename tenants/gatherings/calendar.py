"""
Workshops as events of a calendar: the same entry in a letter, in a guest's file and feed, and in a coordinator's. Its uid is
the workshop's own for ever; each change of when and where raises the sequence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.calendar import Event
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.gatherings import queries
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.registration.models import Participation

LOOK_BACK = timedelta(days=366)
MOST = 500  # events in one file
ISOLATES = "\u2068\u2069"  # around names in sentences; calendars show them as boxes


@dataclass(frozen=True, slots=True)
class Titled:
    """A workshop with its title in the language that is spoken."""

    workshop: Workshop
    title: str


def event(one: Workshop, title: str, *, page: str = "") -> Event:
    """`page` is where it leads that has no address of a call."""
    return Event(
        uid=f"{one.id}@workshops.mentorweave",
        sequence=one.sequence,
        starts_at=one.starts_at,
        minutes=one.minutes,
        summary=title.strip(ISOLATES),
        location=one.place or one.link or "",
        url=one.link or page,
        is_cancelled=one.state == WorkshopState.CANCELLED,
        time_zone=one.time_zone,
    )


async def own(session: AsyncSession, actor: Actor, *, pages: str) -> list[Event]:
    """
    Where the actor has a place, waits for one, or was, in the last year and to come; one that was cancelled says so.

    Who waits reads that in the title, and the event is tentative. `pages` is the address before the path of a page.
    """
    actor.require(Permission.OWN_CASE)
    is_told = and_(
        Workshop.state.in_((WorkshopState.PLANNED, WorkshopState.CANCELLED)),
        Guest.state.in_((GuestState.COMING, GuestState.WAITING)),
    )
    was_there = and_(Workshop.state == WorkshopState.HELD, Guest.came.is_(True))
    query = (
        queries.of_guests()
        .join(Participation, queries.same(Participation, Guest.participation_id))
        .where(
            Participation.person_id == actor.require_person(),
            Workshop.starts_at > clock.now() - LOOK_BACK,
            or_(is_told, was_there),
        )
        # Of somebody in two parts the one with the place.
        .order_by(Workshop.starts_at.desc(), Workshop.id, Guest.state != GuestState.COMING)
        .limit(MOST)
    )
    found: dict[UUID, Event] = {}
    for workshop, guest, programme in await session.execute(query):
        page = f"{pages}/me/workshop/{workshop.id}"
        made = event(workshop, title_of(workshop, programme), page=page)
        if guest.state == GuestState.WAITING and workshop.state == WorkshopState.PLANNED:
            made = replace(made, summary=_("Waiting list: %(title)s", title=made.summary), is_tentative=True)
        found.setdefault(workshop.id, made)
    return list(found.values())[::-1]


async def titled(session: AsyncSession, workshop_ids: Sequence[UUID]) -> dict[UUID, Titled]:
    """Of workshops that somebody has access to; one query, none without ids."""
    if not workshop_ids:
        return {}
    query = (
        select(Workshop, Programme)
        .join(Programme, queries.same(Programme, Workshop.programme_id))
        .where(Workshop.id.in_(workshop_ids))
    )
    rows = await session.execute(query)
    return {workshop.id: Titled(workshop, title_of(workshop, programme)) for workshop, programme in rows}


def title_of(workshop: Workshop, programme: Programme) -> str:
    return text_in(workshop.title, language.current(), programme.languages)
