"""One way to weigh pairs, solved over all of them with prices that prove it; a claim is made of one to three."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Pool
from matcher.duals import Market, Prices, least_prices
from matcher.explaining import smallest
from matcher.given import Given
from matcher.locks import price_locked
from matcher.quotas import Floor, RealPrices, dense_market, real_prices
from matcher.results import Claim, Unmatched
from matcher.solving import any_optimum, optimum


class Weighing(NamedTuple):
    """How a pair is weighed: `lift` for the person and, unless people alone are counted, its score; from `floor` on."""

    is_counting: bool
    lift: int
    floor: int


class Ground(NamedTuple):
    """What all stages of a run share."""

    given: Given
    score: I32
    """int32[n, m], 0 where a limit fails."""
    floor: Floor
    most: int
    """The greatest score that any pair could have."""


class Stage(NamedTuple):
    weighing: Weighing
    floor: Floor
    market: Market
    match: I32
    """With stand-ins, without locked pairs."""
    prices: Prices
    real: RealPrices


def market_of(g: Ground, how: Weighing) -> tuple[Floor, Market]:
    is_open = (g.score > 0) & (g.score >= how.floor)
    weight = how.lift + (0 if how.is_counting else g.score.astype(np.int64))
    top = how.lift + (0 if how.is_counting else g.most)
    f = g.floor._replace(steep=8 * top + 1)
    return f, dense_market(f, g.given.pool, np.where(is_open, weight, 0))


def people_at(g: Ground, floor: int) -> int:
    """The most unlocked mentees whom pairs of at least this score can match."""
    f, market = market_of(g, Weighing(True, 1, floor))
    match = any_optimum(market)[: f.mentees]
    return int(((match >= 0) & (match < f.mentors)).sum())


def solved(g: Ground, how: Weighing, locked_score: I32, *, is_canonical: bool = False) -> Stage:
    """`is_canonical`: of all optima the one that the rule for ties chooses; else any, for its prices alone."""
    f, market = market_of(g, how)
    if is_canonical:
        match, prices = optimum(market, f.mentee_key, f.mentor_key)
    else:
        match = any_optimum(market)
        prices = least_prices(market, match)
    real = real_prices(f, prices, g.given.pool, g.given.quotas)
    weight = how.lift + (np.zeros_like(locked_score) if how.is_counting else locked_score)
    return Stage(how, f, market, match, prices, price_locked(real, g.given, weight))


def claim_of(mode: int, stages: Sequence[tuple[Weighing, RealPrices]], pool: Pool) -> Claim:
    def stacked(side: int, size: int) -> I64:
        rows = [np.asarray(real[side], np.int64) for _, real in stages]
        return np.array(rows, np.int64).reshape(len(stages), size)

    sizes = (len(pool.mentees.key), len(pool.mentors.key))
    quotas = [len(stages[0][1][side]) if stages else 0 for side in (2, 3)]
    return Claim(
        mode,
        np.array([how.is_counting for how, _ in stages], np.bool_),
        np.array([how.lift for how, _ in stages], np.int64),
        np.array([how.floor for how, _ in stages], np.int32),
        stacked(0, sizes[0]),
        stacked(1, sizes[1]),
        stacked(2, quotas[0]),
        stacked(3, quotas[1]),
    )


def loss(claim: Claim, margin: int) -> tuple[int, int]:
    """
    (people, points) that a margin of a mode that puts people first stands for.

    Points below zero are gained: with one person less, the others may do better.
    """
    lift = int(claim.lift[-1])
    people = (margin + lift // 2) // lift
    return people, margin - people * lift


def lowered(one: Unmatched, how: Weighing) -> Unmatched:
    """With one more place, a pair below the floor could still have to give way to one above it."""
    changes = [change._replace(score=change.score - how.lift) for change in one.changes]
    return one._replace(
        changes=smallest(
            [
                change._replace(certain=False)
                if change.what in ("place", "capacity") and change.score < how.floor
                else change
                for change in changes
            ]
        )
    )
