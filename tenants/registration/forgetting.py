"""
What is deleted of registrations that nobody confirmed (K02), and of those that have become participations.

Letters to an address that is not a person yet name the registration, so that
they can go with it, or pass to the person it has become.
"""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications.models import Letter
from tenants.registration.events import Event
from tenants.registration.models import Registration

BATCH = 500  # registrations deleted in one transaction of the sweep


async def expire(session: AsyncSession, actor: Actor, registration_id: UUID) -> bool:
    """Delete a registration whose time is over, silently. False if it was confirmed, prolonged, or has gone."""
    return await _forget(session, actor, [registration_id]) == 1


async def clear_expired(session: AsyncSession, actor: Actor) -> int:
    """Delete what is over, for whichever job was lost. Returns how many."""
    over = select(Registration.id).where(
        Registration.expires_at <= clock.now(), Registration.confirmed_at.is_(None)
    )
    ids = (await session.execute(over.order_by(Registration.expires_at).limit(BATCH))).scalars().all()
    return await _forget(session, actor, list(ids))


async def _forget(session: AsyncSession, actor: Actor, ids: list[UUID]) -> int:
    gone = (
        (
            await session.execute(
                delete(Registration)
                .where(
                    Registration.id.in_(ids),
                    Registration.confirmed_at.is_(None),
                    Registration.expires_at <= clock.now(),
                )
                .returning(Registration.id)
            )
        )
        .scalars()
        .all()
    )
    if gone:
        about = Letter.about["registration_id"].astext
        await session.execute(
            delete(Letter).where(Letter.person_id.is_(None), about.in_([str(one) for one in gone]))
        )
    for registration_id in gone:
        audit.record(session, actor, Event.REGISTRATION_EXPIRED, kind="registration", id=registration_id)
    return len(gone)


async def hand_letters_over(session: AsyncSession, registration: Registration, person_id: UUID) -> None:
    """From here on the person stands for the registration: its letters become hers, its answers are not kept twice."""
    await session.execute(
        update(Letter)
        .where(
            Letter.person_id.is_(None),
            Letter.about["registration_id"].astext == str(registration.id),
        )
        .values(person_id=person_id, to_email=None)
    )
    registration.answers = {}
    registration.full_name = None
    registration.email = None
