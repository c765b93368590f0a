"""Planning a workshop, moving it, cancelling it. Its guests are told of the last two, once a letter has told them of the first."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from infra.errors import Forbidden, Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.gatherings import places, queries, rules, telling
from tenants.gatherings.events import Event
from tenants.gatherings.models import Guest, Workshop, WorkshopState
from tenants.gatherings.rules import Asked, Plan
from tenants.gatherings.telling import CANCELLED, INVITED, MOVED, PLACE, REMINDER
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.rules import UNDO

TWO_CLICKS = timedelta(seconds=30)  # within which the same plan is the same workshop


async def plan(
    session: AsyncSession, actor: Actor, cycle_id: UUID, asked: Asked, *, office_id: UUID | None = None
) -> Workshop:
    """
    Plan a workshop for a cycle. Nobody is invited by that.

    Whoever works for some offices plans for one of them.

    Raises:
        NotFound: no such cycle or office. Forbidden: the actor may not plan, or not for this office.
        Invalid: with a problem at each field that cannot be used.
    """
    actor.require(Permission.STATUS_CHANGE)
    actor.require(Permission.PEOPLE_READ)
    cycle = await programmes.access_cycle(session, actor, cycle_id)
    programme = await programmes.own_programme(session, cycle.programme_id)
    await _must_be_hers(session, actor, office_id)
    found = rules.read(asked, programme.languages)
    if same := await _same(session, actor, cycle.id, office_id, found):
        return same
    made = Workshop(
        organisation_id=actor.organisation_id,
        programme_id=programme.id,
        cycle_id=cycle.id,
        office_id=office_id,
        planned_by=actor.person_id,
        state=WorkshopState.PLANNED,
        sequence=0,
        version=1,
    )
    _set(made, found)
    session.add(made)
    await session.flush()
    await telling.put_on_desk(session, actor, made)
    audit.record(session, actor, Event.PLANNED, kind="workshop", id=made.id)
    return made


async def _same(
    session: AsyncSession, actor: Actor, cycle_id: UUID, office_id: UUID | None, wanted: Plan
) -> Workshop | None:
    """What the actor has planned a moment ago in the same words: the first of two clicks."""
    if actor.person_id is None:
        return None
    await session.execute(select(bulk.alone(actor.person_id)))
    query = select(Workshop).where(
        Workshop.cycle_id == cycle_id,
        Workshop.planned_by == actor.person_id,
        Workshop.state == WorkshopState.PLANNED,
        Workshop.starts_at == wanted.time.at,
        Workshop.kind == wanted.kind,
        Workshop.audience == wanted.audience,
        Workshop.created_at > clock.now() - TWO_CLICKS,
    )
    for one in (await session.execute(query)).scalars():
        if one.title == dict(wanted.title) and one.office_id == office_id:
            return one
    return None


async def change(
    session: AsyncSession, actor: Actor, workshop_id: UUID, asked: Asked, *, version: int | None = None
) -> Workshop:
    """
    Change what is planned. Another time or place is told to all who were invited, ten minutes later; the entry in
    their calendars moves, and who has a place keeps it. More places go to those who wait for one.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled or held.
        WorkshopChanged: somebody changed it meanwhile. Invalid: a field that cannot be used.
    """
    found = await _access(session, actor, workshop_id, version)
    programme = await programmes.own_programme(session, found.programme_id)
    wanted = rules.read(asked, programme.languages, kept=found)
    await _must_fit(session, found, wanted)
    if rules.moves(found, wanted):
        await _move(session, actor, found, wanted)
    else:
        _set(found, wanted, remind=False)
    found.version += 1
    await session.flush()
    audit.record(session, actor, Event.CHANGED, kind="workshop", id=found.id)
    await places.fill(session, actor, found)
    return found


async def cancel(
    session: AsyncSession, actor: Actor, workshop_id: UUID, *, version: int | None = None
) -> Workshop:
    """
    Cancel it. Who was told of it is told at once, and the entry leaves her calendar; the others never hear of it.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled or held already.
        WorkshopChanged: somebody changed it meanwhile.
    """
    found = await _access(session, actor, workshop_id, version)
    reached = await telling.told(session, found)
    await telling.withdraw(session, (INVITED, MOVED, REMINDER, PLACE), found)
    await notifications.settle(session, actor, key=telling.attendance_key(found))
    found.state = WorkshopState.CANCELLED
    found.remind_at = None
    found.sequence += 1
    found.version += 1
    await session.flush()
    await telling.write(session, actor, CANCELLED, found, reached)
    audit.record(session, actor, Event.CANCELLED, kind="workshop", id=found.id)
    return found


async def _access(session: AsyncSession, actor: Actor, workshop_id: UUID, version: int | None) -> Workshop:
    actor.require(Permission.STATUS_CHANGE)
    found = await queries.access(session, actor, workshop_id, lock=True)
    rules.must_be_planned(found)
    rules.must_be_of_now(found, version)
    return found


async def _must_be_hers(session: AsyncSession, actor: Actor, office_id: UUID | None) -> None:
    if office_id is None and actor.offices:
        raise Invalid(Problem("office_id", "missing"))
    if office_id is None:
        return
    if office_id not in {one.id for one in await organisations.offices(session)}:
        raise NotFound(kind="office", id=str(office_id))
    if not actor.sees_office(office_id):
        raise Forbidden(permission=Permission.STATUS_CHANGE.value)


async def _must_fit(session: AsyncSession, found: Workshop, wanted: Plan) -> None:
    """
    Raises:
        Invalid: fewer places than are taken, or for other people than were invited.
    """
    problems = []
    coming = await queries.taken(session, found.id)
    if wanted.places is not None and wanted.places < coming:
        problems.append(Problem("places", "workshop_places_taken", {"taken": coming}))
    if wanted.audience != found.audience and await telling.guest_ids(session, found.id):
        problems.append(Problem("audience", "workshop_audience_fixed"))
    if problems:
        raise Invalid(*problems)


async def _move(session: AsyncSession, actor: Actor, found: Workshop, wanted: Plan) -> None:
    """Another hour or place: new links, a higher sequence, letters and the task of the new time in place of the old."""
    reached = await telling.told(session, found)
    await telling.withdraw(session, (MOVED, REMINDER), found)
    await notifications.settle(session, actor, key=telling.attendance_key(found))
    _set(found, wanted)
    found.sequence += 1
    await session.flush()
    await session.execute(
        update(Guest).where(Guest.workshop_id == found.id).values(link_id=func.gen_random_uuid())
    )
    await telling.write(session, actor, MOVED, found, reached, due_at=clock.now() + UNDO)
    await telling.put_on_desk(session, actor, found)


def _set(workshop: Workshop, plan: Plan, *, remind: bool = True) -> None:
    workshop.kind, workshop.audience = plan.kind, plan.audience
    workshop.title, workshop.words = dict(plan.title), dict(plan.words)
    workshop.wall_time, workshop.time_zone, workshop.starts_at = plan.time.wall, plan.time.zone, plan.time.at
    workshop.minutes, workshop.place, workshop.link = plan.minutes, plan.place, plan.link
    workshop.language, workshop.places = plan.language, plan.places
    if remind:
        workshop.remind_at = rules.remind_at(plan.time)
