"""Reading pairs: as their coordinators, or as one of the two."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.models import Participation
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState


async def access_relationship(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, lock: bool = False
) -> Relationship:
    """
    As a coordinator of one of the two.

    Raises:
        NotFound: not one of the actor's cases.
    """
    actor.require(Permission.RELATIONSHIP_READ)
    query = select(Relationship).where(Relationship.id == relationship_id)
    if actor.offices:
        mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
        query = query.where(or_(Relationship.mentor_id.in_(mine), Relationship.mentee_id.in_(mine)))
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="relationship", id=str(relationship_id))
    return found


async def own_relationship(
    session: AsyncSession, actor: Actor, relationship_id: UUID
) -> tuple[Relationship, UUID]:
    """
    As one of the two, with the actor's own participation.

    Raises:
        NotFound: not one of the actor's pairs.
    """
    person_id = actor.require_person()
    row = (
        await session.execute(
            select(Relationship, Participation.id)
            .join(
                Participation,
                and_(
                    Participation.organisation_id == Relationship.organisation_id,
                    or_(
                        Participation.id == Relationship.mentor_id, Participation.id == Relationship.mentee_id
                    ),
                ),
            )
            .where(Relationship.id == relationship_id, Participation.person_id == person_id)
        )
    ).first()
    if row is None:
        raise NotFound(kind="relationship", id=str(relationship_id))
    return row[0], row[1]


async def of_proposal(session: AsyncSession, proposal_id: UUID) -> Relationship | None:
    found = await session.execute(select(Relationship).where(Relationship.proposal_id == proposal_id))
    return found.scalar_one_or_none()


def _listed() -> Any:
    mentor, mentee = aliased(Participation), aliased(Participation)
    mentor_person, mentee_person, coordinator = aliased(Person), aliased(Person), aliased(Person)
    organisation = Relationship.organisation_id
    last = (
        select(func.max(Meeting.starts_at))
        .where(Meeting.relationship_id == Relationship.id, Meeting.state == MeetingState.HELD)
        .scalar_subquery()
    )
    return (
        select(
            Relationship,
            mentor_person.full_name.label("mentor_name"),
            mentee_person.full_name.label("mentee_name"),
            mentor.person_id.label("mentor_person_id"),
            mentee.person_id.label("mentee_person_id"),
            coordinator.full_name.label("coordinator_name"),
            Programme.name.label("programme_name"),
            Programme.structure.label("structure"),
            last.label("last_meeting_at"),
        )
        .join(mentor, and_(mentor.organisation_id == organisation, mentor.id == Relationship.mentor_id))
        .join(mentee, and_(mentee.organisation_id == organisation, mentee.id == Relationship.mentee_id))
        .join(
            mentor_person,
            and_(mentor_person.organisation_id == organisation, mentor_person.id == mentor.person_id),
        )
        .join(
            mentee_person,
            and_(mentee_person.organisation_id == organisation, mentee_person.id == mentee.person_id),
        )
        .join(
            Programme,
            and_(Programme.organisation_id == organisation, Programme.id == Relationship.programme_id),
        )
        .outerjoin(
            coordinator,
            and_(coordinator.organisation_id == organisation, coordinator.id == Relationship.coordinator_id),
        )
    )


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    state: RelationshipState | None = RelationshipState.RUNNING,
    coordinator_id: UUID | None = None,
    cycle_id: UUID | None = None,
    search: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Any]:
    """Pairs with names, the newest first; (begun_at, id) of the last one goes on from there."""
    actor.require(Permission.RELATIONSHIP_READ)
    query = _listed().order_by(Relationship.begun_at.desc(), Relationship.id.desc()).limit(limit)
    if state:
        query = query.where(Relationship.state == state)
    if coordinator_id:
        query = query.where(Relationship.coordinator_id == coordinator_id)
    if cycle_id:
        query = query.where(Relationship.cycle_id == cycle_id)
    if actor.offices or search:
        people = select(Participation.id)
        if actor.offices:
            people = people.where(Participation.office_id.in_(actor.offices))
        if search:
            found = select(Person.id).where(Person.full_name.icontains(search, autoescape=True))
            people = people.where(Participation.person_id.in_(found))
        query = query.where(or_(Relationship.mentor_id.in_(people), Relationship.mentee_id.in_(people)))
    if after:
        query = query.where(
            or_(
                Relationship.begun_at < after[0],
                and_(Relationship.begun_at == after[0], Relationship.id < after[1]),
            )
        )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def shown(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Any:
    """One pair with names, for its page."""
    await access_relationship(session, actor, relationship_id)
    return (await session.execute(_listed().where(Relationship.id == relationship_id))).one()


async def own(session: AsyncSession, actor: Actor) -> Sequence[Any]:
    """The actor's own pairs with both names, running ones first."""
    person_id = actor.require_person()
    mine = select(Participation.id).where(Participation.person_id == person_id)
    query = (
        _listed()
        .where(or_(Relationship.mentor_id.in_(mine), Relationship.mentee_id.in_(mine)))
        .order_by(Relationship.state.desc(), Relationship.begun_at.desc())
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def running(session: AsyncSession, participation_id: UUID) -> int:
    """How many pairs this participation is in now."""
    count = await session.execute(
        select(func.count())
        .select_from(Relationship)
        .where(
            Relationship.state == RelationshipState.RUNNING,
            or_(Relationship.mentor_id == participation_id, Relationship.mentee_id == participation_id),
        )
    )
    return count.scalar_one()


async def meetings(session: AsyncSession, relationship_id: UUID) -> Sequence[Meeting]:
    """All meetings of a pair in order of time; whoever calls has access to the pair."""
    rows = await session.execute(
        select(Meeting).where(Meeting.relationship_id == relationship_id).order_by(Meeting.starts_at)
    )
    return rows.scalars().all()


async def due_check_ups(session: AsyncSession, actor: Actor, until: date) -> Sequence[Any]:
    """Running pairs whose check-up is due by a day, the most overdue first."""
    actor.require(Permission.RELATIONSHIP_READ)
    query = (
        _listed()
        .where(Relationship.state == RelationshipState.RUNNING, Relationship.check_up_on <= until)
        .order_by(Relationship.check_up_on)
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows
