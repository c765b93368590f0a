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
from matcher.solve.recalling import BOUND, COUNT, KEPT, REACH, recall, remember
from matcher.solve.state import State, leave_place, take_place


class Offers(NamedTuple):
    memory: I32
    """[m, 2 * KEPT + 2], as in `Bids`: mentees, their scores, the bound on all others, how many."""
    waiting: I32
    """int32[places + 1]: mentors, once for each free place."""
    near: I32
    """int32[longest column + 1]: scratch of `remember`, like the next."""
    reach: I64
    """int64[1]"""


def new_offers(columns: Columns, state: State, step: int) -> Offers:
    longest = int(np.diff(columns.indptr).max(initial=0))
    return Offers(
        np.empty((len(state.v), 2 * KEPT + 2), columns.score.dtype),
        np.empty(len(state.owner) + 1, np.int32),
        np.empty(longest + 1, np.int32),
        np.array([REACH * step]),
    )


@lean
def open_offers(state: State, offers: Offers) -> int:
    """Every free place with a price waits; nothing is remembered. Returns how many."""
    waiting = 0
    for j in range(len(state.v) - 1, -1, -1):
        offers.memory[j, COUNT] = 0
        offers.memory[j, BOUND] = 0x7FFFFFFF
        if state.v[j] > 0:
            for _ in range(state.begin[j] + state.load[j], state.begin[j + 1]):
                offers.waiting[waiting] = j
                waiting += 1
    return waiting


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
def offer(columns: Columns, state: State, offers: Offers, waiting: int, step: int, most: int) -> int:
    """
    At most `most` offers; returns how many places still wait.

    With one place a mentor remembers her best mentees, as in the forward auction. With more she looks
    anew each time: mentees of her own leave and may come back.
    """
    u, v = state.u, state.v
    for _ in range(most):
        if waiting == 0:
            break
        waiting -= 1
        j = offers.waiting[waiting]
        if v[j] == 0:
            continue
        if state.begin[j + 1] - state.begin[j] > 1:
            i, best, second = best_two(columns, state, j)
        else:
            i, best, second = recall(offers.memory[j], u)
            if second < offers.memory[j, BOUND]:
                first, end = columns.indptr[j], columns.indptr[j + 1]
                remember(
                    False, columns.indices, columns.score, u, first, end, offers.reach, offers.near,
                    offers.memory[j],
                )  # fmt: skip
                i, best, second = recall(offers.memory[j], u)
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
                offers.waiting[waiting] = former
                waiting += 1
        take_place(state, i, j)
        u[i] += best - price
    return waiting
