"""Reading registrations: forms that are being filled in, or wait for their confirmation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.registration.models import Registration


@dataclass(frozen=True, slots=True)
class Waiting:
    """A registration that was sent and not confirmed: for a coordinator who is called about it."""

    id: UUID
    full_name: str | None
    email: str | None
    role: str | None
    sent_at: datetime | None
    expires_at: datetime


async def access_registration(
    session: AsyncSession, registration_id: UUID, *, lock: bool = False
) -> Registration:
    """
    A form that is still being filled in, or waits for its confirmation.

    Raises:
        NotFound: unknown, expired, or confirmed and so no form any more.
    """
    query = select(Registration).where(Registration.id == registration_id)
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None or found.confirmed_at is not None or found.expires_at <= clock.now():
        raise NotFound(kind="registration")
    return found


async def access_sent(session: AsyncSession, registration_id: UUID) -> Registration:
    """
    A registration that may be confirmed or has been, locked.

    Raises:
        NotFound: unknown, expired, or not sent.
    """
    query = select(Registration).where(Registration.id == registration_id).with_for_update()
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None or found.sent_at is None:
        raise NotFound(kind="registration")
    if found.confirmed_at is None and found.expires_at <= clock.now():
        raise NotFound(kind="registration")
    return found


async def access_waiting(session: AsyncSession, actor: Actor, registration_id: UUID) -> Registration:
    """
    One that a coordinator may confirm for somebody who has told her so, locked.

    Raises:
        NotFound: unknown, expired, not sent, or not one of those that `waiting` would list.
    """
    actor.require(Permission.REGISTRATION_MAKE)
    found = await access_sent(session, registration_id)
    if actor.offices and found.recorded_by != actor.person_id:
        raise NotFound(kind="registration")
    return found


async def registration_of(session: AsyncSession, registration_id: UUID) -> Registration | None:
    """Whatever stands under the id, for letters and for the page after sending."""
    query = select(Registration).where(Registration.id == registration_id)
    return (await session.execute(query)).scalar_one_or_none()


async def unsent_of(session: AsyncSession, email: str) -> Sequence[UUID]:
    """Forms of an address that can be gone on with, the newest first."""
    query = select(Registration.id).where(
        Registration.email == email, Registration.sent_at.is_(None), Registration.expires_at > clock.now()
    )
    return (await session.execute(query.order_by(Registration.created_at.desc()).limit(5))).scalars().all()


async def waiting(session: AsyncSession, actor: Actor, *, limit: int = 50) -> list[Waiting]:
    """
    Sent and not confirmed, the soonest to expire first. Never counted among participants.

    They belong to no office yet, so a coordinator of some offices sees those that she wrote down herself.
    """
    actor.require(Permission.REGISTRATION_MAKE)
    query = (
        select(
            Registration.id, Registration.full_name, Registration.email, Registration.role,
            Registration.sent_at, Registration.expires_at,
        )
        .where(
            Registration.sent_at.is_not(None),
            Registration.confirmed_at.is_(None),
            Registration.expires_at > clock.now(),
        )
        .order_by(Registration.expires_at, Registration.id)
        .limit(limit)
    )  # fmt: skip
    if actor.offices:
        query = query.where(Registration.recorded_by == actor.person_id)
    rows = await session.execute(query)
    return [Waiting(*row) for row in rows]
