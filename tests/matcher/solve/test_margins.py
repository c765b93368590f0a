"""Hub distances, least prices and margins against the dense ways of small pools, and margins against solving again."""

import numpy as np

from matcher.duals import Market, least_prices
from matcher.forcing import FAR, asking, distances, without
from matcher.solve import margins, prices
from matcher.solve.solving import solve_graph
from tests.matcher.pools import POOLS
from tests.matcher.solve import markets


def test_least_prices_are_those_of_the_dense_market() -> None:
    for seed in range(POOLS):
        rng = np.random.default_rng([2, seed])
        worths, places = markets.market(rng)
        graph = markets.graph_of(worths)
        solution = solve_graph(graph, places)
        found = prices.least_prices(graph, solution, places)
        expected = least_prices(Market(worths, places.astype(np.int64)), solution.match)
        np.testing.assert_array_equal(found.mentor, expected.mentor)
        np.testing.assert_array_equal(found.mentee, expected.mentee)


def test_margins_are_those_of_the_dense_market() -> None:
    seen = 0
    for seed in range(POOLS):
        rng = np.random.default_rng([3, seed])
        worths, places = markets.market(rng, 25)
        worths = np.minimum(worths, 1 << 26)
        graph, dense = markets.graph_of(worths), Market(worths, places.astype(np.int64))
        solution = solve_graph(graph, places)
        duals = least_prices(dense, solution.match)
        near = distances(dense, duals, solution.match, lambda _: None)
        found = margins.Margins(graph, solution, places)
        np.testing.assert_array_equal(found.forbidden().points, without(dense, duals, solution.match, near))
        pairs = np.argwhere(worths > 0).astype(np.int32)
        score = worths[worths > 0].astype(np.int32)
        ask = asking(dense, duals, solution.match, near)[worths > 0].astype(np.int64)
        expected = np.where(ask == FAR, margins.NEVER, ask - score)
        forced = found.forced(pairs, score).points
        assert found.forbidden().is_exact.all()
        assert found.forced(pairs, score).is_exact.all()
        taken = solution.match[pairs[:, 0]] == pairs[:, 1]
        assert (forced[taken] == 0).all()
        np.testing.assert_array_equal(forced[~taken], expected[~taken])
        seen += len(pairs)
    assert seen > 1_000


def test_margins_are_what_solving_again_would_lose() -> None:
    rng = np.random.default_rng(6)
    for _ in range(12):
        worths, places = markets.market(rng, 14)
        worths = np.minimum(worths, 1 << 26)
        graph = markets.graph_of(worths)
        solution = solve_graph(graph, places)
        lost = margins.Margins(graph, solution, places).forbidden().points
        for i in np.flatnonzero(solution.match >= 0):
            fewer = worths.copy()
            fewer[i, solution.match[i]] = 0
            assert lost[i] == solution.total - markets.best_total(fewer, places)


def test_a_pair_outside_the_graph_may_make_the_total_greater() -> None:
    graph = markets.graph_of(np.array([[5, 0], [4, 3]]))
    places = np.array([1, 1], np.int32)
    found = margins.Margins(graph, solve_graph(graph, places), places)
    assert found.forced(np.array([[0, 1]], np.int32), np.array([9], np.int32)).points.tolist() == [8 - 13]


def test_threads_change_nothing() -> None:
    graph = markets.random_graph(np.random.default_rng(7), 6_000, 5_000, 16, 20_000)
    places = np.ones(5_000, np.int32)
    found = margins.Margins(graph, solve_graph(graph, places), places)
    for one, other in zip(found.forbidden(threads=1), found.forbidden(threads=3), strict=True):
        np.testing.assert_array_equal(one, other)


def test_limited_searches_never_promise_too_little() -> None:
    graph = markets.random_graph(np.random.default_rng(8), 3_000, 2_500, 12, 5_000)
    places = np.ones(2_500, np.int32)
    found = margins.Margins(graph, solve_graph(graph, places), places)
    pairs = np.column_stack([np.repeat(np.arange(3_000), np.diff(graph.indptr)), graph.indices]).astype(
        np.int32
    )
    exact = found.forbidden(), found.forced(pairs, graph.score)
    for most, share in ((0, 0.2), (1 << 19, 0.8)):
        limited = found.forbidden(most=most), found.forced(pairs, graph.score, most=most)
        for one, other in zip(exact, limited, strict=True):
            assert one.is_exact.all()
            assert (other.points >= one.points).all()
            assert (other.points == one.points).mean() > share
            assert (other.points == one.points)[other.is_exact].all()
            assert other.is_exact.all() == (most > 0)
            assert other.is_exact.mean() > share / 4


def test_ways_of_one_mentor_are_those_of_forced_pairs() -> None:
    rng = np.random.default_rng(9)
    for _ in range(8):
        worths, places = markets.market(rng, 25)
        graph = markets.graph_of(np.minimum(worths, 1 << 20))
        found = margins.Margins(graph, solve_graph(graph, places), places)
        state = found.state
        for j in np.flatnonzero(places > 0).tolist():
            others = np.flatnonzero((state.match >= 0) & (state.match != j)).astype(np.int32)
            pairs = np.column_stack([others, np.full(len(others), j)]).astype(np.int32)
            cost = state.u[others] + state.v[j] + found.from_mentor(j)[state.match[others]]
            np.testing.assert_array_equal(found.forced(pairs, np.zeros(len(pairs), np.int32)).points, cost)
            mentors = np.flatnonzero((places > 0) & (np.arange(len(places)) != j)).astype(np.int32)
            if state.load[j]:
                somebody = int(np.flatnonzero(state.match == j)[0])
                pairs = np.column_stack([np.full(len(mentors), somebody), mentors]).astype(np.int32)
                cost = state.u[somebody] + state.v[mentors] + found.to_mentor(j)[mentors]
                np.testing.assert_array_equal(
                    found.forced(pairs, np.zeros(len(pairs), np.int32)).points, cost
                )


def test_margins_say_how_far_the_pairs_of_the_graph_reach() -> None:
    """Of each mentee the pairs that miss their prices by her `near` or more are left out: what is said to be exact stays so."""
    told = 0
    for seed in range(POOLS // 4):
        rng = np.random.default_rng([11, seed])
        worths, places = markets.market(rng, 25)
        worths = np.minimum(worths, 1 << 20)
        whole = markets.graph_of(worths)
        solution = solve_graph(whole, places)
        slack = solution.mentee_price[:, None] + solution.mentor_price - worths
        missed = slack[(worths > 0) & (slack > 0)]
        near = rng.choice(np.append(missed, 1), len(worths))
        few = margins.Margins(
            markets.graph_of(np.where(slack < near[:, None], worths, 0)), solution, places, near=near
        )
        all_pairs = margins.Margins(whole, solution, places)
        pairs = np.argwhere(worths > 0).astype(np.int32)
        score = worths[worths > 0].astype(np.int32)
        for one, other in (
            (all_pairs.forbidden(), few.forbidden()),
            (all_pairs.forced(pairs, score), few.forced(pairs, score)),
        ):
            assert (other.points >= one.points).all(), seed
            assert (other.points == one.points)[other.is_exact].all(), seed
            told += int(other.is_exact.sum()) * int((~other.is_exact).sum())
    assert told > 0
