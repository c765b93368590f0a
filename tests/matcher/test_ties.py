"""Among equally good matchings one is chosen by people's keys, never by the order of columns."""

from typing import Any

import numpy as np

from matcher import certify, propose
from matcher.duals import Market, least_prices
from matcher.solving import is_only_one, optimum, tight_pairs
from tests.matcher import pools


def by_key(pool: Any, found: Any) -> set[tuple[int, int]]:
    return {
        (int(pool.mentees.key[i]), int(pool.mentors.key[j]))
        for i, j in zip(found.mentee, found.mentor, strict=True)
    }


def test_the_same_people_in_another_order_get_the_same_matching() -> None:
    for seed in range(120):
        rng = np.random.default_rng(seed)
        n, m = rng.integers(0, 25, 2)
        pool, criteria = pools.pool(rng, n, m), pools.criteria(rng)
        rows, cols = rng.permutation(n), rng.permutation(m)
        other = pools.permuted(pool, rows, cols)
        one, two = propose(pool, criteria), propose(other, criteria)
        assert by_key(pool, one) == by_key(other, two)
        np.testing.assert_array_equal(one.mentee_price[rows], two.mentee_price)
        np.testing.assert_array_equal(one.mentor_price[cols], two.mentor_price)
        np.testing.assert_array_equal(one.next_best.margin[rows], two.next_best.margin)


def test_all_equal_people_are_matched_the_same_in_any_order() -> None:
    rng = np.random.default_rng(3)
    worths, places = np.full((40, 30), 5), np.full(30, 1)
    market = Market(worths, places)
    ours, theirs = (rng.choice(1 << 60, k, replace=False).astype(np.uint64) for k in (40, 30))
    match, _ = optimum(market, ours, theirs)
    rows, cols = rng.permutation(40), rng.permutation(30)
    moved, _ = optimum(market, ours[rows], theirs[cols])
    assert {(ours[i], theirs[match[i]]) for i in np.flatnonzero(match >= 0)} == {
        (ours[rows][i], theirs[cols][moved[i]]) for i in np.flatnonzero(moved >= 0)
    }


def all_matchings(worths: Any, places: Any) -> list[tuple[int, ...]]:
    """Every matching that a small market allows."""
    found: list[tuple[int, ...]] = [()]
    for row in worths:
        found = [
            (*made, j)
            for made in found
            for j in range(-1, len(places))
            if j < 0 or (row[j] > 0 and made.count(j) < places[j])
        ]
    return found


def test_it_is_known_whether_an_optimum_is_the_only_one() -> None:
    seen = set()
    for seed in range(300):
        rng = np.random.default_rng(seed)
        n, m = rng.integers(1, 5, 2)
        worths = rng.integers(0, 5, (n, m))
        places = rng.integers(0, 3, m)
        totals = [
            sum(int(worths[i, j]) for i, j in enumerate(made) if j >= 0)
            for made in all_matchings(worths, places)
        ]
        market = Market(worths, places)
        keys = np.arange(n, dtype=np.uint64), np.arange(m, dtype=np.uint64) + np.uint64(99)
        match, prices = optimum(market, *keys)
        only = is_only_one(market, prices, tight_pairs(market, prices), match)
        assert only == (totals.count(max(totals)) == 1)
        seen.add(only)
    assert seen == {True, False}


def test_prices_do_not_depend_on_the_optimum_they_are_made_from() -> None:
    worths = np.array([[4, 4, 0], [4, 4, 1]])
    market = Market(worths, np.array([1, 1, 1]))
    one = least_prices(market, np.array([0, 1], np.int32))
    other = least_prices(market, np.array([1, 0], np.int32))
    np.testing.assert_array_equal(one.mentor, other.mentor)
    np.testing.assert_array_equal(one.mentee, other.mentee)


def test_a_second_run_gives_the_same_bits() -> None:
    rng = np.random.default_rng(8)
    pool, criteria = pools.pool(rng, 60, 50), pools.criteria(rng)
    one, two = propose(pool, criteria), propose(pool, criteria, threads=2)
    for ours, theirs in zip(one, two, strict=True):
        assert str(ours) == str(theirs)
    assert certify(pool, criteria, one).ok
