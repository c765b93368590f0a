"""
First prices of mentors, by how much they are wanted.

Each mentee shares one wish among her best: whoever is `half` worse than the first gets half as much of it. A price is `half` higher for
each doubling of the wishes for a place. That is the first round of a soft auction (Kosowsky and Yuille 1994, "The invisible hand
algorithm"; Sinkhorn's balancing), and puts prices nearer to the last ones than anything that looks at one mentor's scores alone.
"""

import numpy as np

from matcher.columns import I64
from matcher.compiling import lean
from matcher.solve.graph import Graph

RANK = 16
"""A row falls from its first edge to this one by the typical drop, which says how choosy mentees are."""

HALF = 0.3
"""Of the typical drop. Between 0.2 and 0.4 the auctions that follow take about the same time."""

HALVINGS = 5
"""Wishes smaller than the first by more than that are left out: half of the edges, and of the time."""

WISH = 1 << 20
"""One mentee's."""

GRAINS = 5
"""Bits: an entry of the table of shares covers between a sixteenth and a thirty-second of `half`."""


def wanted(graph: Graph, places: I64) -> I64:
    """int64[m]: by how much each mentor's first price is above the middle one; lowest where nobody wishes her."""
    half = max(1, int(HALF * typical_drop(graph)))
    shift = max(half.bit_length() - GRAINS, 0)
    steps = np.arange(((HALVINGS * half) >> shift) + 1) << shift
    wishes = np.zeros(len(places), np.int64)
    share_wishes(graph, shift, np.rint(WISH * 0.5 ** (steps / half)).astype(np.int64), wishes)
    above = half * np.log2(np.maximum(wishes, 1) / np.maximum(places, 1))
    rounded: I64 = np.rint(above - np.median(above) if len(above) else above).astype(np.int64)
    return rounded


def typical_drop(graph: Graph) -> int:
    size = np.diff(graph.indptr)
    first = graph.indptr[:-1][size > 0]
    fall = graph.score[first] - graph.score[first + np.minimum(size[size > 0], RANK) - 1]
    return int(np.median(fall)) if len(fall) else 0


@lean
def share_wishes(graph: Graph, shift: int, share: I64, wishes: I64) -> None:
    """Adds to `wishes`; an edge that misses its row's first by `gap` counts for share[gap >> shift] of all of them there."""
    for i in range(len(graph.indptr) - 1):
        begin, end = graph.indptr[i], graph.indptr[i + 1]
        total = 0
        for e in range(begin, end):
            grains = (graph.score[begin] - graph.score[e]) >> shift
            if grains >= len(share):
                end = e
                break
            total += share[grains]
        scale = (WISH << 20) // max(total, 1)
        for e in range(begin, end):
            wishes[graph.indices[e]] += (share[(graph.score[begin] - graph.score[e]) >> shift] * scale) >> 20
