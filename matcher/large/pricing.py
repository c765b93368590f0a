"""
The optimum over all pairs, found on few of them.

Candidates are solved exactly; then every pair is compared with the prices. A pair worth more than its two
prices becomes a candidate and the solution is mended; when there is none left, the prices prove that
nothing better exists among all n x m pairs (column generation: Dantzig and Wolfe 1960).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.duals import Prices
from matcher.large.floor import graph_of, in_order, on_floor
from matcher.quotas import Floor
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.scanning import HIGHEST_PRICE, Edges, over, top_mentees, top_mentors
from matcher.scan.spreading import Pause
from matcher.solve.graph import Graph, merge, transpose
from matcher.solve.prices import least_prices
from matcher.solve.solving import Solution, solve_graph
from matcher.solve.ties import canonical, tight_edges

Tell = Callable[[str, float], None]

MOST_KEPT = 3_200_000
"""Pairs of one scan, which memory is for; in a large pool everybody gets fewer, but enough."""

EACH, FEWEST_EACH = 64, 32
"""Candidates of a mentee."""

EACH_SCARCE = 32
"""Candidates of a mentor where places are scarce: one side's favourites alone would all be the same."""

LOOSE = 1.01
"""Places a mentee from which on they are not scarce."""

SCARCE = 1.25
"""Up to so many places a mentee the first lists do not hold what it takes: all would have the same few mentors."""

NEAR = 1_000
NEAR_EACH = 96
"""Pairs that miss their prices by up to so many points are kept, for each mentee asked about up to so many of them."""

NEAR_IN_LARGE = 500
"""The same in pools of more than `NEAR_PEOPLE` mentees: enough that prices of later passes seldom ask for more."""

NEAR_PEOPLE = 20_000
"""Up to so many mentees near pairs are looked for even where the list of a mentee proves that none is better."""

MANY = 0.02
"""From this share of mentees with a better pair on, the auctions start anew."""

MOST_PASSES = 1_000
"""Each pass adds pairs, so there is an end; two to four are usual."""

EVERYTHING = 1 << 40
"""Further than any pair."""

OUT_OF_REACH = 1 << 30
"""The price of a mentee whom a lock keeps: no pair with her is of interest."""


class Proved(NamedTuple):
    """On the floor: people first, then stand-ins."""

    graph: Graph
    solution: Solution
    """Its match is the canonical one."""
    near: I64
    """int64[n]: of each mentee `graph` holds every pair with u + v - score < `near`; `EVERYTHING` where it holds all."""
    passes: int
    """How often all pairs were compared with prices."""


def each_of(mentees: int, most: int = EACH) -> int:
    """How many pairs of a mentee are kept."""
    return int(np.clip(MOST_KEPT // max(mentees, 1), FEWEST_EACH, most))


def optimum_of(
    packed: Packed, f: Floor, stand_in_edges: Graph, first: Lists, threads: int, tell: Tell
) -> Proved:
    """`first`: the best mentors of everybody, before any price."""
    n, step = f.mentees, Steps(tell)
    graph = merge(on_floor(f, graph_of_lists(first)), stand_in_edges)
    has_columns = f.capacity.sum() <= LOOSE * n
    if has_columns:
        graph = merge(graph, on_floor(f, by_mentors(packed, n, threads, step.still)))
    known = Known(first)
    # Without them, and where places are scarce, the first prices only say where to look next: any will do.
    is_rough = n > NEAR_PEOPLE and not has_columns and f.capacity.sum() <= SCARCE * n
    solution = solve_graph(graph, f.capacity, watch=step.still, is_rough=is_rough)
    for passes in range(1, MOST_PASSES):
        step.forward()
        if not is_rough:
            solution = at_least_prices(graph, solution, f, step.still)
        found, near, tied = compared(packed, f, solution, known, threads, step.still)
        better = found.score > solution.mentee_price[found.row] + solution.mentor_price[found.column]
        graph = merge(graph, on_floor(f, graph_of(found.row, found.column, found.score, n)))
        if len(tied):
            graph = merge(graph, on_floor(f, scattered(packed, f, solution, tied, threads, step.still)))
        if not better.any() and not is_rough:
            tight = tight_edges(graph, solution)
            match = canonical(tight, solution, f.capacity, f.mentee_key, f.mentor_key, step.still)
            return Proved(graph, solution._replace(match=match), near, passes)
        is_little = len(np.unique(found.row[better])) < MANY * n and not is_rough
        is_rough = False
        solution = solve_graph(
            graph,
            f.capacity,
            start=Prices(solution.mentee_price, solution.mentor_price),
            match=solution.match if is_little else None,
            watch=step.still,
        )
    raise RuntimeError("prices do not settle")


class Steps:
    """How far it is: nobody knows how many passes there will be, so each counts for half of what is left."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.share = 0.0

    def forward(self) -> None:
        self.share += (1 - self.share) / 2
        self.tell("solving", self.share)

    def still(self, _done: float) -> None:
        self.tell("solving", self.share)


def at_least_prices(graph: Graph, solution: Solution, f: Floor, watch: Pause) -> Solution:
    """The same matching at the prices that are least for mentors: what one more place with each is worth."""
    price = least_prices(graph, solution, f.capacity, watch)
    return solution._replace(mentee_price=price.mentee, mentor_price=price.mentor)


class Known:
    """
    Of each mentee the most that a pair can leave her, score - mentor's price, which is no candidate yet.

    What one pass found out holds for the next prices too: nothing leaves more than it did and what mentors' prices fell
    at most. And no price is below 0, so nothing outside her list ever leaves more than the last of it scores.
    """

    def __init__(self, first: Lists) -> None:
        last = first.score[:, -1].astype(np.int64)
        self.has_more = first.length == first.score.shape[1]
        """bool[n]: there are pairs beyond her list."""
        self.in_list = np.where(self.has_more, last, -1)
        self.most = self.in_list.copy()
        self.price: I64 | None = None
        """int64[m]: the prices that `most` is counted from, none before the first pass."""

    def move_to(self, mentor_price: I64) -> None:
        price = np.minimum(mentor_price, HIGHEST_PRICE)  # above it the scan counts all as it
        if self.price is not None:
            fallen = int((self.price - price).max(initial=0))
            self.most = np.minimum(self.most + fallen, self.in_list)
        self.price = price


def compared(
    packed: Packed, f: Floor, solution: Solution, known: Known, threads: int, pause: Pause
) -> tuple[Edges, I64, I32]:
    """
    Pairs that beat their prices or come near; how near those not given come at best, int64[n]; and mentees to whom too many are equal.

    Asked are only those mentees of whom it is not known that nothing beats or comes near.
    """
    mentee_price = np.where(f.free, solution.mentee_price[: f.mentees], OUT_OF_REACH)
    mentor_price = solution.mentor_price[: f.mentors]
    is_small = f.mentees <= NEAR_PEOPLE
    wanted = NEAR if is_small else 0
    known.move_to(mentor_price)
    rows = np.flatnonzero(known.has_more & (mentee_price - wanted <= known.most)).astype(np.int32)
    found = over(
        packed,
        rows,
        mentee_price,
        mentor_price,
        slack=NEAR if is_small else NEAR_IN_LARGE,
        most=each_of(len(rows), NEAR_EACH),
        threads=threads,
        pause=pause,
    )
    known.most[rows] = np.minimum(found.bound, known.most[rows])
    tied = rows[found.bound >= mentee_price[rows]]
    near = np.where(known.has_more & f.free, mentee_price - known.most, EVERYTHING)
    return found, near, tied


def scattered(packed: Packed, f: Floor, solution: Solution, tied: I32, threads: int, pause: Pause) -> Graph:
    """
    Pairs of the mentees `tied` that come up to their prices, as many as are kept, by the hash that decides between equals.

    By rank all would be given the same mentors, and each pass would match no more than those few.
    """
    lists = top_mentors(
        packed,
        tied,
        each_of(len(tied), NEAR_EACH),
        mentor_price=solution.mentor_price[: f.mentors],
        above=solution.mentee_price[tied] - 1,
        is_scattered=True,
        is_tight=True,
        threads=threads,
        pause=pause,
    )
    is_edge = np.arange(lists.person.shape[1]) < lists.length[:, None]
    return graph_of(np.repeat(tied, lists.length), lists.person[is_edge], lists.score[is_edge], f.mentees)


def graph_of_lists(lists: Lists) -> Graph:
    """Each person's list as her row. Of equal scores the lower number comes first, as graphs want it."""
    is_edge = np.arange(lists.person.shape[1]) < lists.length[:, None]
    indptr = np.concatenate([[0], np.cumsum(lists.length, dtype=np.int64)])
    return in_order(Graph(indptr, lists.person[is_edge], lists.score[is_edge].astype(np.int32)))


def by_mentors(packed: Packed, mentees: int, threads: int, pause: Pause) -> Graph:
    """The best mentees of each mentor, by mentee."""
    theirs = top_mentees(packed, None, EACH_SCARCE, above=0, threads=threads, pause=pause)
    return in_order(Graph._make(transpose(graph_of_lists(theirs), mentees)))
