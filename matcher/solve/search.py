"""
What the searches for shortest augmenting paths share: labels, a heap, and how prices settle.

Dijkstra's method on reduced costs u + v - score, which are never negative (Edmonds and
Karp 1972; Tomizawa 1971). Labels are wiped by the list of what was touched, so a search costs what it
visits and not the size of the graph.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.compiling import lean
from matcher.solve.state import State, leave_place, take_place

FAR = 1 << 62
"""Not reached."""

MENTEES, MENTORS, HEAP, WORK = 0, 1, 2, 3
"""What `tally` counts: mentees touched, mentors touched, entries of the heap, edges looked at."""


class Search(NamedTuple):
    mentee_at: I64
    """int64[n]: distance, FAR between searches."""
    mentor_at: I64
    mentee_from: I32
    """int32[n]: the mentor from whom she was reached."""
    mentor_from: I32
    """int32[m]: the mentee from whom she was reached."""
    mentees: I32
    """int32[n]: those touched."""
    mentors: I32
    key: I64
    """int64[h], with `node` a binary heap, least first; entries overtaken by better ones stay in it."""
    node: I32
    tally: I64
    """int64[4]"""


def new_search(mentees: int, mentors: int) -> Search:
    room = 4 * max(mentees, mentors) + 64
    return Search(
        np.full(mentees, FAR, np.int64),
        np.full(mentors, FAR, np.int64),
        np.full(mentees, -1, np.int32),
        np.full(mentors, -1, np.int32),
        np.empty(mentees, np.int32),
        np.empty(mentors, np.int32),
        np.empty(room, np.int64),
        np.empty(room, np.int32),
        np.zeros(4, np.int64),
    )


@lean
def push(search: Search, at: I64, key: int, node: int) -> None:
    """`at` are the labels of the nodes in the heap: when it is full, entries that are not the node's label go."""
    size = search.tally[HEAP]
    if size == len(search.key):
        search.tally[HEAP] = 0
        for k in range(size):
            if at[search.node[k]] == search.key[k]:
                lift(search, search.tally[HEAP], search.key[k], search.node[k])
                search.tally[HEAP] += 1
        size = search.tally[HEAP]
    lift(search, size, key, node)
    search.tally[HEAP] = size + 1


@lean
def push_mentors(search: Search, these: Flags) -> None:
    """All of `these` mentors (bool[m]), with the labels that they have."""
    for j in range(len(these)):
        if these[j]:
            push(search, search.mentor_at, search.mentor_at[j], j)


@lean
def lift(search: Search, hole: int, key: int, node: int) -> None:
    while hole > 0:
        above = (hole - 1) >> 1
        if search.key[above] <= key:
            break
        search.key[hole], search.node[hole] = search.key[above], search.node[above]
        hole = above
    search.key[hole], search.node[hole] = key, node


@lean
def drop_top(search: Search) -> None:
    size = search.tally[HEAP] - 1
    search.tally[HEAP] = size
    key, node = search.key[size], search.node[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and search.key[child + 1] < search.key[child]:
            child += 1
        if search.key[child] >= key:
            break
        search.key[hole], search.node[hole] = search.key[child], search.node[child]
        hole = child
    if size > 0:
        search.key[hole], search.node[hole] = key, node


@lean
def label_mentee(search: Search, i: int, at: int) -> None:
    if search.mentee_at[i] == FAR:
        search.mentees[search.tally[MENTEES]] = i
        search.tally[MENTEES] += 1
    search.mentee_at[i] = at


@lean
def label_mentor(search: Search, j: int, at: int) -> None:
    if search.mentor_at[j] == FAR:
        search.mentors[search.tally[MENTORS]] = j
        search.tally[MENTORS] += 1
    search.mentor_at[j] = at


@lean
def settle(search: Search, state: State, distance: int, sign: int) -> None:
    """
    Moves prices so that every edge within `distance` that the search used becomes tight, and wipes the labels.

    sign 1: mentees pay more (a mentee looked for a place); -1: mentors earn less (a place looked for a mentee).
    """
    for k in range(search.tally[MENTEES]):
        i = search.mentees[k]
        if search.mentee_at[i] < distance:
            state.u[i] -= sign * (distance - search.mentee_at[i])
        search.mentee_at[i] = FAR
    for k in range(search.tally[MENTORS]):
        j = search.mentors[k]
        if search.mentor_at[j] < distance:
            state.v[j] += sign * (distance - search.mentor_at[j])
        search.mentor_at[j] = FAR
    search.tally[MENTEES] = 0
    search.tally[MENTORS] = 0
    search.tally[HEAP] = 0


@lean
def shift_to(search: Search, state: State, i: int, j: int) -> None:
    """Mentee i, at the root, gets a place: each mentee on the way moves to the next mentor, the last to j."""
    while True:
        mover = search.mentor_from[j]
        former = state.match[mover]
        if former >= 0:
            leave_place(state, mover)
        take_place(state, mover, j)
        if mover == i:
            return
        j = former


@lean
def draw_from(search: Search, state: State, j: int, i: int) -> None:
    """Mentor j, at the root, gets a mentee: each mentor on the way gives one on, the last takes i, who is free."""
    while True:
        taker = search.mentee_from[i]
        if taker == j:
            take_place(state, i, taker)
            return
        given = search.mentor_from[taker]
        leave_place(state, given)
        take_place(state, i, taker)
        i = given
