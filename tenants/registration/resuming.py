"""Coming back to a form: its link once more, and a wrong address put right."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.people import rules as people
from tenants.registration import registrations, signing_up
from tenants.registration.models import Registration


async def send_resume_link(session: AsyncSession, actor: Actor, *, email: str, language: str) -> None:
    """Send the links of all unsent forms of an address. Says nothing of whether there are any."""
    address = people.address(email)
    hour = clock.now().strftime("%Y%m%dT%H")
    for registration_id in await registrations.unsent_of(session, address):
        await notifications.write(
            session,
            actor,
            "registration.resume",
            key=f"registration.resume:{registration_id}:{hour}",
            to_email=address,
            language=language,
            registration_id=registration_id,
        )


async def change_address(session: AsyncSession, actor: Actor, registration_id: UUID) -> Registration:
    """
    Open a sent form again, because its address was wrong.

    It goes on under a new id: the link that went to the wrong address opens nothing any more.
    """
    old = await registrations.access_registration(session, registration_id, lock=True)
    if old.sent_at is None or old.confirmed_at is not None:
        return old
    fresh = Registration(
        organisation_id=old.organisation_id,
        id=ids.random(),
        programme_id=old.programme_id,
        cycle_id=old.cycle_id,
        role=old.role,
        full_name=old.full_name,
        language=old.language,
        answers=dict(old.answers),
        consents=[],
        origin=old.origin,
        recorded_by=old.recorded_by,
        expires_at=old.expires_at,
    )
    session.add(fresh)
    await notifications.withdraw_letters(session, keys=[f"registration.confirm:{old.id}"])
    await session.delete(old)
    await session.flush()
    await signing_up.promise_expiry(session, fresh)
    return fresh


async def send_again(session: AsyncSession, actor: Actor, registration_id: UUID) -> None:
    """The letter that asks for the confirmation once more, at most once an hour."""
    registration = await registrations.access_sent(session, registration_id)
    if registration.confirmed_at is None:
        hour = clock.now().strftime("%Y%m%dT%H")
        await signing_up.write_for_confirmation(session, actor, registration, again=f":{hour}")
