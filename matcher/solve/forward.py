"""
The forward auction: free mentees bid for places (Bertsekas 1988, "The auction algorithm").

A mentee bids for the mentor who leaves her most, as much more as leaves her no worse than
her second choice, and `step` on top. Each mentee remembers her best edges, as `recalling` says.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.solve.graph import Graph
from matcher.solve.line import come_next, look_ahead, queue_up, waiting_in
from matcher.solve.recalling import REACH, best_edges, new_memory
from matcher.solve.state import State


class Bids(NamedTuple):
    memory: I32
    """Of `new_memory`."""
    asked: I64
    """int64[places]: price of each place; those of a mentor form a heap, cheapest first."""
    waiting: I32
    """int32[n]: free mentees, in a ring."""
    line: I64
    """int64[2], as `line` says."""
    near: I64
    """int64[widest row + 1]: scratch of `remember`, like the next."""
    reach: I64
    """int64[1]"""


def new_bids(graph: Graph, state: State, step: int) -> Bids:
    """Places that are taken cost their mentor's price; every free mentee waits."""
    widest = int(np.diff(graph.indptr).max(initial=0))
    free = np.flatnonzero(state.match < 0)
    waiting = np.empty(graph.mentees, np.int32)
    waiting[: len(free)] = free
    return Bids(
        new_memory(graph.mentees, graph.score),
        np.repeat(state.v, np.diff(state.begin)),
        waiting,
        np.array([0, len(free)]),
        np.empty(widest + 1, np.int64),
        np.array([REACH * step]),
    )


@lean
def sink(state: State, bids: Bids, j: int, price: int, i: int) -> None:
    """Puts place (price, i) at the top of mentor j's heap and lets it sink to where it belongs."""
    begin, count = state.begin[j], state.load[j]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and bids.asked[begin + child + 1] < bids.asked[begin + child]:
            child += 1
        if bids.asked[begin + child] >= price:
            break
        bids.asked[begin + at] = bids.asked[begin + child]
        state.owner[begin + at] = state.owner[begin + child]
        at = child
    bids.asked[begin + at] = price
    state.owner[begin + at] = i


@lean
def rise(state: State, bids: Bids, j: int, price: int, i: int) -> None:
    """Gives i a free place of mentor j at this price."""
    begin = state.begin[j]
    at = np.int64(state.load[j])
    state.load[j] += 1
    while at > 0 and bids.asked[begin + (at - 1) // 2] > price:
        above = (at - 1) // 2
        bids.asked[begin + at] = bids.asked[begin + above]
        state.owner[begin + at] = state.owner[begin + above]
        at = above
    bids.asked[begin + at] = price
    state.owner[begin + at] = i


@lean
def bid(graph: Graph, state: State, bids: Bids, step: int, most: int) -> int:
    """
    At most `most` bids; returns how many mentees still wait.

    At the beginning of an auction u must cover every edge. A mentor's price is that of her cheapest place, and does not move
    before all are taken. Who waits no more and is free wants nothing at these prices. `place` is not kept: see `number_places`.
    """
    v, line, ring = state.v, bids.line, bids.waiting
    for _ in range(most):
        if waiting_in(line) == 0:
            break
        look_ahead(graph.indptr, graph.indices, graph.score, bids.memory, ring, line)
        i = come_next(ring, line)
        j, best, second = best_edges(
            graph.indptr, graph.indices, graph.score, v, i, state.u[i], bids.memory, bids.reach, bids.near
        )
        if j < 0:
            continue
        price = v[j] + best - second + step
        state.match[i] = j
        begin = state.begin[j]
        if begin + state.load[j] < state.begin[j + 1]:
            rise(state, bids, j, price, i)
        else:
            state.match[state.owner[begin]] = -1
            queue_up(ring, line, state.owner[begin])
            sink(state, bids, j, price, i)
        if begin + state.load[j] == state.begin[j + 1]:
            v[j] = bids.asked[begin]
    return waiting_in(line)
