"""One run: check, score, solve, explain, prove."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from matcher.columns import CRITERIA, I32, I64, LIMITS, Criteria, Pool, Quotas
from matcher.digest import VERSION, digest
from matcher.duals import Market, Prices
from matcher.errors import LimitReached, LockedRefused
from matcher.explaining import Outcome, next_best, unmatched_mentees, unmatched_mentors
from matcher.forcing import FAR, asking, distances, without
from matcher.limits import BIT, Mask, failures
from matcher.quotas import Floor, RealPrices, dense_market, floor, real_prices
from matcher.results import Matching, Waterfall
from matcher.scoring import Scene, contributions, scene
from matcher.solving import MOST_A_SIDE, optimum
from matcher.tables import max_score
from matcher.validation import check_pool, check_quotas, pair_rows
from matcher.watching import Watch

BLOCK = 128
"""Mentees scored at a time: a block of 128 x 2,000 stays in cache."""

NO_QUOTAS = Quotas(np.zeros(0, np.int32), np.zeros(0, np.int32))


class Solved(NamedTuple):
    """A run up to its prices, before anything is explained."""

    scene: Scene
    mask: Mask
    score: I32
    floor: Floor
    market: Market
    floor_match: I32
    """With stand-ins, without locked pairs."""
    match: I32
    """int32[n], real mentors, with locked pairs."""
    prices: Prices
    real: RealPrices
    locked: I32
    forbidden: I32
    quotas: Quotas


def propose(
    pool: Pool,
    criteria: Criteria,
    *,
    locked: Iterable[tuple[int, int]] | I32 = (),
    forbidden: Iterable[tuple[int, int]] | I32 = (),
    quotas: Quotas | None = None,
    progress: Callable[[str, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 1,
) -> Matching:
    """
    The matching of greatest total score over all legal pairs, with proof and reasons.

    `locked` pairs stand whatever they score, but must pass every limit except "score"; `forbidden` pairs
    are the limit "forbidden". `progress(phase, percent)` hears the phases reading, scoring, solving,
    explaining, proving with rising per cents. The result is the same for any number of `threads`.

    Raises:
        InvalidColumn: the input is not what its description says; names column and row.
        LimitReached: more than 2,000 on a side.
        LockedRefused: a locked pair cannot stand.
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    run = solve(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas, watch=watch)
    market = run.market
    near = distances(market, run.prices, run.floor_match, lambda done: watch("explaining", 0.7 * done))
    n, m = run.floor.mentees, run.floor.mentors
    ask = asking_scores(run, near)
    watch("explaining", 0.7)
    by_quota = (run.floor_match[:n] >= m) & (run.match < 0)
    outcome = Outcome(
        run.scene,
        run.mask,
        run.score,
        ask,
        run.match,
        held_back(run.prices.mentee[:n], run.locked),
        run.prices.mentor[:m],
        run.locked,
        by_quota,
        np.isin(pool.mentors.organisation, np.flatnonzero(run.quotas.mentors >= 0)),
    )
    best = next_best(outcome)
    mentees = unmatched_mentees(outcome)
    watch("explaining", 0.9)
    mentors = unmatched_mentors(outcome)
    watch("proving", 0)
    rows = np.flatnonzero(run.match >= 0).astype(np.int32)
    cols = run.match[rows]
    is_locked = np.isin(rows, run.locked[:, 0])
    margin = np.minimum(without(market, run.prices, run.floor_match, near)[rows], 2 * run.floor.steep)
    parts = np.stack(contributions(run.scene, rows, cols), axis=1).reshape(len(rows), len(CRITERIA))
    matching = Matching(
        rows,
        cols,
        run.score[rows, cols].astype(np.int16),
        parts,
        is_locked,
        np.where(is_locked, -1, margin).astype(np.int32),
        *run.real,
        total=int(run.score[rows, cols].sum()),
        bound=dual_value(run),
        pairs_possible=int((run.mask == 0).sum()),
        waterfall=waterfall(run.mask),
        next_best=best,
        unmatched_mentees=mentees,
        unmatched_mentors=mentors,
        locked_pairs=run.locked,
        forbidden_pairs=run.forbidden,
        mentee_quota=run.quotas.mentees,
        mentor_quota=run.quotas.mentors,
        digest=digest(pool, criteria),
        version=VERSION,
    )
    if matching.total != matching.bound:
        raise RuntimeError(f"total {matching.total} is not the bound {matching.bound}")
    watch("proving", 1)
    return matching


def asking_scores(run: Solved, near: I32) -> I32:
    """int32[n, m]: see `asking`; FAR also where locks or quotas leave no way."""
    f = run.floor
    ask = asking(run.market, run.prices, run.floor_match, near)[: f.mentees, : f.mentors]
    # To force a pair moves at most four other pairs (of her, of the mentor, and one for each quota), so
    # it costs at most half of `steep`; what costs more would leave a stand-in out and break a quota.
    ask[ask > f.steep // 2] = FAR
    ask[run.locked[:, 0]] = FAR
    return ask


def held_back(price: I64, locked: I32) -> I64:
    """Prices of mentees, FAR for those whom a lock keeps."""
    kept = price.copy()
    kept[locked[:, 0]] = FAR
    return kept


def solve(
    pool: Pool,
    criteria: Criteria,
    *,
    locked: Iterable[tuple[int, int]] | I32,
    forbidden: Iterable[tuple[int, int]] | I32,
    quotas: Quotas | None,
    watch: Watch,
) -> Solved:
    """Everything up to matching and prices."""
    watch("reading", 0)
    check_pool(pool, criteria)
    for what, people in (("mentees", pool.mentees), ("mentors", pool.mentors)):
        if len(people.key) > MOST_A_SIDE:
            raise LimitReached(what, len(people.key), MOST_A_SIDE)
    quota = NO_QUOTAS if quotas is None else quotas
    check_quotas(quota, pool)
    pinned, barred = pair_rows("locked", locked, pool), pair_rows("forbidden", forbidden, pool)
    facts = scene(pool, criteria)
    watch("reading", 1)
    mask, points = score_all(facts, barred, watch)
    check_locked(pinned, mask, pool, quota)
    watch("solving", 0)
    worth = np.where(mask == 0, points, 0).astype(np.int64)
    ground = floor(pool, pinned, quota, max_score(criteria))
    market = dense_market(ground, pool, worth)
    match, prices = optimum(market, ground.mentee_key, ground.mentor_key)
    real_match = match[: ground.mentees].copy()
    real_match[real_match >= ground.mentors] = -1
    real_match[pinned[:, 0]] = pinned[:, 1]
    real = real_prices(ground, prices, pool, quota)
    real = price_locked(real, pool, points, pinned)
    watch("solving", 1)
    return Solved(facts, mask, points, ground, market, match, real_match, prices, real, pinned, barred, quota)


def score_all(facts: Scene, forbidden: I32, watch: Watch) -> tuple[Mask, I32]:
    """Masks and scores of all pairs, in blocks of mentees."""
    n, m = len(facts.pool.mentees.key), len(facts.pool.mentors.key)
    mask, points = np.zeros((n, m), np.uint16), np.zeros((n, m), np.int32)
    for start in range(0, n, BLOCK):
        rows = slice(start, min(start + BLOCK, n))
        mask[rows], points[rows] = failures(facts, rows, forbidden)
        watch("scoring", rows.stop / n)
    return mask, points


def check_locked(locked: I32, mask: Mask, pool: Pool, quotas: Quotas) -> None:
    """
    Raises:
        LockedRefused: a limit, a second place of a mentee, a mentor's places, or a quota.
    """
    used = np.zeros(len(pool.mentors.key), np.int64)
    seen: set[int] = set()
    left = [q.astype(np.int64).copy() for q in quotas]
    for i, j in locked.tolist():
        failed = int(mask[i, j]) & ~BIT["score"]
        if failed:
            raise LockedRefused(i, j, LIMITS[(failed & -failed).bit_length() - 1])
        used[j] += 1
        if i in seen or used[j] > pool.mentors.capacity[j]:
            raise LockedRefused(i, j, "capacity")
        seen.add(i)
        for quota, organisation in zip(
            left, (pool.mentees.organisation[i], pool.mentors.organisation[j]), strict=True
        ):
            if len(quota) and organisation >= 0 and quota[organisation] >= 0:
                if quota[organisation] == 0:
                    raise LockedRefused(i, j, "quota")
                quota[organisation] -= 1


def price_locked(real: RealPrices, pool: Pool, points: I32, locked: I32) -> RealPrices:
    """A locked mentee's price makes her pair exactly pay: what it earns above its place, or falls short."""
    mentee = real.mentee.copy()
    for i, j in locked.tolist():
        mentee[i] = int(points[i, j]) - int(real.mentor[j])
        for price, organisation in (
            (real.mentee_quota, pool.mentees.organisation[i]),
            (real.mentor_quota, pool.mentors.organisation[j]),
        ):
            if len(price) and organisation >= 0:
                mentee[i] -= price[organisation]
    return real._replace(mentee=mentee)


def dual_value(run: Solved) -> int:
    """Prices times places: no matching that keeps the locks and quotas can have a greater total."""
    real, pool = run.real, run.scene.pool
    value = int(real.mentee.sum()) + int((real.mentor * pool.mentors.capacity).sum())
    value += int((real.mentee_quota * np.maximum(run.quotas.mentees, 0)).sum())
    return value + int((real.mentor_quota * np.maximum(run.quotas.mentors, 0)).sum())


def waterfall(mask: Mask) -> Waterfall:
    """Pairs left after each limit, the limits applied one after the other."""
    left = tuple(int((mask & np.uint16((2 << k) - 1) == 0).sum()) for k in range(len(LIMITS)))
    return Waterfall(mask.size, left)
