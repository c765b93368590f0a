"""The moves that a way through the residual graph may use: a matched mentee goes to another mentor."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.solve.graph import Graph, sort_rows, transpose
from matcher.solve.prices import Hub
from matcher.solve.search import FAR
from matcher.solve.state import State

LIMIT = (1 << 31) - 1
"""A length is kept as what it lacks from here, so that the shortest move sorts first."""

HIGHEST_SCORE = 1 << 28
"""Above it lengths would not fit."""


class Arcs(NamedTuple):
    """
    By mentee and by mentor, shortest first.

    Lengths are twice the reduced costs at the prices halfway between the least and the greatest that prove the
    optimum. At either end of that range many costs are 0, and a search runs far for nothing; in the
    middle few are. A way from mentor a to mentor b has twice its points plus shift[b] - shift[a] as its length.
    """

    indptr: I64
    mentor: I32
    length: I64
    into_indptr: I64
    mentee: I32
    into_length: I64
    home: I64
    """int64[n]: points lost when a matched mentee leaves her mentor and nobody else gains a place elsewhere."""
    shift: I64
    """int64[m]: by how much doubled prices were moved."""


def useful_arcs(graph: Graph, state: State, hub: Hub) -> Arcs:
    """
    Without those that are never better than a way over the hub.

    From mentee i such a way costs home[i] + away[target]; over mentor k it costs slack and at least
    away[target] - away[k] more. So slack must be below home[i] + away[k].
    """
    assert graph.score.max(initial=0) <= HIGHEST_SCORE
    shift = np.where(state.load > 0, hub.home - hub.away, 0)
    home = np.empty(graph.mentees, np.int64)
    nearest_home(graph, state, hub, home)
    begin, end = np.zeros_like(graph.indptr), len(graph.indices)
    mentor, lacks = np.empty(end, np.int32), np.empty(end, np.int32)
    count = keep_useful(graph, state, hub, home, shift, begin, mentor, lacks)
    rows = sort_rows(Graph(begin, mentor[:count].copy(), lacks[:count].copy()))
    turned = transpose(rows, len(state.v))
    columns = sort_rows(Graph(turned.indptr, turned.indices, turned.score))
    return Arcs(
        rows.indptr, rows.indices, LIMIT - rows.score.astype(np.int64),
        columns.indptr, columns.indices, LIMIT - columns.score.astype(np.int64), home, shift,
    )  # fmt: skip


@lean
def nearest_home(graph: Graph, state: State, hub: Hub, home: I64) -> None:
    for i in range(len(home)):
        home[i] = state.u[i]
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            j = graph.indices[e]
            if j != state.match[i] and hub.home[j] < FAR:
                home[i] = min(home[i], state.u[i] + state.v[j] - graph.score[e] + hub.home[j])


@lean
def keep_useful(
    graph: Graph, state: State, hub: Hub, home: I64, shift: I64, begin: I64, mentor: I32, lacks: I32
) -> int:
    """Fills the three last by row; returns how many arcs there are."""
    count = 0
    for i in range(len(home)):
        own = state.match[i]
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            j = graph.indices[e]
            slack = state.u[i] + state.v[j] - graph.score[e]
            if own >= 0 and own != j and state.load[j] > 0 and slack < home[i] + hub.away[j]:
                mentor[count] = j
                lacks[count] = LIMIT - (2 * slack + shift[j] - shift[own])
                count += 1
        begin[i + 1] = count
    return count
