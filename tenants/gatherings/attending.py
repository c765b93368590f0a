"""Who came: ticked one by one, or for all who answered alike; and whoever came without an invitation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, select
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
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.models import Participation, Status
from tenants.registration.queries import access_participation
from tenants.registration.rules import UNDO

SHOWN = 60  # names on the page that one looks at before
MAY_BE_THERE = (GuestState.ASKED, GuestState.COMING, GuestState.WAITING, GuestState.DECLINED)


@dataclass(frozen=True, slots=True)
class Matching:
    """Guests who would be noted as there: how many, the first by name, and how many of those who match are it already."""

    number: int
    first: Sequence[tuple[str, str]]  # name and role
    already: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """
    Guests who were noted as there, with what was noted of each before; `began`: with it the workshop was held.
    """

    workshop_id: UUID
    before: Mapping[UUID, bool | None]
    began: bool


async def matching(
    session: AsyncSession, actor: Actor, workshop_id: UUID, states: Sequence[GuestState]
) -> Matching:
    """
    What `attend_all` would do.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled. WorkshopNotYet: it has not begun.
    """
    workshop = await _access(session, actor, workshop_id, lock=False)
    counting = select(func.count().filter(~_is_there()), func.count().filter(_is_there()))
    number, already = (await session.execute(_of(counting, workshop, states))).one()
    named = _of(select(Person.full_name, Participation.role), workshop, states).where(~_is_there())
    rows = await session.execute(named.order_by(Person.search_key, Guest.id).limit(SHOWN))
    return Matching(number, [(row[0], row[1]) for row in rows], already)


async def attend_all(
    session: AsyncSession, actor: Actor, workshop_id: UUID, states: Sequence[GuestState]
) -> Ticked:
    """
    Note that all guests who stand so were there, however many they are; as `attend` for each.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled. WorkshopNotYet: it has not begun.
    """
    workshop = await _access(session, actor, workshop_id)
    query = _of(select(Guest), workshop, states).where(~_is_there()).order_by(Guest.id)
    found = (await session.execute(query.execution_options(populate_existing=True))).scalars().all()
    before = {one.id: one.came for one in found}
    began = workshop.state == WorkshopState.PLANNED
    if found:
        for one in found:
            one.came = True
        await _hold(session, actor, workshop)
        await _thank(session, actor, workshop, found)
        there = (await queries.counts(session, [workshop.id]))[workshop.id].came
        audit.record(session, actor, Event.ATTENDANCE_NOTED, kind="workshop", id=workshop.id, number=there)
    return Ticked(workshop.id, before, began)


async def take_back(session: AsyncSession, actor: Actor, ticked: Ticked) -> int:
    """
    Note again what was noted before. Who was asked meanwhile how it was, or has said it, stays. Returns how many it did.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled.
    """
    workshop = await _access(session, actor, ticked.workshop_id)
    query = select(Guest).where(
        Guest.workshop_id == workshop.id,
        bulk.any_of(Guest.id, list(ticked.before)),
        Guest.came.is_(True),
        Guest.has_said.is_(False),
    )
    found = (await session.execute(query.execution_options(populate_existing=True))).scalars().all()
    asked = await telling.asked(session, workshop, [one.id for one in found])
    back = [one for one in found if not asked.get(one.id)]
    for one in back:
        one.came = ticked.before[one.id]
    await telling.withdraw(session, (OPINION,), workshop, guest_ids=[one.id for one in back])
    await session.flush()
    there = (await queries.counts(session, [workshop.id]))[workshop.id].came
    if ticked.began and not there and workshop.state == WorkshopState.HELD:
        workshop.state = WorkshopState.PLANNED
        workshop.version += 1
        await notifications.reopen(session, key=telling.attendance_key(workshop))
    audit.record(session, actor, Event.ATTENDANCE_NOTED, kind="workshop", id=workshop.id, number=there)
    return len(back)


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
    gone = [one.id for one in found if one.id not in came and one.came is True]
    for one in found:
        one.came = one.id in came
    await _hold(session, actor, workshop)
    await telling.withdraw(session, (OPINION,), workshop, guest_ids=gone)
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


async def _access(session: AsyncSession, actor: Actor, workshop_id: UUID, *, lock: bool = True) -> Workshop:
    actor.require(Permission.STATUS_CHANGE)
    workshop = await queries.access(session, actor, workshop_id, lock=lock)
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


def _of(query: Any, workshop: Workshop, states: Sequence[GuestState]) -> Any:
    """Guests who stand so, with their names at hand."""
    return (
        query.select_from(Guest)
        .join(Participation, queries.same(Participation, Guest.participation_id))
        .join(Person, queries.same(Person, Participation.person_id))
        .where(Guest.workshop_id == workshop.id, Guest.state.in_(states))
    )


def _is_there() -> Any:
    return func.coalesce(Guest.came, false())


async def _thank(session: AsyncSession, actor: Actor, workshop: Workshop, new: Sequence[Guest]) -> None:
    """
    Ask each how it was, ten minutes later: a wrong tick can be taken away before, and set again. Nobody is asked twice.
    """
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
    if clock.now() < workshop.starts_at + rules.SAID_WITHIN:
        asked = await telling.asked(session, workshop, [one.id for one in new])
        guests = [(one.id, whose[one.participation_id]) for one in new if one.id not in asked]
        mark = f":{clock.now().isoformat()}"
        await telling.write(session, actor, OPINION, workshop, guests, due_at=clock.now() + UNDO, mark=mark)
