"""Stability: would any two people rather have each other than what a matching gives them?"""

import heapq

import numpy as np

from matcher.assigning import check_graph
from matcher.columns import I32, I64


def deferred_acceptance(indptr: I64, indices: I32, score: I32, capacity: I32) -> I32:
    """
    The stable matching that is best for mentees (Gale and Shapley 1962); int32[n], -1 = unmatched.

    Same graph as for `assign`. Both sides rank by score; mentees break ties by mentor row, mentors by
    mentee row, lower first.
    """
    check_graph(indptr, indices, score, capacity, None)
    n = len(indptr) - 1
    match = np.full(n, -1, np.int32)
    rows = np.repeat(np.arange(n), np.diff(indptr))
    order = np.lexsort((indices, -score.astype(np.int64), rows))
    wish, points = indices[order].tolist(), score[order].tolist()
    begin, end = indptr[:-1].tolist(), indptr[1:].tolist()
    # The least welcome mentee of each mentor on top: lowest score, then highest row.
    held: list[list[tuple[int, int]]] = [[] for _ in range(len(capacity))]
    waiting = list(range(n - 1, -1, -1))
    while waiting:
        i = waiting.pop()
        if begin[i] == end[i]:
            continue
        j, s = wish[begin[i]], points[begin[i]]
        begin[i] += 1
        heapq.heappush(held[j], (s, -i))
        if len(held[j]) > capacity[j]:
            waiting.append(-heapq.heappop(held[j])[1])
    for j, mentees in enumerate(held):
        for _, minus in mentees:
            match[-minus] = j
    return match


def count_blocking_pairs(indptr: I64, indices: I32, score: I32, capacity: I32, match: I32) -> int:
    """
    Edges whose mentee strictly prefers the mentor to her match, and whose mentor has a free place or
    strictly prefers the mentee to one she has. Ties block nothing.
    """
    check_graph(indptr, indices, score, capacity, None)
    n, m = len(indptr) - 1, len(capacity)
    rows = np.repeat(np.arange(n), np.diff(indptr))
    taken = match[rows] == indices
    has = np.zeros(n, np.int64)
    has[rows[taken]] = score[taken]
    load = np.bincount(match[match >= 0], minlength=m)
    least = np.full(m, np.iinfo(np.int64).max)
    np.minimum.at(least, indices[taken], score[taken])
    least[load < capacity] = 0
    least[capacity == 0] = np.iinfo(np.int64).max
    return int(((score > has[rows]) & (score > least[indices])).sum())
