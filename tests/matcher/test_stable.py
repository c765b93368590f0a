"""Deferred acceptance and blocking pairs against their definition."""

import numpy as np

from matcher import count_blocking_pairs, deferred_acceptance
from tests.matcher.test_assigning import graph, worths_and_places
from tests.matcher.test_ties import all_matchings


def blocking(worths: object, places: object, match: list[int]) -> int:
    """Pairs that both would rather be in, counted one by one."""
    worths, places = np.asarray(worths), np.asarray(places)
    count = 0
    for i, j in np.argwhere(worths > 0):
        has = worths[i, match[i]] if match[i] >= 0 else 0
        held = [worths[k, j] for k in range(len(match)) if match[k] == j]
        welcome = len(held) < places[j] or (held and min(held) < worths[i, j])
        count += bool(worths[i, j] > has and welcome)
    return count


def test_blocking_pairs_are_counted_as_defined() -> None:
    for seed in range(150):
        rng = np.random.default_rng(seed)
        worths, places = worths_and_places(rng, 5)
        matchings = all_matchings(worths, places)
        match = matchings[rng.integers(len(matchings))]
        counted = count_blocking_pairs(*graph(worths, rng), places, np.array(match, np.int32))
        assert counted == blocking(worths, places, list(match))


def test_deferred_acceptance_is_stable_and_best_for_mentees() -> None:
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n, m = rng.integers(0, 5, 2)
        # Distinct scores: then every mentee has one best stable mentor.
        worths = rng.permutation(np.arange(1, n * m + 1)).reshape(n, m) * (rng.random((n, m)) < 0.8)
        places = rng.integers(0, 3, m).astype(np.int32)
        match = deferred_acceptance(*graph(worths, rng), places).tolist()
        stable = [x for x in all_matchings(worths, places) if blocking(worths, places, list(x)) == 0]
        assert tuple(match) in stable
        for i, j in enumerate(match):
            best = max(worths[i, x[i]] if x[i] >= 0 else 0 for x in stable)
            assert (worths[i, j] if j >= 0 else 0) == best


def test_deferred_acceptance_with_ties_leaves_no_blocking_pair() -> None:
    for seed in range(100):
        rng = np.random.default_rng(seed)
        worths, places = worths_and_places(rng, 9)
        csr = graph(worths, rng)
        match = deferred_acceptance(*csr, places)
        assert match.dtype == np.int32
        assert count_blocking_pairs(*csr, places, match) == 0
        assert (np.bincount(match[match >= 0], minlength=len(places)) <= places).all()
