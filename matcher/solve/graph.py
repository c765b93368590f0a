"""
A candidate graph: for each mentee the mentors that she may get, best first.

All engines rely on the order within a row: a scan may end at the first edge that, even at
the lowest price, cannot beat what was found. A row out of order would give a price that
is too low, and every proof built on it would be worth nothing; so the order is checked.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.compiling import kernel, lean


class Graph(NamedTuple):
    """Rows are mentees; within a row scores fall, and equal scores stand by mentor number."""

    indptr: I64
    """int64[n + 1]"""
    indices: I32
    """int32[nnz]: mentors."""
    score: I32
    """int32[nnz] > 0 (int64 where ties are weighed)."""

    @property
    def mentees(self) -> int:
        return len(self.indptr) - 1


class Columns(NamedTuple):
    """The same edges by mentor; within a column by mentee number."""

    indptr: I64
    """int64[m + 1]"""
    indices: I32
    """int32[nnz]: mentees."""
    score: I32


def rows_of(graph: Graph) -> I32:
    """int32[nnz]: the mentee of each edge."""
    return np.repeat(np.arange(graph.mentees, dtype=np.int32), np.diff(graph.indptr))


def sort_rows(graph: Graph) -> Graph:
    """The same graph in the order that all engines need; the one given is left as it is."""
    indices, score = graph.indices.copy(), graph.score.copy()
    widest = int(np.diff(graph.indptr).max(initial=0))
    order_edges(graph.indptr, indices, score, np.empty(widest, np.int64))
    return Graph(graph.indptr, indices, score)


@kernel
def order_edges(indptr: I64, indices: I32, score: I32, keys: I64) -> None:
    """Sorts each row in place by score, highest first, then by mentor; keys int64[widest row] is scratch."""
    for i in range(len(indptr) - 1):
        begin, end = indptr[i], indptr[i + 1]
        for e in range(begin, end):
            keys[e - begin] = (np.int64(score[e]) << 32) | (0x7FFFFFFF - indices[e])
        keys[: end - begin].sort()
        for e in range(begin, end):
            key = keys[end - 1 - e]
            indices[e] = 0x7FFFFFFF - (key & 0x7FFFFFFF)
            score[e] = key >> 32


@lean
def first_fault(indptr: I64, indices: I32, score: I32, mentors: int) -> int:
    """
    The first row that is not as engines need it, -1 if there is none.

    Wrong are: a score of 0 or less, a mentor who is not there, edges out of order, one given twice in a row.
    """
    last = np.int32(min(mentors, 1 << 31) - 1)
    for i in range(len(indptr) - 1):
        begin, end = indptr[i], indptr[i + 1]
        if begin == end:
            continue
        # Who is last scores least, if all are in order.
        wrong = (indices[begin] < 0) | (indices[begin] > last) | (score[end - 1] <= 0)
        # No branches within, and numbers of one width, so that it runs nearly at the speed of memory.
        for e in range(begin + 1, end):
            level = (score[e] == score[e - 1]) & (indices[e] <= indices[e - 1])
            wrong |= (indices[e] < 0) | (indices[e] > last) | (score[e] > score[e - 1]) | level
        if wrong:
            return i
    return -1


@lean
def second_mention(indptr: I64, indices: I32, seen: I32) -> int:
    """The first edge to a mentor who stands earlier in the same row, -1 if none; seen int32[m] comes as -1."""
    for i in range(len(indptr) - 1):
        for e in range(indptr[i], indptr[i + 1]):
            if seen[indices[e]] == i:
                return e
            seen[indices[e]] = i
    return -1


def chosen(graph: Graph, rows: I32, keep: Flags) -> Graph:
    """Only the edges to keep; `rows` as from `rows_of`."""
    begin = np.zeros(graph.mentees + 1, np.int64)
    np.cumsum(np.bincount(rows[keep], minlength=graph.mentees), out=begin[1:])
    return Graph(begin, graph.indices[keep], graph.score[keep])


def nearby(graph: Graph, u: I64, v: I64, slack: int) -> Graph:
    """Only the edges that miss their prices by up to `slack`."""
    room = len(graph.indices) + 1
    kept = Graph(np.zeros_like(graph.indptr), np.empty(room, np.int32), np.empty(room, graph.score.dtype))
    count = keep_near(graph, u, v, slack, kept)
    return Graph(kept.indptr, kept.indices[:count], kept.score[:count])


@lean
def keep_near(graph: Graph, u: I64, v: I64, slack: int, kept: Graph) -> int:
    """Fills `kept`, whose columns have room for an edge more; returns how many there are."""
    count = 0
    for i in range(len(u)):
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            # Without branches: nobody could foretell them.
            kept.indices[count], kept.score[count] = graph.indices[e], graph.score[e]
            count += u[i] + v[graph.indices[e]] - graph.score[e] <= slack
        kept.indptr[i + 1] = count
    return count


def must_be_sorted(graph: Graph, mentors: int) -> None:
    """A bug elsewhere if not: see the module."""
    row = int(first_fault(graph.indptr, graph.indices, graph.score, mentors))
    assert row < 0, f"row {row} is out of order, or holds what is no candidate"


def transpose(graph: Graph, mentors: int, end: I64 | None = None) -> Columns:
    """By mentor; of row i only the edges before `end[i]`, if given (int64[n])."""
    end = graph.indptr[1:] if end is None else end
    begin = np.zeros(mentors + 1, np.int64)
    count_columns(graph, end, begin[1:])
    np.cumsum(begin, out=begin)
    mentees = np.empty(begin[-1], np.int32)
    score = np.empty(begin[-1], graph.score.dtype)
    deal_out(graph, end, begin[:-1].copy(), mentees, score)
    return Columns(begin, mentees, score)


@lean
def count_columns(graph: Graph, end: I64, degree: I64) -> None:
    for i in range(len(end)):
        for e in range(graph.indptr[i], end[i]):
            degree[graph.indices[e]] += 1


@lean
def deal_out(graph: Graph, end: I64, at: I64, mentees: I32, score: I32) -> None:
    """Each edge to the next place `at[mentor]` of its column (counting sort)."""
    for i in range(len(end)):
        for e in range(graph.indptr[i], end[i]):
            place = at[graph.indices[e]]
            at[graph.indices[e]] = place + 1
            mentees[place] = i
            score[place] = graph.score[e]


def merge(graph: Graph, more: Graph) -> Graph:
    """
    All edges of both, each once; both have the same mentees, and a pair has one score wherever it stands.

    What a pricing pass finds comes in this way.
    """
    assert graph.mentees == more.mentees
    if not len(more.indices):
        return graph
    most = len(graph.indices) + len(more.indices)
    made = Graph(np.zeros_like(graph.indptr), np.empty(most, np.int32), np.empty(most, np.int32))
    count = zip_rows(graph, more, made)
    # What was not written to takes no memory, so nothing is gained by a copy.
    return Graph(made.indptr, made.indices[:count], made.score[:count])


@lean
def zip_rows(one: Graph, two: Graph, made: Graph) -> int:
    """Merges sorted rows into `made`, whose indptr is filled; returns the number of edges."""
    at = 0
    for i in range(len(one.indptr) - 1):
        a, b = one.indptr[i], two.indptr[i]
        while a < one.indptr[i + 1] or b < two.indptr[i + 1]:
            key, other = np.int64(-1), np.int64(-1)
            if a < one.indptr[i + 1]:
                key = (np.int64(one.score[a]) << 32) | (0x7FFFFFFF - one.indices[a])
            if b < two.indptr[i + 1]:
                other = (np.int64(two.score[b]) << 32) | (0x7FFFFFFF - two.indices[b])
            best = max(key, other)
            a += key == best
            b += other == best
            made.indices[at] = 0x7FFFFFFF - (best & 0x7FFFFFFF)
            made.score[at] = best >> 32
            at += 1
        made.indptr[i + 1] = at
    return at
