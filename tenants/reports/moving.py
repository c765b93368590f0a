"""
Moving people on from status to status, one or many, as a coordinator chooses from "Move to…".

Each move is the action of the registration room with all its checks. Who is in
a relationship is moved by its end, and nobody is moved into one by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, Problem, WrongState
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration import actions as registration
from tenants.registration.models import Participation, Status
from tenants.registration.queries import access_participation
from tenants.registration.rules import REAPPLYING, TRANSITIONS, StatusNotReachable
from tenants.reports.pipeline import ORDER

MOST = 100  # people moved at once: as many as fit the way back

_BY_HAND = {
    Status.AWAITING_INTERVIEW: registration.select_for_interview,
    Status.READY: registration.make_ready,
    Status.NETWORK_PARTICIPANT: registration.to_network_participant,
    Status.LEFT: registration.leave,
    Status.REGISTERED: registration.reapply,
}


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who is to be moved; `refusal` says why she cannot be."""

    participation_id: UUID
    person_id: UUID
    full_name: str
    role: str
    status: str
    refusal: WrongState | None = None


def ways_on(status: str) -> list[Status]:
    """Where a coordinator may move somebody from here, in the order of the process."""
    now = Status(status)
    if now is Status.IN_RELATIONSHIP:
        return []
    allowed = TRANSITIONS[now] & set(_BY_HAND)
    if now in REAPPLYING:
        allowed |= {Status.REGISTERED}
    return [to for to in ORDER if to in allowed]


async def move(session: AsyncSession, actor: Actor, participation_id: UUID, to: str) -> Mover:
    """
    Move one participation; she is returned as she stands afterwards.

    Raises:
        NotFound: none within the actor's reach.
        WrongState: with the reason; nothing was changed.
        Invalid: no such status.
    """
    found = await move_one(session, actor, participation_id, _target(to))
    name = (await session.execute(select(Person.full_name).where(Person.id == found.person_id))).scalar_one()
    return Mover(found.id, found.person_id, name, found.role, found.status)


async def move_one(
    session: AsyncSession, actor: Actor, participation_id: UUID, to: Status, **facts: str | None
) -> Participation:
    """
    The same for whoever asks for one status: nobody is moved into or out of a relationship by hand (K11, K12).

    Raises:
        NotFound, WrongState: as for `move`.
    """
    actor.require(Permission.STATUS_CHANGE)
    found = await access_participation(session, actor, participation_id, lock=True)
    if to not in ways_on(found.status):
        raise StatusNotReachable(found=found.status, wanted=to.value)
    await _BY_HAND[to](session, actor, participation_id, **facts)
    return found


async def rehearse(
    session: AsyncSession, actor: Actor, participation_ids: Sequence[UUID], to: str
) -> list[Mover]:
    """What `move_many` would do now, by doing it and taking it back."""
    return await _each(session, actor, participation_ids, to, for_good=False)


async def move_many(
    session: AsyncSession, actor: Actor, participation_ids: Sequence[UUID], to: str
) -> list[Mover]:
    """Move everybody who can be moved; the others stay as they are, each with the reason."""
    return await _each(session, actor, participation_ids, to, for_good=True)


async def undo_many(session: AsyncSession, actor: Actor, participation_ids: Sequence[UUID]) -> int:
    """Take the last move of each back, within ten minutes. Returns how many could be."""
    actor.require(Permission.STATUS_CHANGE)
    undone = 0
    for mover in await _movers(session, actor, participation_ids):
        try:
            async with session.begin_nested():
                await registration.undo(session, actor, mover.participation_id)
        except WrongState:
            continue
        undone += 1
    return undone


class _TakenBack(Exception):
    """Ends a rehearsal; nobody outside sees it."""


async def _each(
    session: AsyncSession, actor: Actor, participation_ids: Sequence[UUID], to: str, *, for_good: bool
) -> list[Mover]:
    actor.require(Permission.STATUS_CHANGE)
    _target(to)
    found = await _movers(session, actor, participation_ids)
    return [await _try(session, actor, mover, to, for_good) for mover in found]


async def _try(session: AsyncSession, actor: Actor, mover: Mover, to: str, for_good: bool) -> Mover:
    try:
        async with session.begin_nested():
            await move(session, actor, mover.participation_id, to)
            if not for_good:
                raise _TakenBack
    except WrongState as refusal:
        return Mover(
            mover.participation_id, mover.person_id, mover.full_name, mover.role, mover.status, refusal
        )
    except _TakenBack:
        return mover
    return mover


async def _movers(session: AsyncSession, actor: Actor, participation_ids: Sequence[UUID]) -> list[Mover]:
    """Those within the actor's reach, in the order in which all who lock several lock them."""
    query: Any = (
        select(
            Participation.id,
            Participation.person_id,
            Person.full_name,
            Participation.role,
            Participation.status,
        )
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_(participation_ids[:MOST]))
        .order_by(Participation.id)
    )
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    return [Mover(*row) for row in await session.execute(query)]


def _target(to: str) -> Status:
    if to not in set(_BY_HAND):
        raise Invalid(Problem("to", "not_a_choice"))
    return Status(to)
