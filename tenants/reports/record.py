"""
The record of one person: her facts, her parts, her pairs, what is to be done, and what happened.

Nothing private of a proposal is here: that she answered, not what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, null, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenants.actor import Actor
from tenants.audit.models import AuditEvent
from tenants.notifications import queries as notifications
from tenants.notifications.models import Task
from tenants.notifications.queries import ListedLetter, ListedTask
from tenants.organisations.models import Office
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.programmes import queries as programmes
from tenants.programmes.models import Question
from tenants.programmes.structures import role_of_question
from tenants.proposals.models import Proposal, ProposalState
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration import earlier
from tenants.registration import queries as registration
from tenants.registration.appointments import queries as appointments
from tenants.registration.models import Consent, Participation, Status
from tenants.relationships.models import Member, Relationship
from tenants.reports import pipeline
from tenants.reports.naming import Bond, bond_of
from tenants.reports.pipeline import CycleName

EVENTS = 100  # of the timeline on the page; older ones are in the audit log
LETTERS = 30


@dataclass(frozen=True, slots=True)
class Pairing:
    """
    A proposal or a relationship with the other of the two; a group or circle ("party", or a
    relationship) with nobody named, and `others` how many are in it beside her.
    """

    kind: str  # "proposal", "party" or "relationship"
    id: UUID
    participation_id: UUID
    role: str
    other_id: UUID | None
    other_name: str | None
    state: str
    answer_by: datetime | None
    check_up_on: date | None
    begun_at: datetime
    others: int = 1

    @property
    def bond(self) -> Bond:
        return bond_of(self.state)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of the trail; `by_name` is who did it, where somebody did."""

    event: str
    at: datetime
    by_id: UUID | None
    by_name: str | None
    object_kind: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One participation with its cycle, and where it may be moved to is the page's business."""

    participation: Participation
    cycle: CycleName
    missing: Sequence[Question]
    has_earlier: bool  # she has registered for it before, and what she said then is kept


@dataclass(frozen=True, slots=True)
class Record:
    person: Person
    office: str | None
    parts: list[Part]
    pairings: list[Pairing]
    tasks: list[ListedTask]
    letters: list[ListedLetter]
    events: list[Happened]
    consents: Sequence[Consent]
    appointments: dict[UUID, UUID]  # the open one by participation
    topics: dict[str, dict[str, str]]  # of the current programme, code to label per language
    questions: Sequence[Question]  # that it asks of her beside what matching knows

    @property
    def current(self) -> Part | None:
        """The part that the page is about: the newest that is not over, else the newest."""
        return next(iter(self.parts), None)


async def record(session: AsyncSession, actor: Actor, person_id: UUID) -> Record:
    """
    Raises:
        NotFound: nobody within the actor's reach.
    """
    person = await people.access_person(session, actor, person_id)
    office = await session.scalar(select(Office.name).where(Office.id == person.office_id))
    parts = await _parts(session, actor, person)
    own = [part.participation.id for part in parts]
    pairings = await _pairings(session, own)
    topics = await programmes.topics(session, parts[0].participation.programme_id) if parts else ()
    asked = await programmes.questions(session, parts[0].participation.programme_id) if parts else ()
    waiting = [one.participation.id for one in parts if one.participation.status == Status.AWAITING_INTERVIEW]
    invited = await appointments.of_participations(session, waiting)
    return Record(
        person=person,
        office=office,
        parts=parts,
        pairings=pairings,
        tasks=await _tasks(session, actor, person_id, own, pairings),
        letters=await notifications.letters(session, actor, person_id=person_id, newest=True, limit=LETTERS),
        events=await _events(session, person_id, own, pairings),
        consents=await registration.consents(session, actor, person_id),
        appointments={participation_id: one.id for participation_id, one in invited.items()},
        topics={topic.code: topic.label for topic in topics},
        questions=[
            one
            for one in asked
            if one.field is None and role_of_question(one.asked_of, parts[0].participation.role)
        ],
    )


async def _parts(session: AsyncSession, actor: Actor, person: Person) -> list[Part]:
    query = select(Participation).where(Participation.person_id == person.id)
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    found = (await session.execute(query.order_by(Participation.created_at.desc()))).scalars().all()
    names = {cycle.id: cycle for cycle in await pipeline.cycles(session, actor)}
    before = await earlier.known_of(session, [one.id for one in found])
    parts = []
    for one in found:
        asks = one.status in (Status.REGISTERED, Status.AWAITING_INTERVIEW)
        missing = (await registration.profile_of(session, one)).missing if asks else ()
        parts.append(Part(one, names[one.cycle_id], missing, one.id in before))
    # What is over comes last, so that the first is the part that the page is about.
    return sorted(parts, key=lambda part: part.participation.status == Status.LEFT)


async def _pairings(session: AsyncSession, own: Sequence[UUID]) -> list[Pairing]:
    """Proposals that are not drafts any more, and relationships; the newest first. One query."""
    me, other, other_person = aliased(Participation), aliased(Participation), aliased(Person)

    def one(kind: str, table: Any, *columns: Any) -> Any:
        is_mine = or_(me.id == table.mentor_id, me.id == table.mentee_id)
        is_other = and_(or_(other.id == table.mentor_id, other.id == table.mentee_id), other.id != me.id)
        return (
            select(
                literal(kind), table.id, me.id, me.role, other.person_id, other_person.full_name, table.state,
                *columns, literal(1).label("others"),
            )
            .select_from(table)
            .join(me, is_mine)
            .join(other, is_other)
            .join(other_person, other_person.id == other.person_id)
            .where(me.id.in_(own))
        )  # fmt: skip

    proposals = one("proposal", Proposal, Proposal.answer_by, null(), Proposal.created_at.label("begun_at"))
    proposals = proposals.where(Proposal.state.not_in((ProposalState.DRAFT, ProposalState.CONFIRMED)))
    relationships = one("relationship", Relationship, null(), Relationship.check_up_on, Relationship.begun_at)
    rows = await session.execute(union_all(relationships, proposals, *_together(own)))
    return sorted((Pairing(*row) for row in rows), key=lambda pairing: pairing.begun_at, reverse=True)


def _together(own: Sequence[UUID]) -> list[Any]:
    """Groups and circles: those that are asked or did not go ahead, and the relationships of the others."""
    everybody, members = aliased(Seat), aliased(Member)
    asked = (
        select(
            literal("party"), Party.id, Seat.participation_id, Seat.role, null(), null(), Party.state,
            Party.answer_by, null(), Party.created_at,
            select(func.count() - 1).where(everybody.party_id == Party.id).scalar_subquery(),
        )
        .join(Seat, and_(Seat.organisation_id == Party.organisation_id, Seat.party_id == Party.id))
        .where(
            Seat.participation_id.in_(own), Party.state.not_in((PartyState.DRAFT, PartyState.CONFIRMED))
        )
    )  # fmt: skip
    begun = (
        select(
            literal("relationship"), Relationship.id, Member.participation_id, Member.role, null(), null(),
            Relationship.state, null(), Relationship.check_up_on, Relationship.begun_at,
            select(func.count() - 1)
            .where(members.relationship_id == Relationship.id, members.left_at.is_(None))
            .scalar_subquery(),
        )
        .join(
            Member,
            and_(
                Member.organisation_id == Relationship.organisation_id,
                Member.relationship_id == Relationship.id,
            ),
        )
        .where(Member.participation_id.in_(own), Member.left_at.is_(None))
    )  # fmt: skip
    return [asked, begun]


async def _tasks(
    session: AsyncSession, actor: Actor, person_id: UUID, own: Sequence[UUID], pairings: Sequence[Pairing]
) -> list[ListedTask]:
    about = {
        "person_id": [person_id],
        "participation_id": own,
        "proposal_id": [one.id for one in pairings if one.kind == "proposal"],
        "relationship_id": [one.id for one in pairings if one.kind == "relationship"],
        "party_id": [one.id for one in pairings if one.kind == "party"],
    }
    is_hers = or_(
        *(Task.about[name].astext.in_([str(one) for one in found]) for name, found in about.items())
    )
    rows = await session.execute(
        select(Task.id, Task.kind, Task.due_on, Task.about, Task.person_id, Task.office_id, Task.done_at)
        .where(notifications.on_the_desk_of(actor), is_hers)
        .order_by(Task.due_on, Task.id)
    )
    return [ListedTask(*row) for row in rows]


async def _events(
    session: AsyncSession, person_id: UUID, own: Sequence[UUID], pairings: Sequence[Pairing]
) -> list[Happened]:
    objects = [
        ("person", person_id),
        *(("participation", one) for one in own),
        *((one.kind, one.id) for one in pairings),
    ]
    by = aliased(Person)
    rows = await session.execute(
        select(
            AuditEvent.event, AuditEvent.created_at, AuditEvent.person_id, by.full_name, AuditEvent.object_kind,
            AuditEvent.details,
        )
        .outerjoin(by, by.id == AuditEvent.person_id)
        .where(tuple_(AuditEvent.object_kind, AuditEvent.object_id).in_(objects))
        .order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc())
        .limit(EVENTS)
    )  # fmt: skip
    return [Happened(*row) for row in rows]
