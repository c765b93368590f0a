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
from matcher.solve.forward import BOUND, COUNT, KEPT
from matcher.solve.graph import Columns
from matcher.solve.state import State, leave_place, take_place


class Offers(NamedTuple):
    memory: I32
    """[m, 16], as in `Bids`: 7 mentees, their 7 scores, the bound on all others, how many."""
    waiting: I32
    """int32[places + 1]: mentors, once for each free place."""
    left: I64
    """int64[8]: scratch."""


def new_offers(columns: Columns, state: State) -> Offers:
    return Offers(
        np.empty((len(state.v), 16), columns.score.dtype),
        np.empty(len(state.owner) + 1, np.int32),
        np.empty(KEPT + 1, np.int64),
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
def best_mentee(offers: Offers, state: State, j: int) -> tuple[int, int, int, int]:
    """(mentee, her score, what she leaves, what the second leaves) of those remembered; -1 if none leaves more than 0."""
    best, second, mentee, score = 0, 0, -1, 0
    row = offers.memory[j]
    for t in range(row[COUNT]):
        left = row[KEPT + t] - state.u[row[t]]
        if left > second and state.match[row[t]] != j:
            if left > best:
                second, best = best, left
                mentee, score = row[t], row[KEPT + t]
            else:
                second = left
    return mentee, score, best, second


@lean
def remember_mentees(columns: Columns, offers: Offers, state: State, j: int) -> None:
    """Scans the whole column, without the mentees that j has."""
    left, row = offers.left, offers.memory[j]
    kept, bound = 0, 0
    for e in range(columns.indptr[j], columns.indptr[j + 1]):
        profit = columns.score[e] - state.u[columns.indices[e]]
        if profit <= bound or state.match[columns.indices[e]] == j:
            continue
        at = min(kept, KEPT)
        while at > 0 and left[at - 1] < profit:
            left[at] = left[at - 1]
            if at < KEPT:
                row[at], row[KEPT + at] = row[at - 1], row[KEPT + at - 1]
            at -= 1
        left[at] = profit
        if at < KEPT:
            row[at], row[KEPT + at] = columns.indices[e], columns.score[e]
        kept = min(kept + 1, KEPT + 1)
        if kept > KEPT:
            bound = left[KEPT]
    row[COUNT] = min(kept, KEPT)
    row[BOUND] = bound


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
        i, score, _best, second = best_mentee(offers, state, j)
        if second < offers.memory[j, BOUND] or state.begin[j + 1] - state.begin[j] > 1:
            remember_mentees(columns, offers, state, j)
            i, score, _best, second = best_mentee(offers, state, j)
        price = 0 if i < 0 else min(max(second - step, 0), v[j])
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
        u[i] = score - price
    return waiting
