"""A candidate graph with its places, and the edits that pins, bans, floors and lifts are."""

from typing import NamedTuple

import numpy as np

from matcher.assigning import check_graph
from matcher.columns import I32, I64, U64, Flags
from matcher.errors import InvalidColumn, LockedRefused
from matcher.validation import check_array, first_bad, repeated


class Candidates(NamedTuple):
    """The graph that `assign` takes: CSR, rows = mentees, with the places of mentors."""

    indptr: I64
    indices: I32
    score: I32
    capacity: I32


class Edited(NamedTuple):
    """What pins and bans leave open."""

    open: Candidates
    """Without forbidden pairs, without the edges of pinned mentees and without the places they hold."""
    pinned: I32
    """int32[n]: mentor to whom a mentee is pinned, -1 = none."""
    pinned_total: int
    """Points of pinned pairs; one that is no edge counts 0."""


def rows_of(graph: Candidates) -> I64:
    """int64[nnz]: the mentee of each edge."""
    return np.repeat(np.arange(len(graph.indptr) - 1), np.diff(graph.indptr))


def kept(graph: Candidates, keep: Flags) -> Candidates:
    """Only the edges of `keep` bool[nnz]."""
    before = np.concatenate([[0], np.cumsum(keep)])
    return Candidates(
        before[graph.indptr].astype(np.int64), graph.indices[keep], graph.score[keep], graph.capacity
    )


def at_least(graph: Candidates, floor: int) -> Candidates:
    return kept(graph, graph.score >= floor)


def edited(graph: Candidates, pinned: I32 | None, forbidden: I32 | None) -> Edited:
    """
    Take out forbidden pairs (int32[k, 2]), pinned mentees and the places that they hold.

    Raises:
        InvalidColumn: not a graph, not pairs of rows, or a mentee pinned twice.
        LockedRefused: a pinned pair is forbidden, or more are pinned to a mentor than she has places.
    """
    check_graph(*graph, None)
    n, m = len(graph.indptr) - 1, len(graph.capacity)
    pins, bans = checked("pinned", pinned, n, m), checked("forbidden", forbidden, n, m)
    first_bad("pinned", repeated(pins[:, :1]), "pins a mentee twice")
    cell = rows_of(graph) * max(m, 1) + graph.indices
    pin_cell = pins[:, 0].astype(np.int64) * max(m, 1) + pins[:, 1]
    banned = bans[:, 0].astype(np.int64) * max(m, 1) + bans[:, 1]
    for i, j in pins[np.isin(pin_cell, banned)].tolist():
        raise LockedRefused(i, j, "forbidden")
    left = graph.capacity - np.bincount(pins[:, 1], minlength=m)
    for i, j in pins[left[pins[:, 1]] < 0].tolist():
        raise LockedRefused(i, j, "capacity")
    match = np.full(n, -1, np.int32)
    match[pins[:, 0]] = pins[:, 1]
    keep = (match[rows_of(graph)] < 0) & ~np.isin(cell, banned)
    total = int(graph.score[np.isin(cell, pin_cell)].sum(dtype=np.int64))
    return Edited(kept(graph, keep)._replace(capacity=left.astype(np.int32)), match, total)


def checked(name: str, pairs: I32 | None, n: int, m: int) -> I32:
    if pairs is None:
        return np.zeros((0, 2), np.int32)
    check_array(name, pairs, np.int32, (-1, 2))
    for side, count in ((0, n), (1, m)):
        first_bad(name, (pairs[:, side] < 0) | (pairs[:, side] >= count), "row out of range")
    return pairs


def spans(begin: I64, end: I64) -> I64:
    """All numbers of begin[k] .. end[k] - 1, one span after the other."""
    length = end - begin
    before = np.cumsum(length) - length
    return np.repeat(begin - before, length) + np.arange(int(length.sum()))


def renumbered(graph: Candidates, rows: I64, columns: I64) -> Candidates:
    """New row k is old row rows[k], new column k old column columns[k]."""
    place = np.empty(len(columns), np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    edges = spans(graph.indptr[rows], graph.indptr[rows + 1])
    indptr = np.concatenate([[0], np.cumsum(np.diff(graph.indptr)[rows])]).astype(np.int64)
    return Candidates(indptr, place[graph.indices[edges]], graph.score[edges], graph.capacity[columns])


def order_of(name: str, key: U64 | None, count: int) -> I64:
    """Rows by ascending key; without keys as they come."""
    if key is None:
        return np.arange(count)
    check_array(name, key, np.uint64, (count,))
    order = np.argsort(key)
    if (key[order][1:] == key[order][:-1]).any():
        raise InvalidColumn(name, -1, "a key stands twice")
    return order
