"""
The optimum over all pairs, found on few of them.

Candidates are solved exactly; then every pair is compared with the prices. A pair worth more than its two
prices becomes a candidate and the solution is mended; when there is none left, the prices prove that
nothing better exists among all n x m pairs (column generation: Dantzig and Wolfe 1960).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I64
from matcher.duals import Prices
from matcher.large.floor import graph_of, on_floor
from matcher.quotas import Floor
from matcher.scan.layout import Packed
from matcher.scan.scanning import Edges, Lists, over, top_mentees
from matcher.solve.graph import Graph, merge
from matcher.solve.prices import least_prices
from matcher.solve.solving import Solution, solve_graph
from matcher.solve.ties import canonical, tight_edges

Tell = Callable[[str, float], None]

EACH = 64
"""Candidates of a mentee where places are plenty."""

EACH_SCARCE = 32
"""Candidates of a mentee, and of a mentor, where they are not: one side's favourites alone would all be the same."""

LOOSE = 1.01
"""Places a mentee from which on they count as plenty."""

NEAR = 1_000
NEAR_EACH = 96
"""Pairs that miss their prices by up to so many points are kept, for each mentee up to so many of them."""

MANY = 0.02
"""From this share of mentees with a better pair on, the auctions start anew."""

MOST_PASSES = 1_000
"""Each pass adds pairs, so there is an end; two to four are usual."""

OUT_OF_REACH = 1 << 30
"""The price of a mentee whom a lock keeps: no pair with her is of interest."""


class Proved(NamedTuple):
    """On the floor: people first, then stand-ins."""

    graph: Graph
    """Holds every pair with u + v - score < `near`."""
    solution: Solution
    """Its match is the canonical one."""
    near: int
    passes: int
    """How often all pairs were compared with prices."""


def optimum_of(
    packed: Packed, f: Floor, stand_in_edges: Graph, first: Lists, threads: int, tell: Tell
) -> Proved:
    """`first`: the best mentors of everybody, before any price."""
    n = f.mentees
    graph = merge(on_floor(f, graph_of_lists(first)), stand_in_edges)
    if f.capacity.sum() <= LOOSE * n:
        theirs = top_mentees(packed, None, EACH_SCARCE, above=0, threads=threads)
        graph = merge(graph, on_floor(f, turned(theirs, n)))
    solution = solve_graph(graph, f.capacity, watch=lambda share: tell("solving", 0.4 * share))
    for passes in range(1, MOST_PASSES):
        solution = at_least_prices(graph, solution, f)
        tell("solving", 1 - 0.6 / passes)
        found, near = compared(packed, f, solution, threads)
        better = found.score > solution.mentee_price[found.row] + solution.mentor_price[found.column]
        graph = merge(graph, on_floor(f, graph_of(found.row, found.column, found.score, n)))
        if not better.any():
            tight = tight_edges(graph, solution)
            match = canonical(tight, solution, f.capacity, f.mentee_key, f.mentor_key)
            return Proved(graph, solution._replace(match=match), near, passes)
        is_little = len(np.unique(found.row[better])) < MANY * n
        solution = solve_graph(
            graph,
            f.capacity,
            start=Prices(solution.mentee_price, solution.mentor_price),
            match=solution.match if is_little else None,
        )
    raise RuntimeError("prices do not settle")


def at_least_prices(graph: Graph, solution: Solution, f: Floor) -> Solution:
    """The same matching at the prices that are least for mentors: what one more place with each is worth."""
    price = least_prices(graph, solution, f.capacity)
    return solution._replace(mentee_price=price.mentee, mentor_price=price.mentor)


def compared(packed: Packed, f: Floor, solution: Solution, threads: int) -> tuple[Edges, int]:
    """Pairs that beat their prices or come near, and how near those not given come at best."""
    mentee_price = np.where(f.free, solution.mentee_price[: f.mentees], OUT_OF_REACH)
    found = over(
        packed,
        None,
        mentee_price,
        solution.mentor_price[: f.mentors],
        slack=NEAR,
        most=NEAR_EACH,
        threads=threads,
    )
    distance: I64 = (mentee_price - found.bound)[f.free]
    return found, int(distance.min(initial=NEAR))


def graph_of_lists(lists: Lists) -> Graph:
    """Each mentee's list as her row. Of equal scores the lower mentor comes first, as graphs want it."""
    is_edge = np.arange(lists.person.shape[1]) < lists.length[:, None]
    rows = np.repeat(np.arange(len(lists.length), dtype=np.int32), lists.length)
    return graph_of(rows, lists.person[is_edge], lists.score[is_edge], len(lists.length))


def turned(lists: Lists, mentees: int) -> Graph:
    """Each mentor's list, by mentee."""
    is_edge = np.arange(lists.person.shape[1]) < lists.length[:, None]
    columns = np.repeat(np.arange(len(lists.length), dtype=np.int32), lists.length)
    return graph_of(lists.person[is_edge], columns, lists.score[is_edge], mentees)
