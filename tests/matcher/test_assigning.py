"""`assign` against trying everything, and its prices against all edges."""

from typing import Any

import numpy as np
import pytest

from matcher import InvalidColumn, assign, assigning
from tests.matcher.reference import best_total


def graph(worths: Any, rng: np.random.Generator | None = None) -> tuple[Any, Any, Any]:
    """CSR of the positive cells; with `rng` the edges of each row in any order."""
    indptr, indices, score = [0], [], []
    for row in worths:
        edges = np.flatnonzero(row > 0)
        if rng is not None:
            rng.shuffle(edges)
        indices += edges.tolist()
        score += row[edges].tolist()
        indptr.append(len(indices))
    return np.array(indptr, np.int64), np.array(indices, np.int32), np.array(score, np.int32)


def worths_and_places(rng: np.random.Generator, most: int = 7) -> tuple[Any, Any]:
    n, m = rng.integers(0, most, 2)
    worths = rng.integers(0, int(rng.choice([2, 4, 60, 2_000_000])), (n, m))
    return worths * (rng.random((n, m)) < 0.7), rng.integers(0, 6, m).astype(np.int32)


def must_prove(worths: Any, places: Any, found: Any) -> None:
    """Prices cover every edge, cost exactly the total, and the pairs earn it within capacity."""
    assert (found.mentee_price[:, None] + found.mentor_price >= worths).all()
    assert found.mentee_price.min(initial=0) >= 0
    assert found.mentor_price.min(initial=0) >= 0
    assert found.mentee_price.sum() + (places * found.mentor_price).sum() == found.total == found.bound
    rows = np.flatnonzero(found.match >= 0)
    assert worths[rows, found.match[rows]].sum() == found.total
    assert (worths[rows, found.match[rows]] > 0).all()
    assert (np.bincount(found.match[rows], minlength=len(places)) <= places).all()


@pytest.mark.parametrize("seed", range(20))
def test_assign_finds_and_proves_the_best_of_all(seed: int) -> None:
    for trial in range(25):
        rng = np.random.default_rng([seed, trial])
        worths, places = worths_and_places(rng)
        found = assign(*graph(worths, rng), places)
        assert found.total == best_total(worths.tolist(), places.tolist())
        must_prove(worths, places, found)
        assert found.match.dtype == np.int32
        assert found.mentee_price.dtype == found.mentor_price.dtype == np.int64


def test_assign_is_the_same_for_any_order_of_edges() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        worths, places = worths_and_places(rng, 12)
        one, other = assign(*graph(worths), places), assign(*graph(worths, rng), places)
        for ours, theirs in zip(one, other, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_assign_leaves_out_mentees_without_a_place() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        worths, places = worths_and_places(rng)
        takes_part = rng.integers(0, 2, len(worths)).astype(np.int32)
        found = assign(*graph(worths), places, mentee_capacity=takes_part)
        here = worths * takes_part[:, None]
        assert found.total == found.bound == best_total(here.tolist(), places.tolist())
        assert (found.match[takes_part == 0] == -1).all()
        assert (found.mentee_price[:, None] + found.mentor_price >= worths).all()
        assert (takes_part * found.mentee_price).sum() + (places * found.mentor_price).sum() == found.total


@pytest.mark.parametrize(("n", "m", "places"), [(0, 0, 1), (0, 3, 1), (3, 0, 1), (1, 1, 1), (4, 4, 0)])
def test_assign_takes_ordinary_extremes(n: int, m: int, places: int) -> None:
    worths = np.full((n, m), 7)
    capacity = np.full(m, places, np.int32)
    found = assign(*graph(worths), capacity)
    assert found.total == 7 * min(n, m * places)
    must_prove(worths, capacity, found)


def test_assign_with_far_more_places_than_mentees() -> None:
    worths = np.arange(1, 61).reshape(20, 3)
    capacity = np.array([1_000_000, 2, 1_000_000], np.int32)
    found = assign(*graph(worths), capacity)
    assert found.match.tolist() == [2] * 20
    must_prove(worths, capacity, found)


def test_assign_proves_a_large_tight_market() -> None:
    rng = np.random.default_rng(5)
    worths = rng.integers(0, 30, (400, 150))
    places = rng.integers(0, 5, 150).astype(np.int32)
    must_prove(worths, places, assign(*graph(worths), places))


BROKEN = {
    "indptr of another type": ("indptr", np.array([0, 1, 2], np.int32)),
    "indptr not from zero": ("indptr", np.array([1, 1, 2], np.int64)),
    "indptr that falls": ("indptr", np.array([0, 3, 2], np.int64)),
    "indptr that ends early": ("indptr", np.array([0, 1, 1], np.int64)),
    "a mentor who is not there": ("indices", np.array([0, 2], np.int32)),
    "a score of nothing": ("score", np.array([5, 0], np.int32)),
    "a list": ("score", [5, 5]),
    "places below zero": ("capacity", np.array([1, -1], np.int32)),
    "two places for a mentee": ("mentee_capacity", np.array([1, 2], np.int32)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_assign_names_what_is_wrong(case: str) -> None:
    name, value = BROKEN[case]
    given: dict[str, Any] = {
        "indptr": np.array([0, 1, 2], np.int64),
        "indices": np.array([0, 1], np.int32),
        "score": np.array([5, 5], np.int32),
        "capacity": np.array([1, 1], np.int32),
        "mentee_capacity": None,
    }
    given[name] = value
    with pytest.raises(InvalidColumn) as refused:
        assign(**given)
    assert refused.value.column == name


def test_assign_refuses_an_edge_that_stands_twice() -> None:
    with pytest.raises(InvalidColumn, match=r"indices\[2\]: names a mentor twice"):
        assign(
            np.array([0, 1, 3], np.int64),
            np.array([0, 0, 0], np.int32),
            np.array([5, 6, 7], np.int32),
            np.array([1], np.int32),
        )


def test_small_and_large_graphs_get_the_same_pairs_and_prices() -> None:
    for seed in range(100):
        rng = np.random.default_rng([7, seed])
        worths, places = worths_and_places(rng, 30)
        takes_part = rng.integers(0, 2, len(worths)).astype(np.int32) if seed % 2 else None
        csr = graph(np.minimum(worths, int(rng.choice([1, 3, 2**31 - 1]))), rng)
        dense = assigning.densely(*csr, places, takes_part)
        sparse = assigning.sparsely(*csr, places, takes_part)
        for ours, theirs in zip(dense, sparse, strict=True):
            np.testing.assert_array_equal(ours, theirs)
            assert getattr(ours, "dtype", None) == getattr(theirs, "dtype", None)


def test_assign_takes_many_people_and_the_greatest_scores() -> None:
    rng = np.random.default_rng(8)
    n, m, edges = 3_000, 2_500, 8
    columns = (rng.integers(0, m, (n, 1)) + np.arange(edges) * 17) % m
    score = rng.integers(2**31 - 50, 2**31 - 1, (n, edges))
    csr = (
        np.arange(n + 1, dtype=np.int64) * edges,
        columns.ravel().astype(np.int32),
        score.ravel().astype(np.int32),
    )
    places = rng.integers(0, 3, m).astype(np.int32)
    found = assign(*csr, places)
    assert found.total == found.bound
    rows = np.flatnonzero(found.match >= 0)
    earned = (columns[rows] == found.match[rows, None]) * score[rows]
    assert earned.sum() == found.total
    assert (np.bincount(found.match[rows], minlength=m) <= places).all()
    assert (found.mentee_price[:, None] + found.mentor_price[columns] >= score).all()
    assert found.mentee_price.sum() + (places * found.mentor_price).sum() == found.total


def test_assign_finds_an_edge_that_stands_twice_among_many() -> None:
    n, edges = 30_000, 8
    indices = np.tile(np.arange(edges, dtype=np.int32), n)
    indices[-1] = 0
    with pytest.raises(InvalidColumn, match=rf"indices\[{n * edges - 1}\]: names a mentor twice"):
        assign(
            np.arange(n + 1, dtype=np.int64) * edges,
            indices,
            np.ones(n * edges, np.int32),
            np.ones(edges, np.int32),
        )
