"""
Whom of the others each person may not meet because they are too near: herself, her unit, the line above and below her.

They are few, so they are found once by their codes instead of being asked of every pair.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean


class Close(NamedTuple):
    others: I32
    """int32[k]: for each rule all others, by their code and then by their row."""
    start: I64
    """int64[n, R]: by rule, where hers begin in `others`."""
    stop: I64
    limit: I32
    """int32[R]: what such a pair fails."""


def close_to(rules: Sequence[tuple[I32, I32, int]], n: int) -> Close:
    """Rules: codes of the others, of each of `n` people the code that she may not meet (-1 = none), and the limit."""
    others, starts, stops = [], [], []
    for number, (codes, barred, _) in enumerate(rules):
        order = np.argsort(codes, kind="stable")
        start = np.searchsorted(codes[order], barred, "left")
        stop = np.searchsorted(codes[order], barred, "right")
        others.append(order)
        starts.append(start + number * len(codes))
        stops.append(np.where(barred < 0, start, stop) + number * len(codes))
    return Close(
        np.concatenate(others).astype(np.int32),
        np.stack(starts, axis=1).astype(np.int64).reshape(n, len(rules)),
        np.stack(stops, axis=1).astype(np.int64).reshape(n, len(rules)),
        np.array([limit for _, _, limit in rules], np.int32),
    )


@lean
def place_among(listed: I32, low: int, high: int, other: int) -> Any:
    """The first of listed[low:high], ascending, that is `other` or after."""
    while low < high:
        middle = (low + high) // 2
        if listed[middle] < other:
            low = middle + 1
        else:
            high = middle
    return low


@lean
def part(close: Close, i: int, first: int, value: I32) -> None:
    """Marks in the values of others first .. those whom i may not meet."""
    for rule in range(len(close.limit)):
        stop = close.stop[i, rule]
        at = place_among(close.others, close.start[i, rule], stop, first)
        while at < stop and close.others[at] < first + len(value):
            value[close.others[at] - first] |= close.limit[rule]
            at += 1
