"""All guests of a workshop who answered alike noted as there at once, to be taken back for ten minutes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.gatherings import attending
from tenants.gatherings.attending import Ticked
from tenants.gatherings.models import GuestState
from tenants.reports.deeds.keeping import Done, Entry, keep
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.rules import Row


async def attend(
    session: AsyncSession,
    actor: Actor,
    workshop_id: UUID,
    states: Sequence[GuestState],
    *,
    once: UUID | None = None,
) -> Done:
    """
    Note that all of them were there. Each is asked how it was, ten minutes later.

    Raises:
        NotFound: no workshop within the actor's reach. WorkshopOver, WorkshopNotYet. NobodyToDo: nobody is left.
    """
    ticked = await attending.attend_all(session, actor, workshop_id, states)
    before: list[Entry] = [
        {"guest": str(id), "of": str(workshop_id), "came": came, "began": ticked.began}
        for id, came in ticked.before.items()
    ]
    rows = [Row(()) for _one in before]
    return await keep(session, actor, DeedKind.TICK, rows, before, once=once)


async def restore(session: AsyncSession, actor: Actor, before: Sequence[Entry]) -> int:
    """Take it back; returns how many stand as before."""
    if not before:
        return 0
    ticked = Ticked(
        UUID(before[0]["of"]), {UUID(one["guest"]): one["came"] for one in before}, bool(before[0]["began"])
    )
    return await attending.take_back(session, actor, ticked)
