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

from matcher.columns import I32, I64
from matcher.duals import Prices
from matcher.solve.covering import cover, cover_closed, score_of
from matcher.solve.forward import Bids, bid, new_bids
from matcher.solve.graph import Columns, Graph, must_be_sorted, nearby, transpose
from matcher.solve.repair import fill_places, place_mentees, within_reach
from matcher.solve.reverse import new_offers, offer
from matcher.solve.search import FAR, Search, new_search
from matcher.solve.single import bid_singly, offer_singly, owners
from matcher.solve.state import State, new_state, number_places, take_places, tighten, useful_places
from matcher.solve.steps import FINER, MANY_PLACES, steps_of
from matcher.solve.wanting import wanted

Pause = Callable[[float], None]
"""Called with the share that is done, at least every 0.3 s; what it raises ends the work."""

LOOSE = 1.01
"""From this many places a mentee on, a forward auction from zero prices is the faster way."""

FINE = 1 << 14
"""Scores are stretched until the highest reaches this, so that steps can be small beside any of them."""

LEVEL = 0.65
"""Of the typical best score is the middle of first prices: low, as forward bids, which raise them, are cheap."""

NEARBY = 48
MANY = 16
"""Where more than one mentee in MANY is left over by auctions, searches keep to edges that miss their prices by NEARBY steps at most: one of twenty."""

PATIENCE = 60
"""Bids a mentee, after which a pool counts as scarce whatever its number of places."""

FAR_TO_GO = 10
"""Bids a mentee, after which first prices were no good: where all are equal and too few, they rise to the top in steps."""

NARROW = 1 << 29
"""Up to this highest score, stretched, prices are int32: they pass it by the step of an auction at most, which is no more than that."""

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
            work.auctions([min(step, work.top) * work.stretch for step in scales])
        elif start is None:
            work.from_nothing()
        elif match is None:
            work.auctions(work.steps.scarce(), FAR_TO_GO * graph.mentees)
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
        has_crowds = int(self.places.max(initial=0)) > MANY_PLACES
        self.stretch = max(1, FINE * (FINER * FINER if has_crowds else 1) // self.top)
        self.given = graph
        self.graph = graph
        if self.stretch > 1:
            self.graph = graph._replace(score=graph.score * graph.score.dtype.type(self.stretch))
        is_narrow = self.graph.score.dtype == np.int32 and self.top * self.stretch <= NARROW
        self.price = np.int32 if is_narrow else np.int64
        self.steps = steps_of(self.graph, has_crowds)
        self.closed = self.places == 0
        self.state = self.empty()
        self.columns: Columns | None = None
        self.watch = watch
        self.share = 0.0
        self.finest = 0
        """The step of the last auction, 0 before."""
        self.stop_gap = stop_gap
        self.is_repaired = False

    def empty(self) -> State:
        """Who has no place at all is dearer than anything; `solution` brings that price down to what it must be."""
        state = new_state(self.graph.mentees, self.places, self.price)
        state.v[self.closed] = self.top * self.stretch
        return state

    def begin(self, start: Prices | None, match: I32 | None) -> None:
        if start is not None:
            # At the highest score a price can be no higher: nobody would bid for more.
            self.state.v[~self.closed] = np.clip(start.mentor[~self.closed], 0, self.top) * self.stretch
        if match is not None:
            take_places(self.state, match)

    def by_column(self) -> Columns:
        if self.columns is None:
            self.columns = transpose(self.graph, len(self.places))
        return self.columns

    def from_nothing(self) -> None:
        wanting = int((np.diff(self.graph.indptr) > 0).sum())
        if self.places.sum() > LOOSE * wanting:
            if self.forward(self.steps.loose(), PATIENCE * wanting):
                self.question()
                return
            self.state = self.empty()
        guess = wanted(self.graph, self.places) + int(LEVEL * self.steps.typical)
        self.state.v[:] = np.where(self.closed, self.state.v, np.clip(guess, 0, self.top * self.stretch))
        self.auctions(self.steps.scarce(), FAR_TO_GO * wanting)

    def auctions(self, steps: Sequence[int], most: int | None = None) -> None:
        """If `most` bids are not enough for the first, prices have far to go, in other steps."""
        is_begun = most is not None and self.forward(steps[0], most)
        if most is not None and not is_begun:
            steps = self.steps.far()
        for step in steps:
            if not is_begun:
                self.forward(step)
            is_begun = False
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
        match, held = np.full_like(self.state.match, -1), np.flatnonzero(self.owner >= 0)
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
            near = nearby(self.graph, self.state.u, self.state.v, slack)
            self.place(near, search, slack)
            self.fill(transpose(near, len(self.places)), search, slack)
            tighten(self.graph, self.state, 0)
        self.place(self.graph, search, FAR)
        if ((self.state.v > 0) & (self.state.load < self.places)).any():
            self.fill(self.columns or self.columns_within_reach(), search, FAR)
        self.is_repaired = True

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

    def fill(self, columns: Columns, search: Search, farthest: int) -> None:
        at = 0
        while at < len(self.places):
            at = int(fill_places(columns, self.state, search, at, farthest, EDGES_A_PIECE))
            self.question()

    def columns_within_reach(self) -> Columns:
        end = np.empty(self.graph.mentees, np.int64)
        within_reach(self.graph, self.state, end)
        return transpose(self.graph, len(self.places), end)

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
        v = self.state.v.astype(np.int64) // self.stretch
        v[self.closed] = 0
        u = self.state.u.astype(np.int64)
        if self.stretch > 1 or not self.is_repaired:
            cover(self.given, v, self.closed, u)
        total = int(score_of(self.given, self.state.match))
        if self.closed.any():
            cover_closed(self.given, u, self.closed, v)
        bound = int(u.sum() + (self.places * v).sum())
        return Solution(self.state.match.copy(), u, v, total, bound)
