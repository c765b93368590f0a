"""
Reciprocal matching: pairs within one pool, where everybody is mentor and mentee at once.

Up to `MOST_EXACT` people the pairs are the exact optimum. Beyond, everybody is put on both sides of an ordinary
market (the bipartite double cover): its optimum, halved, is a bound that nothing can beat; the pairs are cut
from its cycles, then mended by exact solutions around those who were left out.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.assigning import assign, check_graph
from matcher.columns import I32, I64, U64
from matcher.errors import InvalidColumn, LimitReached
from matcher.modes.graphs import Candidates, order_of, renumbered, rows_of
from matcher.modes.pausing import Pause, pause_of
from matcher.structures.mending import cut_cycles, mend
from matcher.structures.proofs import OddSet, Proof
from matcher.validation import check_array, first_bad

MOST_EXACT = 1_000
"""About a second of work and 60 MB."""

GREATEST = 1 << 30
"""A score above would leave the doubled prices no room."""


class Pairs(NamedTuple):
    """`gap` is bound - value: 0 means that nothing can be better."""

    partner: I32
    """int32[n], -1 = without a partner"""
    score: I32
    """int32[n]: of her pair, 0 without one"""
    pairs: int
    value: int
    bound: int
    gap: int
    least: int
    """Lowest score of a pair, 0 without one."""
    proof: Proof


def mutual(one: I32, other: I32) -> I32:
    """
    One score for both directions: their sum, less half of their difference; 0 where either is not above 0.

    `one` is what she gets from the other, `other` the reverse. So 6 and 6 are better than 9 and 3: each is to
    contribute as much as she receives. The same for two sides, [n, m] and the transpose of [m, n].
    """
    there, back = one.astype(np.int64), other.astype(np.int64)
    both = there + back - (np.abs(there - back) + 1) // 2
    return np.where((there > 0) & (back > 0), both, 0).astype(np.int32)


def pair_pool(score: I32, key: U64, *, cancelled: Callable[[], bool] | None = None) -> Pairs:
    """
    The exact optimum. score int32[n, n], symmetric, 0 or less = no pair; key uint64[n], unique, settles ties.

    Raises:
        InvalidColumn: not of this form.
        LimitReached: more than 1,000 people: `pair_graph` answers with a bound.
        Cancelled: `cancelled` answered True.
    """
    check_array("score", score, np.int32, (len(key), len(key)))
    if len(key) > MOST_EXACT:
        raise LimitReached("people", len(key), MOST_EXACT)
    first_bad("score", (score != score.T) & ((score > 0) | (score.T > 0)), "must be symmetric")
    first_bad("score", score > GREATEST, f"must be at most {GREATEST}")
    row, column = np.nonzero((score > 0) & ~np.eye(len(key), dtype=np.bool_))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(key)))]).astype(np.int64)
    return pair_graph(indptr, column.astype(np.int32), score[row, column], key, cancelled=cancelled)


def pair_graph(
    indptr: I64,
    indices: I32,
    score: I32,
    key: U64,
    *,
    most_exact: int = MOST_EXACT,
    cancelled: Callable[[], bool] | None = None,
) -> Pairs:
    """
    The same from a symmetric graph in CSR (each pair in both rows, score > 0), of any size that `assign` solves.

    Raises:
        InvalidColumn: not of this form.
        Cancelled: `cancelled` answered True.
    """
    n = len(indptr) - 1
    given = Candidates(indptr, indices, score, np.ones(n, np.int32))
    check_graph(*given, None)
    first_bad("score", score > GREATEST, f"must be at most {GREATEST}")
    order = order_of("key", key, n)
    graph = renumbered(given, order, order)
    check_symmetric(graph)
    partner, proof = (exact if n <= most_exact else covered)(graph, pause_of(cancelled))
    points = np.zeros(n, np.int32)
    used = partner[rows_of(graph)] == graph.indices
    points[rows_of(graph)[used]] = graph.score[used]
    back = np.argsort(order)
    value, bound = int(points.sum(dtype=np.int64)) // 2, proof.bound
    return Pairs(
        np.append(order, -1)[partner][back].astype(np.int32),
        points[back],
        pairs=int((partner >= 0).sum()) // 2,
        value=value,
        bound=bound,
        gap=bound - value,
        least=int(points[partner >= 0].min(initial=np.iinfo(np.int32).max)) if value else 0,
        proof=Proof(
            proof.price[back], tuple(OddSet(np.sort(order[odd.people]), odd.price) for odd in proof.odd_sets)
        ),
    )


def check_symmetric(graph: Candidates) -> None:
    n, row = len(graph.indptr) - 1, rows_of(graph)
    there, back = np.lexsort((graph.indices, row)), np.lexsort((row, graph.indices))
    wrong = (
        (row[there] != graph.indices[back])
        | (graph.indices[there] != row[back])
        | (graph.score[there] != graph.score[back])
    )
    if wrong.any() or (row == graph.indices).any():
        raise InvalidColumn("indices", -1, f"must hold each pair of the {n} people both ways, and none twice")


def exact(graph: Candidates, pause: Pause) -> tuple[I32, Proof]:
    from matcher.structures.stages import exact_matching

    n = len(graph.indptr) - 1
    weight = np.zeros((n, n), np.int64)
    weight[rows_of(graph), graph.indices] = graph.score
    return exact_matching(weight, pause)


def covered(graph: Candidates, pause: Pause) -> tuple[I32, Proof]:
    """Pairs from the double cover, and its prices: hers as a mentee and as a mentor together."""
    found = assign(*graph)
    price = found.mentee_price + found.mentor_price
    partner = mend(graph, cut_cycles(graph, found.match), price, pause)
    return partner, Proof(price, ())
