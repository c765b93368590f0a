"""
The numeric queue: matching runs, and counts of pairs for runs that are being thought about.

Whatever happens to a worker, its run is taken up again by another, reads the same
world and comes to the same result; only the transaction that ends a run writes.
"""

import asyncio
from typing import Any

from infra import errors, garbage, logs
from infra.db import bulk
from infra.outbox.delivery import MAX_ATTEMPTS
from matcher import (
    Cancelled,
    CircleMatching,
    LimitReached,
    Matching,
    MutualMatching,
    Reasons,
    explain,
    explain_mutual,
)
from tenants import watchers
from tenants.pools import queries as pools
from tenants.pools.actions import AT_ONCE, rebuild_cards
from tenants.proposals.models import MatchingRun, WishKind
from tenants.proposals.parties import changing
from tenants.proposals.parties.jobs import WeighMove
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs import finishing, inputs, queries, rules
from tenants.proposals.runs.jobs import CountPairs, ExplainPair, RunMatching
from tenants.proposals.runs.outcomes import Outcome
from tenants.proposals.searches import actions as searches
from tenants.proposals.searches import inputs as search_inputs
from tenants.proposals.searches import rules as search_rules
from tenants.proposals.searches.jobs import SearchMatches
from workers.handling import ClaimLost, Work, handles
from workers.matching import aiming, keeping, moves
from workers.matching.computing import LockImpossible, NotProved, Order, compute
from workers.matching.counting import count, waterfall
from workers.matching.encoding import encode
from workers.matching.searching import search
from workers.matching.solving import THREADS
from workers.matching.telling import Teller
from workers.matching.weighing import in_use
from workers.tiles.leading import shared

log = logs.get("matching")
SEAL = "matching run"
WATCHERS = watchers.WATCHERS


@handles(RunMatching, alone=True)
async def run_matching(work: Work, job: RunMatching) -> None:
    """Take the run up, compute, write. Told again by every ending, so that a page that watches can turn over."""
    teller = Teller(work.ground.redis, rules.progress_key(work.claim.organisation_id, job.run_id), {})

    async def goes_on() -> bool:
        async with work.reading() as session:
            return await queries.is_open(session, job.run_id)

    async with work.session() as session:
        run = await finishing.begin(session, work.actor, job.run_id)
    if run is None:
        await teller.say("ended", 100)
        return
    try:
        with garbage.uncollected():
            async with teller.watching(goes_on):
                order = await _read(work, run, teller)
                outcome = await asyncio.to_thread(_computed, work, order, teller)
            async with work.session() as session:
                await finishing.finish(session, work.actor, job.run_id, outcome)
    except Cancelled:
        log.info("run cancelled", run=str(job.run_id))
    except (errors.Unavailable, ClaimLost):
        raise  # another try, or another worker, will do it
    except Exception as error:
        await _fail(work, job, error)
    await teller.say("ended", 100)


async def _read(work: Work, run: MatchingRun, teller: Teller) -> Order:
    """All that the run is about. Cards are brought up to date before, some at a time: nobody has to wait for all of them to be."""
    async with work.reading() as session:
        everybody = await pools.who_may_have_cards(session, run.cycle_id)
    for part in bulk.batches(everybody, AT_ONCE):
        if teller.cancelled():
            raise Cancelled
        async with work.session() as session:
            await rebuild_cards(session, part)
    async with work.reading() as session:
        return Order(
            run.id,
            choosing.of_run(run.criteria),
            await pools.cards(session, run.pool_id),
            await inputs.never_again(session, run.pool_id),
            await inputs.wishes(session, run.cycle_id),
        )


def _computed(work: Work, order: Order, teller: Teller) -> Outcome:
    key = work.ground.keyring.derived(SEAL)
    with shared(work.ground, work.claim.organisation_id, teller.cancelled, THREADS) as crew:
        return compute(order, key, teller.tell, teller.cancelled, crew)


async def _fail(work: Work, job: RunMatching, error: Exception) -> None:
    """What a coordinator can change is told at once; what only a programmer can is tried again first."""
    code, facts = _told(error)
    if code == "run_broken":
        log.error("run broken", run=str(job.run_id), attempt=work.claim.attempt, exc_info=error)
        if not isinstance(error, NotProved) and work.claim.attempt < min(TRIES, MAX_ATTEMPTS):
            raise error
    async with work.session() as session:
        await finishing.fail(session, work.actor, job.run_id, code, **facts)


TRIES = 3


def _told(error: Exception) -> tuple[str, dict[str, Any]]:
    if isinstance(error, LimitReached) and error.what == "lift":
        return "run_too_many_swaps", {}
    if isinstance(error, LimitReached) and error.what not in ("mentees", "mentors", "people"):
        return "run_too_many_groups", {}
    if isinstance(error, LimitReached):
        return "run_pool_too_large", {"what": error.what, "found": error.found, "limit": error.limit}
    if isinstance(error, LockImpossible):
        return "run_lock_impossible", error.facts
    if isinstance(error, NotProved):
        return "run_not_proved", {}
    return "run_broken", {}


@handles(CountPairs, alone=True)
async def count_pairs(work: Work, job: CountPairs) -> None:
    """Count the pairs of a pool under criteria that are only being thought about."""
    snapshot = choosing.of_run(job.snapshot)
    async with work.reading() as session:
        pool = await pools.pool_by_id(session, job.pool_id)
        if pool is None:
            return
        cards = await pools.cards(session, pool.id)
        never = await inputs.never_again(session, pool.id)
        apart = (await inputs.wishes(session, pool.cycle_id))[WishKind.FORBID]
    teller = Teller(work.ground.redis, job.key, {})

    def counted() -> dict[str, Any]:
        encoded = encode(cards, never, snapshot.meets_on)
        found = count(encoded, snapshot, encoded.rows(apart))
        rows = waterfall(found.pairs, found.left, in_use(snapshot))
        return {
            "pairs": found.pairs,
            "possible": found.left[-1],
            "few": found.few,
            "rows": rows,
            "makes": snapshot.kind,
        }

    try:
        await teller.say("counted", 100, **await asyncio.to_thread(counted))
    except LimitReached as error:
        await teller.say("too_large", 100, what=error.what, found=error.found, limit=error.limit)


@handles(SearchMatches, alone=True)
async def search_matches(work: Work, job: SearchMatches) -> None:
    """Score everybody for one person, and keep the answer with its inputs' digest."""
    key = search_rules.progress_key(work.claim.organisation_id, job.search_id)
    teller = Teller(work.ground.redis, key, {})
    async with work.reading() as session:
        asked = await searches.waiting(session, job.search_id)
        read = None if asked is None else await search_inputs.read(session, asked)
    if asked is None:
        return
    if read is None:
        async with work.session() as session:
            await searches.fail(session, asked.id, "search_not_ready")
    else:
        named = None if asked.named_id is None else str(asked.named_id)
        try:
            found = await asyncio.to_thread(search, read, choosing.of_run(asked.criteria), named)
        except Exception as error:  # whoever waits is told, and asks anew
            log.error("search broken", search=str(asked.id), exc_info=error)
            found = None
        async with work.session() as session:
            if found is None:
                await searches.fail(session, asked.id, "search_broken")
            else:
                await searches.finish(session, asked.id, result=found[0], digest=found[1], version=found[2])
    await teller.say("ended", 100)


@handles(ExplainPair, alone=True)
async def explain_pair(work: Work, job: ExplainPair) -> None:
    """What a pair that the run did not choose would earn and cost, from what the run keeps."""
    async with work.reading() as session:
        inputs_kept = await queries.kept_inputs(session, job.run_id)
    teller = Teller(work.ground.redis, job.key, {})

    def explained() -> dict[str, Any] | None:
        if inputs_kept is None:
            return None
        kept = keeping.unpack(inputs_kept)
        if job.mentee_id not in kept.mentees or job.mentor_id not in kept.mentors:
            return None
        rows = kept.mentees.index(job.mentee_id), kept.mentors.index(job.mentor_id)
        if isinstance(kept.matching, MutualMatching):
            peers = explain_mutual(kept.pool, kept.criteria, *rows, kept.matching)
            return _plainly(peers, None if peers.price is None else aiming.Price(peers.price, 0))
        # Of a group or circle, one person alone has no price: topic and language are everybody's.
        pairs = kept.matching if isinstance(kept.matching, Matching) else None
        told = explain(kept.pool, kept.criteria, *rows, matching=pairs, threads=THREADS)
        if pairs is None:
            return _plainly(told._replace(is_matched=_are_together(kept, *rows)), None)
        price = None if told.price is None else aiming.price(pairs, told.price)
        return _plainly(told, price)

    facts = await asyncio.to_thread(explained)
    await teller.say("absent" if facts is None else "explained", 100, **(facts or {}))


@handles(WeighMove, alone=True)
async def weigh_move(work: Work, job: WeighMove) -> None:
    """What it would mean to move somebody into each other group or circle of a run."""
    async with work.reading() as session:
        run = await queries.access_run(session, work.actor, job.run_id)
        inputs_kept = await queries.kept_inputs(session, job.run_id)
        seated = await changing.sittings(session, job.run_id)
    teller = Teller(work.ground.redis, job.key, {})
    snapshot = choosing.of_run(run.criteria)
    people = {one for sitting in seated for one in sitting.people} | {job.participation_id}
    scene = await asyncio.to_thread(
        lambda: moves.as_it_ran(keeping.unpack(inputs_kept)) if inputs_kept else None
    )
    if scene is not None and not people <= scene.row.keys():
        async with work.reading() as session:  # somebody came after the run
            cards = await pools.cards(session, run.pool_id)
            never = await inputs.never_again(session, run.pool_id)
            apart = (await inputs.wishes(session, run.cycle_id))[WishKind.FORBID]
        scene = await asyncio.to_thread(moves.as_it_stands, cards, never, apart, snapshot, seated)
    found = (
        []
        if scene is None
        else await asyncio.to_thread(moves.weigh, scene, snapshot, seated, job.participation_id)
    )
    await teller.say("weighed", 100, moves=found)


def _plainly(told: Reasons, price: aiming.Price | None) -> dict[str, Any]:
    return {
        "score": told.score,
        "failed": list(told.failed),
        "price": price and price.points,
        "people": price.people if price else 0,
        "is_matched": told.is_matched,
        "contributions": told.contributions,
    }


def _are_together(kept: keeping.Kept, row: int, column: int) -> bool:
    if isinstance(kept.matching, CircleMatching):
        circle = kept.matching.circle
        return bool(row != column and circle[row] == circle[column] >= 0)
    return bool(((kept.matching.mentee == row) & (kept.matching.mentor == column)).any())
