"""Reading pairs: as their coordinators, or as one of the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.db import bulk
from infra.db.lookup import CHOSEN, keyed, lookup
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.people.queries import matching
from tenants.permissions import Permission
from tenants.programmes.models import Programme
from tenants.registration.models import Participation
from tenants.relationships import rules
from tenants.relationships.models import Meeting, MeetingState, Relationship, RelationshipState

_SIDES = (Relationship.mentor_id, Relationship.mentee_id)
_Mentor = keyed(Participation, Relationship.mentor_id, "person_id")
_Mentee = keyed(Participation, Relationship.mentee_id, "person_id")
_MentorPerson = keyed(Person, _Mentor.c.person_id, "full_name")
_MenteePerson = keyed(Person, _Mentee.c.person_id, "full_name")
_Coordinator = keyed(Person, Relationship.coordinator_id, "full_name")
_LAST_MEETING = (
    select(func.max(Meeting.starts_at))
    .where(Meeting.relationship_id == Relationship.id, Meeting.state == MeetingState.HELD)
    .scalar_subquery()
)
_LOOKUP = lookup(
    select(
        *Relationship.__table__.columns,
        _MentorPerson.c.full_name.label("mentor_name"),
        _MenteePerson.c.full_name.label("mentee_name"),
        _Mentor.c.person_id.label("mentor_person_id"),
        _Mentee.c.person_id.label("mentee_person_id"),
        _Coordinator.c.full_name.label("coordinator_name"),
        Programme.name.label("programme_name"),
        Programme.structure.label("structure"),
        _LAST_MEETING.label("last_meeting_at"),
    )
    .select_from(Relationship)
    .join(_Mentor, true())
    .join(_Mentee, true())
    .join(_MentorPerson, true())
    .join(_MenteePerson, true())
    .join(Programme, Programme.id == Relationship.programme_id)
    .outerjoin(_Coordinator, true())
    .where(Relationship.id == CHOSEN.c.id)
)
_Listed = aliased(Relationship, _LOOKUP.one, name="Relationship")
_NAMED = _LOOKUP.showing(
    _Listed, *(column for column in _LOOKUP.c if column.name not in Relationship.__table__.columns)
)


@dataclass(frozen=True, slots=True)
class Counts:
    running: int
    ended: int
    late: int


async def access_relationship(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, lock: bool = False
) -> Relationship:
    """
    As a coordinator of one of the two.

    Raises:
        NotFound: not one of the actor's cases.
    """
    actor.require(Permission.RELATIONSHIP_READ)
    query: Any = select(Relationship).where(Relationship.id == relationship_id)
    query = _reached(query, actor)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Relationship | None = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="relationship", id=str(relationship_id))
    return found


async def own_relationship(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, lock: bool = False
) -> tuple[Relationship, UUID]:
    """
    As one of the two, with the actor's own participation.

    Raises:
        NotFound: not one of the actor's pairs.
    """
    person_id = actor.require_person()
    query = (
        select(Relationship, Participation.id)
        .join(
            Participation,
            and_(
                Participation.organisation_id == Relationship.organisation_id,
                or_(Participation.id == Relationship.mentor_id, Participation.id == Relationship.mentee_id),
            ),
        )
        .where(Relationship.id == relationship_id, Participation.person_id == person_id)
    )
    if lock:
        query = query.with_for_update(of=Relationship).execution_options(populate_existing=True)
    row = (await session.execute(query)).first()
    if row is None:
        raise NotFound(kind="relationship", id=str(relationship_id))
    return row[0], row[1]


async def of_proposal(session: AsyncSession, proposal_id: UUID) -> Relationship | None:
    found = await session.execute(select(Relationship).where(Relationship.proposal_id == proposal_id))
    return found.scalar_one_or_none()


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    state: RelationshipState | None = RelationshipState.RUNNING,
    coordinator_id: UUID | None = None,
    cycle_id: UUID | None = None,
    check_up_by: date | None = None,
    search: str = "",
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Any]:
    """Pairs with names, the newest first; (begun_at, id) of the last one goes on from there."""
    actor.require(Permission.RELATIONSHIP_READ)
    ids = _reached(select(Relationship.id), actor)
    ids = ids.order_by(Relationship.begun_at.desc(), Relationship.id.desc()).limit(limit)
    if state:
        ids = ids.where(Relationship.state == state)
    if coordinator_id:
        ids = ids.where(Relationship.coordinator_id == coordinator_id)
    if cycle_id:
        ids = ids.where(Relationship.cycle_id == cycle_id)
    if check_up_by:
        ids = ids.where(Relationship.check_up_on <= check_up_by)
    if search:
        ids = _of_either(
            ids,
            select(Participation.id).where(Participation.person_id.in_(matching(select(Person.id), search))),
        )
    if after:
        ids = ids.where(tuple_(Relationship.begun_at, Relationship.id) < tuple_(*after))
    query = _NAMED.of(ids).order_by(_Listed.begun_at.desc(), _Listed.id.desc())
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def shown(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Any:
    """One pair with names, for its page."""
    await access_relationship(session, actor, relationship_id)
    ids = select(Relationship.id).where(Relationship.id == relationship_id)
    return (await session.execute(_NAMED.of(ids))).one()


async def own(session: AsyncSession, actor: Actor) -> Sequence[Any]:
    """The actor's own pairs with both names, running ones first."""
    person_id = actor.require_person()
    mine = await session.execute(select(Participation.id).where(Participation.person_id == person_id))
    ids = select(Relationship.id).where(_is_of(mine.scalars().all()))
    query = _NAMED.of(ids).order_by(_Listed.state.desc(), _Listed.begun_at.desc())
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def running(session: AsyncSession, participation_id: UUID) -> int:
    """How many pairs this participation is in now."""
    return len(await running_of(session, participation_id))


async def meetings(session: AsyncSession, relationship_id: UUID) -> Sequence[Meeting]:
    """All meetings of a pair in order of time; whoever calls has access to the pair."""
    rows = await session.execute(
        select(Meeting).where(Meeting.relationship_id == relationship_id).order_by(Meeting.starts_at)
    )
    return rows.scalars().all()


async def running_of(
    session: AsyncSession, participation_id: UUID, *, lock: bool = False
) -> Sequence[Relationship]:
    """The pairs that this participation is in now, for the house's own use."""
    query = (
        select(Relationship)
        .where(Relationship.state == RelationshipState.RUNNING, _is_of([participation_id]))
        .order_by(Relationship.id)
    )
    return (await session.execute(query.with_for_update() if lock else query)).scalars().all()


async def due_check_ups(session: AsyncSession, actor: Actor, until: date) -> Sequence[Any]:
    """Running pairs whose check-up is due by a day, the most overdue first."""
    actor.require(Permission.RELATIONSHIP_READ)
    ids = _reached(select(Relationship.id), actor).where(
        Relationship.state == RelationshipState.RUNNING, Relationship.check_up_on <= until
    )
    query = _NAMED.of(ids).order_by(_Listed.check_up_on, _Listed.id)
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def counts(session: AsyncSession, actor: Actor, today: date) -> Counts:
    """Pairs that run and that have ended, and check-ups that are late, as far as the actor's offices reach."""
    actor.require(Permission.RELATIONSHIP_READ)
    is_running = Relationship.state == RelationshipState.RUNNING
    query = select(
        func.count().filter(is_running),
        func.count().filter(~is_running),
        func.count().filter(is_running, Relationship.check_up_on < today),
    ).select_from(Relationship)
    row = (await session.execute(_reached(query, actor))).one()
    return Counts(row[0], row[1], row[2])


async def open_check_ups(session: AsyncSession, relationship_id: UUID) -> Sequence[str]:
    """Keys of the check-up tasks of a case that are still to be done, for the house's own use."""
    rows = await session.execute(
        select(Task.key).where(
            Task.key.startswith(rules.check_up_keys(relationship_id)), Task.done_at.is_(None)
        )
    )
    return rows.scalars().all()


def _reached(query: Any, actor: Actor) -> Any:
    if not actor.offices:
        return query
    return _of_either(query, select(Participation.id).where(Participation.office_id.in_(actor.offices)))


def _is_of(participation_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Each side has an index of its own."""
    return or_(*(bulk.any_of(side, participation_ids) for side in _SIDES))


def _of_either(query: Any, participations: Any) -> Any:
    return query.where(or_(*(side.in_(participations) for side in _SIDES)))
