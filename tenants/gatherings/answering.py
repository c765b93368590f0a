"""What a guest says to her invitation, from the letter, on her page, or to her coordinator on the telephone."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.gatherings import places, queries, rules
from tenants.gatherings.events import Event
from tenants.gatherings.models import Guest, GuestState, Workshop
from tenants.permissions import Permission


async def answer(
    session: AsyncSession, actor: Actor, workshop_id: UUID, *, comes: bool, by_letter: bool = False
) -> Guest:
    """
    Say that one comes, or does not. The latest answer counts until the workshop begins.

    Whoever comes where no place is left waits for one, in the order of answers. A place that is given up goes to
    whoever has waited longest.

    Raises:
        NotFound: not invited. WorkshopOver: it is cancelled or held, or its hour has come.
    """
    actor.require(Permission.OWN_CASE)
    actor.refuse_support()
    mine = await queries.own_one(session, actor, workshop_id)
    workshop, guest = await _locked(session, workshop_id, mine.guest.id)
    return await _take(session, actor, workshop, guest, comes=comes, by_letter=by_letter)


async def note(
    session: AsyncSession, actor: Actor, workshop_id: UUID, guest_id: UUID, *, comes: bool
) -> Guest:
    """
    As a coordinator: write down what a guest has said.

    Raises:
        NotFound: no such guest within the actor's reach. WorkshopOver: it is cancelled or held, or its hour has come.
    """
    actor.require(Permission.STATUS_CHANGE)
    await queries.access(session, actor, workshop_id)
    workshop, guest = await _locked(session, workshop_id, guest_id)
    return await _take(session, actor, workshop, guest, comes=comes, by_letter=False)


async def _locked(session: AsyncSession, workshop_id: UUID, guest_id: UUID) -> tuple[Workshop, Guest]:
    """The workshop first, and her after it, as by everybody who counts its places."""
    workshop = await queries.own_workshop(session, workshop_id, lock=True)
    query = select(Guest).where(Guest.id == guest_id, Guest.workshop_id == workshop_id).with_for_update()
    found = await session.execute(query.execution_options(populate_existing=True))
    guest = found.scalar_one_or_none()
    if workshop is None or guest is None:
        raise NotFound(kind="workshop_guest", id=str(guest_id))
    return workshop, guest


async def _take(
    session: AsyncSession, actor: Actor, workshop: Workshop, guest: Guest, *, comes: bool, by_letter: bool
) -> Guest:
    if not rules.is_answerable(workshop, guest):
        raise rules.WorkshopOver(state=workshop.state)
    before = guest.state
    is_said = before in (GuestState.COMING, GuestState.WAITING) if comes else before == GuestState.DECLINED
    if is_said:
        return guest  # a doubled click keeps her place, and her turn
    guest.answered_at = max(clock.now(), (guest.answered_at or guest.created_at) + timedelta(microseconds=1))
    if comes:
        await places.give(session, workshop, guest)
    else:
        guest.state = GuestState.DECLINED
    await session.flush()
    audit.record(
        session, actor, Event.ANSWERED, kind="participation", id=guest.participation_id,
        workshop=str(workshop.id), answer=guest.state, by_letter=by_letter,
    )  # fmt: skip
    if before == GuestState.COMING:
        await places.fill(session, actor, workshop)
    return guest
