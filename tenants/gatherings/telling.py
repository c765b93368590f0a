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
    mark: str = "",
) -> None:
    """
    A letter of a kind to guests, (guest, person) each: of invitations one, else one for each change of the entry.

    `mark` keeps apart what may be written, taken back, and written again.
    """
    number = 0 if kind == INVITED else workshop.sequence
    letters = [
        Addressed(
            rules.letter_key(kind, guest_id, number) + mark, person_id,
            {"guest_id": guest_id, "workshop_id": workshop.id, "sequence": workshop.sequence},
        )
        for guest_id, person_id in guests
    ]  # fmt: skip
    await notifications.write_all(session, actor, kind, letters, due_at=due_at)


async def told(session: AsyncSession, workshop: Workshop) -> list[tuple[UUID, UUID]]:
    """Guests who may still come and whom a letter about it has reached, or may have: (guest, person)."""
    rows = await session.execute(queries.staying(workshop.id).where(Guest.state.in_(rules.OPEN)))
    found = [(guest_id, person_id) for guest_id, person_id in rows]
    reached = await left(session, [guest_id for guest_id, _person in found])
    return [one for one in found if one[0] in reached]


async def withdraw(
    session: AsyncSession,
    kinds: Sequence[str],
    workshop: Workshop,
    *,
    guest_ids: Sequence[UUID] | None = None,
) -> None:
    """Take back what waits of some kinds, of whatever change: of some guests, or of all."""
    query = select(Letter.key).where(
        Letter.state == LetterState.WAITING,
        Letter.kind.in_(kinds),
        Letter.about["workshop_id"].astext == str(workshop.id),
    )
    if guest_ids is not None:
        query = query.where(bulk.texts(Letter.about["guest_id"].astext, [str(one) for one in guest_ids]))
    keys = (await session.execute(query)).scalars().all()
    for part in bulk.batches(keys):
        await notifications.withdraw_letters(session, keys=list(part))


async def left(session: AsyncSession, guest_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some guests whose invitation has gone, or may have."""
    invitations = {rules.letter_key(INVITED, one, 0): one for one in guest_ids}
    found = set[UUID]()
    for part in bulk.batches(list(invitations)):
        query = select(Letter.key).where(bulk.texts(Letter.key, part), Letter.state.in_(_LEFT))
        found |= {invitations[key] for key in (await session.execute(query)).scalars()}
    return found


async def asked(session: AsyncSession, workshop: Workshop, guest_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Whom of some guests a letter asks how it was, or has asked: True where it has left, or may have."""
    found: dict[UUID, bool] = {}
    for part in bulk.batches(guest_ids):
        query = select(Letter.about["guest_id"].astext, Letter.state).where(
            Letter.kind == OPINION,
            Letter.state.in_((LetterState.WAITING, *_LEFT)),
            Letter.about["workshop_id"].astext == str(workshop.id),
            bulk.texts(Letter.about["guest_id"].astext, [str(one) for one in part]),
        )
        for guest_id, state in await session.execute(query):
            found[UUID(guest_id)] = found.get(UUID(guest_id), False) or state in _LEFT
    return found


async def guest_ids(
    session: AsyncSession, workshop_id: UUID, states: Sequence[GuestState] = ()
) -> list[UUID]:
    query = select(Guest.id).where(Guest.workshop_id == workshop_id)
    query = query.where(Guest.state.in_(states)) if states else query
    return list((await session.execute(query.order_by(Guest.id))).scalars())
