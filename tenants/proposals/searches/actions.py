"""Asking who fits one person, and the worker's part of it. What comes of an answer is in `tenants.proposals.by_hand`."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import NotFound
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.pools import queries as pools
from tenants.pools.models import Side
from tenants.programmes.structures import Makes
from tenants.proposals.runs import actions as runs
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs import inputs as wishing
from tenants.proposals.runs.criteria import Criteria
from tenants.proposals.search_models import MatchSearch, SearchState
from tenants.proposals.searches import inputs, rules
from tenants.proposals.searches.jobs import SearchMatches
from tenants.registration import queries as registration


async def search(
    session: AsyncSession,
    actor: Actor,
    participation_id: UUID,
    criteria: Criteria | None = None,
    *,
    named_id: UUID | None = None,
) -> MatchSearch:
    """
    Have everybody on the other side scored for one person, with these criteria or the programme's usual ones.

    What was asked already, and has not changed since, is the same search. A coordinator of some offices searches
    among the people of those. `named_id` asks what somebody in particular would earn, and what stands against her.

    Raises:
        NotFound: nobody whom the actor may know of.
        Invalid: criteria that cannot be used.
        SearchNotReady: she cannot be matched now.
        SearchNotHere: her programme makes groups or circles.
    """
    actor.require(Permission.RUN_START)
    mine = await registration.access_participation(session, actor, participation_id)
    looked_at = await _without_whole(session, actor, mine.cycle_id, criteria)
    snapshot = await runs.snapshot(session, actor, mine.cycle_id, looked_at)
    if snapshot.kind not in (Makes.PAIRS, Makes.MUTUAL):
        raise rules.SearchNotHere(makes=snapshot.kind)
    card = await pools.card_of(session, mine.id)
    pool = await pools.pool_of(session, mine.cycle_id)
    if card is None or pool is None:
        raise rules.SearchNotReady(status=mine.status)
    if named_id is not None:
        await _must_face(session, actor, card, named_id)
    offices = sorted(str(one) for one in actor.offices)
    kept = choosing.plain(snapshot)
    stamps = (await pools.stamp(session, pool.id), await wishing.stamp(session, mine.cycle_id))
    question = rules.question(mine.id, named_id, kept, offices, stamps)
    return await _asked(session, actor, {
        "pool_id": pool.id, "cycle_id": mine.cycle_id, "participation_id": mine.id, "named_id": named_id,
        "asked_by": actor.require_person(), "offices": offices, "question": question, "criteria": kept,
    })  # fmt: skip


async def _without_whole(
    session: AsyncSession, actor: Actor, cycle_id: UUID, criteria: Criteria | None
) -> Criteria:
    """A search makes no set of pairs, so what is about the whole of a run is left out."""
    chosen = criteria or (await runs.snapshot(session, actor, cycle_id, None)).criteria
    return choosing.without_whole(chosen)


async def _must_face(session: AsyncSession, actor: Actor, card: pools.Card, named_id: UUID) -> None:
    """
    Raises:
        NotFound: nobody of the same cycle on the other side whom the actor may know of.
    """
    named = await registration.access_participation(session, actor, named_id)
    mine = await registration.own_participation(session, card.participation_id)
    if (named.cycle_id, named.role) != (mine.cycle_id, inputs.OTHER[Side(card.side)]) or named.id == mine.id:
        raise NotFound(kind="participation", id=str(named_id))


async def _asked(session: AsyncSession, actor: Actor, facts: dict[str, Any]) -> MatchSearch:
    """The search with this question, asked now unless its answer is here or on its way."""
    now = clock.now()
    is_lost = or_(
        MatchSearch.state == SearchState.FAILED,
        MatchSearch.created_at < now - rules.KEPT,
        (MatchSearch.state == SearchState.WAITING) & (MatchSearch.created_at < now - rules.GIVEN_UP),
    )
    await session.execute(delete(MatchSearch).where(MatchSearch.question == facts["question"], is_lost))
    made = await session.execute(
        insert(MatchSearch)
        .values(organisation_id=actor.organisation_id, id=ids.random(), created_at=now, result={}, **facts)
        .on_conflict_do_nothing(index_elements=[MatchSearch.organisation_id, MatchSearch.question])
        .returning(MatchSearch.id)
    )
    if (search_id := made.scalar_one_or_none()) is not None:
        await enqueue(session, SearchMatches(search_id=search_id), key=f"{SearchMatches.KIND}:{search_id}")
    query = select(MatchSearch).where(MatchSearch.question == facts["question"])
    return (await session.execute(query)).scalar_one()


async def waiting(session: AsyncSession, search_id: UUID) -> MatchSearch | None:
    """For the worker: one that nobody has answered yet."""
    query = select(MatchSearch).where(MatchSearch.id == search_id, MatchSearch.state == SearchState.WAITING)
    return (await session.execute(query)).scalar_one_or_none()


async def finish(
    session: AsyncSession, search_id: UUID, *, result: dict[str, Any], digest: str, version: str
) -> None:
    """Keep the answer. Nothing where it has been answered, or is gone, meanwhile."""
    found = await _of(session, search_id)
    if found is not None:
        found.state, found.ended_at, found.result = SearchState.DONE, clock.now(), result
        found.inputs_digest, found.matcher_version = digest, version


async def fail(session: AsyncSession, search_id: UUID, error: str) -> None:
    """End it with a code that a coordinator can be told."""
    found = await _of(session, search_id)
    if found is not None:
        found.state, found.ended_at, found.error = SearchState.FAILED, clock.now(), error


async def _of(session: AsyncSession, search_id: UUID) -> MatchSearch | None:
    query = select(MatchSearch).where(MatchSearch.id == search_id, MatchSearch.state == SearchState.WAITING)
    return (await session.execute(query.with_for_update())).scalar_one_or_none()


async def clear_expired(session: AsyncSession, actor: Actor) -> int:
    """Delete what is a day old, all of it, a batch at a time."""
    old = select(MatchSearch.id).where(MatchSearch.created_at < clock.now() - rules.KEPT).limit(bulk.BATCH)
    cleared = 0
    while found := (await session.execute(old)).scalars().all():
        await session.execute(delete(MatchSearch).where(bulk.any_of(MatchSearch.id, found)))
        cleared += len(found)
    return cleared
