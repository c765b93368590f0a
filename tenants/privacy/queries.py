"""Reading copies, deletions and consents: one's own, those of whom one works with, and the proofs of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people import queries as people
from tenants.permissions import Permission
from tenants.privacy.models import Erasure, ErasureState, PersonalCopy

OPEN = (ErasureState.ASKED, ErasureState.LEAVING)


@dataclass(frozen=True, slots=True)
class Proof:
    """One deletion for whoever guards data protection: it names nobody."""

    id: UUID
    number: str
    state: str
    asked_at: datetime
    was_own_wish: bool
    due_at: datetime
    finished_at: datetime | None
    cancelled_at: datetime | None
    counts: dict[str, Any]

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.asked_at, self.id


async def open_erasure(session: AsyncSession, person_id: UUID) -> Erasure | None:
    """What is asked for and not done, for the house's own use."""
    query = select(Erasure).where(Erasure.person_id == person_id, Erasure.state.in_(OPEN))
    return (await session.execute(query)).scalar_one_or_none()


async def erasure_of(session: AsyncSession, actor: Actor, person_id: UUID) -> Erasure | None:
    """
    Raises:
        NotFound: nobody whom this actor may know of.
    """
    await must_know(session, actor, person_id)
    return await open_erasure(session, person_id)


async def access_erasure(
    session: AsyncSession, actor: Actor, erasure_id: UUID, *, lock: bool = False
) -> Erasure:
    """
    One's own, or that of somebody one works with.

    Raises:
        NotFound: none that this actor may know of.
    """
    query = select(Erasure).where(Erasure.id == erasure_id)
    found: Erasure | None = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(kind="erasure", id=str(erasure_id))
    await must_know(session, actor, found.person_id)
    return found


async def copies(session: AsyncSession, actor: Actor, person_id: UUID) -> Sequence[PersonalCopy]:
    """
    Those that have been asked for, the newest first.

    Raises:
        NotFound: nobody whom this actor may know of.
    """
    await must_know(session, actor, person_id)
    query = select(PersonalCopy).where(PersonalCopy.person_id == person_id)
    return (await session.scalars(query.order_by(PersonalCopy.created_at.desc(), PersonalCopy.id))).all()


async def proofs(
    session: AsyncSession, actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Proof]:
    """All deletions of the organisation, the newest first."""
    actor.require(Permission.PRIVACY_READ)
    query = select(Erasure).order_by(Erasure.created_at.desc(), Erasure.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(Erasure.created_at, Erasure.id) < after)
    return [_proof(one) for one in (await session.scalars(query)).all()]


async def proof(session: AsyncSession, actor: Actor, number: str) -> Proof:
    """
    The one that somebody asks for by its number.

    Raises:
        NotFound: no such number.
    """
    actor.require(Permission.PRIVACY_READ)
    found = await session.scalar(select(Erasure).where(Erasure.number == number.strip().upper()))
    if found is None:
        raise NotFound(kind="erasure", number=number)
    return _proof(found)


def _proof(one: Erasure) -> Proof:
    return Proof(
        one.id, one.number, one.state, one.created_at, one.asked_by == one.person_id, one.due_at, one.finished_at,
        one.cancelled_at, one.counts,
    )  # fmt: skip


async def must_know(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """
    Raises:
        NotFound: neither oneself nor somebody whose data rights the actor sees to.
    """
    if person_id == actor.person_id:
        actor.require(Permission.OWN_CASE)
        return
    if not actor.may(Permission.PERSON_ERASE):
        raise NotFound(kind="person", id=str(person_id))
    await people.access_person(session, actor, person_id)
