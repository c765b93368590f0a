"""
What a pair is worth to the whole: points lost when it is forbidden, or when it is forced.

Each is a shortest cycle through that pair in the residual graph (see `matcher.forcing`), so one
bounded search answers it without solving again. A way either meets the hub, which two distances for
each mentor tell at once, or it is found by Dijkstra's method; and since distances to and from the hub
bound every other distance from below, most of what such a search would visit is left out (Goldberg and
Harrelson 2005, "A* search meets graph theory").

All is exact on the graph given. On the full graph it is exact for every answer up to D if the graph
holds each pair with u + v - score <= D, for then it holds every way that costs D or less; a greater
answer is then only known to be more than D.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import kernel
from matcher.solve.graph import Graph, must_be_sorted
from matcher.solve.prices import Hub, hub_distances, restored
from matcher.solve.search import FAR, HEAP, MENTORS, Search, drop_top, label_mentor, new_search, push
from matcher.solve.solving import Solution
from matcher.solve.state import State

Pause = Callable[[float], None]

PIECE = 2048
"""Searches between two questions whether to go on."""

NEVER = 1 << 40
"""No way at all: the mentor has no place."""


class Margins:
    """Answers about one optimum, which must be exact."""

    def __init__(
        self, graph: Graph, solution: Solution, capacity: I32 | I64, watch: Pause | None = None
    ) -> None:
        assert solution.total == solution.bound
        must_be_sorted(graph, len(capacity))
        self.graph = graph
        self.state = restored(solution, capacity)
        self.watch = watch
        self.hub = hub_distances(graph, None, self.state, capacity, watch)

    def forbidden(self, *, threads: int = 1) -> I64:
        """int64[n]: points lost when a mentee may not have her match; 0 for unmatched mentees."""
        lost = np.zeros(len(self.state.u), np.int64)

        def some(first: int, last: int) -> None:
            forbid(self.graph, self.state, self.hub, self.search(), first, last, lost)

        self.in_pieces(some, len(lost), threads)
        return lost

    def forced(self, pairs: I32, score: I32, *, threads: int = 1) -> I64:
        """
        int64[k]: points lost when each of these pairs (int32[k, 2], with their scores) has to be, alone.

        The pairs need not be candidates; below 0 means that the pair would make the total greater. `NEVER`
        where the mentor has no place.
        """
        lost = np.empty(len(pairs), np.int64)

        def some(first: int, last: int) -> None:
            force(
                self.graph, self.state, self.hub, self.search(), pairs[first:last], score[first:last],
                lost[first:last],
            )  # fmt: skip

        self.in_pieces(some, len(pairs), threads)
        return lost

    def search(self) -> Search:
        return new_search(len(self.state.u), len(self.state.v))

    def in_pieces(self, some: Callable[[int, int], None], count: int, threads: int) -> None:
        begins = range(0, count, PIECE)
        ends = [min(begin + PIECE, count) for begin in begins]
        with ThreadPoolExecutor(threads) as pool:
            done: Iterator[None] = pool.map(some, begins, ends)
            for end, _ in zip(ends, done, strict=True):
                self.pause(end / count)

    def pause(self, share: float) -> None:
        if self.watch is not None:
            self.watch(share)


@kernel
def least_way(hub: Hub, j: int, target: int) -> int:
    """No way from mentor j to mentor `target` is shorter: else hub distances would be shorter, too."""
    least: int = max(hub.away[target] - hub.away[j], 0)
    if hub.home[j] < FAR:
        least = max(least, hub.home[j] - hub.home[target])
    return least


@kernel
def step_from(
    graph: Graph, state: State, hub: Hub, search: Search, i: int, at: int, nearest: int, target: int
) -> int:
    """Relaxes the edges of mentee i, but that to her own mentor; returns the shortest way to `target` known."""
    base = state.u[i] + at
    for e in range(graph.indptr[i], graph.indptr[i + 1]):
        if base - graph.score[e] >= nearest:
            break  # scores fall and prices are 0 or more
        j = graph.indices[e]
        far = base + state.v[j] - graph.score[e]
        if far >= nearest or far >= search.mentor_at[j] or j == state.match[i]:
            continue
        if j == target:
            nearest = far
        elif state.load[j] > 0:
            nearest = min(nearest, far + hub.home[j] + hub.away[target])
            if far + least_way(hub, j, target) < nearest:
                label_mentor(search, j, far)
                push(search, search.mentor_at, far, j)
        else:
            nearest = min(nearest, far + hub.home[j] + hub.away[target])
    return nearest


@kernel
def shortest(graph: Graph, state: State, hub: Hub, search: Search, nearest: int, target: int) -> int:
    """Goes on from what is in the heap until no shorter way can be left, and wipes the labels."""
    while search.tally[HEAP] > 0 and search.key[0] < nearest:
        at, j = search.key[0], search.node[0]
        drop_top(search)
        if search.mentor_at[j] != at or at + least_way(hub, j, target) >= nearest:
            continue
        for k in range(state.begin[j], state.begin[j] + state.load[j]):
            nearest = step_from(graph, state, hub, search, state.owner[k], at, nearest, target)
    for k in range(search.tally[MENTORS]):
        search.mentor_at[search.mentors[k]] = FAR
    search.tally[MENTORS] = 0
    search.tally[HEAP] = 0
    return nearest


@kernel
def forbid(graph: Graph, state: State, hub: Hub, search: Search, first: int, last: int, lost: I64) -> None:
    """The mentee goes elsewhere or nowhere, and her mentor ends with another mentee or a free place."""
    for i in range(first, last):
        j = state.match[i]
        if j >= 0:
            nearest = state.u[i] + hub.away[j]
            nearest = step_from(graph, state, hub, search, i, 0, nearest, j)
            lost[i] = shortest(graph, state, hub, search, nearest, j)


@kernel
def force(graph: Graph, state: State, hub: Hub, search: Search, pairs: I32, score: I32, lost: I64) -> None:
    """The mentor gives a place up, and in the end the place that the mentee leaves is taken, or left free."""
    for k in range(len(pairs)):
        i, j = pairs[k, 0], pairs[k, 1]
        former = state.match[i]
        if former == j:
            lost[k] = 0
            continue
        if hub.home[j] == FAR:
            lost[k] = NEVER
            continue
        nearest = hub.home[j]
        if former >= 0:
            nearest += hub.away[former]
            if state.load[j] > 0:
                label_mentor(search, j, 0)
                push(search, search.mentor_at, 0, j)
            nearest = shortest(graph, state, hub, search, nearest, former)
        lost[k] = state.u[i] + state.v[j] - score[k] + nearest
