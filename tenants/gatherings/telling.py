"""
What guests are told, in bulk: each in few statements for hundreds of them.

Somebody whose invitation has not left yet is told nothing else: it is written when it goes, and says what stands then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.actor import Actor
from tenants.gatherings import queries, rules
from tenants.gatherings.models import Guest, GuestState, Workshop
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.notifications.models import Letter, LetterState

INVITED = "workshop.invited"
MOVED = "workshop.moved"
CANCELLED = "workshop.cancelled"
REMINDER = "workshop.reminder"
PLACE = "workshop.place"  # somebody cancelled, and there is a place for her
OPINION = "workshop.opinion"
ATTENDANCE = "workshop.attendance"  # the task to note who came
_LEFT = (LetterState.SENT, LetterState.SENDING, LetterState.UNKNOWN)


def attendance_key(workshop: Workshop) -> str:
    return f"{ATTENDANCE}:{workshop.id}:{workshop.sequence}"


async def put_on_desk(session: AsyncSession, actor: Actor, workshop: Workshop) -> None:
    """To note who came, on the day of the workshop."""
    await notifications.ask(
        session, actor, ATTENDANCE, key=attendance_key(workshop),
        due_on=clock.local(workshop.starts_at, workshop.time_zone).date(), person_id=workshop.planned_by,
        office_id=workshop.office_id if workshop.planned_by is None else None, workshop_id=workshop.id,
    )  # fmt: skip


async def write(
    session: AsyncSession,
    actor: Actor,
    kind: str,
    workshop: Workshop,
    guests: Iterable[tuple[UUID, UUID]],
    *,
    due_at: datetime | None = None,
) -> None:
    """A letter of a kind to guests, (guest, person) each: of invitations one, else one for each change of the entry."""
    number = 0 if kind == INVITED else workshop.sequence
    letters = [
        Addressed(
            rules.letter_key(kind, guest_id, number), person_id,
            {"guest_id": guest_id, "workshop_id": workshop.id, "sequence": workshop.sequence},
        )
        for guest_id, person_id in guests
    ]  # fmt: skip
    await notifications.write_all(session, actor, kind, letters, due_at=due_at)


async def told(session: AsyncSession, workshop: Workshop) -> list[tuple[UUID, UUID]]:
    """Guests who may still come and whom a letter about it has reached, or may have: (guest, person)."""
    rows = await session.execute(queries.staying(workshop.id).where(Guest.state.in_(rules.OPEN)))
    found = [(guest_id, person_id) for guest_id, person_id in rows]
    invitations = {rules.letter_key(INVITED, one[0], 0): one for one in found}
    left = set[str]()
    for part in bulk.batches(list(invitations)):
        query = select(Letter.key).where(bulk.texts(Letter.key, part), Letter.state.in_(_LEFT))
        left |= set((await session.execute(query)).scalars())
    return [one for key, one in invitations.items() if key in left]


async def withdraw(
    session: AsyncSession, kinds: Sequence[str], guest_ids: Sequence[UUID], workshop: Workshop
) -> None:
    """Take back what waits of some kinds, of whatever change."""
    keys = [
        rules.letter_key(kind, guest_id, number)
        for kind in kinds
        for guest_id in guest_ids
        for number in range(workshop.sequence + 1)
    ]
    for part in bulk.batches(keys):
        await notifications.withdraw_letters(session, keys=list(part))


async def guest_ids(
    session: AsyncSession, workshop_id: UUID, states: Sequence[GuestState] = ()
) -> list[UUID]:
    query = select(Guest.id).where(Guest.workshop_id == workshop_id)
    query = query.where(Guest.state.in_(states)) if states else query
    return list((await session.execute(query.order_by(Guest.id))).scalars())
