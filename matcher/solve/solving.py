"""
The exact optimum of a candidate graph: an auction that comes close, a repair that ends it, prices that prove it.

With plenty of places a forward auction from zero prices is nearly all there is to do. Where
places are as scarce as mentees, prices have to rise almost everywhere; then auctions with steps from
large to small run first one way, then the other. A pool may look like the first kind and be of the
second (places that nobody wants): so the first auction is given up when it takes too many bids.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.duals import Prices
from matcher.solve.covering import cover, cover_closed, score_of
from matcher.solve.forward import Bids, bid, new_bids
from matcher.solve.graph import Columns, Graph, must_be_sorted, nearby, transpose
from matcher.solve.repair import fill_places, place_mentees, within_reach
from matcher.solve.reverse import new_offers, offer
from matcher.solve.search import FAR, Search, new_search
from matcher.solve.single import bid_singly, offer_singly, owners
from matcher.solve.state import State, new_state, number_places, take_places, tighten, useful_places

Pause = Callable[[float], None]
"""Called with the share that is done, at least every 0.3 s; what it raises ends the work."""

LOOSE = 1.01
"""From this many places a mentee on, a forward auction from zero prices is the faster way."""

FINE = 1 << 14
"""Scores are stretched until the highest reaches this, so that steps can be small beside any of them."""

LOOSE_STEP = 2048
SCALES = (64, 1024, 8192)
"""Steps are the typical best score divided by these."""

BELOW_BEST = 0.4
"""So much of the typical best score below her own best a mentor's price begins: forward bids, which raise it, are cheap."""

NEARBY = 32
MANY = 16
"""Where more than one mentee in MANY is left over by auctions, searches keep to edges that miss their prices by NEARBY steps: a tenth of all."""

MANY_PLACES = 512
FINER = 16
"""A search through a mentor with many places is dear: a finer step more, on finer scores, leaves few of them to do."""

PATIENCE = 60
"""Bids a mentee, after which a pool counts as scarce whatever its number of places."""

BIDS_A_PIECE = 1 << 17
EDGES_A_PIECE = 1 << 20
"""Some 0.1 s of work between two questions whether to go on."""

ANY = 1 << 61
"""As a tolerance: nobody is freed."""


class Solution(NamedTuple):
    """Prices cover every edge. If total == bound it is an optimum; else it was stopped early, and none is above bound."""

    match: I32
    """int32[n]: mentor, -1 = unmatched."""
    mentee_price: I64
    """int64[n] >= 0"""
    mentor_price: I64
    total: int
    bound: int


class Stopped(Exception):
    """The gap is small enough."""


def solve_graph(
    graph: Graph,
    capacity: I32 | I64,
    *,
    start: Prices | None = None,
    match: I32 | None = None,
    scales: Sequence[int] | None = None,
    watch: Pause | None = None,
    stop_gap: int | None = None,
    is_rough: bool = False,
) -> Solution:
    """
    The matching of greatest total score, unmatched is worth 0, and prices that prove it.

    `start` are prices from an earlier solution or a guess (of mentors; those of mentees follow). With
    `match` too, pairs that these prices serve stay, and only what is wrong is repaired: right when little
    has changed. `scales` are the steps of the auctions, largest first, instead of the choice by tightness;
    none means repair alone. With `stop_gap` it may end with bound - total up to that; `is_rough`: with any, after the auctions.
    """
    must_be_sorted(graph, len(capacity))
    work = Work(graph, capacity, watch, stop_gap)
    try:
        work.begin(start, match)
        if scales is not None:
            work.auctions([step * work.stretch for step in scales])
        elif start is None:
            work.from_nothing()
        elif match is None:
            work.auctions(work.scales())
        if not is_rough:
            work.repair()
    except Stopped:
        pass
    return work.solution()


class Work:
    """One solution in the making. Scores are stretched by `stretch` inside; what comes out is not."""

    def __init__(self, graph: Graph, capacity: I32 | I64, watch: Pause | None, stop_gap: int | None) -> None:
        self.top = int(graph.score.max(initial=1))
        self.places = useful_places(graph, capacity)
        self.is_single = int(self.places.max(initial=0)) <= 1
        self.owner = np.empty(len(self.places), np.int32)
        self.has_crowds = int(self.places.max(initial=0)) > MANY_PLACES
        self.stretch = max(1, FINE * (FINER * FINER if self.has_crowds else 1) // self.top)
        self.given = graph
        self.graph = graph
        if self.stretch > 1:
            self.graph = graph._replace(score=graph.score * graph.score.dtype.type(self.stretch))
        self.closed = self.places == 0
        self.state = self.empty()
        self.columns: Columns | None = None
        self.watch = watch
        self.share = 0.0
        self.finest = 0
        """The step of the last auction, 0 before."""
        self.stop_gap = stop_gap

    def empty(self) -> State:
        """Who has no place at all is dearer than anything; `solution` brings that price down to what it must be."""
        state = new_state(self.graph.mentees, self.places)
        state.v[self.closed] = self.top * self.stretch
        return state

    def begin(self, start: Prices | None, match: I32 | None) -> None:
        if start is not None:
            self.state.v[~self.closed] = np.maximum(start.mentor[~self.closed], 0) * self.stretch
        if match is not None:
            take_places(self.state, match)

    def by_column(self) -> Columns:
        if self.columns is None:
            self.columns = transpose(self.graph, len(self.places))
        return self.columns

    def typical(self) -> int:
        """The median of the best score of each row."""
        first = self.graph.indptr[:-1][np.diff(self.graph.indptr) > 0]
        return int(np.median(self.graph.score[first])) if len(first) else 1

    def step(self, part: int) -> int:
        return max(1, self.typical() // part)

    def scales(self) -> list[int]:
        finest = (SCALES[-1] * FINER,) if self.has_crowds else ()
        return [self.step(part) for part in SCALES + finest]

    def from_nothing(self) -> None:
        wanting = int((np.diff(self.graph.indptr) > 0).sum())
        if self.places.sum() > LOOSE * wanting:
            step = self.step(LOOSE_STEP * (FINER if self.has_crowds else 1))
            if self.forward(step, PATIENCE * wanting):
                self.question()
                return
            self.state = self.empty()
        columns = self.by_column()
        filled = np.flatnonzero(np.diff(columns.indptr))
        best = np.zeros(len(self.places), np.int64)
        best[filled] = np.maximum.reduceat(columns.score, columns.indptr[filled])
        guess = np.maximum(best - int(BELOW_BEST * self.typical()), 0)
        self.state.v[:] = np.where(self.closed, self.state.v, guess)
        self.auctions(self.scales())

    def auctions(self, steps: Sequence[int]) -> None:
        for step in steps:
            self.forward(step)
            tighten(self.graph, self.state, ANY)
            self.backward(step)
            self.share += 0.5 * (1 - self.share)
            self.question()

    def forward(self, step: int, most: int | None = None) -> bool:
        """False if `most` bids were not enough."""
        self.finest = step
        tighten(self.graph, self.state, step)
        bids = new_bids(self.graph, self.state, step)
        if self.is_single:
            owners(self.state.match, self.owner)
        waiting, done = self.graph.mentees, 0
        while waiting and (most is None or done < most):
            waiting = self.bid(bids, step)
            done += BIDS_A_PIECE
            self.pause()
        if self.is_single:
            self.settle_owners()
        else:
            number_places(self.state)
        return not waiting

    def bid(self, bids: Bids, step: int) -> int:
        state = self.state
        if self.is_single:
            return bid_singly(self.graph, state.u, state.v, self.owner, bids, step, BIDS_A_PIECE)
        return bid(self.graph, state, bids, step, BIDS_A_PIECE)

    def settle_owners(self) -> None:
        held = np.flatnonzero(self.owner >= 0)
        match = np.full_like(self.state.match, -1)
        match[self.owner[held]] = held
        self.settle_match(match)

    def settle_match(self, match: I32) -> None:
        self.state.match[:] = -1
        self.state.load[:] = 0
        take_places(self.state, match)

    def backward(self, step: int) -> None:
        columns, state = self.by_column(), self.state
        offers = new_offers(columns, self.state, step)
        if self.is_single:
            while offer_singly(columns, state.u, state.v, state.match, offers, step, BIDS_A_PIECE):
                self.pause()
            self.settle_match(state.match.copy())
        else:
            while offer(columns, state, offers, step, BIDS_A_PIECE):
                self.pause()

    def repair(self) -> None:
        tighten(self.graph, self.state, 0)
        search = new_search(self.graph.mentees, len(self.places))
        if self.is_worth_a_graph():
            slack = NEARBY * self.finest
            self.place(nearby(self.graph, self.state.u, self.state.v, slack), search, slack // 2)
            tighten(self.graph, self.state, 0)
        self.place(self.graph, search, FAR)
        if not self.unfilled().any():
            return
        at, columns = 0, self.columns or self.columns_within_reach()
        while at < len(self.places):
            at = int(fill_places(columns, self.state, search, at, EDGES_A_PIECE))
            self.question()

    def is_worth_a_graph(self) -> bool:
        """Are there many to place, and prices that make searches look at whole rows?"""
        waiting = int(((self.state.match < 0) & (self.state.u > 0)).sum())
        are_many = self.finest > 0 and waiting * MANY > len(self.state.u)
        return bool(are_many and np.median(self.state.v) > 0)

    def place(self, graph: Graph, search: Search, farthest: int) -> None:
        begin, at = self.share, 0
        while at < graph.mentees:
            at = int(place_mentees(graph, self.state, search, at, farthest, EDGES_A_PIECE))
            self.share = begin + 0.5 * (1 - begin) * at / graph.mentees
            self.question()

    def columns_within_reach(self) -> Columns:
        end = np.empty(self.graph.mentees, np.int64)
        within_reach(self.graph, self.state, end)
        return transpose(self.graph, len(self.places), end)

    def unfilled(self) -> Flags:
        state = self.state
        found: Flags = (state.v > 0) & (state.load < self.places)
        return found

    def pause(self) -> None:
        if self.watch is not None:
            self.watch(self.share)

    def question(self) -> None:
        """Go on? The answer may also be that it is good enough."""
        self.pause()
        if self.stop_gap is not None:
            so_far = self.solution()
            if so_far.bound - so_far.total <= self.stop_gap:
                raise Stopped

    def solution(self) -> Solution:
        """
        What there is, with prices that cover every edge of the graph as it was given.

        If u + v cover and prove stretched scores, then so do floor(v / stretch) and the least u beside them the
        scores themselves: rounding v down and u up leaves their sum above score - 1, and it is whole.
        """
        v = self.state.v // self.stretch
        v[self.closed] = 0
        u = np.empty(self.given.mentees, np.int64)
        cover(self.given, v, self.closed, u)
        total = int(score_of(self.given, self.state.match))
        if self.closed.any():
            cover_closed(self.given, u, self.closed, v)
        bound = int(u.sum() + (self.places * v).sum())
        return Solution(self.state.match.copy(), u, v, total, bound)
