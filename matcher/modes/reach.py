"""How many people can be matched at all, and the cover that proves it."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from matcher.columns import I32, Flags
from matcher.modes.graphs import Candidates, rows_of, spans


class Cover(NamedTuple):
    """
    People who together touch every edge (Konig 1931).

    So nobody can match more than `most` = the mentees in it + the places of the mentors in it.
    """

    mentee: Flags
    mentor: Flags
    most: int


def cover_of(graph: Candidates, match: I32) -> Cover | None:
    """The cover of a matching that no path can augment (Berge 1957); None when one can."""
    n, m = len(graph.indptr) - 1, len(graph.capacity)
    load = np.bincount(match[match >= 0], minlength=m)
    holders = np.argsort(match, kind="stable")[n - int(load.sum()) :]
    first = np.concatenate([[0], np.cumsum(load)])
    mentee, mentor = match < 0, np.zeros(m, np.bool_)
    frontier = np.flatnonzero(mentee)
    while len(frontier):
        near = np.unique(graph.indices[spans(graph.indptr[frontier], graph.indptr[frontier + 1])])
        near = near[~mentor[near]]
        mentor[near] = True
        if (load[near] < graph.capacity[near]).any():
            return None
        frontier = holders[spans(first[near], first[near + 1])]
        mentee[frontier] = True
    most = int((~mentee).sum()) + int(graph.capacity[mentor].sum(dtype=np.int64))
    return Cover(~mentee, mentor, most)


def most_people(graph: Candidates) -> I32:
    """Some matching of as many people as can be: int32[n], -1 = unmatched (Dinic 1970, as SciPy has it)."""
    n, m = len(graph.indptr) - 1, len(graph.capacity)
    source, sink = n + m, n + m + 1
    rows = rows_of(graph)
    begin = np.concatenate([np.full(n, source), rows, n + np.arange(m)])
    end = np.concatenate([np.arange(n), n + graph.indices, np.full(m, sink)])
    amount = np.concatenate([np.ones(n + len(rows), np.int32), graph.capacity])
    net = csr_array((amount, (begin, end)), shape=(n + m + 2, n + m + 2))
    used = maximum_flow(csr_array(net, dtype=np.int32), source, sink).flow.tocoo()
    pairs = (used.data > 0) & (used.row < n) & (used.col < n + m)
    match = np.full(n, -1, np.int32)
    match[used.row[pairs]] = used.col[pairs] - n
    return match
