"""
A bound on what circles of given sizes can be worth.

Of circles it keeps only that everybody sits with at most so many, and how many pairs there are in all; and it
allows only pairs that could ever meet. What such pairs are worth at most is bounded by a price for each
person and one for each pair (linear programming duality), whatever the prices.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import I64, Flags
from matcher.modes.pausing import Pause
from matcher.structures.circle_pool import Peers, could_meet

ROUNDS = 120


class CircleBound(NamedTuple):
    """Doubled prices, 0 or more: price + price + pair_price >= 2 * worth, or the pair pays the rest itself."""

    bound: int
    price: I64
    """int64[n]"""
    pair_price: int


class Relaxed(NamedTuple):
    worth: I64
    """int64[n, n], doubled; 0 = the two could never meet"""
    near: int
    """Most others with whom anybody sits."""
    pairs: int
    """Pairs in all circles together."""


def relaxed(p: Peers, sizes: tuple[int, ...]) -> Relaxed:
    near = max(sizes, default=1) - 1
    return Relaxed(np.where(could_meet(p), 2 * p.worth, 0), near, sum(s * (s - 1) // 2 for s in sizes))


def bound_of(r: Relaxed, price: I64, pair_price: int) -> tuple[int, Flags]:
    """The bound, and bool[n, n]: pairs worth more than these prices."""
    left = r.worth - price[:, None] - price - pair_price
    over = left > 0
    # Each pair stands twice in the matrix, and everything is doubled.
    doubled = r.near * int(price.sum()) + r.pairs * pair_price + int(left[over].sum()) // 2
    return doubled // 2, over


def first_prices(r: Relaxed) -> Iterator[tuple[I64, int]]:
    """Everybody with the others she does best with; or the best pairs of all, whoever is in them."""
    n = len(r.worth)
    nothing = np.zeros(n, np.int64)
    yield nothing, 0
    if 0 < r.near < n:
        # Half of her d-th best, as both ends pay.
        yield np.partition(r.worth, n - r.near, axis=1)[:, n - r.near] // 2, 0
    values = r.worth[np.triu_indices(n, 1)]
    if 0 < r.pairs <= len(values):
        yield nothing, int(np.partition(values, len(values) - r.pairs)[len(values) - r.pairs])


def circle_bound(p: Peers, sizes: tuple[int, ...], value: int, pause: Pause) -> CircleBound:
    """The lowest bound that some rounds of the subgradient find; `value` is what was reached."""
    r, n = relaxed(p, sizes), len(p.worth)
    best = min(
        (CircleBound(bound_of(r, *prices)[0], *prices) for prices in first_prices(r)), key=lambda b: b.bound
    )
    price, pair_price = best.price, best.pair_price
    bound, over = bound_of(r, price, pair_price)
    share, stale = 1, 0
    for _ in range(ROUNDS):
        pause()
        if best.bound <= value:
            break
        slope = r.near - over.sum(axis=1)
        slope[(price == 0) & (slope > 0)] = 0
        pair_slope = r.pairs - int(over.sum()) // 2
        pair_slope = 0 if pair_price == 0 and pair_slope > 0 else pair_slope
        # One pair price stands for all people: its slope counts as theirs would, spread over them.
        steep = int((slope * slope).sum()) + pair_slope * pair_slope // max(n, 1)
        if steep == 0:
            break
        step = max(2 * (bound - value) // (share * steep), 1)
        price = np.maximum(price - step * slope, 0)
        pair_price = max(pair_price - step * pair_slope // max(n, 1), 0)
        bound, over = bound_of(r, price, pair_price)
        stale += 1
        if bound < best.bound:
            best, stale = CircleBound(bound, price, pair_price), 0
        elif stale == 4:
            share, stale = 2 * share, 0
            price, pair_price = best.price, best.pair_price
            bound, over = bound_of(r, price, pair_price)
    return best
