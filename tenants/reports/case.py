"""The story of one case: contacts, letters, meetings, replies and changes of state, the newest first (K46)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from tenants.actor import Actor
from tenants.audit.models import AuditEvent
from tenants.evaluations.models import Evaluation
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.models import Participation
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import cases_of
from tenants.relationships.contacts import queries as contacts
from tenants.relationships.contacts.queries import Logged
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.models import Meeting, Relationship

MOST = 200  # of each kind; older ones are in the audit log
# Letters of a pair's life; those that ask somebody to sign in and the like are no part of it.
OF_CASES = ("relationship.", "follow_up.", "meeting.", "evaluation.", "contact.", "agreement.", "not_heard.")


class Show(StrEnum):
    CONTACTS = "contacts"
    LETTERS = "letters"
    MEETINGS = "meetings"
    REPLIES = "replies"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Told:
    """
    One line of the story, on a day; `at` is the moment where one is known.

    Of a contact `contact` is set; of a letter `event` is its kind; of a reply `words` are what was written; of
    anything else `event` is that of the trail, with its `details`.
    """

    show: Show
    day: date
    at: datetime
    event: str = ""
    name: str | None = None  # who did it, got it or said it
    details: dict[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    contact: Logged | None = None


async def story(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, show: Show | None = None
) -> list[Told]:
    """
    Five queries, and two to find the case.

    Raises:
        NotFound: not one of the actor's cases.
    """
    case = await relationships.access_relationship(session, actor, relationship_id)
    people = await relationships.people(session, case)
    found: list[Told] = []
    zone = actor.time_zone
    if show in (None, Show.CONTACTS):
        found += _contacts(await contacts.of_case(session, actor, relationship_id))
    if show in (None, Show.LETTERS) and actor.may(Permission.OUTBOX_READ):
        found += await _letters(session, case, [one.person_id for one in people], zone)
    if show in (None, Show.REPLIES) and actor.support_id is None:
        found += await _replies(session, actor, case)
    if show in (None, Show.MEETINGS, Show.CHANGES):
        parts = [one.participation_id for one in people]
        found += [one for one in await _changes(session, case, parts, zone) if show in (None, one.show)]
    return sorted(found, key=lambda one: (one.day, one.at), reverse=True)


def _contacts(logged: Iterable[Logged]) -> list[Told]:
    return [Told(Show.CONTACTS, one.on_day, one.created_at, name=one.by_name, contact=one) for one in logged]


async def _letters(session: AsyncSession, case: Relationship, people: list[UUID], zone: str) -> list[Told]:
    """Of somebody who is in several cases, only what speaks of this one; her letters of the log stand there as contacts."""
    of = Letter.about["relationship_id"].astext
    rows = await session.execute(
        select(Letter.kind, Letter.sent_at, Person.full_name)
        .join(Person, Person.id == Letter.person_id)
        .where(
            Letter.person_id.in_(people),
            Letter.state == LetterState.SENT,
            Letter.created_at >= case.begun_at,
            or_(*(Letter.kind.startswith(one, autoescape=True) for one in OF_CASES)),
            Letter.kind != "contact.letter",
            or_(of.is_(None), of == str(case.id)),
        )
        .order_by(Letter.sent_at.desc(), Letter.id)
        .limit(MOST)
    )
    return [
        Told(Show.LETTERS, clock.local(sent_at, zone).date(), sent_at, event=kind, name=name)
        for kind, sent_at, name in rows
        if sent_at is not None
    ]


async def _replies(session: AsyncSession, actor: Actor, case: Relationship) -> list[Told]:
    """They are told to coordinators, and not to the other of the pair, though she coordinates here."""
    rows = await session.execute(
        select(FollowUp.replied_at, FollowUp.goals, FollowUp.news, Person.full_name)
        .join(Participation, Participation.id == FollowUp.participation_id)
        .join(Person, Person.id == Participation.person_id)
        .where(
            FollowUp.relationship_id == case.id,
            FollowUp.relationship_id.not_in(cases_of(actor.person_id)),
            FollowUp.replied_at.is_not(None),
        )
    )
    return [
        Told(
            Show.REPLIES,
            clock.local(at, actor.time_zone).date(),
            at,
            name=name,
            words=tuple(one for one in (goals, news) if one),
        )
        for at, goals, news, name in rows
        if at is not None
    ]


async def _changes(session: AsyncSession, case: Relationship, parts: list[UUID], zone: str) -> list[Told]:
    """What the trail keeps of the case, its meetings and its evaluations, and at which workshops its people were."""
    by = aliased(Person)
    meetings = select(Meeting.id).where(Meeting.relationship_id == case.id)
    evaluations = select(Evaluation.id).where(Evaluation.relationship_id == case.id)
    kind, id = AuditEvent.object_kind, AuditEvent.object_id
    rows = await session.execute(
        select(AuditEvent.event, AuditEvent.created_at, by.full_name, kind, AuditEvent.details)
        .outerjoin(by, by.id == AuditEvent.person_id)
        .where(
            or_(
                and_(kind == "relationship", id == case.id),
                and_(kind == "meeting", id.in_(meetings)),
                and_(kind == "evaluation", id.in_(evaluations)),
                and_(
                    kind == "participation",
                    id.in_(parts),
                    AuditEvent.event == "workshop.attended",
                    AuditEvent.created_at >= case.begun_at,
                ),
            )
        )
        .order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc())
        .limit(MOST)
    )
    return [
        Told(
            Show.MEETINGS if event.startswith("meeting.") else Show.CHANGES,
            clock.local(at, zone).date(),
            at,
            event=event,
            name=name,
            details=details,
        )
        for event, at, name, _kind, details in rows
    ]
