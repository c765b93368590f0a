"""
What a pair is worth to the whole: points lost when it is forbidden, or when it is forced.

Each is a shortest cycle through that pair in the residual graph (see `matcher.forcing`), so one
bounded search answers it without solving again. A way that meets the hub is known from two distances for
each mentor. Any other is found by Dijkstra's method from both ends (Pohl 1971); hub distances bound from
below what is left of a way, and so keep out most of what such a search would visit (Goldberg and Harrelson
2005, "A* search meets graph theory").

All is exact on the graph given. On the full graph it is exact for every answer up to D if the graph
holds each pair with u + v - score <= D, for then it holds every way that costs D or less; a greater
answer is then only known to be more than D.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import kernel
from matcher.solve.arcs import Arcs, on_cycles, useful_arcs
from matcher.solve.graph import Graph, must_be_sorted, transpose
from matcher.solve.prices import Hub, hub_distances, restored
from matcher.solve.search import FAR, HEAP, MENTORS, Search, drop_top, label_mentor, new_search, push
from matcher.solve.solving import Pause, Solution
from matcher.solve.state import State

PIECE = 128
"""Searches between two questions whether to go on."""

NEVER = 1 << 40
"""No way at all: the mentor has no place."""


class Ends(NamedTuple):
    """The two searches of one way."""

    ahead: Search
    behind: Search


class Margins:
    """Answers about one optimum, which must be exact, on scores up to 2^28."""

    def __init__(
        self, graph: Graph, solution: Solution, capacity: I32 | I64, watch: Pause | None = None
    ) -> None:
        assert solution.total == solution.bound
        must_be_sorted(graph, len(capacity))
        self.state = restored(solution, capacity)
        self.watch = watch
        columns = transpose(graph, len(capacity))
        self.hub = hub_distances(graph, columns, self.state, capacity, watch)
        self.arcs = useful_arcs(graph, self.state, self.hub)

    def forbidden(self, *, threads: int = 1) -> I64:
        """int64[n]: points lost when a mentee may not have her match; 0 for unmatched mentees."""
        lost = np.zeros(len(self.state.u), np.int64)
        arcs = on_cycles(self.arcs, self.state)

        def some(first: int, last: int) -> None:
            forbid(arcs, self.state, self.hub, self.ends(), first, last, lost)

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
                self.arcs, self.state, self.hub, self.ends(), pairs[first:last], score[first:last],
                lost[first:last],
            )  # fmt: skip

        self.in_pieces(some, len(pairs), threads)
        return lost

    def from_mentor(self, j: int) -> I64:
        """int64[m]: points lost when mentor j takes one more mentee and another mentor loses one."""
        return self.ways(j, ahead=True)

    def to_mentor(self, j: int) -> I64:
        """int64[m]: points lost when another mentor takes one more mentee and mentor j loses one."""
        return self.ways(j, ahead=False)

    def ways(self, j: int, *, ahead: bool) -> I64:
        search = new_search(0, len(self.state.v))
        label_mentor(search, j, 0)
        push(search, search.mentor_at, 0, j)
        while search.tally[HEAP]:
            flood(ahead, self.arcs, self.state, search, PIECE)
            self.pause(0)
        moved = self.arcs.shift - self.arcs.shift[j]
        reached = search.mentor_at < FAR
        way = np.where(reached, (search.mentor_at - (moved if ahead else -moved)) // 2, FAR)
        over = self.hub.home[j] + self.hub.away if ahead else self.hub.home + self.hub.away[j]
        shortest_ways: I64 = np.minimum(way, over)
        return shortest_ways

    def ends(self) -> Ends:
        count = len(self.state.v)
        return Ends(new_search(0, count), new_search(0, count))

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
def least_way(arcs: Arcs, hub: Hub, j: int, target: int) -> int:
    """No way from mentor j to mentor `target` is shorter: else hub distances would be shorter, too."""
    points = max(hub.away[target] - hub.away[j], hub.home[j] - hub.home[target], 0)
    length: int = 2 * points + arcs.shift[target] - arcs.shift[j]
    return length


@kernel
def go_ahead(arcs: Arcs, hub: Hub, ends: Ends, i: int, at: int, nearest: int, target: int) -> int:
    """Relaxes the arcs of mentee i; returns the length of the shortest way to mentor `target` known so far."""
    reached, behind = ends.ahead.mentor_at, ends.behind.mentor_at
    for e in range(arcs.indptr[i], arcs.indptr[i + 1]):
        far = at + arcs.length[e]
        if far >= nearest:
            break
        j = arcs.mentor[e]
        if far < reached[j]:
            if behind[j] < FAR:
                nearest = min(nearest, far + behind[j])
            if far + least_way(arcs, hub, j, target) < nearest:
                label_mentor(ends.ahead, j, far)
                push(ends.ahead, reached, far, j)
    return nearest


@kernel
def go_behind(
    arcs: Arcs, state: State, hub: Hub, ends: Ends, j: int, at: int, nearest: int, mentee: int, source: int
) -> int:
    """Relaxes the arcs into mentor j; a way begins with an arc of `mentee` (or -1) or at mentor `source`."""
    reached, ahead = ends.behind.mentor_at, ends.ahead.mentor_at
    for e in range(arcs.into_indptr[j], arcs.into_indptr[j + 1]):
        far = at + arcs.into_length[e]
        if far >= nearest:
            break
        i = arcs.mentee[e]
        former = state.match[i]
        if i == mentee:
            nearest = far
        elif far < reached[former]:
            if ahead[former] < FAR:
                nearest = min(nearest, far + ahead[former])
            if far + least_way(arcs, hub, source, former) < nearest:
                label_mentor(ends.behind, former, far)
                push(ends.behind, reached, far, former)
    return nearest


@kernel
def top(search: Search) -> int:
    """The least label in the heap, after dropping what better labels overtook; FAR if none is left."""
    while search.tally[HEAP] > 0:
        if search.mentor_at[search.node[0]] == search.key[0]:
            key: int = search.key[0]
            return key
        drop_top(search)
    return FAR


@kernel
def wipe(search: Search) -> None:
    for k in range(search.tally[MENTORS]):
        search.mentor_at[search.mentors[k]] = FAR
    search.tally[MENTORS] = 0
    search.tally[HEAP] = 0


@kernel
def shortest(
    arcs: Arcs, state: State, hub: Hub, ends: Ends, nearest: int, mentee: int, source: int, target: int
) -> int:
    """
    The shortest way to `target`, from both ends in turn; `nearest` is one known, and `ends.ahead` holds the start.

    From mentee i it is the way of her own first arc; `source` is then her mentor, whose bounds hold for her.
    """
    label_mentor(ends.behind, target, 0)
    push(ends.behind, ends.behind.mentor_at, 0, target)
    while True:
        ahead, behind = top(ends.ahead), top(ends.behind)
        if max(ahead, behind) == FAR or ahead + behind >= nearest:
            break
        if ends.ahead.tally[HEAP] <= ends.behind.tally[HEAP]:
            j = ends.ahead.node[0]
            drop_top(ends.ahead)
            if ahead + least_way(arcs, hub, j, target) >= nearest:
                continue
            for k in range(state.begin[j], state.begin[j] + state.load[j]):
                nearest = go_ahead(arcs, hub, ends, state.owner[k], ahead, nearest, target)
        else:
            j = ends.behind.node[0]
            drop_top(ends.behind)
            if behind + least_way(arcs, hub, source, j) < nearest:
                nearest = go_behind(arcs, state, hub, ends, j, behind, nearest, mentee, source)
    wipe(ends.ahead)
    wipe(ends.behind)
    return nearest


@kernel
def flood(ahead: bool, arcs: Arcs, state: State, search: Search, most: int) -> None:
    """Settles `most` more mentors of a search in one direction; nothing bounds it."""
    at = search.mentor_at
    for _ in range(most):
        if top(search) == FAR:
            break
        far, j = search.key[0], search.node[0]
        drop_top(search)
        if ahead:
            for k in range(state.begin[j], state.begin[j] + state.load[j]):
                i = state.owner[k]
                for e in range(arcs.indptr[i], arcs.indptr[i + 1]):
                    reach(search, at, far + arcs.length[e], arcs.mentor[e])
        else:
            for e in range(arcs.into_indptr[j], arcs.into_indptr[j + 1]):
                reach(search, at, far + arcs.into_length[e], state.match[arcs.mentee[e]])


@kernel
def reach(search: Search, at: I64, far: int, j: int) -> None:
    if far < at[j]:
        label_mentor(search, j, far)
        push(search, at, far, j)


@kernel
def forbid(arcs: Arcs, state: State, hub: Hub, ends: Ends, first: int, last: int, lost: I64) -> None:
    """The mentee goes elsewhere or nowhere, and her mentor ends with another mentee or a free place."""
    for i in range(first, last):
        j = state.match[i]
        if j >= 0:
            nearest = go_ahead(arcs, hub, ends, i, 0, 2 * (arcs.home[i] + hub.away[j]), j)
            lost[i] = shortest(arcs, state, hub, ends, nearest, i, j, j) // 2


@kernel
def force(arcs: Arcs, state: State, hub: Hub, ends: Ends, pairs: I32, score: I32, lost: I64) -> None:
    """The mentor gives a place up, and in the end the place that the mentee leaves is taken, or left free."""
    for k in range(len(pairs)):
        i, j = pairs[k, 0], pairs[k, 1]
        former, way = state.match[i], hub.home[j]
        if former == j:
            lost[k] = 0
            continue
        if way == FAR:
            lost[k] = NEVER
            continue
        if former >= 0:
            way += hub.away[former]
            if state.load[j] > 0:
                moved = arcs.shift[former] - arcs.shift[j]
                label_mentor(ends.ahead, j, 0)
                push(ends.ahead, ends.ahead.mentor_at, 0, j)
                way = (shortest(arcs, state, hub, ends, 2 * way + moved, -1, j, former) - moved) // 2
        lost[k] = state.u[i] + state.v[j] - score[k] + way
