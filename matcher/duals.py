"""
Prices that prove an optimum.

Given an optimal matching, prices u (mentees) and v (mentors) with u + v >= worth on every
pair, v = 0 where a place is free, u = 0 where a mentee is unmatched, and equality on the
pairs taken, are shortest paths in the residual graph (Ahuja, Magnanti, Orlin, Network
Flows, 1993, chapter 9). Of all such prices the least for mentors are found here: these
are unique, whatever optimal matching one starts from.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64


class Market(NamedTuple):
    """worth int64[n, m], 0 = no pair; capacity int64[m]; unmatched is worth 0."""

    worth: I64
    capacity: I64


class Prices(NamedTuple):
    mentee: I64
    mentor: I64


class NotOptimal(RuntimeError):
    """A bug: the matching given was not an optimum, so no prices exist."""


def total_worth(market: Market, match: I32) -> int:
    rows = np.flatnonzero(match >= 0)
    return int(market.worth[rows, match[rows]].sum())


def least_prices(market: Market, match: I32) -> Prices:
    """
    The prices that are least for mentors and greatest for mentees.

    v[k] >= worth[i, k] for unmatched i, and >= worth[i, k] - worth[i, j] + v[j] for i matched to j:
    raised from 0 until nothing moves (Bellman-Ford; only mentors that moved are looked at again).

    Raises:
        NotOptimal: total and bound differ.
    """
    worth, capacity = market
    rows = np.flatnonzero(match >= 0)
    rows = rows[np.argsort(match[rows], kind="stable")]
    held, first = np.unique(match[rows], return_index=True)
    free = worth[match < 0]
    price = free.max(axis=0, initial=0).astype(np.int64)
    if len(rows):
        # gain[a, k]: how much more than its price of `held[a]` some mentee there would pay for k
        loss = worth[rows] - worth[rows, match[rows]][:, None]
        gain = np.maximum.reduceat(loss, first, axis=0)
        moved = np.arange(len(held))
        for _ in range(len(held) + 2):
            raised = np.maximum(price, (gain[moved] + price[held[moved]][:, None]).max(axis=0))
            moved = np.flatnonzero(raised[held] > price[held])
            price = raised
            if not len(moved):
                break
    mentee = (worth - price).max(axis=1, initial=0)
    bound = int(mentee.sum()) + int((capacity * price).sum())
    if bound != total_worth(market, match):
        raise NotOptimal(f"total {total_worth(market, match)}, bound {bound}")
    return Prices(mentee, price)
