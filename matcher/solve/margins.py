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

from matcher.columns import I32, I64, Flags
from matcher.compiling import lean
from matcher.solve.arcs import useful_arcs
from matcher.solve.balls import SLACKER, UNSEEN, Balls, Question, Room, flood, meet, new_room, search_into
from matcher.solve.graph import Graph, must_be_sorted, transpose
from matcher.solve.prices import hub_distances, restored
from matcher.solve.search import FAR
from matcher.solve.solving import Pause, Solution
from matcher.solve.state import State

PIECE = 128
"""Searches between two questions whether to go on."""

FIRST, GROWTH = 32, 4
"""Mentors settled by a search at first, and how many times more when that was not enough."""

FEWEST, MOST = 12, 256
"""Mentors settled by a search at first, where all together are limited."""

KEPT = 1 << 22
"""Mentors settled that are remembered at once: 32 MiB."""

NEVER = 1 << 40
"""No way at all: the mentor has no place."""


class Lost(NamedTuple):
    """Points lost, int64[k]; where `is_exact`, bool[k], is False, that many at most."""

    points: I64
    is_exact: Flags


@lean
def least_from(graph: Graph, state: State, near_of: I64, near: int, least: I64) -> None:
    """
    Sets what a way costs at least that begins with mentee i and uses a pair which the graph does not hold.

    She takes such a pair herself, or first another one or none at all.
    """
    for i in range(len(least)):
        first = state.u[i]
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            if graph.score[e] <= state.u[i] - first:
                break  # scores fall and prices are 0 or more
            if graph.indices[e] != state.match[i]:
                first = min(first, state.u[i] + state.v[graph.indices[e]] - graph.score[e])
        least[i] = min(near_of[i], first + near)


class Margins:
    """
    Answers about one optimum, which must be exact, on scores up to 2^28.

    Pairs of a mentee that the graph does not hold have u + v - score of `near` int64[n] or more; beyond its end, and without
    it, there are none.
    """

    def __init__(
        self,
        graph: Graph,
        solution: Solution,
        capacity: I32 | I64,
        watch: Pause | None = None,
        near: I64 | None = None,
    ) -> None:
        assert solution.total == solution.bound
        must_be_sorted(graph, len(capacity))
        self.state = restored(solution, capacity)
        self.watch = watch
        near_of = np.full(graph.mentees, NEVER)
        if near is not None:
            near_of[: len(near)] = near
        self.near = int(near_of.min(initial=NEVER))
        """Any way over a pair that the graph does not hold costs so much."""
        self.near_from = np.empty(graph.mentees, np.int64)
        """int64[n]: and so much, if it begins with a move of the mentee."""
        least_from(graph, self.state, near_of, self.near, self.near_from)
        columns = transpose(graph, len(capacity))
        self.hub = hub_distances(graph, columns, self.state, capacity, watch)
        self.arcs = useful_arcs(graph, self.state, self.hub)

    def forbidden(self, *, threads: int = 1, most: int | None = None) -> Lost:
        """When a mentee, of all n, may not have her match; 0 for unmatched mentees. `most` as for `forced`."""
        who = np.flatnonzero(self.state.match >= 0).astype(np.int32)
        lost = np.zeros(len(self.state.u), np.int64)
        j = self.state.match[who]
        ask = Question(who, j, 2 * (self.arcs.home[who] + self.hub.away[j]))
        is_exact = np.ones(len(lost), np.bool_)
        is_exact[who] = self.answer(ask, True, most, threads)
        lost[who] = ask.nearest // 2
        return Lost(lost, is_exact & (lost <= self.near_from))

    def forced(self, pairs: I32, score: I32, *, threads: int = 1, most: int | None = None) -> Lost:
        """
        When each of these pairs (int32[k, 2], with their scores) has to be, alone.

        The pairs need not be candidates; below 0 means that the pair would make the total greater. `NEVER`
        where the mentor has no place. If `most` is given, searches settle about so many mentors in all,
        and whoever asked for longer ways gets the shortest that was found.
        """
        i, j = pairs.T
        former, home = self.state.match[i], self.hub.home[j]
        over = np.where(home == FAR, 0, home) + np.append(self.hub.away, 0)[former]
        cost = self.state.u[i] + self.state.v[j] - score
        lost = np.where(home == FAR, NEVER, cost + over)
        lost[former == j] = 0
        at = np.flatnonzero((home < FAR) & (former != j) & (former >= 0) & (self.state.load[j] > 0))
        at = at[np.argsort(j[at], kind="stable")]
        moved = self.arcs.shift[former[at]] - self.arcs.shift[j[at]]
        ask = Question(j[at], former[at], 2 * over[at] + moved)
        is_exact = np.ones(len(lost), np.bool_)
        is_exact[at] = self.answer(ask, False, most, threads)
        lost[at] = cost[at] + (ask.nearest - moved) // 2
        # What the pair itself costs is known; only the way back may lead over pairs that the graph does not hold.
        is_exact &= (former == j) | (home == FAR) | (lost - cost <= self.near_back()[j])
        return Lost(lost, is_exact)

    def near_back(self) -> I64:
        """int64[m]: what a way over a pair that the graph does not hold costs if it begins at a mentor who takes one more mentee."""
        least = np.full(len(self.state.v), NEVER)
        held = np.flatnonzero(self.state.match >= 0)
        np.minimum.at(least, self.state.match[held], self.near_from[held])
        # With a free place nobody has to leave her, and the way goes on from any other.
        has_room = self.hub.home == 0
        least[has_room] = self.near
        return least

    def answer(self, ask: Question, of_mentees: bool, most: int | None, threads: int) -> Flags:
        """
        Lowers what is nearest: searches from both ends, and again with greater ones for those that did not meet.

        Answers which are the shortest ways of the graph.
        """
        mentors, left = len(self.state.v), np.arange(len(ask.start))
        searches = len(np.unique(ask.start)) + len(np.unique(ask.target))
        shortest = np.zeros(len(ask.start), np.bool_)
        each = FIRST if most is None else int(np.clip(most // max(searches, 1), FEWEST, MOST))
        while len(left):
            each = min(each, mentors)
            step = max(PIECE, KEPT // each)
            is_exact = np.zeros(len(left), np.bool_)
            for at in range(0, len(left), step):
                some = left[at : at + step]
                part = Question(ask.start[some], ask.target[some], ask.nearest[some])
                is_exact[at : at + step] = self.met(part, of_mentees, each, threads)
                ask.nearest[some] = part.nearest
            shortest[left[is_exact]] = True
            spent, left = each * searches, left[~is_exact]
            each, searches = GROWTH * each, 2 * len(left)
            if most is not None:
                most -= spent
                if each * searches > most:
                    break
        return shortest

    def met(self, ask: Question, of_mentees: bool, each: int, threads: int) -> Flags:
        """One round; answers which ways are the shortest."""
        balls, is_exact = (
            self.into(np.unique(ask.target), ask, each, threads),
            np.zeros(len(ask.start), np.int64),
        )
        begins = np.flatnonzero(np.append(True, ask.start[1:] != ask.start[:-1]))
        ends = np.append(begins[1:], len(ask.start))

        def some(first: int, last: int) -> None:
            room = self.room(each)
            span = int(begins[first]), int(ends[last - 1])
            meet(self.arcs, self.state, room, of_mentees, ask, *span, each, balls, is_exact)

        self.in_pieces(some, len(begins), each, threads)
        return is_exact > 0

    def into(self, targets: I32, ask: Question, each: int, threads: int) -> Balls:
        """The balls of the mentors who are asked for."""
        mentors = len(self.state.v)
        bound = np.zeros(mentors, np.int64)
        np.maximum.at(bound, ask.target, ask.nearest)
        former = self.state.match[self.arcs.mentee]
        number = np.arange(mentors, dtype=np.int32)
        parts: dict[int, tuple[I32, I32, I32]] = {}
        radius = np.zeros(mentors, np.int64)

        def some(first: int, last: int) -> None:
            these, width = targets[first:last], min(SLACKER * each, mentors)
            count, least = np.zeros(len(these), np.int32), np.zeros(len(these), np.int64)
            mentor, far = np.empty((len(these), width), np.int32), np.empty((len(these), width), np.int32)
            search_into(
                self.arcs,
                former,
                number,
                self.room(each),
                these,
                bound[these],
                each,
                count,
                mentor,
                far,
                least,
            )
            radius[these] = least
            used = np.arange(width) < count[:, None]
            parts[first] = count, mentor[used], far[used]

        self.in_pieces(some, len(targets), each, threads)
        begin = np.zeros(mentors + 1, np.int64)
        count, mentor, far = (np.concatenate([parts[at][k] for at in sorted(parts)]) for k in range(3))
        begin[targets + 1] = count
        return Balls(np.cumsum(begin), mentor, far, radius)

    def from_mentor(self, j: int) -> I64:
        """int64[m]: points lost when mentor j takes one more mentee and another mentor loses one."""
        return self.ways(j, ahead=True)

    def to_mentor(self, j: int) -> I64:
        """int64[m]: points lost when another mentor takes one more mentee and mentor j loses one."""
        return self.ways(j, ahead=False)

    def ways(self, j: int, *, ahead: bool) -> I64:
        room = self.room(len(self.state.v))
        number = np.arange(len(self.state.v), dtype=np.int32)
        flood(ahead, self.arcs, self.state, self.state.match[self.arcs.mentee], number, room, j)
        moved = self.arcs.shift - self.arcs.shift[j]
        way = (room.at - (moved if ahead else -moved)) // 2
        over = self.hub.home[j] + self.hub.away if ahead else self.hub.home + self.hub.away[j]
        shortest_ways: I64 = np.minimum(np.where(room.at < UNSEEN, way, FAR), over)
        return shortest_ways

    def room(self, most: int) -> Room:
        return new_room(len(self.state.v), len(self.arcs.mentor), most)

    def in_pieces(self, some: Callable[[int, int], None], count: int, each: int, threads: int) -> None:
        """Pieces of about as many steps."""
        piece = max(1, min(PIECE, PIECE * MOST // each))
        begins = range(0, count, piece)
        ends = [min(begin + piece, count) for begin in begins]
        with ThreadPoolExecutor(threads) as pool:
            done: Iterator[None] = pool.map(some, begins, ends)
            for end, _ in zip(ends, done, strict=True):
                self.pause(end / count)

    def pause(self, share: float) -> None:
        if self.watch is not None:
            self.watch(share)
