"""
From almost optimal to exactly optimal, by shortest augmenting paths from both sides.

Before and after each search u + v >= score on every edge and every pair is tight. What is
still wrong are free mentees with u > 0 and free places with v > 0; each search sets one right: by
a path to a place, or to somebody who can do without one. (Jonker and Volgenant 1987, made two-sided.)
"""

from matcher.columns import I64
from matcher.compiling import lean
from matcher.solve.graph import Columns, Graph
from matcher.solve.search import (
    HEAP,
    WORK,
    Search,
    draw_from,
    drop_top,
    label_mentee,
    label_mentor,
    push,
    settle,
    shift_to,
)
from matcher.solve.state import State, leave_place


@lean
def reach_mentors(
    graph: Graph, state: State, search: Search, i: int, at: int, nearest: int, end: int
) -> tuple[int, int]:
    """Relaxes the edges of mentee i; a mentor with a free place is an end, and `nearest` bounds all that follows."""
    base = state.u[i] + at
    for e in range(graph.indptr[i], graph.indptr[i + 1]):
        if base - graph.score[e] >= nearest:
            break  # scores fall and prices are 0 or more
        search.tally[WORK] += 1
        j = graph.indices[e]
        far = base + state.v[j] - graph.score[e]
        if far < nearest and far < search.mentor_at[j]:
            label_mentor(search, j, far)
            search.mentor_from[j] = i
            if state.begin[j] + state.load[j] < state.begin[j + 1]:
                nearest, end = far, j
            else:
                push(search, search.mentor_at, far, j)
    return nearest, end


@lean
def seek_place(graph: Graph, state: State, search: Search, i: int, farthest: int) -> None:
    """
    Afterwards mentee i has a place, or her price is 0 and she needs none.

    Or all is as it was, as whatever can be done costs `farthest` or more.
    """
    nearest, end, loser = min(state.u[i], farthest), -1, i
    label_mentee(search, i, 0)
    nearest, end = reach_mentors(graph, state, search, i, 0, nearest, end)
    while search.tally[HEAP] > 0 and search.key[0] < nearest:
        at, j = search.key[0], search.node[0]
        drop_top(search)
        if search.mentor_at[j] != at:
            continue
        for k in range(state.begin[j], state.begin[j] + state.load[j]):
            held = state.owner[k]
            search.tally[WORK] += 1
            label_mentee(search, held, at)
            if at + state.u[held] < nearest:
                nearest, end, loser = at + state.u[held], -1, held
            nearest, end = reach_mentors(graph, state, search, held, at, nearest, end)
    is_given_up = end < 0 and loser == i and nearest < state.u[i]
    settle(search, state, 0 if is_given_up else nearest, 1)
    if end < 0 and loser != i:
        end = state.match[loser]
        leave_place(state, loser)
    if end >= 0:
        shift_to(search, state, i, end)


@lean
def reach_mentees(
    columns: Columns, state: State, search: Search, j: int, at: int, nearest: int, end: int
) -> tuple[int, int]:
    """Relaxes the edges of mentor j; her own mentees come with her, a free mentee is an end."""
    for k in range(state.begin[j], state.begin[j] + state.load[j]):
        if at < search.mentee_at[state.owner[k]]:
            label_mentee(search, state.owner[k], at)
    base = state.v[j] + at
    for e in range(columns.indptr[j], columns.indptr[j + 1]):
        i = columns.indices[e]
        far = base + state.u[i] - columns.score[e]
        if far < nearest and far < search.mentee_at[i] and state.match[i] != j:
            label_mentee(search, i, far)
            search.mentee_from[i] = j
            if state.match[i] < 0:
                nearest, end = far, i
            else:
                push(search, search.mentee_at, far, i)
    search.tally[WORK] += columns.indptr[j + 1] - columns.indptr[j]
    return nearest, end


@lean
def seek_mentee(columns: Columns, state: State, search: Search, j: int, farthest: int) -> bool:
    """Afterwards a free place of mentor j is taken, or her price is 0; True if it was taken."""
    nearest, end, loser = min(state.v[j], farthest), -1, j
    label_mentor(search, j, 0)
    nearest, end = reach_mentees(columns, state, search, j, 0, nearest, end)
    while search.tally[HEAP] > 0 and search.key[0] < nearest:
        at, i = search.key[0], search.node[0]
        drop_top(search)
        other = state.match[i]
        if search.mentee_at[i] != at or search.mentor_at[other] <= at:
            continue
        label_mentor(search, other, at)
        search.mentor_from[other] = i
        if at + state.v[other] < nearest:
            nearest, end, loser = at + state.v[other], -1, other
        nearest, end = reach_mentees(columns, state, search, other, at, nearest, end)
    is_given_up = end < 0 and loser == j and nearest < state.v[j]
    settle(search, state, 0 if is_given_up else nearest, -1)
    if end < 0 and loser != j:
        end = search.mentor_from[loser]
        leave_place(state, end)
    if end >= 0:
        draw_from(search, state, j, end)
    return end >= 0


@lean
def place_mentees(graph: Graph, state: State, search: Search, first: int, farthest: int, most: int) -> int:
    """Every free mentee from row `first` on, as `seek_place`, until `most` edges were looked at; returns the row to go on with."""
    search.tally[WORK] = 0
    for i in range(first, len(state.match)):
        if search.tally[WORK] > most:
            return i
        if state.match[i] < 0 and state.u[i] > 0:
            seek_place(graph, state, search, i, farthest)
    return len(state.match)


@lean
def fill_places(columns: Columns, state: State, search: Search, first: int, farthest: int, most: int) -> int:
    """Every mentor from `first` on who has a free place and a price; returns the one to go on with."""
    search.tally[WORK] = 0
    for j in range(first, len(state.v)):
        while state.begin[j] + state.load[j] < state.begin[j + 1] and state.v[j] > 0:
            if search.tally[WORK] > most:
                return j
            if not seek_mentee(columns, state, search, j, farthest):
                break
    return len(state.v)


@lean
def within_reach(graph: Graph, state: State, end: I64) -> None:
    """
    Sets int64[n] `end`: edges of row i from there on are of no use for filling places.

    A mentor is expanded only while giving up her price would not be nearer; so she offers a mentee what exceeds
    u, at a price of 0 or more: only edges with score > u can do. And u only rises while places are filled.
    """
    for i in range(len(end)):
        e = graph.indptr[i]
        while e < graph.indptr[i + 1] and graph.score[e] > state.u[i]:
            e += 1
        end[i] = e
