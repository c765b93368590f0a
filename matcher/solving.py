"""
An exact optimum of a dense market, and among all optima the canonical one.

The rule for ties: of all optimal matchings, the one whose pairs have the greatest sum of
a 26-bit hash of both people's keys; should several share it, the greatest sum of the next
hash, and so on until one is left. Nothing in it depends on the order of rows or columns.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matcher.columns import I32, I64, U64, Flags
from matcher.duals import Market, Prices, least_prices
from matcher.errors import LimitReached

MOST_CELLS = 120_000_000
"""Cells of the expanded float64 matrix: 960 MB, met only when thousands could all go to anybody."""

HASH_BITS = 26
MUST = 1 << 40
"""More than all hashes together (2^14 rows of 2^26): a place that must be filled outweighs every tie."""

MOST_ROUNDS = 32


def optimum(market: Market, mentee_key: U64, mentor_key: U64) -> tuple[I32, Prices]:
    """The canonical optimal matching (int32[n], -1 = unmatched) and its least prices."""
    match = any_optimum(market)
    prices = least_prices(market, match)
    stage, stage_prices = market, prices
    for level in range(MOST_ROUNDS):
        tight = tight_pairs(stage, stage_prices)
        if is_only_one(stage, stage_prices, tight, match):
            return match, prices
        must = (stage_prices.mentee > 0)[:, None].astype(np.int64) + (stage_prices.mentor > 0)
        drawn = pair_hash(mentee_key, mentor_key, level) + MUST * must
        stage = Market(np.where(tight, drawn, 0), market.capacity)
        match = any_optimum(stage)
        stage_prices = least_prices(stage, match)
    raise RuntimeError("ties remain: two people share a key")


def any_optimum(market: Market) -> I32:
    """
    Some optimal matching, by the Hungarian method with one column per place.

    Columns are given sparingly: a mentor gets more only when hers are all taken. A mentor with a spare
    column has price 0, so what is found is the optimum for the full capacity.
    """
    worth, capacity = market
    exact = worth.astype(np.float64)
    match = np.full(worth.shape[0], -1, np.int32)
    useful = np.minimum(capacity, (worth > 0).sum(axis=0))
    columns = np.minimum(useful, 2 + 2 * worth.shape[0] // max(worth.shape[1], 1))
    while True:
        owner = np.repeat(np.arange(worth.shape[1]), columns)
        if len(owner) * worth.shape[0] > MOST_CELLS:
            raise LimitReached("cells", len(owner) * worth.shape[0], MOST_CELLS)
        rows, places = linear_sum_assignment(exact[:, owner], maximize=True)
        match[:] = -1
        match[rows] = owner[places]
        match[rows[worth[rows, match[rows]] <= 0]] = -1
        load = np.bincount(match[match >= 0], minlength=len(columns))
        short = (load >= columns) & (columns < useful)
        if not short.any():
            return match
        columns = np.where(short, np.minimum(2 * columns, useful), columns)


def tight_pairs(market: Market, prices: Prices) -> Flags:
    """Pairs that may stand in an optimal matching: every optimum uses these alone."""
    tight: Flags = (market.worth > 0) & (prices.mentee[:, None] + prices.mentor == market.worth)
    return tight


def is_only_one(market: Market, prices: Prices, tight: Flags, match: I32) -> bool:
    """
    Is there no other optimal matching?

    Another one differs by a cycle of the residual graph over tight pairs, where a hub stands for
    "unmatched" and "place left free". So it is the only one when no arc lies within a strongly
    connected component.
    """
    count, hub = market.worth.shape, sum(market.worth.shape)
    load = np.bincount(match[match >= 0], minlength=count[1])
    free = prices.mentor == 0
    node = count[0] + np.arange(count[1])
    # A partly filled mentor may gain and lose a mentee alike: she is one with the hub.
    node[free & (load > 0) & (load < market.capacity)] = hub
    mentees, mentors = np.nonzero(tight)
    taken = match[mentees] == mentors
    easy = np.flatnonzero(prices.mentee == 0)
    out = match[easy] < 0
    empty = node[free & (load == 0) & (market.capacity > 0)]
    full = node[free & (load > 0) & (load == market.capacity)]
    begin = np.concatenate(
        [
            np.where(taken, node[mentors], mentees),
            np.where(out, hub, easy),
            empty,
            np.full(len(full), hub),
        ]
    )
    end = np.concatenate(
        [
            np.where(taken, mentees, node[mentors]),
            np.where(out, easy, hub),
            np.full(len(empty), hub),
            full,
        ]
    )
    graph = coo_array((np.ones(len(begin), np.int8), (begin, end)), shape=(hub + 1, hub + 1))
    _, part = connected_components(graph.tocsr(), directed=True, connection="strong")
    return not bool((part[begin] == part[end]).any())


def mixed(value: U64) -> U64:
    """SplitMix64 (Steele, Lea, Flood 2014): every bit of the answer depends on every bit of the key."""
    z = value + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def pair_hash(mentee_key: U64, mentor_key: U64, level: int) -> I64:
    """int64[n, m] in 1 .. 2^26, another one for each level."""
    ours = mixed(mentee_key ^ np.uint64(level))
    theirs = mixed(mixed(mentor_key + np.uint64(1)))
    drawn = mixed(ours[:, None] ^ theirs[None, :]) >> np.uint64(64 - HASH_BITS)
    return drawn.astype(np.int64) + 1
