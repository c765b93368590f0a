"""
A solution after a small change: one person declined, came, went, or has more or fewer places.

Nearly all prices and pairs still hold; what the change broke is repaired by a few searches, so the answer
comes in milliseconds, and it is as exact as one from nothing.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32
from matcher.duals import Prices
from matcher.solve.graph import Graph, sort_rows
from matcher.solve.solving import Pause, Solution, solve_graph


class Barred(NamedTuple):
    """This pair may not be."""

    mentee: int
    mentor: int


class Gone(NamedTuple):
    """This mentee takes part no more; her row stays, empty."""

    mentee: int


class Places(NamedTuple):
    """The mentor has so many places now; 0 when she takes part no more."""

    mentor: int
    capacity: int


class NewMentee(NamedTuple):
    """Joins as the last row."""

    mentors: I32
    score: I32


class NewMentor(NamedTuple):
    """Joins as the last column."""

    mentees: I32
    score: I32
    capacity: int


Change = Barred | Gone | Places | NewMentee | NewMentor


class Changed(NamedTuple):
    solution: Solution
    graph: Graph
    capacity: I32


def resolve(
    solution: Solution,
    graph: Graph,
    capacity: I32,
    changes: Iterable[Change],
    *,
    watch: Pause | None = None,
) -> Changed:
    """
    The optimum after `changes`, in their order, with the graph and the capacities as they are then.

    Its total and bound are those of a solution from nothing; among equally good pairs it keeps what it can,
    so `canonical` has to choose once more where the choice matters.
    """
    match, keeps, price = solution.match, solution.mentee_price, solution.mentor_price
    for change in changes:
        graph, capacity = changed(graph, capacity, change)
        if isinstance(change, NewMentee):
            match, keeps = np.append(match, np.int32(-1)), np.append(keeps, 0)
        elif isinstance(change, NewMentor):
            # So dear at first that nobody is drawn away from where she is.
            price = np.append(price, (change.score - keeps[change.mentees]).max(initial=0))
    start = Prices(np.zeros(graph.mentees, np.int64), price)
    return Changed(solve_graph(graph, capacity, start=start, match=match, watch=watch), graph, capacity)


def changed(graph: Graph, capacity: I32, change: Change) -> tuple[Graph, I32]:
    match change:
        case Barred(mentee, mentor):
            return without(graph, mentee, mentor), capacity
        case Gone(mentee):
            return without(graph, mentee, None), capacity
        case Places(mentor, places):
            capacity = capacity.copy()
            capacity[mentor] = places
            return graph, capacity
        case NewMentee(mentors, score):
            row = sort_rows(Graph(np.array([0, len(mentors)], np.int64), mentors, score))
            begin = np.append(graph.indptr, graph.indptr[-1] + len(mentors))
            indices = np.concatenate([graph.indices, row.indices])
            return Graph(begin, indices, np.concatenate([graph.score, row.score])), capacity
        case NewMentor(mentees, score, places):
            return with_column(graph, len(capacity), mentees, score), np.append(capacity, np.int32(places))


def without(graph: Graph, mentee: int, mentor: int | None) -> Graph:
    """Less one edge, or the whole row."""
    begin, end = graph.indptr[mentee], graph.indptr[mentee + 1]
    out = np.arange(begin, end)
    if mentor is not None:
        out = begin + np.flatnonzero(graph.indices[begin:end] == mentor)
    indptr = graph.indptr.copy()
    indptr[mentee + 1 :] -= len(out)
    return Graph(indptr, np.delete(graph.indices, out), np.delete(graph.score, out))


def with_column(graph: Graph, mentor: int, mentees: I32, score: I32) -> Graph:
    """One more edge, to a new mentor, in each of these rows: behind all that score as much."""
    order = np.argsort(mentees, kind="stable")
    at = np.array([place(graph, i, s) for i, s in zip(mentees[order], score[order], strict=True)], np.int64)
    more = np.zeros(len(graph.indptr), np.int64)
    more[mentees + 1] = 1
    indices = np.insert(graph.indices, at, np.int32(mentor))
    return Graph(graph.indptr + np.cumsum(more), indices, np.insert(graph.score, at, score[order]))


def place(graph: Graph, mentee: int, score: int) -> int:
    begin, end = graph.indptr[mentee], graph.indptr[mentee + 1]
    return int(begin + np.searchsorted(-graph.score[begin:end], -score, side="right"))
