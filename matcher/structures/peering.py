"""
Everybody of one pool beside everybody else: what two peers are worth to each other, both ways, row by row.

Nothing is kept but the best few of each person, how many pairs each limit takes, and sums: so pools of which no
table of all pairs could be held take no more memory than their lists.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I32, I64, U8
from matcher.compiling import lean
from matcher.scan.spreading import in_order
from matcher.structures.crowds import Scenery
from matcher.structures.facing import POINTS, SPAN, face, see

Tell = Callable[[float], None]

ROWS = 64
"""Of a task: a tenth of a second at most."""

FAR = 1 << 20
"""Beyond every worth and price, doubled."""

MUTUAL, SUM = 0, 1
"""What two are worth: the sum less half of the difference, and nothing where either gets nothing; or the plain sum."""


class Best(NamedTuple):
    """The best others of each row; of equals those whom a hash of both names first, so that not all name the same."""

    other: I32
    """int32[k, K], -1 = no more"""
    worth: I32
    most: I32
    """int32[k]: the highest of 2 * worth - price of all others, -FAR without any."""
    over: I64
    """int64[k]: by how much all others together are above the bound of the row."""
    above: I32
    """int32[k]: how many are."""


def best_peers(
    s: Scenery,
    rows: I64,
    kind: int,
    each: int,
    price: I64,
    above: I64,
    threads: int,
    tell: Tell | None,
    *,
    is_half: bool = False,
) -> Best:
    """
    Of each of `rows` the best others by 2 * worth - price, as far as it is over `above` (int64[k]).

    price int64[n]: from `FAR` on she is nobody's. `is_half`: only others in later rows, each pair once.
    """
    found = Best(
        np.full((len(rows), each), -1, np.int32),
        np.zeros((len(rows), each), np.int32),
        np.full(len(rows), -FAR, np.int32),
        np.zeros(len(rows), np.int64),
        np.zeros(len(rows), np.int32),
    )
    asked, bar = np.minimum(price, FAR).astype(np.int32), np.clip(above, -FAR, FAR).astype(np.int32)

    def fill(at: slice) -> None:
        part = Best._make(column[at] for column in found)
        keys = np.full((len(part.most), each), -1, np.int64)
        tables, scratch = room_for(s, len(part.most))
        find_best(
            s,
            rows[at],
            kind,
            is_half,
            asked,
            bar[at],
            keys,
            tables,
            *scratch,
            part.most,
            part.over,
            part.above,
        )
        read(keys, asked, part.other, part.worth)

    in_order([partial(fill, at) for at in tiles(len(rows))], threads, tell)
    return found


def tiles(count: int) -> list[slice]:
    return [slice(at, min(at + ROWS, count)) for at in range(0, count, ROWS)]


def room_for(s: Scenery, rows: int) -> tuple[I32, tuple[I32, I32, U8]]:
    """Tables of classes for each row and direction, and scratch."""
    widest = max(
        len(table) for side in (s.mentees, s.mentors) for table in (side.sights, side.works, side.circles)
    )
    values = np.empty((2, SPAN), np.int32)
    return np.empty((rows, 2, 3, widest), np.int32), (values[0], values[1], np.empty(SPAN, np.uint8))


def read(keys: I64, price: I32, other: I32, worth: I32) -> None:
    """Best first; what is no key stays as it is."""
    keys = -np.sort(-keys, axis=1)
    there = keys >= 0
    other[there] = keys[there] & ((1 << 20) - 1)
    worth[there] = ((keys[there] >> 42) - FAR + price[other[there]]) // 2


@lean
def see_rows(s: Scenery, rows: I64, seen: I32) -> None:
    for k in range(len(rows)):
        see(s.mentees, rows[k], True, s.mentors, s.tables, s.rules, seen[k, 0])
        see(s.mentors, rows[k], False, s.mentees, s.tables, s.rules, seen[k, 1])


@lean
def both_ways(s: Scenery, i: int, first: int, seen: I32, there: I32, back: I32, level: U8) -> None:
    """Values of her as mentee with all others as mentors, and the other way round."""
    face(s.mentees, i, True, s.mentors, first, s.tables, s.rules, seen[0], there, level)
    face(s.mentors, i, False, s.mentees, first, s.tables, s.rules, seen[1], back, level)


@lean
def add_worths(there: I32, back: I32, kind: int) -> None:
    """there[j]: what the two are worth, 0 where a limit fails. Both are values of `facing`."""
    if kind == SUM:
        for j in range(len(there)):
            both = (there[j] & POINTS) + (back[j] & POINTS)
            there[j] = both if there[j] | back[j] <= POINTS else 0
    else:
        for j in range(len(there)):
            a, b = there[j] & POINTS, back[j] & POINTS
            both = a + b - ((abs(a - b) + 1) >> 1)
            is_pair = there[j] | back[j] <= POINTS and a > 0 and b > 0
            there[j] = both if is_pair else 0


@lean
def add_prices(worth: I32, price: I32) -> Any:
    """worth[j]: doubled and less the price, -FAR where it is 0. Answers the highest."""
    most = np.int32(-FAR)
    for j in range(len(worth)):
        value = 2 * worth[j] - price[j] if worth[j] > 0 else -FAR
        worth[j] = value
        most = max(most, np.int32(value))
    return most


@lean
def find_best(
    s: Scenery, rows: I64, kind: int, is_half: bool, price: I32, above: I32, keys: I64, seen: I32, there: I32, back: I32,
    level: U8, most: I32, over: I64, count: I32,
) -> None:  # fmt: skip
    """keys int64[k, K]: heaps of (2 * worth - price, hash, person), -1 for an empty place."""
    n = len(s.mentees.person)
    see_rows(s, rows, seen)
    for first in range(0, n, SPAN):
        width = min(SPAN, n - first)
        for k in range(len(rows)):
            i = rows[k]
            if is_half and i >= first + width - 1:
                continue
            both_ways(s, i, first, seen[k], there[:width], back[:width], level[:width])
            add_worths(there[:width], back[:width], kind)
            own = i - first
            if 0 <= own < width:
                there[own] = 0  # herself, and who comes before her
                if is_half:
                    there[:own] = 0
            highest = add_prices(there[:width], price[first : first + width])
            most[k] = max(most[k], highest)
            if highest > above[k]:
                keep_all(keys[k], there[:width], i, first, above, k, over, count)


@lean
def keep_all(heap: I64, value: I32, i: int, first: int, above: I32, k: int, over: I64, count: I32) -> None:
    """All that are above the bound of row k."""
    bar, least = above[k], (heap[0] >> 42) - FAR
    for j in range(len(value)):
        if value[j] > bar:
            over[k] += value[j] - bar
            count[k] += 1
            if value[j] >= least:
                keep(heap, np.int64(value[j]), i, first + j)
                least = (heap[0] >> 42) - FAR


@lean
def keep(heap: I64, value: Any, i: int, j: int) -> None:
    """A heap of the greatest keys, the least of them first."""
    mix = np.uint64(j) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(i) * np.uint64(0xC2B2AE3D27D4EB4F)
    mix = (mix ^ (mix >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
    key = ((value + FAR) << 42) | (np.int64(mix >> np.uint64(42)) << 20) | j
    if key <= heap[0]:
        return
    at, size = 0, len(heap)
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = key


def worth_table(s: Scenery, threads: int, tell: Tell | None) -> I32:
    """int32[n, n]: what any two earn together, -1 where they may not."""
    n = len(s.mentees.person)
    table = np.empty((n, n), np.int32)

    def fill(at: slice) -> None:
        tables, scratch = room_for(s, at.stop - at.start)
        write_rows(s, np.arange(at.start, at.stop), tables, *scratch, table[at])

    in_order([partial(fill, at) for at in tiles(n)], threads, tell)
    return table


@lean
def write_rows(s: Scenery, rows: I64, seen: I32, there: I32, back: I32, level: U8, table: I32) -> None:
    n = len(s.mentees.person)
    see_rows(s, rows, seen)
    for first in range(0, n, SPAN):
        width = min(SPAN, n - first)
        for k in range(len(rows)):
            both_ways(s, rows[k], first, seen[k], there[:width], back[:width], level[:width])
            here = table[k, first : first + width]
            for j in range(width):
                both = (there[j] & POINTS) + (back[j] & POINTS)
                here[j] = both if there[j] | back[j] <= POINTS else -1
    for k in range(len(rows)):
        table[k, rows[k]] = -1
