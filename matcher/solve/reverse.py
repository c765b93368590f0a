"""
The reverse auction: mentors with a price and a free place bid for mentees.

(Bertsekas, Castañon, Tsaknakis 1993, "Reverse auction and the solution of inequality
constrained assignment problems".) It never leaves a mentee without a place, and what a
mentee keeps only rises; so after a forward auction, which leaves free mentees with 0, it
ends with both: free mentees keep 0, and mentors with a free place cost 0.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.solve.graph import Columns
from matcher.solve.line import come_next, look_ahead, queue_up, waiting_in
from matcher.solve.recalling import REACH, best_edges, new_memory
from matcher.solve.state import State, leave_place, take_place


class Offers(NamedTuple):
    memory: I32
    """As in `Bids`, of mentors."""
    waiting: I32
    """int32[places + 1]: mentors, once for each free place, in a ring."""
    line: I64
    """As in `Bids`."""
    near: I64
    """int64[longest column + 1]: scratch of `remember`, like the next."""
    reach: I64
    """int64[1]"""


def new_offers(columns: Columns, state: State, step: int) -> Offers:
    """Every free place with a price waits."""
    longest = int(np.diff(columns.indptr).max(initial=0))
    free = np.where(state.v > 0, np.diff(state.begin) - state.load, 0)
    waiting = np.empty(len(state.owner) + 1, np.int32)
    count = int(free.sum())
    waiting[:count] = np.repeat(np.arange(len(free), dtype=np.int32), free)
    return Offers(
        new_memory(len(state.v), columns.score),
        waiting,
        np.array([0, count]),
        np.empty(longest + 1, np.int64),
        np.array([REACH * step]),
    )


@lean
def best_two(columns: Columns, state: State, j: int) -> tuple[int, int, int]:
    """(mentee who leaves most, how much, what the second leaves) of those whom j has not; -1 if none leaves more than 0."""
    mentee, best, second = -1, 0, 0
    for e in range(columns.indptr[j], columns.indptr[j + 1]):
        i = columns.indices[e]
        left = columns.score[e] - state.u[i]
        if left > second and state.match[i] != j:
            second = min(left, best) if left > best else left
            mentee = i if left > best else mentee
            best = max(best, left)
    return mentee, best, second


@lean
def offer(columns: Columns, state: State, offers: Offers, step: int, most: int) -> int:
    """
    At most `most` offers; returns how many places still wait.

    At the beginning of an auction u is the least that covers every edge. With one place a mentor remembers her best mentees, as in the
    forward auction. With more she looks anew each time: mentees of her own leave and may come back.
    """
    u, v, line, ring = state.u, state.v, offers.line, offers.waiting
    for _ in range(most):
        if waiting_in(line) == 0:
            break
        look_ahead(columns.indptr, columns.indices, columns.score, offers.memory, ring, line)
        j = come_next(ring, line)
        if v[j] == 0:
            continue
        if state.begin[j + 1] - state.begin[j] > 1:
            i, best, second = best_two(columns, state, j)
        else:
            i, best, second = best_edges(
                columns.indptr,
                columns.indices,
                columns.score,
                u,
                j,
                v[j],
                offers.memory,
                offers.reach,
                offers.near,
            )
        price = 0 if i < 0 else min(max(second - step, 0), v[j])
        if price < v[j]:
            for k in range(state.begin[j], state.begin[j] + state.load[j]):
                u[state.owner[k]] += v[j] - price
            v[j] = price
        if i < 0:
            continue
        former = state.match[i]
        if former >= 0:
            leave_place(state, i)
            if v[former] > 0:
                queue_up(ring, line, former)
        take_place(state, i, j)
        u[i] += best - price
    return waiting_in(line)
