"""When a relationship ends, or somebody leaves it: what was still asked about its agreement is asked no more."""

from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.notifications import actions as notifications
from tenants.relationships.agreements import tasks
from tenants.relationships.agreements.models import Agreement
from tenants.relationships.agreements.notice_models import Notice, NoticeState
from tenants.relationships.models import Relationship


async def close(session: AsyncSession, actor: Actor, relationship: Relationship) -> None:
    """Settle the tasks, let notices lapse. Drafts and agreements stay to be read."""
    await tasks.settle_all(session, actor, relationship)
    await _lapse(session, actor, Notice.relationship_id == relationship.id)
    await session.execute(
        update(Agreement)
        .where(Agreement.relationship_id == relationship.id, Agreement.review_on.is_not(None))
        .values(review_on=None)
    )


async def somebody_left(
    session: AsyncSession, actor: Actor, relationship: Relationship, participation_id: UUID
) -> None:
    """She leaves a group or circle earlier than she had given notice to: nothing is to happen on that day any more."""
    await _lapse(
        session,
        actor,
        (Notice.relationship_id == relationship.id) & (Notice.participation_id == participation_id),
    )


async def _lapse(session: AsyncSession, actor: Actor, which: ColumnElement[bool]) -> None:
    lapsed = await session.execute(
        update(Notice)
        .where(which, Notice.state == NoticeState.GIVEN)
        .values(state=NoticeState.LAPSED, settled_at=clock.now())
        .returning(Notice.id)
    )
    keys = [f"notice.given:{one}" for one in lapsed.scalars()]
    await notifications.settle_all(session, actor, keys=keys)
