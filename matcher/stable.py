"""Stability: would any two people rather have each other than what a matching gives them?"""

import numpy as np

from matcher.assigning import check_graph
from matcher.columns import I32, I64


def deferred_acceptance(indptr: I64, indices: I32, score: I32, capacity: I32) -> I32:
    """
    The stable matching that is best for mentees (Gale and Shapley 1962); int32[n], -1 = unmatched.

    Same graph as for `assign`. Both sides rank by score; mentees break ties by mentor row, mentors by
    mentee row, lower first.
    """
    from matcher.solve.graph import Graph, sort_rows
    from matcher.solve.stability import accept
    from matcher.solve.state import new_state, useful_places

    check_graph(indptr, indices, score, capacity, None)
    graph = sort_rows(Graph(indptr, indices, score))
    state = new_state(graph.mentees, useful_places(graph, capacity))
    held = np.empty(len(state.owner), np.int64)
    accept(graph, state.begin, held, state.load, indptr[:-1].copy(), state.match)
    return state.match


def count_blocking_pairs(indptr: I64, indices: I32, score: I32, capacity: I32, match: I32) -> int:
    """
    Edges whose mentee strictly prefers the mentor to her match, and whose mentor has a free place or
    strictly prefers the mentee to one she has. Ties block nothing.
    """
    from matcher.solve.graph import Graph
    from matcher.solve.stability import count_blocking

    check_graph(indptr, indices, score, capacity, None)
    n, m = len(indptr) - 1, len(capacity)
    least = np.full(m, np.iinfo(np.int64).max)
    return int(
        count_blocking(
            Graph(indptr, indices, score), capacity, match,
            np.zeros(n, np.int64), least, np.zeros(m, np.int64),
        )
    )  # fmt: skip
