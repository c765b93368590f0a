"""What a coordinator is asked to look at around agreements, plans and notice."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.notifications.models import Task
from tenants.organisations import queries as organisations
from tenants.relationships.agreements import templates
from tenants.relationships.agreements.models import Agreement
from tenants.relationships.models import Relationship


def copy_key(relationship_id: UUID) -> str:
    return f"agreement.copy:{relationship_id}"


def review_keys(relationship_id: UUID) -> str:
    """How the keys of a case's tasks to review begin; each has the day on which it was asked for."""
    return f"agreement.review:{relationship_id}:"


def goal_key(relationship_id: UUID, number: int) -> str:
    return f"plan.goal_reached:{relationship_id}:{number}"


async def ask_for_copy(session: AsyncSession, actor: Actor, relationship: Relationship) -> None:
    """At the confirmation: within three weeks agreement and plan are there (K37)."""
    if not await templates.has_agreement(session, relationship.programme_id):
        return
    days = (await templates.setting(session, relationship.programme_id)).copy_days
    await _ask(session, actor, "agreement.copy", copy_key(relationship.id), relationship, in_days=days)


async def tell_signed(
    session: AsyncSession, actor: Actor, relationship: Relationship, agreement: Agreement
) -> None:
    """The copy is there; a change of an agreement is told like the first (K52)."""
    await notifications.settle(session, actor, key=copy_key(relationship.id))
    kind = "agreement.signed" if agreement.number == 1 else "agreement.amended"
    await _ask(session, actor, kind, f"{kind}:{agreement.id}", relationship)


async def ask_for_review(session: AsyncSession, actor: Actor, relationship: Relationship, day: date) -> None:
    await _ask(session, actor, "agreement.review", f"{review_keys(relationship.id)}{day}", relationship)


async def settle_review(session: AsyncSession, actor: Actor, relationship_id: UUID) -> None:
    """They have looked at it, or written a new one."""
    rows = await session.execute(
        select(Task.key).where(Task.key.startswith(review_keys(relationship_id)), Task.done_at.is_(None))
    )
    await notifications.settle_all(session, actor, keys=rows.scalars().all())


async def tell_goal(session: AsyncSession, actor: Actor, relationship: Relationship, number: int) -> None:
    """K26. `number` is of the version of the plan in which a goal was reached."""
    await _ask(session, actor, "plan.goal_reached", goal_key(relationship.id, number), relationship)


async def tell_notice(
    session: AsyncSession, actor: Actor, relationship: Relationship, notice_id: UUID, kind: str
) -> None:
    await _ask(session, actor, kind, f"{kind}:{notice_id}", relationship)


async def settle_all(session: AsyncSession, actor: Actor, relationship: Relationship) -> None:
    """The relationship has ended: nobody is asked for its agreement any more."""
    await notifications.settle(session, actor, key=copy_key(relationship.id))
    await settle_review(session, actor, relationship.id)


async def _ask(
    session: AsyncSession, actor: Actor, kind: str, key: str, relationship: Relationship, *, in_days: int = 0
) -> None:
    today = clock.today((await organisations.own(session)).time_zone)
    await notifications.ask(
        session, actor, kind, key=key, due_on=today + timedelta(days=in_days), person_id=relationship.coordinator_id,
        relationship_id=relationship.id,
    )  # fmt: skip
