"""What waits in the outbox, by kind and language, for whoever reads it before it goes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.notifications.models import Letter, LetterState
from tenants.notifications.queries import chosen
from tenants.permissions import Permission


@dataclass(frozen=True, slots=True)
class Bundle:
    """The letters of one kind and language that wait, and the one of them that goes first."""

    kind: str
    language: str
    first_id: UUID
    count: int


async def bundles(session: AsyncSession, actor: Actor, *, without: Collection[str] = ()) -> list[Bundle]:
    """All that waits, by kind and language."""
    actor.require(Permission.OUTBOX_READ)
    of = (Letter.kind, Letter.language)
    query: Any = select(*of, Letter.id, func.count().over(partition_by=of)).ext(distinct_on(*of))
    query = chosen(query, actor, (LetterState.WAITING,), None, "", without)
    query = query.order_by(*of, Letter.due_at, Letter.id)
    return [Bundle(*row) for row in await session.execute(query)]
