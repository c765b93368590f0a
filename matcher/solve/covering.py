"""Prices that cover every edge, and what a matching is worth."""

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.compiling import lean
from matcher.solve.graph import Graph


def covering(graph: Graph, mentor_price: I64) -> I64:
    """int64[n]: the least prices of mentees that, with these of mentors, cover every edge."""
    u = np.empty(graph.mentees, np.int64)
    cover(graph, mentor_price, np.zeros(len(mentor_price), np.bool_), u)
    return u


@lean
def cover(graph: Graph, v: I64, closed: Flags, u: I64) -> None:
    """Sets the least u that covers all edges to mentors who are not closed."""
    for i in range(len(u)):
        best = 0
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            if graph.score[e] <= best:
                break  # scores fall and prices are 0 or more
            if not closed[graph.indices[e]]:
                best = max(best, graph.score[e] - v[graph.indices[e]])
        u[i] = best


@lean
def score_of(graph: Graph, match: I32) -> int:
    total = 0
    for i in range(len(match)):
        e = graph.indptr[i]
        while match[i] >= 0 and graph.indices[e] != match[i]:
            e += 1
        if match[i] >= 0:
            total += graph.score[e]
    return total


@lean
def cover_closed(graph: Graph, u: I64, closed: Flags, v: I64) -> None:
    """A mentor without any place costs nothing, and may be as dear as covering her edges takes."""
    for i in range(len(u)):
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            if closed[graph.indices[e]]:
                v[graph.indices[e]] = max(v[graph.indices[e]], graph.score[e] - u[i])
