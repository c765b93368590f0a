"""Links and codes that open nothing any more: whoever tries one is told why, and so is the trail."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.audit import queries as trail
from tenants.identity.events import Event


async def note(session: AsyncSession, actor: Actor, kind: str, id: UUID, why: StrEnum) -> None:
    """
    Write down that the link or code `kind`/`id` was tried when it was over.

    Once for each reason: programs that look at letters come again and again, and the trail is not theirs to fill.
    Where the answer is a refusal, this needs a transaction that is not rolled back with it.
    """
    if not await is_noted(session, kind, id, why):
        audit.record(session, actor, Event.LINK_REFUSED, kind=kind, id=id, why=why.value)


async def is_noted(session: AsyncSession, kind: str, id: UUID, why: StrEnum) -> bool:
    return await trail.has_happened(session, Event.LINK_REFUSED, kind, id, why=why.value)
