"""Writing down contacts, writing letters to people of cases, and saying where a case stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.people import queries as people
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships.contacts import queries, rules
from tenants.relationships.contacts.events import Event
from tenants.relationships.contacts.models import Channel, Contact, Phase, PhaseSet

LETTER = "contact.letter"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One letter of many: to whom, because of which case if of one, and its words."""

    person_id: UUID
    relationship_id: UUID | None
    subject: str
    words: str


async def note(
    session: AsyncSession,
    actor: Actor,
    *,
    channel: str,
    on: date,
    words: str,
    relationship_id: UUID | None = None,
    person_id: UUID | None = None,
) -> Contact:
    """
    Write down a contact with somebody, with one of a case, or with all of it.

    Raises:
        NotFound: no such case or person within the actor's reach.
        Invalid: no words, no such channel, a day to come, or somebody who is not of the case.
    """
    actor.require(Permission.PEOPLE_CHANGE)
    if relationship_id is not None:
        case = await relationships.access_relationship(session, actor, relationship_id)
        if person_id is not None and person_id not in {
            one.person_id for one in await relationships.people(session, case)
        }:
            raise Invalid(Problem("person_id", "not_a_choice"))
    elif person_id is not None:
        await people.access_person(session, actor, person_id)
    else:
        raise Invalid(Problem("person_id", "missing"))
    contact = Contact(
        organisation_id=actor.organisation_id,
        relationship_id=relationship_id,
        person_id=person_id,
        by_id=actor.require_herself(),
        channel=rules.channel(channel),
        on_day=rules.day(on, clock.today(actor.time_zone)),
        words=rules.words("words", words),
    )
    session.add(contact)
    await session.flush()
    audit.record(session, actor, Event.CONTACT_NOTED, kind="contact", id=contact.id, channel=contact.channel)
    return contact


async def correct(
    session: AsyncSession, actor: Actor, contact_id: UUID, *, channel: str, on: date, words: str
) -> Contact:
    """
    Write one's own entry anew.

    Raises:
        NotFound: none within the actor's reach. NotHerContact: somebody else's. ContactSent: a letter.
        Invalid: as for a new one.
    """
    contact = await _own(session, actor, contact_id)
    contact.channel = rules.channel(channel)
    contact.on_day = rules.day(on, clock.today(actor.time_zone))
    contact.words = rules.words("words", words)
    audit.record(session, actor, Event.CONTACT_CORRECTED, kind="contact", id=contact.id)
    return contact


async def remove(session: AsyncSession, actor: Actor, contact_id: UUID) -> None:
    """
    Take one's own entry out of the log; the trail keeps that it was there.

    Raises:
        NotFound: none within the actor's reach. NotHerContact: somebody else's. ContactSent: a letter.
    """
    contact = await _own(session, actor, contact_id)
    audit.record(session, actor, Event.CONTACT_REMOVED, kind="contact", id=contact.id)
    await session.delete(contact)


async def write_all(
    session: AsyncSession, actor: Actor, letters: Sequence[Addressee], *, due_at: datetime
) -> list[tuple[UUID, str]]:
    """
    Write letters, each with its place in the log; returns (contact, key of its letter).

    Whoever calls has made sure that these people are within the actor's reach and can be written to.
    """
    actor.require(Permission.OUTBOX_CHANGE)
    today = clock.today(actor.time_zone)
    by_id = actor.require_herself()
    made = [
        Contact(
            organisation_id=actor.organisation_id,
            id=ids.new(),
            relationship_id=one.relationship_id,
            person_id=one.person_id,
            by_id=by_id,
            channel=Channel.LETTER,
            on_day=today,
            subject=one.subject,
            words=one.words,
        )
        for one in letters
    ]
    session.add_all(made)
    await session.flush()
    keyed = [(one.id, f"{queries.LETTER_KEY}{one.id}") for one in made]
    await notifications.write_all(
        session,
        actor,
        LETTER,
        [
            Addressed(key, one.person_id, {"contact_id": contact_id})
            for one, (contact_id, key) in zip(letters, keyed, strict=True)
        ],
        due_at=due_at,
    )
    return keyed


async def forget(session: AsyncSession, contact_ids: Sequence[UUID]) -> None:
    """Letters that were taken back in time were never written; for whoever has taken them back."""
    await session.execute(
        delete(Contact).where(bulk.any_of(Contact.id, contact_ids), Contact.channel == Channel.LETTER)
    )


async def set_phase(session: AsyncSession, actor: Actor, relationship_id: UUID, phase: Phase | None) -> None:
    """
    Say where a case stands, or (None) go by its dates again.

    Raises:
        NotFound: not one of the actor's cases.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await relationships.access_relationship(session, actor, relationship_id, lock=True)
    before = await queries.standing(session, relationship, actor.time_zone)
    if (before.phase if before.set_by is not None else None) == phase:
        return
    session.add(
        PhaseSet(
            organisation_id=actor.organisation_id,
            relationship_id=relationship_id,
            by_id=actor.require_person(),
            phase=phase,
        )
    )
    await session.flush()
    audit.record(
        session, actor, Event.PHASE_SET, kind="relationship", id=relationship_id, phase=phase or "by_dates"
    )


async def _own(session: AsyncSession, actor: Actor, contact_id: UUID) -> Contact:
    contact = await queries.access_contact(session, actor, contact_id, lock=True)
    if contact.by_id != actor.require_herself():
        raise rules.NotHerContact
    if contact.channel == Channel.LETTER:
        raise rules.ContactSent
    return contact
