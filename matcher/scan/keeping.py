"""
The best few of many, kept in a buffer that is cut back when it is full.

An entry is one int64: its value above 32 bits of place, counted backwards, so that the greater entry
is the better one and of equal values the lower place wins. Quickselect: Hoare 1961.
"""

from typing import Any

import numpy as np

from matcher.columns import I64
from matcher.compiling import lean

SHIFT = 32
LAST = (1 << SHIFT) - 1
ABOVE_ALL = 1 << 15
"""Makes values (-32,768 .. 32,767) positive, so that 0 is "no entry"."""


RANKS = 19
"""Bits of a rank beside which a hash is put: 524,288 people on a side."""


@lean
def scattered(ours: Any, theirs: Any, rank: Any) -> Any:
    """
    A place by 13 bits of the hash of the two people's keys (see `matcher.solving.pair_hash`), the greatest first, then by rank.

    Where all are equal, each mentee's first are others, and those whom the rule for ties favours.
    """
    z = (ours ^ theirs) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return ((8191 - np.int64(z >> np.uint64(51))) << RANKS) | rank


@lean
def entry(value: Any, place: Any) -> Any:
    return ((value + ABOVE_ALL) << SHIFT) | (LAST - place)


@lean
def value_of(entry: int) -> int:
    return (entry >> SHIFT) - ABOVE_ALL


@lean
def cut_back(entries: I64, count: int, keep: int) -> int:
    """Brings the `keep` greatest of entries[:count] to the front, in any order; answers the least of them."""
    low, high = 0, count - 1
    while low < high:
        pivot = entries[(low + high) >> 1]
        i, j = low, high
        while i <= j:
            while entries[i] > pivot:
                i += 1
            while entries[j] < pivot:
                j -= 1
            if i <= j:
                entries[i], entries[j] = entries[j], entries[i]
                i += 1
                j -= 1
        if keep - 1 <= j:
            high = j
        elif keep - 1 >= i:
            low = i
        else:
            break
    least: int = entries[0]
    for k in range(1, keep):
        least = min(least, entries[k])
    return least
