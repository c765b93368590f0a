"""
Both auctions where nobody offers more than one place: no heaps, and no lists of places to keep in order.

Much of what a bid costs elsewhere is the wait for those, which lie in memory far from one another.
"""

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.solve.forward import Bids
from matcher.solve.graph import Columns, Graph
from matcher.solve.line import come_next, look_ahead, queue_up, waiting_in
from matcher.solve.recalling import best_edges
from matcher.solve.reverse import Offers


@lean
def bid_singly(graph: Graph, u: I64, v: I64, owner: I32, bids: Bids, step: int, most: int) -> int:
    """As `forward.bid`; owner int32[m]: the mentee of each mentor, -1 = none, which is all that is kept of the matching."""
    line, ring = bids.line, bids.waiting
    for _ in range(most):
        if waiting_in(line) == 0:
            break
        look_ahead(graph.indptr, graph.indices, graph.score, bids.memory, ring, line)
        i = come_next(ring, line)
        j, best, second = best_edges(
            graph.indptr, graph.indices, graph.score, v, i, u[i], bids.memory, bids.reach, bids.near
        )
        if j < 0:
            continue
        if owner[j] >= 0:
            queue_up(ring, line, owner[j])
        owner[j] = i
        v[j] += best - second + step
    return waiting_in(line)


@lean
def offer_singly(columns: Columns, u: I64, v: I64, match: I32, offers: Offers, step: int, most: int) -> int:
    """As `reverse.offer`; match int32[n] is all that is kept of the matching."""
    line, ring = offers.line, offers.waiting
    for _ in range(most):
        if waiting_in(line) == 0:
            break
        look_ahead(columns.indptr, columns.indices, columns.score, offers.memory, ring, line)
        j = come_next(ring, line)
        if v[j] == 0:
            continue
        i, best, second = best_edges(
            columns.indptr,
            columns.indices,
            columns.score,
            u,
            j,
            v[j],
            offers.memory,
            offers.reach,
            offers.near,
        )
        v[j] = 0 if i < 0 else min(max(second - step, 0), v[j])
        if i < 0:
            continue
        if match[i] >= 0:
            queue_up(ring, line, match[i])
        match[i] = j
        u[i] += best - v[j]
    return waiting_in(line)


@lean
def owners(match: I32, owner: I32) -> None:
    """Sets `owner`, as in `bid_singly`, of a matching."""
    owner[:] = -1
    for i in range(len(match)):
        if match[i] >= 0:
            owner[match[i]] = i
