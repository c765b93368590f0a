"""All pairs at once, for pools of up to a thousand a side: no candidates, no compiled kernels, the same answers."""

from typing import NamedTuple

import numpy as np

from matcher.assembling import Findings
from matcher.columns import CRITERIA, I32, I64, LIMITS
from matcher.duals import Market, Prices
from matcher.explaining import Outcome, next_best, unmatched_mentees, unmatched_mentors
from matcher.forcing import FAR, asking, distances, without
from matcher.given import Given
from matcher.limits import Mask, failures
from matcher.locks import check_locked, price_locked
from matcher.quotas import Floor, RealPrices, dense_market, floor, real_prices
from matcher.results import Waterfall
from matcher.scoring import Scene, contributions, scene
from matcher.solving import optimum
from matcher.tables import max_score
from matcher.watching import Tell, Watch

BLOCK = 128
"""Mentees scored at a time."""


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


def find(x: Given, watch: Watch) -> Findings:
    """
    Raises:
        LockedRefused: a locked pair cannot stand.
    """
    run = solve(x, watch)
    market = run.market
    near = distances(market, run.prices, run.floor_match, lambda done: watch("explaining", 0.7 * done))
    n, m = run.floor.mentees, run.floor.mentors
    outcome = Outcome(
        run.scene,
        run.mask,
        run.score,
        asking_scores(run, near),
        run.match,
        held_back(run.prices.mentee[:n], x.locked),
        run.prices.mentor[:m],
        x.locked,
        (run.floor_match[:n] >= m) & (run.match < 0),
        np.isin(x.pool.mentors.organisation, np.flatnonzero(x.quotas.mentors >= 0)),
    )
    watch("explaining", 0.8)
    rows = np.flatnonzero(run.match >= 0)
    cols = run.match[rows]
    margin = np.minimum(without(market, run.prices, run.floor_match, near)[rows], 2 * run.floor.steep)
    return Findings(
        run.match,
        run.score[rows, cols],
        np.stack(contributions(run.scene, rows, cols), axis=1).reshape(len(rows), len(CRITERIA)),
        margin,
        np.ones(len(rows), np.bool_),
        run.real,
        waterfall(run.mask),
        next_best(outcome),
        unmatched_mentees(outcome),
        unmatched_mentors(outcome),
    )


def solve(x: Given, watch: Tell) -> Solved:
    """Everything up to matching and prices."""
    facts = scene(x.pool, x.criteria)
    watch("reading", 1)
    mask, points = score_all(facts, x.forbidden, watch)
    i, j = x.locked.T
    check_locked(x, mask[i, j].tolist())
    watch("solving", 0)
    ground = floor(x.pool, x.locked, x.quotas, max_score(x.criteria))
    market = dense_market(ground, x.pool, np.where(mask == 0, points, 0).astype(np.int64))
    match, prices = optimum(market, ground.mentee_key, ground.mentor_key)
    real_match = match[: ground.mentees].copy()
    real_match[real_match >= ground.mentors] = -1
    real_match[i] = j
    real = price_locked(real_prices(ground, prices, x.pool, x.quotas), x, points[i, j])
    watch("solving", 1)
    return Solved(facts, mask, points, ground, market, match, real_match, prices, real)


def score_all(facts: Scene, forbidden: I32, watch: Tell) -> tuple[Mask, I32]:
    """Masks and scores of all pairs, in blocks of mentees."""
    n, m = len(facts.pool.mentees.key), len(facts.pool.mentors.key)
    mask, points = np.zeros((n, m), np.uint16), np.zeros((n, m), np.int32)
    for start in range(0, n, BLOCK):
        rows = slice(start, min(start + BLOCK, n))
        mask[rows], points[rows] = failures(facts, rows, forbidden)
        watch("scoring", rows.stop / n)
    return mask, points


def asking_scores(run: Solved, near: I32) -> I32:
    """int32[n, m]: see `asking`; FAR also where locks or quotas leave no way."""
    f = run.floor
    ask = asking(run.market, run.prices, run.floor_match, near)[: f.mentees, : f.mentors]
    # To force a pair moves at most four other pairs (of her, of the mentor, and one for each quota), so
    # it costs at most half of `steep`; what costs more would leave a stand-in out and break a quota.
    ask[ask > f.steep // 2] = FAR
    ask[~f.free] = FAR
    return ask


def held_back(price: I64, locked: I32) -> I64:
    """Prices of mentees, FAR for those whom a lock keeps."""
    kept = price.copy()
    kept[locked[:, 0]] = FAR
    return kept


def waterfall(mask: Mask) -> Waterfall:
    """Pairs left after each limit, the limits applied one after the other."""
    left = tuple(int((mask & np.uint16((2 << k) - 1) == 0).sum()) for k in range(len(LIMITS)))
    return Waterfall(mask.size, left)
