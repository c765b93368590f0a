"""
What a solution in the making is: prices, and who holds which place.

A mentor's places that are taken stand together at the beginning of hers, so that both
"give one up" and "take one" cost the same however many places she has.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.solve.graph import Graph

NOTHING = -(1 << 62)
"""Less than any profit: her mentor is no candidate of hers any more."""


class State(NamedTuple):
    """u, v: prices of mentees and mentors. The kernels change all of it in place, except `begin`."""

    u: I64
    """int64[n]; int32 while a solution is made of scores that leave room for it: half as much to wait for."""
    v: I64
    """[m], the same type."""
    match: I32
    """int32[n]: mentor, -1 = free."""
    place: I32
    """int32[n]: which of her mentor's places the mentee holds, counted from `begin`."""
    begin: I64
    """int64[m + 1]: the places of mentor j are begin[j] .. begin[j + 1]."""
    owner: I32
    """int32[places]: mentees; only the first load[j] places of j are taken."""
    load: I32
    """int32[m]"""


def useful_places(graph: Graph, capacity: I64 | I32) -> I64:
    """
    int64[m]: places that can matter.

    Where there are very many, one more than a mentor has candidates is enough: with it, a mentor who cannot be filled shows a free place
    and so a price of 0, whatever her real capacity.
    """
    places = capacity.astype(np.int64)
    if places.sum() <= 4 * (graph.mentees + len(places)):
        return places
    return np.minimum(places, np.bincount(graph.indices, minlength=len(places)) + 1)


def new_state(mentees: int, places: I64, price: Any = np.int64) -> State:
    """Nobody matched, all prices 0 of this type."""
    begin = np.zeros(len(places) + 1, np.int64)
    np.cumsum(places, out=begin[1:])
    return State(
        u=np.zeros(mentees, price),
        v=np.zeros(len(places), price),
        match=np.full(mentees, -1, np.int32),
        place=np.zeros(mentees, np.int32),
        begin=begin,
        owner=np.full(int(begin[-1]), -1, np.int32),
        load=np.zeros(len(places), np.int32),
    )


@lean
def take_place(state: State, i: int, j: int) -> None:
    """Mentor j must have a free one, and mentee i none."""
    state.match[i] = j
    state.place[i] = state.load[j]
    state.owner[state.begin[j] + state.load[j]] = i
    state.load[j] += 1


@lean
def leave_place(state: State, i: int) -> None:
    """The last mentee of the mentor moves to the place that i leaves."""
    j = state.match[i]
    state.load[j] -= 1
    last = state.owner[state.begin[j] + state.load[j]]
    state.owner[state.begin[j] + state.place[i]] = last
    state.place[last] = state.place[i]
    state.match[i] = -1


@lean
def take_places(state: State, match: I32) -> None:
    """Fills an empty state; whoever finds no place left stays free."""
    for i in range(len(match)):
        j = match[i]
        if j >= 0 and state.load[j] < state.begin[j + 1] - state.begin[j]:
            take_place(state, i, j)


@lean
def number_places(state: State) -> None:
    """Sets `place` anew from `owner`."""
    for j in range(len(state.load)):
        for k in range(state.load[j]):
            state.place[state.owner[state.begin[j] + k]] = k


@lean
def tighten(graph: Graph, state: State, most: int) -> int:
    """
    Sets every u to the best that v leaves, and frees whom her own mentor serves worse by more than `most`.

    Afterwards u + v >= score on every edge. With most = 0 every pair is tight. Returns how many were freed.
    """
    freed = 0
    for i in range(len(state.match)):
        best, own, mentor = 0, NOTHING, state.match[i]
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            if graph.score[e] <= best and (mentor < 0 or own > NOTHING):
                break  # scores fall and prices are 0 or more
            profit = graph.score[e] - state.v[graph.indices[e]]
            if graph.indices[e] == mentor:
                own = profit
            best = max(best, profit)
        state.u[i] = best
        if mentor >= 0 and own < best - most:
            leave_place(state, i)
            freed += 1
    return freed
