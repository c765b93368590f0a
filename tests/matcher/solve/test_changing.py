"""After a change the repaired solution is as good, and as proved, as one from nothing."""

import time
from typing import Any

import numpy as np
import pytest

from matcher.solve.changing import Barred, Change, Gone, NewMentee, NewMentor, Places, resolve
from matcher.solve.solving import solve_graph
from matcher.solve.ties import canonical, tight_edges
from tests.matcher.pools import POOLS
from tests.matcher.solve import markets


def some_change(rng: np.random.Generator, worths: Any, places: Any) -> tuple[Change, Any, Any]:
    """A change, and the market after it, made plainly."""
    n, m = worths.shape
    kind = int(rng.integers(5)) if n and m else int(rng.integers(3, 5))
    worths, places = worths.copy(), places.copy()
    if kind == 0:
        i, j = int(rng.integers(n)), int(rng.integers(m))
        worths[i, j] = 0
        return Barred(i, j), worths, places
    if kind == 1:
        i = int(rng.integers(n))
        worths[i] = 0
        return Gone(i), worths, places
    if kind == 2:
        j = int(rng.integers(m))
        places[j] = rng.integers(0, 5)
        return Places(j, int(places[j])), worths, places
    row = rng.integers(0, worths.max(initial=3) + 1, m if kind == 3 else n).astype(np.int32)
    who = rng.permutation(np.flatnonzero(row)).astype(np.int32)
    if kind == 3:
        return NewMentee(who, row[who]), np.vstack([worths, row[None, :]]), places
    return NewMentor(who, row[who], 2), np.hstack([worths, row[:, None]]), np.append(places, np.int32(2))


def test_changes_end_in_the_optimum() -> None:
    for seed in range(POOLS):
        rng = np.random.default_rng([8, seed])
        worths, places = markets.market(rng, 25)
        graph = markets.graph_of(worths)
        solution = solve_graph(graph, places)
        for _ in range(4):
            change, worths, places = some_change(rng, worths, places)
            solution, graph, capacity = resolve(solution, graph, places_before(change, places), [change])
            np.testing.assert_array_equal(capacity, places)
            for ours, theirs in zip(graph, markets.graph_of(worths), strict=True):
                np.testing.assert_array_equal(ours, theirs)
            assert solution.total == markets.best_total(worths, places)
            markets.must_prove(worths, places, solution)


def places_before(change: Change, places: Any) -> Any:
    """Capacities as they were: `resolve` changes them itself."""
    if isinstance(change, NewMentor):
        return places[:-1]
    if isinstance(change, Places):
        places = places.copy()
        places[change.mentor] = 1
    return places


def test_several_changes_at_once_end_in_the_same_canonical_pairs() -> None:
    for seed in range(POOLS // 4):
        rng = np.random.default_rng([9, seed])
        worths, before = markets.market(rng, 25)
        worths = np.minimum(worths, 3)
        graph, changes, places = markets.graph_of(worths), [], before
        solution = solve_graph(graph, places)
        for _ in range(3):
            change, worths, places = some_change(rng, worths, places)
            changes.append(change)
        warm, grown, capacity = resolve(solution, graph, before, changes)
        cold = solve_graph(grown, capacity)
        keys = (
            np.arange(grown.mentees, dtype=np.uint64),
            np.arange(len(capacity), dtype=np.uint64) + np.uint64(999),
        )
        np.testing.assert_array_equal(
            canonical(tight_edges(grown, warm), warm, capacity, *keys),
            canonical(tight_edges(grown, cold), cold, capacity, *keys),
        )


@pytest.mark.parametrize("places", [1, 2])
def test_one_change_among_ten_thousand_costs_little(places: int) -> None:
    rng = np.random.default_rng(places)
    graph = markets.random_graph(rng, 10_000, 10_000, 64, 20_000)
    capacity = np.full(10_000, places, np.int32)
    solution = solve_graph(graph, capacity)
    i = int(np.flatnonzero(solution.match >= 0)[7])
    mentors = rng.choice(10_000, 64, replace=False).astype(np.int32)
    score = rng.integers(1, 20_000, 64).astype(np.int32)
    for change in (
        Barred(i, int(solution.match[i])),
        Gone(i),
        Places(int(solution.match[i]), 0),
        NewMentee(mentors, score),
        NewMentor(mentors, score, 1),
    ):
        begun = time.thread_time()
        found, grown, _ = resolve(solution, graph, capacity, [change])
        warm = time.thread_time() - begun
        begun = time.thread_time()
        cold = solve_graph(grown, np.append(capacity, np.int32(1))[: len(found.mentor_price)])
        assert found.total == found.bound
        if not isinstance(change, Places):
            assert found.total == cold.total
        assert warm < max(0.05, time.thread_time() - begun)
