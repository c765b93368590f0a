"""Exact assignment on a candidate graph in CSR."""

import numpy as np

from matcher.columns import I32, I64
from matcher.duals import Market, total_worth
from matcher.errors import InvalidColumn, LimitReached
from matcher.results import Assignment
from matcher.solving import MOST_A_SIDE, optimum
from matcher.validation import check_array, first_bad


def assign(
    indptr: I64,
    indices: I32,
    score: I32,
    capacity: I32,
    *,
    mentee_capacity: I32 | None = None,
) -> Assignment:
    """
    The matching of greatest total score; unmatched is worth 0.

    Rows are mentees: indptr int64[n + 1], indices int32[nnz] in any order within a row and none twice,
    score int32[nnz] > 0, capacity int32[m] >= 0, mentee_capacity int32[n] of 0 or 1 (None: all 1). Ties
    are settled by row and column numbers, not by the order of edges.

    Raises:
        InvalidColumn: an argument is not of this form.
        LimitReached: more than 2,000 on a side.
    """
    check_graph(indptr, indices, score, capacity, mentee_capacity)
    n, m = len(indptr) - 1, len(capacity)
    for what, found in (("mentees", n), ("mentors", m)):
        if found > MOST_A_SIDE:
            raise LimitReached(what, found, MOST_A_SIDE)
    worth = np.zeros((n, m), np.int64)
    worth[np.repeat(np.arange(n), np.diff(indptr)), indices] = score
    here = np.arange(n) if mentee_capacity is None else np.flatnonzero(mentee_capacity)
    market = Market(worth[here], capacity.astype(np.int64))
    found_match, prices = optimum(
        market, here.astype(np.uint64), np.arange(m, dtype=np.uint64) + np.uint64(1 << 32)
    )
    match = np.full(n, -1, np.int32)
    match[here] = found_match
    # Mentees without a place in this run still get a price that covers every edge; it costs nothing.
    mentee_price = (worth - prices.mentor).max(axis=1, initial=0)
    bound = int(prices.mentee.sum()) + int((market.capacity * prices.mentor).sum())
    return Assignment(match, mentee_price, prices.mentor, total_worth(market, found_match), bound)


def check_graph(indptr: I64, indices: I32, score: I32, capacity: I32, mentee_capacity: I32 | None) -> None:
    """Raise InvalidColumn for the first thing wrong."""
    check_array("indptr", indptr, np.int64, (-1,))
    check_array("indices", indices, np.int32, (-1,))
    check_array("score", score, np.int32, (len(indices),))
    check_array("capacity", capacity, np.int32, (-1,))
    if len(indptr) == 0 or indptr[0] != 0:
        raise InvalidColumn("indptr", 0, "must begin with 0")
    first_bad("indptr", np.diff(indptr, prepend=0) < 0, "must not fall")
    if indptr[-1] != len(indices):
        raise InvalidColumn("indptr", len(indptr) - 1, f"must end with {len(indices)}")
    first_bad("indices", (indices < 0) | (indices >= len(capacity)), f"must be in 0..{len(capacity) - 1}")
    first_bad("score", score <= 0, "must be above 0")
    first_bad("capacity", capacity < 0, "must be 0 or more")
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    cell = row * max(len(capacity), 1) + indices
    order = np.argsort(cell, kind="stable")
    again = np.zeros(len(cell), np.bool_)
    again[order[1:]] = cell[order[1:]] == cell[order[:-1]]
    first_bad("indices", again, "names a mentor twice in one row")
    if mentee_capacity is not None:
        check_array("mentee_capacity", mentee_capacity, np.int32, (len(indptr) - 1,))
        first_bad("mentee_capacity", (mentee_capacity < 0) | (mentee_capacity > 1), "must be 0 or 1")
