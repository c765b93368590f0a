"""What a coordinator has in hand: cases, proposals that are open, appointments to come, and tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.actor import Actor
from tenants.evaluations.models import Evaluation
from tenants.notifications import rules as notification_rules
from tenants.notifications.models import Task
from tenants.people.models import Person, RoleGrant
from tenants.people.rules import reach
from tenants.permissions import Role
from tenants.proposals.models import Proposal, ProposalState
from tenants.proposals.party_models import Party, PartyState
from tenants.registration.appointment_models import OPEN, Appointment
from tenants.relationships import accompanying
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import ROLES, is_unaccompanied
from tenants.relationships.models import Relationship, RelationshipState
from tenants.reports.deeds import offices
from tenants.reports.deeds.rules import MOST, Choice, Of
from tenants.reports.naming import read_id

CONFLICTS = "conflict."  # follow their case, confidential as they are


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may accompany cases; `offices` empty: anywhere."""

    id: UUID
    full_name: str
    offices: frozenset[UUID]
    running: int  # cases that she accompanies now

    def works_in(self, offices: frozenset[UUID | None]) -> bool:
        return not self.offices or bool(self.offices & offices)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in somebody's hand. A task that goes with another item has its (kind, id) as `follows`."""

    kind: str  # "case", "proposal", "party", "appointment" or "task"
    id: UUID
    held_by: UUID | None
    offices: frozenset[UUID | None]
    about: Mapping[str, Any]
    task_kind: str = ""
    follows: tuple[str, UUID] | None = None


async def colleagues(session: AsyncSession, actor: Actor) -> list[Colleague]:
    """Everybody here who may accompany cases, by name."""
    running = (
        select(func.count())
        .where(
            Relationship.organisation_id == Person.organisation_id,
            Relationship.coordinator_id == Person.id,
            Relationship.state == RelationshipState.RUNNING,
        )
        .correlate(Person)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Person.id, Person.full_name, running, RoleGrant.role, RoleGrant.office_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.is_active, RoleGrant.role.in_(ROLES))
        .order_by(Person.search_key, Person.id)
    )
    held: dict[UUID, tuple[str, int, list[tuple[Role, UUID | None]]]] = {}
    for person_id, name, number, role, office_id in rows:
        held.setdefault(person_id, (name, number, []))[2].append((Role(role), office_id))
    return [Colleague(id, name, reach(grants), number) for id, (name, number, grants) in held.items()]


async def in_hand(session: AsyncSession, actor: Actor, from_id: UUID | None) -> list[Item]:
    """All that somebody has in hand within the actor's reach; of nobody (None), the cases without a coordinator."""
    if from_id is None:
        return await _with_tasks(session, actor, await _cases(session, actor, is_unaccompanied()))
    found = [
        *await _cases(
            session,
            actor,
            (Relationship.coordinator_id == from_id) & (Relationship.state == RelationshipState.RUNNING),
        ),
        *await _proposals(session, actor, from_id),
        *await _parties(session, actor, from_id),
        *await _appointments(session, actor, from_id),
    ]
    return [*found, *await _tasks(session, actor, Task.person_id == from_id, found)]


async def ticked(session: AsyncSession, actor: Actor, choice: Choice) -> list[Item]:
    """Cases that were ticked with the tasks that their coordinators have of them, or tasks alone."""
    ids = list(choice.ids[:MOST])
    if choice.of is Of.TASKS:
        return await _tasks(session, actor, Task.id.in_(ids), [])
    cases = await _cases(
        session, actor, Relationship.id.in_(ids) & (Relationship.state == RelationshipState.RUNNING)
    )
    return await _with_tasks(session, actor, cases)


async def begun_of(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID]
) -> list[tuple[Item, UUID | None]]:
    """Running cases that began from some proposals, groups and circles, each with its source, and what is to be done for them."""
    source = func.coalesce(Relationship.proposal_id, Relationship.party_id)
    is_of = or_(bulk.any_of(Relationship.proposal_id, ids), bulk.any_of(Relationship.party_id, ids))
    rows = await session.execute(select(Relationship.id, source).where(is_of))
    sources: dict[UUID, UUID] = {row[0]: row[1] for row in rows}
    is_one = bulk.any_of(Relationship.id, list(sources))
    cases = await _cases(session, actor, is_one & (Relationship.state == RelationshipState.RUNNING))
    return [(one, sources.get(one.id)) for one in await _with_tasks(session, actor, cases)]


async def told_in_confidence(session: AsyncSession, from_id: UUID) -> int:
    """Open tasks that were told to her alone: they are handed to nobody."""
    personal = [one for one in notification_rules.PERSONAL if one != CONFLICTS]
    query = select(func.count()).where(
        Task.person_id == from_id,
        Task.done_at.is_(None),
        or_(*(Task.kind.startswith(one) for one in personal)),
    )
    return int((await session.execute(query)).scalar_one())


async def _with_tasks(session: AsyncSession, actor: Actor, cases: list[Item]) -> list[Item]:
    """Cases, and what their coordinators have to do for them."""
    held = {one.held_by for one in cases if one.held_by}
    ids = [one.id for one in cases]
    of_evaluations = select(cast(Evaluation.id, Text)).where(Evaluation.relationship_id.in_(ids))
    of_cases = or_(
        Task.about["relationship_id"].astext.in_([str(id) for id in ids]),
        Task.about["evaluation_id"].astext.in_(of_evaluations),
    )
    tasks = await _tasks(session, actor, of_cases & Task.person_id.in_(held), cases)
    return [*cases, *(one for one in tasks if one.follows)]


async def _cases(session: AsyncSession, actor: Actor, chosen: Any) -> list[Item]:
    rows = await session.execute(
        select(Relationship.id, Relationship.coordinator_id, offices.of_case())
        .where(chosen)
        .order_by(Relationship.id)
    )
    return _items("case", "relationship_id", rows, actor)


async def _proposals(session: AsyncSession, actor: Actor, from_id: UUID) -> list[Item]:
    rows = await session.execute(
        select(Proposal.id, Proposal.approved_by, offices.of_proposal())
        .where(
            Proposal.approved_by == from_id,
            Proposal.state.in_((ProposalState.OPEN, ProposalState.MEETING)),
        )
        .order_by(Proposal.id)
    )
    return _items("proposal", "proposal_id", rows, actor)


async def _parties(session: AsyncSession, actor: Actor, from_id: UUID) -> list[Item]:
    rows = await session.execute(
        select(Party.id, Party.approved_by, offices.of_party())
        .where(Party.approved_by == from_id, Party.state == PartyState.OPEN)
        .order_by(Party.id)
    )
    return _items("party", "party_id", rows, actor)


async def _appointments(session: AsyncSession, actor: Actor, from_id: UUID) -> list[Item]:
    rows = await session.execute(
        select(
            Appointment.id, Appointment.coordinator_id, offices.of_appointment(), Appointment.participation_id
        )
        .where(
            Appointment.coordinator_id == from_id,
            Appointment.state.in_(OPEN),
            Appointment.starts_at > clock.now(),
        )
        .order_by(Appointment.id)
    )
    return [
        Item("appointment", id, held_by, frozenset(there or [None]), {"participation_id": str(whose)})
        for id, held_by, there, whose in rows
        if _is_reached(actor, there)
    ]


async def _tasks(session: AsyncSession, actor: Actor, chosen: Any, others: Sequence[Item]) -> list[Item]:
    """Open tasks; those that were told in confidence stay, but for the steps of a conflict, which go with its case."""
    keys = {name: one for one in others if (name := _key(one))}
    keys |= await _evaluations(session, others)
    rows = await session.scalars(
        select(Task).where(chosen, Task.done_at.is_(None)).order_by(Task.due_on, Task.id)
    )
    found = []
    for task in rows:
        follows = next(
            (
                (keys[name].kind, keys[name].id)
                for field in (
                    "relationship_id",
                    "proposal_id",
                    "party_id",
                    "evaluation_id",
                    "participation_id",
                )
                if (id := read_id(task.about.get(field))) and (field, id) in keys
                for name in [(field, id)]
            ),
            None,
        )
        is_conflict = task.kind.startswith(CONFLICTS)
        if task.kind.startswith(notification_rules.PERSONAL) and not (is_conflict and follows):
            continue
        if follows is None and not actor.sees_office(task.office_id) and task.person_id != actor.person_id:
            continue
        here: frozenset[UUID | None] = frozenset({task.office_id} if task.office_id else ())
        found.append(Item("task", task.id, task.person_id, here, task.about, task.kind, follows))
    return await _where_alone(session, found)


async def _evaluations(session: AsyncSession, others: Sequence[Item]) -> dict[tuple[str, UUID], Item]:
    """Of cases that go on without somebody, who is asked how it was: what is to be done about that belongs to the case."""
    cases = {one.id: one for one in others if one.kind == "case"}
    is_of = bulk.any_of(Evaluation.relationship_id, list(cases))
    rows = await session.execute(select(Evaluation.id, Evaluation.relationship_id).where(is_of))
    return {("evaluation_id", id): cases[case] for id, case in rows}


async def _where_alone(session: AsyncSession, found: list[Item]) -> list[Item]:
    """A task that goes without its case goes to somebody who can open what it is about."""
    alone = [one for one in found if one.follows is None and not one.offices]
    places = await offices.of_abouts(session, [one.about for one in alone]) if alone else []
    known = {one.id: there for one, there in zip(alone, places, strict=True)}
    return [replace(one, offices=known.get(one.id, one.offices)) for one in found]


def _key(item: Item) -> tuple[str, UUID] | None:
    field, value = next(iter(item.about.items()))
    id = read_id(value)
    return (field, id) if id else None


def _items(kind: str, name: str, rows: Iterable[Any], actor: Actor) -> list[Item]:
    return [
        Item(kind, id, held_by, frozenset(there or [None]), {name: str(id)})
        for id, held_by, there in rows
        if _is_reached(actor, there)
    ]


def _is_reached(actor: Actor, there: Sequence[UUID | None] | None) -> bool:
    return not actor.offices or bool(actor.offices & set(there or ()))


async def leavers(session: AsyncSession, actor: Actor) -> list[tuple[UUID, str, int]]:
    """Who may accompany cases no more and still stands at some within the actor's reach, by name, with their number."""
    query = relationships.reached(
        select(Person.id, Person.full_name, func.count())
        .join(Relationship, Relationship.coordinator_id == Person.id)
        .where(is_unaccompanied())
        .group_by(Person.id, Person.full_name, Person.search_key)
        .order_by(Person.search_key, Person.id),
        actor,
    )
    return [(id, name, number) for id, name, number in await session.execute(query)]


async def without(session: AsyncSession, actor: Actor) -> int:
    """How many cases within the actor's reach nobody accompanies."""
    return await accompanying.count_unaccompanied(session, actor)
