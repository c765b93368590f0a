"""Reading the contact log and the phase of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Letter
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import is_one_of_it
from tenants.relationships.contacts import rules
from tenants.relationships.contacts.models import Contact, Phase, PhaseSet
from tenants.relationships.models import Meeting, MeetingState, Relationship

MOST = 200  # of one log on a page
LETTER_KEY = "contact.letter:"  # before the id of the contact


@dataclass(frozen=True, slots=True)
class Logged:
    """One contact with the names around it; `full_name` is None where it was with all of the case."""

    id: UUID
    relationship_id: UUID | None
    person_id: UUID | None
    full_name: str | None
    by_id: UUID
    by_name: str
    channel: str
    on_day: date
    subject: str | None
    words: str
    created_at: datetime
    letter_state: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands; `set_by` is who has corrected it, if somebody has."""

    phase: Phase
    by_dates: Phase
    set_by: str | None = None
    set_at: datetime | None = None


async def access_contact(
    session: AsyncSession, actor: Actor, contact_id: UUID, *, lock: bool = False
) -> Contact:
    """
    A contact with somebody, or of a case, within the actor's reach; none with herself, or of a case of which she is one.

    Raises:
        NotFound: none that she may know of.
    """
    actor.require(Permission.PEOPLE_CHANGE)
    query = select(Contact).where(Contact.id == contact_id, _may_read(actor))
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(kind="contact", id=str(contact_id))
    if found.relationship_id is not None:
        await relationships.access_relationship(session, actor, found.relationship_id)
    elif found.person_id is not None:
        await people.access_person(session, actor, found.person_id)
    return found


async def of_case(session: AsyncSession, actor: Actor, relationship_id: UUID) -> list[Logged]:
    """
    The contacts of a case, the newest first.

    Raises:
        NotFound: not one of the actor's cases.
    """
    await relationships.access_relationship(session, actor, relationship_id)
    return await _logged(session, actor, Contact.relationship_id == relationship_id)


async def of_person(session: AsyncSession, actor: Actor, person_id: UUID) -> list[Logged]:
    """
    The contacts with a person, the newest first; those with all of a case of hers are in the log of the case.

    Raises:
        NotFound: nobody within the actor's reach.
    """
    await people.access_person(session, actor, person_id)
    return await _logged(session, actor, Contact.person_id == person_id)


async def _logged(session: AsyncSession, actor: Actor, chosen: Any) -> list[Logged]:
    if actor.support_id is not None or not actor.may(Permission.PEOPLE_CHANGE):
        return []  # told to coordinators
    whom, by = aliased(Person), aliased(Person)
    rows = await session.execute(
        select(
            Contact.id, Contact.relationship_id, Contact.person_id, whom.full_name, Contact.by_id, by.full_name,
            Contact.channel, Contact.on_day, Contact.subject, Contact.words, Contact.created_at, Letter.state,
        )
        .outerjoin(whom, whom.id == Contact.person_id)
        .join(by, by.id == Contact.by_id)
        .outerjoin(
            Letter,
            (Letter.organisation_id == Contact.organisation_id)
            & (Letter.key == LETTER_KEY + cast(Contact.id, Text)),
        )
        .where(chosen, _may_read(actor))
        .order_by(Contact.on_day.desc(), Contact.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [Logged(*row) for row in rows]


def _may_read(actor: Actor) -> ColumnElement[bool]:
    """Coordinators of somebody read what is noted of her, and she does not; what one has written oneself one reads."""
    of_own_case = exists().where(Relationship.id == Contact.relationship_id, is_one_of_it(actor.person_id))
    with_herself = Contact.person_id.is_not_distinct_from(actor.person_id) & Contact.person_id.is_not(None)
    return or_(Contact.by_id == actor.person_id, ~or_(with_herself, of_own_case))


async def standing(session: AsyncSession, relationship: Relationship, zone: str) -> Standing:
    """Where a case stands today in `zone`, for whoever has access to it. One query."""
    held = (
        select(func.count())
        .where(
            Meeting.organisation_id == relationship.organisation_id,
            Meeting.relationship_id == relationship.id,
            Meeting.state == MeetingState.HELD,
        )
        .scalar_subquery()
    )
    last = (
        select(PhaseSet.phase, PhaseSet.created_at, Person.full_name)
        .join(Person, Person.id == PhaseSet.by_id)
        .where(PhaseSet.relationship_id == relationship.id)
        .order_by(PhaseSet.created_at.desc(), PhaseSet.id.desc())
        .limit(1)
        .subquery()
    )
    one = select(held.label("held")).subquery()
    query = select(one.c.held, *last.c).select_from(one.outerjoin(last, true()))
    row: Any = (await session.execute(query)).one()
    course = rules.Course(
        relationship.state, clock.local(relationship.begun_at, zone).date(), relationship.ends_on, row.held
    )
    by_dates = rules.phase(course, clock.today(zone))
    if row.phase is None:
        return Standing(by_dates, by_dates)
    return Standing(Phase(row.phase), by_dates, row.full_name, row.created_at)
