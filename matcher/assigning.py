"""
Exact assignment on a candidate graph in CSR.

Small graphs are solved densely, without waiting for compiled kernels; large ones by
`matcher.solve`. Both give the same pairs and the same prices: the canonical optimum and the prices
that are least for mentors.
"""

import numpy as np

from matcher.columns import I32, I64, U64
from matcher.duals import Market, total_worth
from matcher.errors import InvalidColumn
from matcher.results import Assignment
from matcher.solving import optimum
from matcher.validation import check_array, first_bad

SMALL = 300
"""Up to this many a side the dense way is quicker than loading compiled kernels."""

MANY_EDGES = 200_000
"""From here on sorting them takes longer than a compiled pass."""


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
    are settled by row and column numbers, not by the order of edges. Any size, and any score that
    int32 holds: prices and totals are int64.

    Raises:
        InvalidColumn: an argument is not of this form.
    """
    check_graph(indptr, indices, score, capacity, mentee_capacity)
    way = densely if max(len(indptr) - 1, len(capacity)) <= SMALL else sparsely
    return way(indptr, indices, score, capacity, mentee_capacity)


def densely(indptr: I64, indices: I32, score: I32, capacity: I32, takes_part: I32 | None) -> Assignment:
    n, m = len(indptr) - 1, len(capacity)
    worth = np.zeros((n, m), np.int64)
    worth[np.repeat(np.arange(n), np.diff(indptr)), indices] = score
    here = np.arange(n) if takes_part is None else np.flatnonzero(takes_part)
    market = Market(worth[here], capacity.astype(np.int64))
    found_match, prices = optimum(market, here.astype(np.uint64), mentor_keys(m))
    match = np.full(n, -1, np.int32)
    match[here] = found_match
    # Mentees without a place in this run still get a price that covers every edge; it costs nothing.
    mentee_price = (worth - prices.mentor).max(axis=1, initial=0)
    bound = int(prices.mentee.sum()) + int((market.capacity * prices.mentor).sum())
    return Assignment(match, mentee_price, prices.mentor, total_worth(market, found_match), bound)


def sparsely(indptr: I64, indices: I32, score: I32, capacity: I32, takes_part: I32 | None) -> Assignment:
    from matcher.solve.covering import covering
    from matcher.solve.graph import Graph, chosen, rows_of, sort_rows
    from matcher.solve.prices import least_prices
    from matcher.solve.solving import solve_graph
    from matcher.solve.ties import canonical, tight_edges

    whole = sort_rows(Graph(indptr, indices, score))
    n, m = whole.mentees, len(capacity)
    here = np.ones(n, np.bool_) if takes_part is None else takes_part > 0
    rows = rows_of(whole)
    graph = whole if here.all() else chosen(whole, rows, here[rows])
    solution = solve_graph(graph, capacity)
    match = canonical(
        tight_edges(graph, solution), solution, capacity, np.arange(n, dtype=np.uint64), mentor_keys(m)
    )
    mentor_price = least_prices(graph, solution._replace(match=match), capacity).mentor
    mentee_price = covering(whole, mentor_price)
    bound = int(mentee_price[here].sum()) + int((capacity.astype(np.int64) * mentor_price).sum())
    return Assignment(match, mentee_price, mentor_price, solution.total, bound)


def mentor_keys(mentors: int) -> U64:
    return np.arange(mentors, dtype=np.uint64) + np.uint64(1 << 32)


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
    again = first_repeated(indptr, indices, len(capacity))
    if again >= 0:
        raise InvalidColumn("indices", again, "names a mentor twice in one row")
    if mentee_capacity is not None:
        check_array("mentee_capacity", mentee_capacity, np.int32, (len(indptr) - 1,))
        first_bad("mentee_capacity", (mentee_capacity < 0) | (mentee_capacity > 1), "must be 0 or 1")


def first_repeated(indptr: I64, indices: I32, mentors: int) -> int:
    """The first edge to a mentor who stands earlier in the same row, -1 if there is none."""
    if len(indices) > MANY_EDGES:
        from matcher.solve.graph import second_mention

        return int(second_mention(indptr, indices, np.full(mentors, -1, np.int32)))
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    cell = row * max(mentors, 1) + indices
    order = np.argsort(cell, kind="stable")
    again = order[1:][cell[order[1:]] == cell[order[:-1]]]
    return int(again.min(initial=len(cell))) if len(again) else -1
