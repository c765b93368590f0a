"""The kernels of the stable mode against the plain ways."""

import heapq
from typing import Any

import numpy as np

from matcher import count_blocking_pairs, deferred_acceptance
from tests.matcher.pools import POOLS
from tests.matcher.solve import markets


def plain_acceptance(worths: Any, places: Any) -> list[int]:
    """Proposals from lists, held in a heap for each mentor: the least welcome on top."""
    n, m = worths.shape
    wishes = [
        [j for j in np.lexsort((np.arange(m), -worths[i])).tolist() if worths[i, j] > 0] for i in range(n)
    ]
    match = [-1] * n
    held: list[list[tuple[int, int]]] = [[] for _ in range(m)]
    waiting = list(range(n))
    while waiting:
        i = waiting.pop()
        if not wishes[i]:
            continue
        j = wishes[i].pop(0)
        heapq.heappush(held[j], (int(worths[i, j]), -i))
        if len(held[j]) > places[j]:
            waiting.append(-heapq.heappop(held[j])[1])
    for j, mentees in enumerate(held):
        for _, minus in mentees:
            match[-minus] = j
    return match


def plain_count(worths: Any, places: Any, match: Any) -> int:
    """Whole columns at once: what everybody has, and the least welcome mentee of each mentor."""
    n, m = worths.shape
    matched = np.flatnonzero(match >= 0)
    has = np.zeros(n, np.int64)
    has[matched] = worths[matched, match[matched]]
    least = np.full(m, np.iinfo(np.int64).max)
    np.minimum.at(least, match[matched], has[matched])
    least[np.bincount(match[matched], minlength=m) < places] = 0
    least[places == 0] = np.iinfo(np.int64).max
    return int(((worths > has[:, None]) & (worths > least)).sum())


def test_the_kernels_are_the_plain_ways() -> None:
    for seed in range(POOLS):
        rng = np.random.default_rng([6, seed])
        worths, places = markets.market(rng)
        graph = markets.graph_of(worths)
        match = deferred_acceptance(*graph, places)
        assert match.tolist() == plain_acceptance(worths, places)
        assert count_blocking_pairs(*graph, places, match) == 0
        # Any pairs at all that are candidates.
        other = np.full(len(match), -1, np.int32)
        for i in np.flatnonzero((worths > 0).any(axis=1)):
            other[i] = rng.choice(np.flatnonzero(worths[i] > 0))
        assert count_blocking_pairs(*graph, places, other) == plain_count(worths, places, other)


def test_a_hundred_thousand_rows_are_stable() -> None:
    graph = markets.random_graph(np.random.default_rng(1), 100_000, 60_000, 8, 500)
    places = np.random.default_rng(2).integers(0, 4, 60_000).astype(np.int32)
    match = deferred_acceptance(*graph, places)
    assert count_blocking_pairs(*graph, places, match) == 0
    assert (match >= 0).sum() > 50_000
