"""Tasks of an office go along with whom they are about when she moves to another one."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.notifications.models import Task


async def follow(session: AsyncSession, participation_id: UUID, office_id: UUID | None) -> None:
    """Those of nobody in particular; a coordinator of the office that she has left could not open them any more."""
    await session.execute(
        update(Task)
        .where(
            Task.done_at.is_(None),
            Task.person_id.is_(None),
            Task.about["participation_id"].astext == str(participation_id),
        )
        .values(office_id=office_id)
    )
