"""The activity plan of a relationship: read and changed by its people, read by their coordinator (K57, K26)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock
from infra.errors import Conflict
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.joining import with_person
from tenants.relationships import queries, rules
from tenants.relationships.agreements import plan_rules, tasks, templates
from tenants.relationships.agreements.events import Event
from tenants.relationships.agreements.plan_models import PlanVersion
from tenants.relationships.agreements.plan_rules import Change, Deed, Kind
from tenants.relationships.agreements.rules import NoAgreement
from tenants.relationships.models import Relationship

MOST_VERSIONS = 500
MOST_SHOWN = 50


class PlanTooOld(Conflict):
    """So many changes that nobody reads them: there is no room for more."""

    code = "plan_too_many_changes"


@dataclass(frozen=True, slots=True)
class Version:
    """One change: what, by whom (empty when she is no longer known) and when. The last one has the plan as it stands."""

    number: int
    change: dict[str, Any]
    by: str
    at: datetime
    content: dict[str, Any] | None = None


async def change(session: AsyncSession, actor: Actor, relationship_id: UUID, wanted: Change) -> PlanVersion:
    """
    Change the plan. A goal that is reached is told to the coordinator.

    Raises:
        NotFound: none of hers, or no such item. RelationshipEnded: it is closed. NoAgreement: people just meet.
        PlanChanged: the item is not what she had before her. Invalid: see `plan_rules.changed`.
    """
    actor.require(Permission.OWN_CASE)
    actor.require_herself()
    relationship, mine = await queries.own_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    if not await templates.has_agreement(session, relationship.programme_id):
        raise NoAgreement
    before = await latest(session, relationship.id)
    number = before.number + 1 if before else 1
    if number > MOST_VERSIONS:
        raise PlanTooOld
    content, told = plan_rules.changed(before.content if before else {}, wanted, clock.today(actor.time_zone))
    if before is not None and content == before.content and wanted.deed is not Deed.REVIEW:
        return before
    made = PlanVersion(
        organisation_id=actor.organisation_id,
        relationship_id=relationship.id,
        number=number,
        content=content,
        change=told,
        changed_by=mine,
    )
    session.add(made)
    await session.flush()
    await _tell(session, actor, relationship, made)
    audit.record(
        session, actor, Event.PLAN_CHANGED, kind="relationship", id=relationship.id, number=number,
        deed=wanted.deed.value,
    )  # fmt: skip
    return made


async def latest(session: AsyncSession, relationship_id: UUID) -> PlanVersion | None:
    """The plan as it stands; for whoever has access to the relationship."""
    query = select(PlanVersion).where(PlanVersion.relationship_id == relationship_id)
    return (await session.execute(query.order_by(PlanVersion.number.desc()).limit(1))).scalar_one_or_none()


async def versions(session: AsyncSession, relationship_id: UUID, *, limit: int = MOST_SHOWN) -> list[Version]:
    """What was changed, the last first; for whoever has access to the relationship."""
    other = aliased(PlanVersion)
    newest = select(func.max(other.number)).where(other.relationship_id == relationship_id).scalar_subquery()
    query = select(
        PlanVersion.number, PlanVersion.change, func.coalesce(Person.full_name, ""), PlanVersion.created_at,
        case((PlanVersion.number == newest, PlanVersion.content)),  # whole plans are large, and one is shown
    )  # fmt: skip
    query = with_person(query, PlanVersion.changed_by, is_outer=True).where(
        PlanVersion.relationship_id == relationship_id
    )
    query = query.order_by(PlanVersion.number.desc()).limit(limit)
    return [Version(*row) for row in await session.execute(query)]


async def _tell(session: AsyncSession, actor: Actor, relationship: Relationship, made: PlanVersion) -> None:
    if made.change.get("kind") != Kind.GOAL:
        return
    if made.change["deed"] == Deed.DONE:
        await tasks.tell_goal(session, actor, relationship, made.number)
        audit.record(
            session, actor, Event.GOAL_REACHED, kind="relationship", id=relationship.id, number=made.number
        )
    elif made.change["deed"] == Deed.UNDONE:
        query = select(PlanVersion.number).where(
            PlanVersion.relationship_id == relationship.id,
            PlanVersion.change["item"].astext == made.change["item"],
            PlanVersion.change["deed"].astext == Deed.DONE.value,
        )
        keys = [tasks.goal_key(relationship.id, one) for one in (await session.execute(query)).scalars()]
        await notifications.settle_all(session, actor, keys=keys)
