"""
The best edges of a bidder, remembered from bid to bid (look-back: Bertsekas 1992).

Prices of the other side only rise while one side bids, so what an edge leaves only falls: those remembered
stay the best while the second best of them is not below the best of those not remembered.
"""

from typing import Any

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import inlined, lean

KEPT = 15
"""Remembered edges. With 7 or 11 rows are looked through more often."""
BOUND, COUNT = 2 * KEPT, 2 * KEPT + 1
WIDTH = 2 * KEPT + 2

REACH = 4
"""Steps below the best edge within which others are remembered at first."""

LINE = 64
"""Bytes: where a line of cache begins, so does what is remembered of somebody."""

UNKNOWN = 0x7FFFFFFF


def new_memory(bidders: int, scores: I32) -> I32:
    """[bidders, WIDTH], the type of the scores: others, their scores, what any other edge leaves at most, how many. Nothing is remembered."""
    size: Any = scores.itemsize
    room = np.empty(bidders * WIDTH + LINE // size, scores.dtype)
    first = (-room.ctypes.data % LINE) // size
    memory: I32 = room[first : first + bidders * WIDTH].reshape(bidders, WIDTH)
    memory[:, BOUND] = UNKNOWN
    memory[:, COUNT] = 0
    return memory


@inlined
def best_edges(
    indptr: I64, indices: I32, score: I32, price: I64, who: int, most: int, memory: I32, reach: I64, near: I64
) -> tuple[int, int, int]:
    """As `recall`, of all edges of `who`; `most` is what none of them left more than when the auction began."""
    row = memory[who]
    other, best, second = recall(row, price)
    if second < row[BOUND]:
        top = max(best, row[BOUND]) if row[COUNT] > 0 else most
        remember(indices, score, price, indptr[who], indptr[who + 1], top, reach, near, row)
        other, best, second = recall(row, price)
    return other, best, second


@inlined
def recall(row: I32, price: I64) -> tuple[int, int, int]:
    """(who leaves most, how much, what the second leaves), -1 and 0 where nothing leaves more than 0."""
    best, second, other = 0, 0, -1
    for t in range(row[COUNT]):
        # Without branches: nobody could foretell them.
        left = row[KEPT + t] - price[row[t]]
        second = max(second, min(best, left))
        other = row[t] if left > best else other
        best = max(best, left)
    return other, best, second


@lean
def remember(
    indices: I32, score: I32, price: I64, begin: int, end: int, most: int, reach: I64, near: I64, row: I32
) -> None:
    """
    Puts up to KEPT of the edges begin .. end - 1 that leave most, the best two among them, into `row`, and a bound on all others.

    No edge leaves more than `most`. Looked for are those within reach[0] of that, or of the best if these are too few or too
    many, so that nothing need be sorted. `reach` is moved to what makes about as many as fit. near int64[end - begin + 1] is scratch.
    """
    least = max(most - reach[0], 0)
    count = leaving(indices, score, price, begin, end, least, near)
    if count > KEPT or (count < 2 and least > 0):
        best, second = best_two(indices, score, price, begin, end)
        narrowest = best - second + 1
        if count < 2:
            reach[0] += (reach[0] >> 3) + 1
            far = max(reach[0], narrowest)
            least = max(best - far, 0)
            count = leaving(indices, score, price, begin, end, least, near)
        else:
            reach[0] = max(reach[0] - (reach[0] >> 3), 1)
            far = max(best - least, narrowest)
        while count > KEPT and far > narrowest:
            far = max(far >> 1, narrowest)
            least = max(best - far, 0)
            count = leaving_of(indices, score, price, near, count, least)
        if count > KEPT:
            # Too many leave as much as the second best: some of them will do, and the best.
            put_first(indices, score, price, near, count, best)
            least, count = second, KEPT
    elif count < KEPT - 4:
        reach[0] += (reach[0] >> 4) + 1
    for t in range(count):
        row[t], row[KEPT + t] = indices[near[t]], score[near[t]]
    row[BOUND], row[COUNT] = least, count


@inlined
def leaving(indices: I32, score: I32, price: I64, begin: int, end: int, least: int, near: I64) -> int:
    """Puts the edges that leave more than `least` into `near`; returns how many."""
    count = 0
    for e in range(begin, end):
        near[count] = e
        count += score[e] - price[indices[e]] > least
    return count


@inlined
def leaving_of(indices: I32, score: I32, price: I64, near: I64, among: int, least: int) -> int:
    """The same of the edges in `near`."""
    count = 0
    for t in range(among):
        e = near[t]
        near[count] = e
        count += score[e] - price[indices[e]] > least
    return count


@inlined
def best_two(indices: I32, score: I32, price: I64, begin: int, end: int) -> tuple[int, int]:
    best, second = 0, 0
    for e in range(begin, end):
        left = score[e] - price[indices[e]]
        second = max(second, min(best, left))
        best = max(best, left)
    return best, second


@lean
def put_first(indices: I32, score: I32, price: I64, near: I64, count: int, best: int) -> None:
    """An edge that leaves `best`."""
    for t in range(count):
        if score[near[t]] - price[indices[near[t]]] == best:
            near[0], near[t] = near[t], near[0]
            break
