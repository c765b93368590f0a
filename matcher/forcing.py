"""
What it costs to force a pair.

Forcing mentee i to mentor j pushes one place along the cheapest cycle of the residual graph
through that pair: j has to let somebody go, who goes elsewhere, and so on, until either the
chain ends with a free place or an unmatched mentee, or it reaches the place that i left.
Shortest distances between all mentors (Floyd and Warshall) answer that for all pairs at once.
"""

from collections.abc import Callable

import numpy as np

from matcher.columns import I32
from matcher.duals import Market, Prices

FAR = 1 << 29
"""No way: two of them still fit into int32."""


def distances(market: Market, prices: Prices, match: I32, pause: Callable[[float], None]) -> I32:
    """
    int32[m + 1, m + 1]: points lost when mentor a gives a place up and mentor b gains one.

    The last row and column stand for "nobody": a place left free, a mentee unmatched.
    """
    m = market.worth.shape[1]
    slack = reduced(market, prices)
    load = np.bincount(match[match >= 0], minlength=m)
    near = np.full((m + 1, m + 1), FAR, np.int32)
    rows = np.flatnonzero(match >= 0)
    rows = rows[np.argsort(match[rows], kind="stable")]
    held, first = np.unique(match[rows], return_index=True)
    if len(rows):
        near[held, :m] = np.minimum.reduceat(slack[rows], first, axis=0)
        near[held, m] = np.minimum.reduceat(prices.mentee[rows], first)
    near[:m, m][load < market.capacity] = 0
    near[m, :m] = slack[match < 0].min(axis=0, initial=FAR)
    near[m, :m] = np.minimum(near[m, :m], np.where(load > 0, prices.mentor, FAR))
    np.fill_diagonal(near, 0)
    sums = np.empty_like(near)
    through = np.append(np.flatnonzero((load > 0) | (market.capacity > 0)), m)
    for step, k in enumerate(through):
        np.add(near[:, k, None], near[k], out=sums)
        np.minimum(near, sums, out=near)
        if step % 64 == 0:
            pause(step / len(through))
    return near


def reduced(market: Market, prices: Prices) -> I32:
    """int32[n, m]: prices minus worth, FAR where there is no pair."""
    slack = prices.mentee[:, None] + prices.mentor - market.worth
    return np.where(market.worth > 0, slack, FAR).astype(np.int32)


def asking(market: Market, prices: Prices, match: I32, near: I32) -> I32:
    """
    int32[n, m]: the score at which a pair would enter an optimal matching, FAR where it never can.

    For a pair in the market, asking minus score is what forcing it costs; for a pair outside, a score
    above asking would put it into every optimum.
    """
    m = market.worth.shape[1]
    node = np.where(match < 0, m, match)
    ask = near[:m].T[node] + prices.mentee[:, None] + prices.mentor
    ask[:, market.capacity <= 0] = FAR
    capped: I32 = np.minimum(ask, FAR).astype(np.int32)
    return capped


def without(market: Market, prices: Prices, match: I32, near: I32) -> I32:
    """int32[n]: points lost when a matched mentee's pair is forbidden; 0 for unmatched mentees."""
    m = market.worth.shape[1]
    lost = np.zeros(len(match), np.int32)
    slack = reduced(market, prices)
    for i in np.flatnonzero(match >= 0):
        j = match[i]
        ways = slack[i] + near[:m, j]
        ways[j] = FAR
        lost[i] = min(int(ways.min(initial=FAR)), int(prices.mentee[i]) + int(near[m, j]))
    return lost
