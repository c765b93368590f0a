"""Among all optima the same one is chosen as for small pools, whatever the order of rows and columns."""

import numpy as np
import pytest

from matcher.duals import Market
from matcher.solve.graph import Graph
from matcher.solve.solving import solve_graph
from matcher.solve.ties import canonical, tight_edges
from matcher.solving import optimum
from tests.matcher.pools import POOLS
from tests.matcher.solve import markets


def keys(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.choice(1 << 40, count, replace=False).astype(np.uint64) if count else np.zeros(0, np.uint64)


def chosen(graph: Graph, places: np.ndarray, ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    solution = solve_graph(graph, places)
    return canonical(tight_edges(graph, solution), solution, places, ours, theirs)


@pytest.mark.parametrize("part", range(2))
def test_it_is_the_optimum_that_small_pools_get(part: int) -> None:
    for seed in range(part, POOLS, 2):
        rng = np.random.default_rng([4, seed])
        worths, places = markets.market(rng)
        worths = np.minimum(worths, int(rng.choice([1, 2, 4, 1_000])))
        ours, theirs = keys(rng, worths.shape[0]), keys(rng, worths.shape[1])
        expected, _ = optimum(Market(worths, places.astype(np.int64)), ours, theirs)
        np.testing.assert_array_equal(chosen(markets.graph_of(worths), places, ours, theirs), expected)


def test_a_pool_of_hundreds_full_of_ties() -> None:
    for top in (1, 3):
        rng = np.random.default_rng(top)
        worths = rng.integers(0, top + 1, (300, 280)) * (rng.random((300, 280)) < 0.1)
        places = rng.integers(0, 3, 280).astype(np.int32)
        ours, theirs = keys(rng, 300), keys(rng, 280)
        expected, _ = optimum(Market(worths, places.astype(np.int64)), ours, theirs)
        np.testing.assert_array_equal(chosen(markets.graph_of(worths), places, ours, theirs), expected)


def test_the_order_of_people_does_not_matter() -> None:
    for seed in range(POOLS // 4):
        rng = np.random.default_rng([5, seed])
        worths, places = markets.market(rng)
        worths = np.minimum(worths, 3)
        ours, theirs = keys(rng, worths.shape[0]), keys(rng, worths.shape[1])
        match = chosen(markets.graph_of(worths), places, ours, theirs)
        rows, columns = rng.permutation(len(ours)), rng.permutation(len(theirs))
        moved = chosen(
            markets.graph_of(worths[rows][:, columns]), places[columns], ours[rows], theirs[columns]
        )
        back = np.where(moved >= 0, columns[moved], -1) if len(columns) else moved
        np.testing.assert_array_equal(back, match[rows])


def test_it_scales_to_thousands_all_equal() -> None:
    graph = markets.random_graph(np.random.default_rng(9), 3_000, 3_000, 12, 1)
    places = np.ones(3_000, np.int32)
    ours, theirs = np.arange(3_000, dtype=np.uint64), np.arange(5_000, 8_000, dtype=np.uint64)
    match = chosen(graph, places, ours, theirs)
    assert (np.bincount(match[match >= 0], minlength=3_000) <= 1).all()
    assert (match >= 0).sum() == solve_graph(graph, places).total
