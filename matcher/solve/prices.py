"""
How far prices could move: distances in the residual graph between every mentor and the hub.

The hub stands for "nobody": a place left free, a mentee unmatched. From it all mentors are
reached by one multi-source Dijkstra over reduced costs, and it from all mentors by another (Ahuja, Magnanti,
Orlin, Network Flows, 1993, chapter 9). The first distance is also how much of a mentor's price could be taken away.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.duals import Prices
from matcher.solve.graph import Columns, Graph, must_be_sorted, transpose
from matcher.solve.search import FAR, HEAP, WORK, Search, drop_top, new_search, push, push_mentors
from matcher.solve.solving import EDGES_A_PIECE, Pause, Solution
from matcher.solve.state import State, new_state, take_places


class Hub(NamedTuple):
    """Distances never exceed a mentor's price, or what her mentees keep; FAR where no way leads."""

    away: I64
    """int64[m]: points lost when mentor j loses a mentee and nobody else gains one."""
    home: I64
    """int64[m]: points lost when mentor j takes one more mentee and nobody else loses one."""


def restored(solution: Solution, capacity: I32 | I64) -> State:
    """Who holds which place, and the prices."""
    held = np.bincount(solution.match[solution.match >= 0], minlength=len(capacity))
    # One free place says as much as a thousand.
    state = new_state(len(solution.match), np.minimum(capacity.astype(np.int64), held + 1))
    take_places(state, solution.match)
    state.u[:] = solution.mentee_price
    state.v[:] = solution.mentor_price
    return state


def least_prices(graph: Graph, solution: Solution, capacity: I32 | I64, watch: Pause | None = None) -> Prices:
    """
    Of all prices that prove this optimum the least for mentors: the same whichever optimum one starts from.

    They cover the edges of this graph. They are the least on the full graph too if every pair outside has
    score <= these u + v.
    """
    must_be_sorted(graph, len(capacity))
    state = restored(solution, capacity)
    away = leave(graph, state, watch)
    mentor = solution.mentor_price - away
    mentee = solution.mentee_price.copy()
    matched = solution.match >= 0
    mentee[matched] += away[solution.match[matched]]
    return Prices(mentee, mentor)


def hub_distances(
    graph: Graph, columns: Columns | None, state: State, capacity: I32 | I64, watch: Pause | None = None
) -> Hub:
    columns = transpose(graph, len(state.v)) if columns is None else columns
    return Hub(leave(graph, state, watch), come_home(columns, state, capacity, watch))


def leave(graph: Graph, state: State, watch: Pause | None) -> I64:
    search = new_search(len(state.u), len(state.v))
    search.mentor_at[:] = state.v
    offered_by_free(graph, state, search.mentor_at)
    push_mentors(search, state.load > 0)
    while search.tally[HEAP]:
        spread(graph, state, search, EDGES_A_PIECE)
        if watch is not None:
            watch(0)
    return search.mentor_at


def come_home(columns: Columns, state: State, capacity: I32 | I64, watch: Pause | None) -> I64:
    search = new_search(len(state.u), len(state.v))
    matched = np.flatnonzero(state.match >= 0)
    np.minimum.at(search.mentor_at, state.match[matched], state.u[matched])
    search.mentor_at[state.load < capacity] = 0
    push_mentors(search, search.mentor_at < FAR)
    while search.tally[HEAP]:
        gather(columns, state, search, EDGES_A_PIECE)
        if watch is not None:
            watch(0)
    return search.mentor_at


@lean
def offered_by_free(graph: Graph, state: State, at: I64) -> None:
    """Lowers at[j] to what an unmatched mentee would lose at mentor j."""
    for i in range(len(state.u)):
        if state.match[i] >= 0:
            continue
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            j = graph.indices[e]
            at[j] = min(at[j], state.u[i] + state.v[j] - graph.score[e])


@lean
def spread(graph: Graph, state: State, search: Search, most: int) -> None:
    """From each mentor over her mentees to the mentors these could go to; pauses after `most` edges."""
    at = search.mentor_at
    search.tally[WORK] = 0
    while search.tally[HEAP] > 0 and search.tally[WORK] <= most:
        far, j = search.key[0], search.node[0]
        drop_top(search)
        if far != at[j]:
            continue
        for k in range(state.begin[j], state.begin[j] + state.load[j]):
            i = state.owner[k]
            base = far + state.u[i]
            for e in range(graph.indptr[i], graph.indptr[i + 1]):
                if graph.score[e] <= base:
                    break  # no label is above its mentor's price
                search.tally[WORK] += 1
                other = graph.indices[e]
                if base + state.v[other] - graph.score[e] < at[other]:
                    at[other] = base + state.v[other] - graph.score[e]
                    if state.load[other] > 0:
                        push(search, at, at[other], other)


@lean
def gather(columns: Columns, state: State, search: Search, most: int) -> None:
    """From each mentor back to the mentors whose mentees could come to her; pauses after `most` edges."""
    at = search.mentor_at
    search.tally[WORK] = 0
    while search.tally[HEAP] > 0 and search.tally[WORK] <= most:
        far, j = search.key[0], search.node[0]
        drop_top(search)
        if far != at[j]:
            continue
        search.tally[WORK] += columns.indptr[j + 1] - columns.indptr[j]
        for e in range(columns.indptr[j], columns.indptr[j + 1]):
            i = columns.indices[e]
            other = state.match[i]
            if other < 0 or other == j:
                continue
            new = far + state.u[i] + state.v[j] - columns.score[e]
            if new < at[other]:
                at[other] = new
                push(search, at, new, other)
