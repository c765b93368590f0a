"""Random sparse markets for tests: ties everywhere, capacities 0 to 5, and a few shapes that are hard on purpose."""

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from matcher.duals import Prices
from matcher.solve.graph import Graph, sort_rows
from matcher.solve.solving import Solution

TOPS = (2, 3, 6, 60, 1_000, 20_000, 2_000_000, 2**29, 2**31)
"""Scores are below one of these: the smaller, the more ties."""


def graph_of(worths: Any, rng: np.random.Generator | None = None) -> Graph:
    """The positive cells; with `rng` sorted from a random order of edges."""
    rows, columns = np.nonzero(worths > 0)
    if rng is not None:
        order = rng.permutation(len(rows))
        order = order[np.argsort(rows[order], kind="stable")]
        rows, columns = rows[order], columns[order]
    begin = np.zeros(worths.shape[0] + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=worths.shape[0]), out=begin[1:])
    return sort_rows(Graph(begin, columns.astype(np.int32), worths[rows, columns].astype(np.int32)))


def market(rng: np.random.Generator, most: int = 40) -> tuple[Any, Any]:
    """worth int64[n, m] with 0 = no pair, places int32[m]."""
    n, m = (int(size) for size in rng.integers(0, most, 2))
    worths = rng.integers(0, int(rng.choice(TOPS)), (n, m), dtype=np.int64)
    worths *= rng.random((n, m)) < rng.choice([0.1, 0.4, 1.0])
    places = np.ones(m) if rng.random() < 0.4 else rng.integers(0, 6, m)
    return worths, places.astype(np.int32)


def best_total(worths: Any, places: Any) -> int:
    """SciPy's Hungarian method, one column for each place."""
    columns = np.repeat(worths, np.minimum(places, len(worths)), axis=1)
    rows, taken = linear_sum_assignment(columns.astype(np.float64), maximize=True)
    return int(columns[rows, taken].sum())


def must_cover(worths: Any, places: Any, found: Solution) -> None:
    """A matching within the places, its total recounted, and prices of 0 or more that cover every edge."""
    rows = np.flatnonzero(found.match >= 0)
    assert (worths[rows, found.match[rows]] > 0).all()
    assert worths[rows, found.match[rows]].sum() == found.total
    assert (np.bincount(found.match[rows], minlength=len(places)) <= places).all()
    assert ((found.mentee_price[:, None] + found.mentor_price >= worths) | (worths == 0)).all()
    assert found.mentee_price.min(initial=0) >= 0
    assert found.mentor_price.min(initial=0) >= 0


def must_prove(worths: Any, places: Any, found: Solution) -> None:
    """And the prices cost exactly the total: so nothing can be better."""
    must_cover(worths, places, found)
    assert found.mentee_price.sum() + (places * found.mentor_price).sum() == found.total == found.bound


def random_graph(rng: np.random.Generator, n: int, m: int, edges: int, top: int) -> Graph:
    """`edges` different mentors for each mentee, scores 1 .. top."""
    columns = (
        rng.integers(0, m, (n, 1)) + np.cumsum(rng.integers(1, max(m // edges, 2), (n, edges)), axis=1)
    ) % m
    score = rng.integers(1, top + 1, (n, edges))
    begin = np.arange(n + 1, dtype=np.int64) * edges
    return sort_rows(Graph(begin, columns.ravel().astype(np.int32), score.ravel().astype(np.int32)))


def no_prices(mentees: int, mentors: int) -> Prices:
    return Prices(np.zeros(mentees, np.int64), np.zeros(mentors, np.int64))
