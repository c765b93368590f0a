"""Whom and what the ticks of a page mean: those of them that are within the actor's reach."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import WrongState
from tenants.actor import Actor
from tenants.notifications import queries as notifications
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.models import Participation
from tenants.relationships import queries as relationships
from tenants.relationships import rules as relationship_rules
from tenants.relationships.models import Member, Relationship, RelationshipState
from tenants.reports.deeds.rules import MOST, Choice, HasLeft, NoAddress, Of, Row
from tenants.reports.naming import Concerned, concerned, read_id


async def people(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    """Everybody who is meant, each once and by name; who cannot be written to says why."""
    actor.require(Permission.PEOPLE_READ)
    ids = list(choice.ids[:MOST])
    match choice.of:
        case Of.PEOPLE:
            rows = await _of_people(session, actor, Person.id.in_(ids))
        case Of.PARTS:
            parts = select(Participation.person_id).where(Participation.id.in_(ids))
            rows = await _of_people(session, actor, Person.id.in_(_within(parts, actor)))
        case Of.CASES:
            rows = await _of_cases(session, actor, ids)
        case Of.TASKS:
            rows = await _of_tasks(session, actor, ids)
    if choice.role:
        rows = [row for row in rows if choice.role in row.roles]
    return rows


async def cases(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    """The cases that are meant, by the names of their people; one that has ended says so."""
    actor.require(Permission.RELATIONSHIP_READ)
    ids = list(choice.ids[:MOST])
    query = relationships.reached(select(Relationship.id, Relationship.state), actor)
    rows = (await session.execute(query.where(Relationship.id.in_(ids)))).all()
    whom = await concerned(session, [{"relationship_id": row.id} for row in rows])
    found = [
        Row(
            names=tuple(one.full_name for one in who.people),
            roles=tuple(one.role for one in who.people),
            relationship_id=row.id,
            refusal=None
            if row.state == RelationshipState.RUNNING
            else relationship_rules.RelationshipEnded(),
        )
        for row, who in zip(rows, whom, strict=True)
    ]
    return sorted(found, key=lambda row: (row.names, str(row.relationship_id)))


async def tasks(session: AsyncSession, actor: Actor, choice: Choice) -> list[Row]:
    """The open tasks on the actor's desk that are meant, the longest due first."""
    actor.require(Permission.STATUS_CHANGE)
    found = await _tasks(session, actor, list(choice.ids[:MOST]))
    whom = await concerned(session, [task.about for task in found])
    return [_task(task, who) for task, who in zip(found, whom, strict=True)]


def _task(task: Task, who: Concerned) -> Row:
    return Row(
        names=tuple(one.full_name for one in who.people) or ((who.file,) if who.file else ()),
        roles=tuple(one.role for one in who.people),
        relationship_id=read_id(task.about.get("relationship_id")),
        task_id=task.id,
        kind=task.kind,
    )


async def _tasks(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> Sequence[Task]:
    query = select(Task).where(Task.id.in_(ids), notifications.on_the_desk_of(actor))
    return (await session.scalars(query.order_by(Task.due_on, Task.id))).all()


async def _of_people(session: AsyncSession, actor: Actor, chosen: Any) -> list[Row]:
    newest = (
        select(Participation.role)
        .where(Participation.person_id == Person.id)
        .order_by(Participation.created_at.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    query = _people().add_columns(newest).where(chosen)
    if actor.offices:
        query = query.where(Person.office_id.in_(actor.offices))
    rows: Any = await session.execute(query)
    return [_person(row, row[5] or "", None) for row in rows]


async def _of_cases(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> list[Row]:
    """Somebody of two of these cases stands once, for the first of them."""
    within = relationships.reached(select(Relationship.id), actor).where(Relationship.id.in_(ids))
    pair = or_(Participation.id == Relationship.mentor_id, Participation.id == Relationship.mentee_id)
    in_party = select(Member.participation_id).where(
        Member.relationship_id == Relationship.id, Member.left_at.is_(None)
    )
    query: Any = (
        _people()
        .add_columns(Participation.role, Relationship.id)
        .join(Participation, Participation.person_id == Person.id)
        .join(Relationship, and_(Relationship.id.in_(within), or_(pair, Participation.id.in_(in_party))))
        .order_by(Relationship.id)
    )
    found: dict[UUID, Row] = {}
    for row in await session.execute(query):
        found.setdefault(row[0], _person(row, row[5], row[6]))
    return list(found.values())


async def _of_tasks(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> list[Row]:
    found = await _tasks(session, actor, ids)
    whom = await concerned(session, [task.about for task in found])
    roles: dict[UUID, tuple[str, UUID | None]] = {}
    for task, who in zip(found, whom, strict=True):
        for one in who.people:
            if one.person_id is not None:
                roles.setdefault(one.person_id, (one.role, read_id(task.about.get("relationship_id"))))
    rows: Any = await session.execute(_people().where(Person.id.in_(list(roles))))
    return [_person(row, *roles[row[0]]) for row in rows]


def _people() -> Any:
    query = select(Person.id, Person.full_name, Person.language, Person.email, Person.is_active).order_by(
        Person.search_key, Person.id
    )
    return query


def _person(row: Any, role: str, relationship_id: UUID | None) -> Row:
    refusal: WrongState | None = None if row.is_active else HasLeft()
    if refusal is None and row.email is None:
        refusal = NoAddress()
    return Row(
        names=(row.full_name,),
        roles=(role,),
        language=row.language,
        person_id=row.id,
        relationship_id=relationship_id,
        refusal=refusal,
    )


def _within(query: Any, actor: Actor) -> Any:
    return query.where(Participation.office_id.in_(actor.offices)) if actor.offices else query
