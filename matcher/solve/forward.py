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
from matcher.solve.recalling import BOUND, COUNT, KEPT, REACH, recall, remember
from matcher.solve.state import State


class Bids(NamedTuple):
    memory: I32
    """[n, 2 * KEPT + 2], the type of the scores: mentors, their scores, what any other edge leaves at most, how many."""
    asked: I64
    """int64[places]: price of each place; those of a mentor form a heap, cheapest first."""
    waiting: I32
    """int32[n]: free mentees, the next one last."""
    near: I32
    """int32[widest row + 1]: scratch of `remember`, like the next."""
    reach: I64
    """int64[1]"""


def new_bids(graph: Graph, state: State, step: int) -> Bids:
    widest = int(np.diff(graph.indptr).max(initial=0))
    return Bids(
        np.empty((graph.mentees, 2 * KEPT + 2), graph.score.dtype),
        np.empty(len(state.owner), np.int64),
        np.empty(graph.mentees, np.int32),
        np.empty(widest + 1, np.int32),
        np.array([REACH * step]),
    )


@lean
def open_bids(state: State, bids: Bids) -> int:
    """Places that are taken cost their mentor's price; nothing is remembered. Returns how many mentees wait."""
    for j in range(len(state.v)):
        for k in range(state.begin[j], state.begin[j + 1]):
            bids.asked[k] = state.v[j]
    waiting = 0
    for i in range(len(state.match) - 1, -1, -1):
        bids.memory[i, COUNT] = 0
        bids.memory[i, BOUND] = 0x7FFFFFFF
        if state.match[i] < 0:
            bids.waiting[waiting] = i
            waiting += 1
    return waiting


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
def bid(graph: Graph, state: State, bids: Bids, waiting: int, step: int, most: int) -> int:
    """
    At most `most` bids; returns how many mentees still wait.

    A mentor's price is that of her cheapest place, and does not move before all are taken. Who waits no
    more and is free wants nothing at these prices. `place` is not kept: see `number_places`.
    """
    v = state.v
    for _ in range(most):
        if waiting == 0:
            break
        waiting -= 1
        i = bids.waiting[waiting]
        j, best, second = recall(bids.memory[i], v)
        if second < bids.memory[i, BOUND]:
            begin, end = graph.indptr[i], graph.indptr[i + 1]
            remember(True, graph.indices, graph.score, v, begin, end, bids.reach, bids.near, bids.memory[i])
            j, best, second = recall(bids.memory[i], v)
        if j < 0:
            continue
        price = v[j] + best - second + step
        state.match[i] = j
        begin = state.begin[j]
        if begin + state.load[j] < state.begin[j + 1]:
            rise(state, bids, j, price, i)
        else:
            state.match[state.owner[begin]] = -1
            bids.waiting[waiting] = state.owner[begin]
            waiting += 1
            sink(state, bids, j, price, i)
        if begin + state.load[j] == state.begin[j + 1]:
            v[j] = bids.asked[begin]
    return waiting
