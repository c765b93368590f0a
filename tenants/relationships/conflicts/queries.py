"""Finding conflicts: for those who accompany the case, and what its people may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Concern
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.models import Participation
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import is_one_of_it, works_here
from tenants.relationships.conflicts.models import Conflict, ConflictState, ConflictStep
from tenants.relationships.models import Relationship, RelationshipState


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict with its steps and the names around it. `concern_id` is there for a reader of the concern alone."""

    conflict: Conflict
    relationship: Relationship
    opened_by: str
    helper: str | None
    closed_by: str | None
    concern_id: UUID | None
    steps: Sequence[ConflictStep]

    @property
    def next_step(self) -> ConflictStep | None:
        waiting = [one for one in self.steps if one.done_on is None]
        return min(waiting, key=lambda one: (one.due_on, one.place), default=None)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the people of a case see of a conflict: what they have agreed on."""

    words: str
    shared_at: datetime


async def access_conflict(
    session: AsyncSession, actor: Actor, conflict_id: UUID, *, lock: bool = False
) -> tuple[Conflict, Relationship]:
    """
    A conflict of a case that the actor accompanies, that she has opened, or in which she helps.

    Where nobody accompanies the case any more, whoever could take it on reads it. Nobody reads one of her own case.

    Raises:
        NotFound: none, or none that she may know of.
    """
    actor.require(Permission.RELATIONSHIP_READ)
    her = actor.require_herself()
    query = (
        select(Conflict, Relationship, works_here(Relationship.coordinator_id))
        .join(Relationship, Relationship.id == Conflict.relationship_id)
        .where(Conflict.id == conflict_id, ~is_one_of_it(her))
    )
    if lock:
        query = query.with_for_update(of=Conflict).execution_options(populate_existing=True)
    row = (await session.execute(query)).one_or_none()
    if row is not None:
        conflict, relationship, is_accompanied = row
        if her in (relationship.coordinator_id, conflict.opened_by, conflict.helper_id):
            return conflict, relationship
        if not is_accompanied:
            await relationships.access_relationship(session, actor, relationship.id)
            return conflict, relationship
    raise NotFound(kind="conflict", id=str(conflict_id))


async def shown(session: AsyncSession, actor: Actor, conflict_id: UUID) -> Shown:
    """
    Raises:
        NotFound: none that the actor may know of.
    """
    conflict, relationship = await access_conflict(session, actor, conflict_id)
    opened, helper, closed = (aliased(Person) for _ in range(3))
    names: Any = (
        await session.execute(
            select(opened.full_name, helper.full_name, closed.full_name, Concern.id)
            .select_from(Conflict)
            .join(opened, opened.id == Conflict.opened_by)
            .outerjoin(helper, helper.id == Conflict.helper_id)
            .outerjoin(closed, closed.id == Conflict.closed_by)
            .outerjoin(
                Concern,
                (Concern.id == Conflict.concern_id)
                & Concern.readers.contains([str(actor.require_herself())]),
            )
            .where(Conflict.id == conflict_id)
        )
    ).one()
    opened_by, helped_by, closed_by, concern_id = names
    return Shown(
        conflict, relationship, opened_by, helped_by, closed_by, concern_id, await steps(session, conflict_id)
    )


async def steps(session: AsyncSession, conflict_id: UUID) -> Sequence[ConflictStep]:
    """In their order, for whoever has access to the conflict."""
    query = (
        select(ConflictStep)
        .where(ConflictStep.conflict_id == conflict_id)
        .order_by(ConflictStep.place)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def of_case(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[Conflict]:
    """Those conflicts of a case that the actor may read, the newest first; for whoever has access to the case."""
    if actor.support_id is not None or not actor.may(Permission.RELATIONSHIP_CHANGE):
        return ()
    her = actor.require_person()
    query = (
        select(Conflict)
        .join(Relationship, Relationship.id == Conflict.relationship_id)
        .where(
            Conflict.relationship_id == relationship_id,
            ~is_one_of_it(her),
            or_(
                Relationship.coordinator_id == her,
                Conflict.opened_by == her,
                Conflict.helper_id == her,
                ~works_here(Relationship.coordinator_id),
            ),
        )
        .order_by(Conflict.created_at.desc(), Conflict.id)
    )
    return (await session.scalars(query)).all()


async def cases_of(session: AsyncSession, actor: Actor, person_id: UUID) -> list[Any]:
    """The running cases of a person that the actor may open a conflict on, with names."""
    rows = await relationships.of_participations(
        session, actor, select(Participation.id).where(Participation.person_id == person_id)
    )
    return [row for row in rows if row.Relationship.state == RelationshipState.RUNNING]


async def open_of(session: AsyncSession, relationship_ids: Sequence[UUID]) -> Sequence[Conflict]:
    """The open conflicts of some cases, for the house's own use."""
    query = select(Conflict).where(
        Conflict.relationship_id.in_(relationship_ids), Conflict.state == ConflictState.OPEN
    )
    return (await session.scalars(query.order_by(Conflict.id))).all()


async def agreed_of(session: AsyncSession, relationship_id: UUID) -> list[Agreed]:
    """What the people of a case are shown, the newest first; for whoever has shown that it is hers."""
    rows = await session.execute(
        select(Conflict.agreed, Conflict.shared_at)
        .where(Conflict.relationship_id == relationship_id, Conflict.shared_at.is_not(None))
        .order_by(Conflict.shared_at.desc())
    )
    return [Agreed(words, at) for words, at in rows if words is not None and at is not None]
