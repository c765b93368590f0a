"""
Who must know, within the same transaction, that participations have changed.

Pool cards are copies of a participation and may never lag behind it, but pools
stand above this room and cannot be called from here. So they put themselves
down:

    @watches
    async def rebuild(session, participation_ids): ...

and every action of this room, and of the roster, says `changed`. A callback that
raises takes the whole change back.
"""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

Watcher = Callable[[AsyncSession, Collection[UUID]], Awaitable[None]]

_WATCHERS: list[Watcher] = []


def watches(watcher: Watcher) -> Watcher:
    """Call `watcher` in every transaction that changes participations or the people behind them."""
    _WATCHERS.append(watcher)
    return watcher


async def changed(session: AsyncSession, participation_ids: Collection[UUID]) -> None:
    """Tell whoever watches. Flushes first, so that watchers read what has been changed."""
    if not participation_ids:
        return
    await session.flush()
    for watcher in _WATCHERS:
        await watcher(session, participation_ids)
