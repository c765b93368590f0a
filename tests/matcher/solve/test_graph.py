"""Rows in order, columns, and the union of two graphs, against plain tables."""

import subprocess
import sys

import numpy as np
import pytest

from matcher.solve.graph import Graph, merge, must_be_sorted, rows_of, sort_rows, transpose
from tests.matcher.solve import markets


def table(graph: Graph, mentors: int) -> np.ndarray:
    made = np.zeros((graph.mentees, mentors), np.int64)
    made[rows_of(graph), graph.indices] = graph.score
    return made


def test_rows_are_sorted_by_score_and_then_by_mentor() -> None:
    for seed in range(50):
        rng = np.random.default_rng([10, seed])
        worths, _ = markets.market(rng)
        graph = markets.graph_of(worths, rng)
        must_be_sorted(graph, worths.shape[1])
        np.testing.assert_array_equal(table(graph, worths.shape[1]), worths)


def test_sorting_leaves_what_is_given_as_it_is() -> None:
    given = Graph(np.array([0, 3], np.int64), np.array([2, 0, 1], np.int32), np.array([5, 9, 5], np.int32))
    found = sort_rows(given)
    assert found.indices.tolist() == [0, 1, 2]
    assert found.score.tolist() == [9, 5, 5]
    assert given.indices.tolist() == [2, 0, 1]


def test_columns_hold_the_same_edges() -> None:
    for seed in range(50):
        rng = np.random.default_rng([11, seed])
        worths, _ = markets.market(rng)
        columns = transpose(markets.graph_of(worths), worths.shape[1])
        turned = Graph(columns.indptr, columns.indices, columns.score)
        np.testing.assert_array_equal(table(turned, worths.shape[0]).T, worths)
        for begin, end in zip(columns.indptr[:-1], columns.indptr[1:], strict=True):
            assert (np.diff(columns.indices[begin:end]) > 0).all()


def test_a_union_has_every_edge_once() -> None:
    for seed in range(50):
        rng = np.random.default_rng([12, seed])
        worths, _ = markets.market(rng)
        one, two = worths * (rng.random(worths.shape) < 0.5), worths * (rng.random(worths.shape) < 0.5)
        found = merge(markets.graph_of(one), markets.graph_of(two))
        must_be_sorted(found, worths.shape[1])
        np.testing.assert_array_equal(table(found, worths.shape[1]), np.maximum(one, two))
        assert len(found.indices) == ((one > 0) | (two > 0)).sum()


@pytest.mark.parametrize("module", ["matcher", "matcher.assigning", "matcher.stable"])
def test_small_pools_do_not_wait_for_numba(module: str) -> None:
    program = f"import {module}, sys; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
