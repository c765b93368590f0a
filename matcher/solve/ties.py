"""
Among all optima of a sparse market the canonical one, by the rule of `matcher.solving`.

All optima lie on tight edges, and differ only within strongly connected parts of the residual graph.
What no optimum can change is set aside; the rest, mostly a few people here and there, is a
market of its own whose scores are hashes of the two people's keys, solved exactly; and so
on with the next hash until nothing can change any more.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matcher.columns import I32, I64, U64, Flags
from matcher.compiling import lean
from matcher.duals import Prices
from matcher.solve.graph import Graph, chosen, rows_of, sort_rows
from matcher.solve.solving import Pause, Solution, solve_graph
from matcher.solving import HASH_BITS, MOST_ROUNDS, mixed

STEPS = tuple(1 << bits for bits in range(HASH_BITS - 4, HASH_BITS - 14, -3))
"""Of the auctions over hashes."""


class Ties(NamedTuple):
    """A market in which something may still change; rows and columns are numbered anew."""

    mentee: I64
    """int64[a]: row of each in the market before."""
    mentor: I64
    graph: Graph
    match: I32
    """int32[a]: the optimum known."""
    places: I64
    """int64[b]: those that pairs set aside leave."""
    must_match: Flags
    """bool[a]: matched in every optimum."""
    must_fill: Flags
    """bool[b]: full in every optimum."""


def tight_edges(graph: Graph, solution: Solution) -> Graph:
    """The edges that may stand in an optimum: where prices just cover the score."""
    begin = np.zeros(graph.mentees + 1, np.int64)
    count_tight(graph, solution.mentee_price, solution.mentor_price, begin[1:])
    np.cumsum(begin, out=begin)
    tight = Graph(begin, np.empty(begin[-1], np.int32), np.empty(begin[-1], graph.score.dtype))
    keep_tight(graph, solution.mentee_price, solution.mentor_price, tight)
    return tight


@lean
def count_tight(graph: Graph, u: I64, v: I64, count: I64) -> None:
    for i in range(len(count)):
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            count[i] += u[i] + v[graph.indices[e]] == graph.score[e]


@lean
def keep_tight(graph: Graph, u: I64, v: I64, tight: Graph) -> None:
    for i in range(len(u)):
        at = tight.indptr[i]
        for e in range(graph.indptr[i], graph.indptr[i + 1]):
            if u[i] + v[graph.indices[e]] == graph.score[e]:
                tight.indices[at], tight.score[at] = graph.indices[e], graph.score[e]
                at += 1


def canonical(
    tight: Graph,
    solution: Solution,
    capacity: I32 | I64,
    mentee_key: U64,
    mentor_key: U64,
    watch: Pause | None = None,
) -> I32:
    """
    int32[n]: the one optimum that the keys alone decide on.

    `tight` holds every tight edge, also those of pairs that are no candidates otherwise. The answer depends neither on
    the order of people nor on the optimum or prices given.
    """
    match = solution.match.copy()
    ties = movable(
        tight, match, capacity.astype(np.int64), solution.mentee_price > 0, solution.mentor_price > 0
    )
    ours, theirs = np.arange(len(match)), np.arange(len(capacity))
    for level in range(MOST_ROUNDS):
        if not len(ties.mentee):
            return match
        ours, theirs = ours[ties.mentee], theirs[ties.mentor]
        drawn = edge_hash(ties.graph, mentee_key[ours], mentor_key[theirs], level)
        found, lower = solve_ties(ties, drawn, watch)
        match[ours] = np.where(found.match >= 0, theirs[found.match], -1)
        ties = movable(
            tight_edges(lower, found),
            found.match,
            ties.places,
            ties.must_match | (found.mentee_price > 0),
            ties.must_fill | (found.mentor_price > 0),
        )
    raise RuntimeError("ties remain: two people share a key")


def edge_hash(graph: Graph, mentee_key: U64, mentor_key: U64, level: int) -> I64:
    """int64[nnz]: `matcher.solving.pair_hash` of the pairs that are edges."""
    ours = mixed(mentee_key ^ np.uint64(level))[rows_of(graph)]
    theirs = mixed(mixed(mentor_key + np.uint64(1)))[graph.indices]
    return (mixed(ours ^ theirs) >> np.uint64(64 - HASH_BITS)).astype(np.int64) + 1


def solve_ties(ties: Ties, drawn: I64, watch: Pause | None) -> tuple[Solution, Graph]:
    """
    The optimum by hashes, among the matchings that keep whom they must; and the graph it was found on.

    A place that must be filled and a mentee who must be matched each weigh more than all hashes together. Mentors
    begin at that price, so that the first auction is about hashes alone.
    """
    rows, indices = rows_of(ties.graph), ties.graph.indices
    musts = ties.must_match[rows].astype(np.int32) + ties.must_fill[indices]
    drawn_bits = HASH_BITS + 1
    ordered = sort_rows(Graph(ties.graph.indptr, indices, (drawn + (musts << drawn_bits)).astype(np.int32)))
    must = (len(ties.mentee) + 1) << drawn_bits
    score = (ordered.score & ((1 << drawn_bits) - 1)) + must * (ordered.score >> drawn_bits).astype(np.int64)
    graph = Graph(ordered.indptr, ordered.indices, score)
    start = np.where(ties.must_fill, must, 0)
    prices = Prices(np.zeros(len(ties.mentee), np.int64), start)
    found = solve_graph(graph, ties.places, start=prices, scales=STEPS, watch=watch)
    return found, graph


def movable(tight: Graph, match: I32, capacity: I64, must_match: Flags, must_fill: Flags) -> Ties:
    """
    What can change without loss, `match` being one optimum.

    An arc of the residual graph lies on a cycle, and so in some other optimum, just when both its ends are in one
    strongly connected part; a hub stands for "unmatched" and for "place left free".
    """
    n, m = len(match), len(capacity)
    rows = rows_of(tight)
    load = np.bincount(match[match >= 0], minlength=m)
    node = n + np.arange(m)
    open_end = ~must_fill
    # A partly filled mentor may gain and lose a mentee alike: she is one with the hub.
    node[open_end & (load > 0) & (load < capacity)] = n + m
    taken = match[rows] == tight.indices
    part = strong_parts(
        tight, rows, taken, node, match, must_match, open_end & (capacity > 0), load, capacity
    )
    inside = part[rows] == part[node[tight.indices]]
    free = match < 0
    moves = np.zeros(n, np.bool_)
    moves[rows[inside & taken]] = True
    moves[free] = part[np.flatnonzero(free)] == part[n + m]
    inside &= moves[rows]
    fixed = np.bincount(match[~moves & ~free], minlength=m)
    # Who has no edge left here keeps what she has.
    here = np.unique(rows[inside])
    there = np.unique(tight.indices[inside])
    number = np.zeros(m, np.int32)
    number[there] = np.arange(len(there))
    graph = chosen(tight, rows, inside)
    graph = Graph(
        np.append(graph.indptr[here], graph.indptr[-1]), number[graph.indices], graph.score.astype(np.int64)
    )
    now = np.where(free[here], -1, number[match[here]]).astype(np.int32)
    return Ties(here, there, graph, now, (capacity - fixed)[there], must_match[here], must_fill[there])


def strong_parts(
    tight: Graph,
    rows: I32,
    taken: Flags,
    node: I64,
    match: I32,
    must_match: Flags,
    open_end: Flags,
    load: I64,
    capacity: I64,
) -> I32:
    """int32[n + m + 1]: number of the strongly connected part of each mentee, mentor, and the hub."""
    hub = len(match) + len(node)
    easy = np.flatnonzero(~must_match)
    out = match[easy] < 0
    empty = node[open_end & (load == 0)]
    full = node[open_end & (load == capacity)]
    begin = np.concatenate(
        [
            np.where(taken, node[tight.indices], rows),
            np.where(out, hub, easy),
            empty,
            np.full(len(full), hub),
        ]
    )
    end = np.concatenate(
        [
            np.where(taken, rows, node[tight.indices]),
            np.where(out, easy, hub),
            np.full(len(empty), hub),
            full,
        ]
    )
    arcs = coo_array((np.ones(len(begin), np.int8), (begin, end)), shape=(hub + 1, hub + 1))
    _, part = connected_components(arcs.tocsr(), directed=True, connection="strong")
    found: I32 = part.astype(np.int32)
    return found
