"""Consents after registration: given later, or taken back. Rows are never changed but for the day of withdrawal."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people import queries as people
from tenants.permissions import Permission
from tenants.registration import watching
from tenants.registration.consents import TEXTS, Purpose
from tenants.registration.events import Event
from tenants.registration.models import Channel, Consent, Participation


async def give(
    session: AsyncSession,
    actor: Actor,
    person_id: UUID,
    purpose: Purpose,
    *,
    channel: Channel = Channel.FORM,
    language: str | None = None,
) -> Consent:
    """
    Agree to the present text of a purpose: for oneself, or as a coordinator for somebody who has said so.

    Raises:
        NotFound: nobody whom this actor may know of.
    """
    await _may(session, actor, person_id)
    text = next(text for text in TEXTS if text.purpose == purpose)
    consent = Consent(
        organisation_id=actor.organisation_id,
        person_id=person_id,
        purpose=purpose,
        text_version=text.version,
        language=language or actor.language,
        channel=channel,
        given_at=clock.now(),
        recorded_by=None if person_id == actor.person_id else actor.person_id,
    )
    session.add(consent)
    audit.record(
        session,
        actor,
        Event.CONSENT_GIVEN,
        kind="person",
        id=person_id,
        purpose=purpose,
        version=text.version,
        channel=channel,
    )
    await _tell(session, person_id)
    return consent


async def take_back(
    session: AsyncSession,
    actor: Actor,
    person_id: UUID,
    purpose: Purpose,
    *,
    channel: Channel = Channel.FORM,
) -> int:
    """
    Withdraw every consent of a purpose; whoever keeps copies drops them in this transaction. Returns how many.

    Raises:
        NotFound: nobody whom this actor may know of.
    """
    await _may(session, actor, person_id)
    ended = await session.execute(
        update(Consent)
        .where(Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(
            withdrawn_at=clock.now(),
            withdrawn_channel=channel,
            withdrawn_by=None if person_id == actor.person_id else actor.person_id,
        )
        .returning(Consent.id)
    )
    count = len(ended.scalars().all())
    if count:
        audit.record(
            session,
            actor,
            Event.CONSENT_WITHDRAWN,
            kind="person",
            id=person_id,
            purpose=purpose,
            channel=channel,
        )
        await _tell(session, person_id)
    return count


async def _may(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    if person_id == actor.person_id:
        actor.require(Permission.OWN_CASE)
        actor.require_herself()
        return
    if not actor.may(Permission.PEOPLE_CHANGE):
        raise NotFound(kind="person", id=str(person_id))
    await people.access_person(session, actor, person_id)


async def _tell(session: AsyncSession, person_id: UUID) -> None:
    theirs = await session.execute(select(Participation.id).where(Participation.person_id == person_id))
    await watching.changed(session, list(theirs.scalars().all()))
