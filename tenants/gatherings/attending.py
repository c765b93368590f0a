"""Who came: ticked for many at once, and whoever came without an invitation."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.gatherings import queries, rules, telling
from tenants.gatherings.events import Event
from tenants.gatherings.models import Guest, GuestState, Workshop, WorkshopState
from tenants.gatherings.telling import OPINION
from tenants.notifications import actions as notifications
from tenants.permissions import Permission
from tenants.registration.models import Participation, Status
from tenants.registration.queries import access_participation
from tenants.registration.rules import UNDO


async def attend(
    session: AsyncSession, actor: Actor, workshop_id: UUID, *, came: Collection[UUID], of: Collection[UUID]
) -> int:
    """
    Note which of some guests were there. With that the workshop was held, and whoever was there is asked how it was.

    `of` are all guests that the page showed: whoever is among them and not in `came` was not there, and what is known
    of everybody else stays. Ids that are no guests of it do nothing. Returns how many were there in all.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled. WorkshopNotYet: it has not begun.
    """
    workshop = await _access(session, actor, workshop_id)
    query = select(Guest).where(Guest.workshop_id == workshop.id, bulk.any_of(Guest.id, list(of)))
    found = (await session.execute(query.order_by(Guest.id))).scalars().all()
    new = [one for one in found if one.id in came and one.came is not True]
    for one in found:
        one.came = one.id in came
    await _hold(session, actor, workshop)
    await _thank(session, actor, workshop, new)
    there = (await queries.counts(session, [workshop.id]))[workshop.id].came
    audit.record(session, actor, Event.ATTENDANCE_NOTED, kind="workshop", id=workshop.id, number=there)
    return there


async def add(session: AsyncSession, actor: Actor, workshop_id: UUID, participation_id: UUID) -> Guest:
    """
    Note that somebody of the programme was there who was not invited. Once; of a guest it notes that she came.

    Raises:
        NotFound: no workshop, or nobody, within the actor's reach. WorkshopOver: cancelled.
        WorkshopNotYet: it has not begun. NotInvitable: she is of another programme, or has left.
    """
    workshop = await _access(session, actor, workshop_id)
    part = await access_participation(session, actor, participation_id)
    if part.programme_id != workshop.programme_id or part.status == Status.LEFT:
        raise rules.NotInvitable
    query = select(Guest).where(Guest.workshop_id == workshop.id, Guest.participation_id == part.id)
    guest = (await session.execute(query)).scalar_one_or_none()
    is_new = guest is None or guest.came is not True
    if guest is None:
        guest = Guest(
            organisation_id=actor.organisation_id,
            id=ids.random(),
            workshop_id=workshop.id,
            participation_id=part.id,
            link_id=ids.random(),
            state=GuestState.UNASKED,
            has_said=False,
        )
        session.add(guest)
    guest.came = True
    await session.flush()
    await _hold(session, actor, workshop)
    await _thank(session, actor, workshop, [guest] if is_new else [])
    return guest


async def _access(session: AsyncSession, actor: Actor, workshop_id: UUID) -> Workshop:
    actor.require(Permission.STATUS_CHANGE)
    workshop = await queries.access(session, actor, workshop_id, lock=True)
    if workshop.state == WorkshopState.CANCELLED:
        raise rules.WorkshopOver(state=workshop.state)
    if workshop.starts_at > clock.now():
        raise rules.WorkshopNotYet
    return workshop


async def _hold(session: AsyncSession, actor: Actor, workshop: Workshop) -> None:
    if workshop.state == WorkshopState.PLANNED:
        workshop.state = WorkshopState.HELD
        workshop.remind_at = None
        workshop.version += 1
        await notifications.settle(session, actor, key=telling.attendance_key(workshop))
    await session.flush()


async def _thank(session: AsyncSession, actor: Actor, workshop: Workshop, new: Sequence[Guest]) -> None:
    """Ask each how it was, ten minutes later: a wrong tick can be taken away before."""
    if not new:
        return
    query = select(Participation.id, Participation.person_id).where(
        bulk.any_of(Participation.id, [one.participation_id for one in new])
    )
    whose = {row.id: row.person_id for row in await session.execute(query)}
    for one in new:
        audit.record(
            session, actor, Event.ATTENDED, kind="participation", id=one.participation_id,
            workshop=str(workshop.id),
        )  # fmt: skip
    guests = [(one.id, whose[one.participation_id]) for one in new]
    if clock.now() < workshop.starts_at + rules.SAID_WITHIN:
        await telling.write(session, actor, OPINION, workshop, guests, due_at=clock.now() + UNDO)
