"""
Pairs of one large pool: everybody on both sides of an ordinary market (the bipartite double cover), on candidates.

Its optimum over all pairs, halved, is a bound that nothing can beat. It is found as in `matcher.large.pricing`: solve
the candidates, compare every pair with the prices, take in what is worth more, solve again. The pairs themselves are
cut from its cycles and mended (`mending`): only an odd cycle costs anything.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.duals import Prices
from matcher.large.floor import graph_of
from matcher.modes.graphs import Candidates
from matcher.scan.spreading import Pause as Tell
from matcher.solve.graph import Graph, rows_of
from matcher.solve.solving import Solution, solve_graph
from matcher.structures.crowds import Scenery
from matcher.structures.mending import cut_cycles, mend
from matcher.structures.peering import FAR, MUTUAL, Best, best_peers

EACH = 48
"""Others of each person that are kept of one comparison; of a pool of 100,000 they take 40 MB."""

NEAR = 300
"""Pairs that miss their prices by up to so many points come in too, so that fewer comparisons are needed."""

PASSES = 12
"""Comparisons at most; three to six are usual. Stopped there, prices are raised until they cover every pair."""

MANY = 0.02
"""From this share of people with a better pair on, the auctions start anew."""

A_PIECE = 5_000
"""People whose candidates are joined in one go: a tenth of a second."""

NOBODY = np.zeros(0, np.int32)


class Covered(NamedTuple):
    partner: I32
    """int32[n], -1 = without a partner"""
    score: I32
    price: I64
    """int64[n]: doubled; two prices together are at least twice what a pair is worth."""
    passes: int


def cover(s: Scenery, free: Flags, threads: int, tell: Tell) -> Covered:
    """Pairs of the people who are `free` (bool[n]), and prices that bound them."""
    n = len(free)
    rows = np.flatnonzero(free)
    gone = np.where(free, 0, FAR)
    first = best_peers(
        s, rows, MUTUAL, EACH, gone, np.zeros(len(rows), np.int64), threads, part(tell, 0, 0.2)
    )
    graph = joined(None, rows, first, n, part(tell, 0.2, 0.2))
    found = solve_graph(graph, np.ones(n, np.int32), watch=lambda _: tell(0.2))
    share = 0.2
    for passes in range(1, PASSES + 1):  # noqa: B007 - told at the end
        price = found.mentee_price + found.mentor_price
        after = share + (0.8 - share) / 2
        best = best_peers(
            s, rows, MUTUAL, EACH, price + gone, price[rows] - 2 * NEAR, threads, part(tell, share, after),
            is_half=True,
        )  # fmt: skip
        share = after
        above = best.most - price[rows]
        if (above <= 0).all():
            break
        graph = joined(graph, rows, best, n, part(tell, share, share))
        is_little = int((above > 0).sum()) < MANY * n
        found = again(graph, found, is_little, part(tell, share, share))
    # What a pair is worth more is put on the earlier of the two: then the prices cover every pair.
    price[rows] += np.maximum(above, 0)
    pairs = Candidates(*graph, np.ones(n, np.int32))

    def pause() -> None:
        tell(0.8)

    partner = mend(pairs, cut_cycles(pairs, found.match), price, pause)
    return Covered(partner, points_of(graph, partner), np.where(free, price, 0), passes)


def part(tell: Tell, begin: float, end: float) -> Tell:
    return lambda done: tell(begin + done * (end - begin))


def again(graph: Graph, before: Solution, is_little: bool, watch: Tell) -> Solution:
    return solve_graph(
        graph,
        np.ones(graph.mentees, np.int32),
        start=Prices(before.mentee_price, before.mentor_price),
        match=before.match if is_little else None,
        watch=watch,
    )


def joined(graph: Graph | None, rows: I64, best: Best, n: int, tell: Tell) -> Graph:
    """The graph with the pairs of the lists, both ways; some people after the other, as to sort all takes seconds."""
    is_pair = best.other >= 0
    one = np.broadcast_to(rows.astype(np.int32)[:, None], is_pair.shape)[is_pair]
    other, worth = best.other[is_pair], best.worth[is_pair]
    found: list[tuple[I32, I32, I32]] = [(NOBODY, NOBODY, NOBODY)]
    for begin in range(0, n, A_PIECE):
        tell(0)
        there, back = (
            np.flatnonzero((person >= begin) & (person < begin + A_PIECE)) for person in (one, other)
        )
        row, column = np.concatenate([one[there], other[back]]), np.concatenate([other[there], one[back]])
        points = np.concatenate([worth[there], worth[back]])
        if graph is not None:
            here = slice(graph.indptr[begin], graph.indptr[min(begin + A_PIECE, n)])
            count = np.diff(graph.indptr[begin : begin + A_PIECE + 1])
            row = np.concatenate([row, np.repeat(np.arange(begin, begin + len(count)), count)])
            column, points = (
                np.concatenate([column, graph.indices[here]]),
                np.concatenate([points, graph.score[here]]),
            )
        cell, at = np.unique(row.astype(np.int64) * n + column, return_index=True)
        found.append(((cell // n).astype(np.int32), (cell % n).astype(np.int32), points[at]))
    row, column, points = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return graph_of(row, column, points, n)


def points_of(graph: Graph, partner: I32) -> I32:
    """int32[n]: of her pair, 0 without one."""
    points = np.zeros(graph.mentees, np.int32)
    used = partner[rows_of(graph)] == graph.indices
    points[rows_of(graph)[used]] = graph.score[used]
    return points
