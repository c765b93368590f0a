"""
A scan in pieces that may run anywhere: (mentees, range of lanes), merged in any order to the same bits.

Rows of a piece stand near each other in storage, so they share classes; lanes are hashes of keys,
so every process that packs the same pool numbers them alike.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.scan.bits import CHUNK
from matcher.scan.layout import Packed
from matcher.scan.scanning import HIGHEST_PRICE, Lists


class Task(NamedTuple):
    """What `top_mentors` is asked for one piece."""

    rows: I32
    """int32[t]: mentees."""
    columns: tuple[int, int]
    """Lanes [first, last)."""


def tiles(packed: Packed, count: int, *, across: int = 1) -> list[Task]:
    """About `count` pieces that together are every pair once, each column of pieces cut `across` times."""
    m = len(packed.lane_of)
    chunks = -(-m // CHUNK)
    edges = [min(m, CHUNK * (chunks * k // across)) for k in range(across + 1)]
    spans = [(first, last) for first, last in pairwise(edges) if first < last]
    parts = [part for part in np.array_split(packed.mentee_at, max(1, count // across)) if len(part)]
    return [Task(part, span) for part in parts for span in spans]


def merge(packed: Packed, one: Lists, other: Lists, *, mentor_price: I64 | None = None) -> Lists:
    """The best k of two lists for the same mentees over different lanes; which comes first does not matter."""
    k = one.person.shape[1]
    person = np.concatenate([one.person, other.person], axis=1)
    score = np.concatenate([one.score, other.score], axis=1)
    price = np.zeros(len(packed.lane_of) + 1, np.int64)
    if mentor_price is not None:
        price[:-1] = np.minimum(mentor_price, HIGHEST_PRICE)
    lane = np.append(packed.lane_of, 0)[person]
    value = np.where(person >= 0, score - price[person], -(1 << 20))
    order = np.lexsort((lane, -value), axis=1)[:, :k]
    return Lists(
        np.minimum(one.length + other.length, k).astype(np.int32),
        np.take_along_axis(person, order, axis=1),
        np.take_along_axis(score, order, axis=1),
    )
