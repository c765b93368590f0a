"""
The bound of `circle_bounds` for a large pool: prices found on the pairs of the best lists, and made true over all pairs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import I64
from matcher.scan.spreading import Pause as Tell
from matcher.structures.circle_bounds import CircleBound
from matcher.structures.covering import part
from matcher.structures.crowds import Scenery
from matcher.structures.peering import SUM, Best, best_peers

ROUNDS = 150
"""Steps of the subgradient on lists; each takes a hundredth of a second for 20,000 people."""

AGAIN = 3
"""How often all pairs are compared at most: what was found above its prices comes into the lists."""


class Listed(NamedTuple):
    """Pairs, each once, doubled worth; most others of anybody, and pairs of all circles together."""

    one: I64
    other: I64
    worth: I64
    near: int
    pairs: int


def bound_over_all(
    s: Scenery, first: Best, sizes: tuple[int, ...], value: int, threads: int, tell: Tell
) -> CircleBound:
    """A bound that holds over all pairs, whatever the lists left out; `first` are the lists of everybody."""
    rows = np.arange(len(first.most))
    listed = Listed(
        *together(len(rows), [(rows, first)]), max(sizes, default=1) - 1, sum(k * (k - 1) // 2 for k in sizes)
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
        one, other, worth = together(len(rows), [(rows, found)], listed)
        listed = listed._replace(one=one, other=other, worth=worth)
        if len(listed.one) < 1.01 * before or bound <= value:
            break
    return best


def together(n: int, lists: list[tuple[I64, Best]], known: Listed | None = None) -> tuple[I64, I64, I64]:
    """Pairs of lists and those known before, each once."""
    cells = [] if known is None else [known.one * n + known.other]
    worths = [] if known is None else [known.worth]
    for rows, best in lists:
        is_pair = best.other >= 0
        one = np.broadcast_to(rows[:, None], is_pair.shape)[is_pair].astype(np.int64)
        other = best.other[is_pair].astype(np.int64)
        cells.append(np.minimum(one, other) * n + np.maximum(one, other))
        worths.append(2 * best.worth[is_pair].astype(np.int64))
    cell, at = np.unique(np.concatenate(cells), return_index=True)
    return cell // max(n, 1), cell % max(n, 1), np.concatenate(worths)[at]


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
    left = x.worth - price[x.one] - price[x.other] - pair_price
    over = left > 0
    bound = (x.near * int(price.sum()) + x.pairs * pair_price + int(left[over].sum())) // 2
    n = len(price)
    slope: I64 = x.near - np.bincount(x.one[over], minlength=n) - np.bincount(x.other[over], minlength=n)
    return bound, slope, x.pairs - int(over.sum())


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
