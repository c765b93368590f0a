"""Reading pairs, groups and circles: as their coordinators, or as one of their people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, inspect, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.people.queries import matching
from tenants.permissions import Permission
from tenants.registration.joining import of_them
from tenants.registration.models import ParticipantRole, Participation
from tenants.relationships.models import Meeting, Member, Relationship, RelationshipState
from tenants.relationships.rows import LISTED, NAMED
from tenants.relationships.rules import PartOver

_SIDES = (Relationship.mentor_id, Relationship.mentee_id)
_ACCESSED = "relationships.accessed"


@dataclass(frozen=True, slots=True)
class Counts:
    running: int
    ended: int
    late: int


@dataclass(frozen=True, slots=True)
class Belonging:
    """Somebody of a pair, group or circle, as the others may see her: they have all said yes."""

    participation_id: UUID
    role: str
    person_id: UUID
    full_name: str
    email: str | None
    phone: str | None
    time_zone: str


async def access_relationship(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, lock: bool = False
) -> Relationship:
    """
    As a coordinator of one of the two.

    Raises:
        NotFound: not one of the actor's cases.
    """
    actor.require(Permission.RELATIONSHIP_READ)
    # A page about one case asks several rooms, and each makes sure of the case: the database is asked once a transaction.
    known: dict[tuple[Actor, UUID], Relationship] = session.info.setdefault(_ACCESSED, {})
    before = known.get((actor, relationship_id))
    if before is not None and not lock and not inspect(before).expired_attributes:
        return before
    query: Any = select(Relationship).where(Relationship.id == relationship_id)
    query = reached(query, actor)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Relationship | None = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="relationship", id=str(relationship_id))
    known[actor, relationship_id] = found
    return found


async def own_relationship(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, lock: bool = False
) -> tuple[Relationship, UUID]:
    """
    As one of its people, with the actor's own participation.

    Raises:
        NotFound: not one of the actor's pairs, groups or circles. PartOver: she has left it.
    """
    person_id = actor.require_person()
    query = select(Relationship).where(Relationship.id == relationship_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    mine = [one for one in await people(session, found) if one.person_id == person_id] if found else []
    if found is None or not mine:
        left = (
            select(Member.id)
            .join(Participation, Participation.id == Member.participation_id)
            .where(Member.relationship_id == relationship_id, Participation.person_id == person_id)
        )
        kind = PartOver if (await session.execute(left)).first() else NotFound
        raise kind(kind="relationship", id=str(relationship_id))
    return found, mine[0].participation_id


async def people(session: AsyncSession, relationship: Relationship) -> Sequence[Belonging]:
    """Everybody who is in it now, the mentor first; of a pair, its mentor and its mentee."""
    query: Any
    if relationship.party_id is None:
        sides = (relationship.mentor_id, relationship.mentee_id)
        role = case((Participation.id == relationship.mentor_id, 0), else_=1)
        query = select(Participation.id, Participation.role).where(Participation.id.in_(sides))
    else:
        role = case((Member.role == ParticipantRole.MENTOR, 0), else_=1)
        query = (
            select(Participation.id, Member.role)
            .join(
                Member,
                and_(
                    Member.organisation_id == Participation.organisation_id,
                    Member.participation_id == Participation.id,
                ),
            )
            .where(Member.relationship_id == relationship.id, Member.left_at.is_(None))
        )
    query = of_them(query).add_columns(
        Person.id, Person.full_name, Person.email, Person.phone, Person.time_zone
    )
    rows = await session.execute(query.order_by(role, Person.search_key, Participation.id))
    return [Belonging(*row) for row in rows]


async def of_party(session: AsyncSession, party_id: UUID) -> Relationship | None:
    found = await session.execute(select(Relationship).where(Relationship.party_id == party_id))
    return found.scalar_one_or_none()


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
    narrow: ColumnElement[bool] | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Any]:
    """Pairs with names, the newest first; (begun_at, id) of the last one goes on from there."""
    actor.require(Permission.RELATIONSHIP_READ)
    ids = reached(select(Relationship.id), actor)
    if narrow is not None:
        ids = ids.where(narrow)
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
    query = NAMED.of(ids).order_by(LISTED.begun_at.desc(), LISTED.id.desc())
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def shown(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Any:
    """One pair with names, for its page."""
    await access_relationship(session, actor, relationship_id)
    ids = select(Relationship.id).where(Relationship.id == relationship_id)
    return (await session.execute(NAMED.of(ids))).one()


async def of_participations(session: AsyncSession, actor: Actor, participations: Any) -> Sequence[Any]:
    """All cases of some participations (a query of their ids) within the actor's reach, the newest first."""
    ids = _of_either(reached(select(Relationship.id), actor), participations)
    rows: Sequence[Any] = (
        await session.execute(NAMED.of(ids).order_by(LISTED.begun_at.desc(), LISTED.id))
    ).all()
    return rows


async def named(session: AsyncSession, relationship_id: UUID) -> Any:
    """One pair with names, for whoever has shown in another way that she may know of it."""
    ids = select(Relationship.id).where(Relationship.id == relationship_id)
    return (await session.execute(NAMED.of(ids))).one()


async def own(session: AsyncSession, actor: Actor) -> Sequence[Any]:
    """The actor's own pairs with both names, running ones first."""
    person_id = actor.require_person()
    parts = (
        select(Participation.id, Member.relationship_id)
        .outerjoin(
            Member,
            and_(
                Member.organisation_id == Participation.organisation_id,
                Member.participation_id == Participation.id,
                Member.left_at.is_(None),
            ),
        )
        .where(Participation.person_id == person_id)
    )
    mine = (await session.execute(parts)).all()
    of_parties = bulk.any_of(Relationship.id, [row[1] for row in mine if row[1]])
    sides = [bulk.any_of(side, list({row[0] for row in mine})) for side in _SIDES]
    ids = select(Relationship.id).where(or_(*sides, of_parties))
    query = NAMED.of(ids).order_by(LISTED.state.desc(), LISTED.begun_at.desc())
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
        .where(Relationship.state == RelationshipState.RUNNING, await _is_of(session, [participation_id]))
        .order_by(Relationship.id)
    )
    return (await session.execute(query.with_for_update() if lock else query)).scalars().all()


async def due_check_ups(session: AsyncSession, actor: Actor, until: date) -> Sequence[Any]:
    """Running pairs whose check-up is due by a day, the most overdue first."""
    actor.require(Permission.RELATIONSHIP_READ)
    ids = reached(select(Relationship.id), actor).where(
        Relationship.state == RelationshipState.RUNNING, Relationship.check_up_on <= until
    )
    query = NAMED.of(ids).order_by(LISTED.check_up_on, LISTED.id)
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
    row = (await session.execute(reached(query, actor))).one()
    return Counts(row[0], row[1], row[2])


async def open_tasks(session: AsyncSession, beginning: str) -> Sequence[str]:
    """Keys of the tasks that are still to be done and begin so, for the house's own use."""
    rows = await session.execute(
        select(Task.key).where(Task.key.startswith(beginning), Task.done_at.is_(None))
    )
    return rows.scalars().all()


def reached(query: Any, actor: Actor) -> Any:
    """Only the relationships of people of the actor's offices."""
    if not actor.offices:
        return query
    return _of_either(query, select(Participation.id).where(Participation.office_id.in_(actor.offices)))


async def _is_of(session: AsyncSession, participation_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Each side has an index of its own; groups and circles are found first, by another."""
    parties = await session.execute(
        select(Member.relationship_id).where(
            bulk.any_of(Member.participation_id, participation_ids), Member.left_at.is_(None)
        )
    )
    of_parties = bulk.any_of(Relationship.id, parties.scalars().all())
    return or_(*(bulk.any_of(side, participation_ids) for side in _SIDES), of_parties)


def _of_either(query: Any, participations: Any) -> Any:
    of_parties = select(Member.relationship_id).where(Member.participation_id.in_(participations))
    return query.where(or_(*(side.in_(participations) for side in _SIDES), Relationship.id.in_(of_parties)))
