"""
One way to weigh pairs, solved over all of them: as `pricing`, for weights that are no scores.

A lift is far above any score, so prices fall into bands: those of mentors who cost a person stand a lift above the
others. Each band of mentors is scanned by itself, its prices counted from its lowest, so that every comparison
fits into the 16 bits of the scan; and only for mentees to whom it could be worth anything.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Pool
from matcher.duals import Prices
from matcher.large.floor import graph_of, in_order, stand_ins
from matcher.large.pricing import (
    EVERYTHING,
    MOST_PASSES,
    NEAR,
    NEAR_EACH,
    NEAR_IN_LARGE,
    NEAR_PEOPLE,
    Proved,
    at_least_prices,
    each_of,
)
from matcher.modes.stages import Weighing
from matcher.quotas import Floor
from matcher.scan.fewer import with_mentors
from matcher.scan.layout import Packed, at_least
from matcher.scan.scanning import ABOVE_NOBODY, HIGHEST_PRICE, top_mentors
from matcher.scan.spreading import Pause
from matcher.solve.graph import Graph, chosen, merge, rows_of
from matcher.solve.solving import Solution, solve_graph
from matcher.solve.ties import canonical, tight_edges


class Ground(NamedTuple):
    """What all stages of a run share."""

    pool: Pool
    packed: Packed
    """Every legal pair."""
    floor: Floor
    """As for scores."""
    most: int
    """The greatest score that any pair could have."""
    beyond: I32
    """int32[n]: the most that a pair of hers scores which is no candidate from the beginning, 0 where all are."""
    threads: int
    pause: Pause


class Near(NamedTuple):
    """Pairs that beat their prices or come near."""

    row: I32
    column: I32
    score: I32
    """Without the lift."""
    near: I64
    """int64[n]: how near those not given come at best; `EVERYTHING` where all are given."""


def weigh(how: Weighing, score: I32) -> I64:
    weight: I64 = how.lift + (np.zeros_like(score, np.int64) if how.is_counting else score.astype(np.int64))
    return weight


def floor_of(g: Ground, how: Weighing) -> Floor:
    """Stand-ins are worth more than any exchange of pairs weighed like this."""
    top = how.lift + (0 if how.is_counting else g.most)
    return g.floor._replace(steep=8 * top + 1)


def weighed(g: Ground, f: Floor, how: Weighing, known: Graph) -> Graph:
    """The candidates `known` (scores of real people, rows as in the floor) that reach the floor, weighed; and stand-ins."""
    rows = rows_of(known)
    is_real = (rows < f.mentees) & (known.indices < f.mentors) & (known.score >= how.floor)
    g.pause(0)
    real = chosen(known, rows, is_real)
    real = real._replace(score=weigh(how, real.score).astype(np.int32))
    g.pause(0)
    if how.is_counting:
        real = in_order(real)
    return merge(real, stand_ins(f, g.pool))


def optimum_at(
    g: Ground, how: Weighing, known: Graph, start: Prices, match: I32, *, is_canonical: bool
) -> Proved:
    """
    The optimum over all pairs, weighed like this: `match` as far as `start` serves it, mended until no pair is better.

    `known` are candidates with their scores; what is found besides is in the graph of the answer, weighed. Of all optima the
    canonical one, or any.
    """
    f = floor_of(g, how)
    graph = weighed(g, f, how, known)
    solution = solve_graph(graph, f.capacity, start=start, match=match, scales=(), watch=g.pause)
    packed = at_least(g.packed, how.floor)
    for passes in range(1, MOST_PASSES):
        solution = at_least_prices(graph, solution, f, g.pause)
        found = (counted if how.is_counting else in_bands)(g, packed, how, solution)
        weight = weigh(how, found.score)
        is_better = weight > solution.mentee_price[found.row] + solution.mentor_price[found.column]
        graph = merge(graph, graph_of(found.row, found.column, weight.astype(np.int32), len(solution.match)))
        if not is_better.any():
            if is_canonical:
                tight = tight_edges(graph, solution)
                chosen = canonical(tight, solution, f.capacity, f.mentee_key, f.mentor_key, g.pause)
                solution = solution._replace(match=chosen)
            near = np.where(g.beyond < how.floor, EVERYTHING, found.near)
            return Proved(graph, solution, near, passes)
        solution = solve_graph(
            graph,
            f.capacity,
            start=Prices(solution.mentee_price, solution.mentor_price),
            match=solution.match,
            scales=(),
            watch=g.pause,
        )
    raise RuntimeError("prices do not settle")


def counted(g: Ground, packed: Packed, how: Weighing, solution: Solution) -> Near:
    """Where people alone count, a pair is better if neither of the two has a price."""
    n, m = g.floor.mentees, g.floor.mentors
    rows = np.flatnonzero(g.floor.free & (solution.mentee_price[:n] < how.lift)).astype(np.int32)
    columns = np.flatnonzero(solution.mentor_price[:m] < how.lift)
    assert how.lift == 1
    near = np.full(n, EVERYTHING)
    if not len(rows) or not len(columns):
        nobody = np.zeros(0, np.int32)
        return Near(nobody, nobody, nobody, near)
    lists = top_mentors(
        with_mentors(packed, columns), rows, each_of(len(rows)), above=0, is_scattered=True, is_tight=True,
        threads=g.threads, pause=g.pause,
    )  # fmt: skip
    is_edge = np.arange(lists.person.shape[1]) < lists.length[:, None]
    return Near(
        np.repeat(rows, lists.length),
        columns[lists.person[is_edge]].astype(np.int32),
        lists.score[is_edge].astype(np.int32),
        near,
    )


def in_bands(g: Ground, packed: Packed, how: Weighing, solution: Solution) -> Near:
    """Pairs with score > asked + price - slack, `asked` being the mentee's price without the lift."""
    n, m = g.floor.mentees, g.floor.mentors
    slack = NEAR if n <= NEAR_PEOPLE else NEAR_IN_LARGE
    asked = solution.mentee_price[:n] - how.lift
    price = solution.mentor_price[:m]
    near = np.full(n, EVERYTHING)
    parts = [(np.zeros(0, np.int32),) * 3]
    for columns in bands(price):
        base = int(price[columns].min())
        away = asked + base - g.most
        rows = np.flatnonzero(g.floor.free & (away < slack)).astype(np.int32)
        near = np.minimum(near, np.maximum(away, slack))
        if not len(rows):
            continue
        asking = asked[rows] + base
        cut = np.maximum(asking - slack, ABOVE_NOBODY)
        lists = top_mentors(
            with_mentors(packed, columns), rows, each_of(len(rows), NEAR_EACH), mentor_price=price[columns] - base,
            above=cut, is_scattered=True, is_tight=True, threads=g.threads, pause=g.pause,
        )  # fmt: skip
        k = lists.person.shape[1]
        is_edge = np.arange(k) < lists.length[:, None]
        column = columns[np.maximum(lists.person, 0)]
        last = lists.score[:, -1] - (price[column[:, -1]] - base)
        # Below the least cut there is no pair at all.
        rest = np.where(cut > ABOVE_NOBODY, asking - cut, EVERYTHING)
        near[rows] = np.minimum(near[rows], np.where(lists.length == k, asking - last, rest))
        parts.append(
            (
                np.repeat(rows, lists.length),
                column[is_edge].astype(np.int32),
                lists.score[is_edge].astype(np.int32),
            )
        )
    found = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(found[0], kind="stable")
    return Near(found[0][order], found[1][order], found[2][order], np.where(g.floor.free, near, EVERYTHING))


def bands(price: I64) -> list[I64]:
    """Mentors by price, in parts whose prices lie close enough together for a scan."""
    left = np.argsort(price, kind="stable")
    found = []
    while len(left):
        count = int(np.searchsorted(price[left], price[left[0]] + HIGHEST_PRICE, side="right"))
        found.append(np.sort(left[:count]))
        left = left[count:]
    return found


def people_in(f: Floor, match: I32) -> int:
    """Mentees with a real mentor, locked ones left out."""
    real = match[: f.mentees]
    return int(((real >= 0) & (real < f.mentors)).sum())
