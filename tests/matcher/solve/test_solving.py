"""The sparse solver against SciPy on the dense matrix, with the proof recounted edge by edge."""

import numpy as np
import pytest

from matcher.duals import Prices
from matcher.errors import Cancelled
from matcher.solve.graph import Graph
from matcher.solve.solving import solve_graph
from tests.matcher.pools import POOLS
from tests.matcher.solve import markets

SCHEDULES = (None, (), (1,), (64, 1), (3, 7), (2000, 50, 2))


@pytest.mark.parametrize("part", range(4))
def test_it_finds_and_proves_the_best_of_all(part: int) -> None:
    for seed in range(part, POOLS, 4):
        rng = np.random.default_rng(seed)
        worths, places = markets.market(rng)
        graph, best = markets.graph_of(worths, rng), markets.best_total(worths, places)
        for scales in SCHEDULES:
            found = solve_graph(graph, places, scales=scales)
            assert found.total == best
            markets.must_prove(worths, places, found)


def test_any_prices_and_pairs_to_start_from_end_in_the_optimum() -> None:
    for seed in range(POOLS):
        rng = np.random.default_rng([1, seed])
        worths, places = markets.market(rng)
        n, m = worths.shape
        graph = markets.graph_of(worths)
        guess = Prices(np.zeros(n, np.int64), rng.integers(-5, worths.max(initial=1) + 2, m))
        # Any pairs at all: a mentor who is no candidate, more than she has places for.
        pairs = rng.integers(-1, max(m, 1), n).astype(np.int32)
        pairs[pairs >= m] = -1
        for match in (None, pairs):
            for scales in (None, (5, 1)):
                found = solve_graph(graph, places, start=guess, match=match, scales=scales)
                markets.must_prove(worths, places, found)
                assert found.total == markets.best_total(worths, places)


def test_prices_are_least_for_a_mentor_without_places_too() -> None:
    graph = markets.graph_of(np.array([[9, 5], [7, 0]]))
    found = solve_graph(graph, np.array([0, 1], np.int32))
    assert found.match.tolist() == [1, -1]
    assert found.mentor_price[0] == max(9 - found.mentee_price[0], 7)
    assert found.total == found.bound == 5


def test_stopped_early_it_gives_a_true_bound() -> None:
    rng = np.random.default_rng(4)
    worths = rng.integers(1, 20_000, (120, 110))
    places = np.ones(110, np.int32)
    graph, best = markets.graph_of(worths), markets.best_total(worths, places)
    gaps = set()
    for gap in (10**9, 100_000, 10_000, 1_000, 100, 0):
        found = solve_graph(graph, places, stop_gap=gap)
        markets.must_cover(worths, places, found)
        assert found.total <= best <= found.bound
        assert found.bound - found.total <= gap
        gaps.add(found.bound - found.total)
    assert len(gaps) > 2


def test_it_asks_often_and_ends_when_told_to() -> None:
    graph = markets.random_graph(np.random.default_rng(2), 3_000, 3_000, 16, 20_000)
    places = np.ones(3_000, np.int32)
    shares: list[float] = []

    def watch(share: float) -> None:
        shares.append(share)
        if len(shares) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        solve_graph(graph, places, watch=watch)
    assert len(shares) == 4
    told: list[float] = []
    solve_graph(graph, places, watch=told.append)
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_the_same_input_gives_the_same_bits() -> None:
    graph = markets.random_graph(np.random.default_rng(3), 500, 400, 12, 50)
    places = np.random.default_rng(3).integers(0, 3, 400).astype(np.int32)
    one, two = solve_graph(graph, places), solve_graph(graph, places)
    for ours, theirs in zip(one, two, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("n", "m", "places"), [(0, 0, 1), (0, 3, 1), (3, 0, 1), (1, 1, 1), (4, 4, 0), (2, 1, 9)]
)
def test_extremes_are_ordinary(n: int, m: int, places: int) -> None:
    worths, capacity = np.full((n, m), 7), np.full(m, places, np.int32)
    found = solve_graph(markets.graph_of(worths), capacity)
    assert found.total == 7 * min(n, m * places)
    markets.must_prove(worths, capacity, found)


@pytest.mark.parametrize(
    ("indices", "score"),
    [([0, 1], [5, 6]), ([1, 0], [5, 5]), ([0, 0], [5, 5]), ([0, 1], [5, 0]), ([0, 2], [5, 4])],
)
def test_a_row_out_of_order_is_refused(indices: list[int], score: list[int]) -> None:
    graph = Graph(np.array([0, 2], np.int64), np.array(indices, np.int32), np.array(score, np.int32))
    with pytest.raises(AssertionError, match="row 0 is out of order"):
        solve_graph(graph, np.array([1, 1], np.int32))
