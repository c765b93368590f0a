"""
Opening pools and keeping their cards: a card never lags behind the person it speaks of.

`rebuild_cards` runs in the transaction that changes a participation, the person
behind it, or the places that are taken. It is a few statements over any number
of people, so that a roster of ten thousand costs seconds.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.pools import queries, writing
from tenants.pools.events import Event
from tenants.pools.models import Pool, PoolMember
from tenants.pools.rules import SIDES
from tenants.programmes import queries as programmes
from tenants.registration.watching import watches

AT_ONCE = 2_000  # people whose cards one statement writes: no statement may last five seconds
MANY = 500  # participations; below it an index is looked up for each
_BULK = {
    "enable_nestloop": ("off", "on"),
    "enable_indexonlyscan": ("off", "on"),
    "plan_cache_mode": ("force_generic_plan", "auto"),
}


async def ensure_pool(session: AsyncSession, actor: Actor, cycle_id: UUID) -> Pool:
    """
    The pool of a cycle, opened if there is none; so far its one member is the own organisation.

    Raises:
        NotFound: no such cycle.
    """
    cycle = await programmes.own_cycle(session, cycle_id)
    if await _open_pool(session, actor.organisation_id, cycle.id):
        audit.record(session, actor, Event.POOL_OPENED, kind="cycle", id=cycle.id)
    found = await queries.pool_of(session, cycle.id)
    if found is None:
        raise RuntimeError("a pool that was just opened is not there")
    return found


@watches
async def rebuild_cards(session: AsyncSession, participation_ids: Collection[UUID]) -> None:
    """
    Make, change or delete the cards of these people, as they and their places now are.

    Their rows are locked first, so that of two changes at once the later one
    sees what the earlier has done.
    """
    if not participation_ids:
        return
    await session.flush()
    ordered = sorted(participation_ids)
    written = writing.statements()
    async with _many(session, len(ordered)):
        rows = await session.execute(written.lock, {writing.MINE: ordered})
        for organisation_id, cycle_id in {(row[0], row[1]) for row in rows if row[2] in SIDES}:
            await _open_pool(session, organisation_id, cycle_id)
        for start in range(0, len(ordered), AT_ONCE):
            mine = {writing.MINE: ordered[start : start + AT_ONCE]}
            await session.execute(written.write, mine)
            await session.execute(written.delete, mine)


@asynccontextmanager
async def _many(session: AsyncSession, count: int) -> AsyncIterator[None]:
    """
    Have the planner think anew while many rows are joined, once for all of them, and keep it from nested loops.

    Right after an import it has no statistics and takes the tables for empty, and a
    plan that was kept from quieter days does too: both would compare everybody with everybody.
    Afterwards it forgets again, for the sake of those who change one person.

    After a VACUUM an index alone would seem the cheapest way to a few people, though it is not sorted by who they are: it would be read
    whole for each two thousand, and each of its entries compared with all of them.

    A plan for any people of any organisation, not one for these. It finds each by her key, where it would read
    all for two thousand whom it sees; and it holds for the checks of the cards' foreign keys, which would find nobody known of an
    organisation that was not there when the tables were last counted, and read all who are.
    """
    if count < MANY:
        yield
        return
    meanwhile, afterwards = zip(*_BULK.values(), strict=True)
    await bulk.plan_anew(session)
    await session.execute(_settings(meanwhile))
    yield
    await session.execute(_settings(afterwards))
    await bulk.plan_anew(session)


def _settings(values: Sequence[str]) -> Select[Any]:
    """Set those of `_BULK` until the transaction ends."""
    return select(*(func.set_config(name, value, True) for name, value in zip(_BULK, values, strict=True)))


async def _open_pool(session: AsyncSession, organisation_id: UUID, cycle_id: UUID) -> bool:
    pool_id = ids.new()
    made = await session.execute(
        insert(Pool)
        .values(organisation_id=organisation_id, id=pool_id, cycle_id=cycle_id, salt=ids.token())
        .on_conflict_do_nothing(index_elements=[Pool.organisation_id, Pool.cycle_id])
        .returning(Pool.id)
    )
    if made.first() is None:
        return False
    session.add(PoolMember(organisation_id=organisation_id, pool_id=pool_id, member_id=organisation_id))
    await session.flush()
    return True
