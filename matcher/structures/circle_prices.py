"""
The bound of `circle_bounds` for a large pool: prices found on the pairs of the best lists, and made true over all pairs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.scan.spreading import Pause as Tell
from matcher.structures.circle_bounds import CircleBound
from matcher.structures.covering import part
from matcher.structures.crowds import Scenery
from matcher.structures.peering import SUM, Best, best_peers

ROUNDS = 150
"""Steps of the subgradient on lists; each takes a hundredth of a second for 100,000 people."""

A_PIECE = 5_000
"""People whose pairs are put in order in one go."""

NO_ONE = np.zeros(0, np.int32)

AGAIN = 3
"""How often all pairs are compared at most: what was found above its prices comes into the lists."""


class Listed(NamedTuple):
    """Pairs, each once, doubled worth; most others of anybody, and pairs of all circles together."""

    one: I32
    other: I32
    worth: I32
    near: int
    pairs: int


def bound_over_all(
    s: Scenery, first: Best, sizes: tuple[int, ...], value: int, threads: int, tell: Tell
) -> CircleBound:
    """A bound that holds over all pairs, whatever the lists left out; `first` are the lists of everybody."""
    rows = np.arange(len(first.most))
    listed = Listed(
        *together(len(rows), first, None, tell),
        max(sizes, default=1) - 1,
        sum(k * (k - 1) // 2 for k in sizes),
    )
    best = CircleBound(-1, np.zeros(len(rows), np.int64), 0)
    for number in range(AGAIN):
        price, pair_price = lowered(listed, first_prices(listed, first), value, tell)
        found = best_peers(
            s, rows, SUM, first.other.shape[1], price, price + pair_price, threads,
            part(tell, number / AGAIN, (number + 1) / AGAIN), is_half=True,
        )  # fmt: skip
        bound = (listed.near * int(price.sum()) + listed.pairs * pair_price + int(found.over.sum())) // 2
        if best.bound < 0 or bound < best.bound:
            best = CircleBound(bound, price, pair_price)
        before = len(listed.one)
        one, other, worth = together(len(rows), found, listed, tell)
        listed = listed._replace(one=one, other=other, worth=worth)
        if len(listed.one) < 1.01 * before or bound <= value:
            break
    return best


def together(n: int, best: Best, known: Listed | None, tell: Tell) -> tuple[I32, I32, I32]:
    """The pairs of everybody's list and those known before, each once; some people after the other, as to sort all takes seconds."""
    is_pair = best.other >= 0
    row = np.broadcast_to(np.arange(n, dtype=np.int32)[:, None], is_pair.shape)[is_pair]
    other, worth = best.other[is_pair], 2 * best.worth[is_pair]
    one, other = np.minimum(row, other), np.maximum(row, other)
    if known is not None:
        one, other, worth = (
            np.concatenate(pair) for pair in ((one, known.one), (other, known.other), (worth, known.worth))
        )
    ones, others, worths = [NO_ONE], [NO_ONE], [NO_ONE]
    for begin in range(0, n, A_PIECE):
        tell(0)
        here = np.flatnonzero((one >= begin) & (one < begin + A_PIECE))
        cell, at = np.unique(one[here].astype(np.int64) * n + other[here], return_index=True)
        ones.append((cell // n).astype(np.int32))
        others.append((cell % n).astype(np.int32))
        worths.append(worth[here[at]])
    return np.concatenate(ones), np.concatenate(others), np.concatenate(worths)


def first_prices(x: Listed, best: Best) -> Iterator[tuple[I64, int]]:
    """Everybody with the others she does best with; or the best pairs of all, whoever is in them."""
    n = len(best.most)
    if 0 < x.near <= best.worth.shape[1]:
        yield (
            best.worth[:, x.near - 1].astype(np.int64),
            0,
        )  # half of her d-th best, doubled, as both ends pay
    if 0 < x.pairs <= len(x.worth):
        yield (
            np.zeros(n, np.int64),
            int(np.partition(x.worth, len(x.worth) - x.pairs)[len(x.worth) - x.pairs]),
        )
    yield np.zeros(n, np.int64), 0


def at_prices(x: Listed, price: I64, pair_price: int) -> tuple[int, I64, int]:
    """The bound of the listed pairs, and the slopes of the people's prices and of the pairs'."""
    slope = np.full(len(price), x.near, np.int64)
    over, count = add_over(x.one, x.other, x.worth, price, pair_price, slope)
    return (x.near * int(price.sum()) + x.pairs * pair_price + int(over)) // 2, slope, x.pairs - int(count)


@lean
def add_over(one: I32, other: I32, worth: I32, price: I64, pair_price: int, slope: I64) -> tuple[int, int]:
    """By how much pairs are above their prices, and how many; the slope of both falls by one for each."""
    over, count = 0, 0
    for e in range(len(one)):
        left = worth[e] - price[one[e]] - price[other[e]] - pair_price
        if left > 0:
            over += left
            count += 1
            slope[one[e]] -= 1
            slope[other[e]] -= 1
    return over, count


def lowered(x: Listed, starts: Iterator[tuple[I64, int]], value: int, tell: Tell) -> tuple[I64, int]:
    """The prices of the lowest bound that the subgradient finds."""
    best, at = min(((at_prices(x, *prices)[0], prices) for prices in starts), key=lambda one: one[0])
    (price, pair_price), share, stale = at, 1, 0
    for _ in range(ROUNDS):
        tell(0)
        bound, slope, pair_slope = at_prices(x, price, pair_price)
        stale += 1
        if bound < best:
            best, at, stale = bound, (price, pair_price), 0
        elif stale >= 5:
            share, stale, (price, pair_price) = 2 * share, 0, at
            bound, slope, pair_slope = at_prices(x, price, pair_price)
        slope[(price == 0) & (slope > 0)] = 0
        pair_slope = 0 if pair_price == 0 and pair_slope > 0 else pair_slope
        steep = int((slope * slope).sum()) + pair_slope * pair_slope // max(len(price), 1)
        if steep == 0 or best <= value:
            break
        step = max(2 * (bound - value) // (share * steep), 1)
        price = np.maximum(price - step * slope, 0)
        pair_price = max(pair_price - step * pair_slope // max(len(price), 1), 0)
    return at
