"""Every mode against trying all matchings, and its proof against a graph that it did not see."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from matcher import InvalidColumn, LimitReached, LockedRefused
from matcher.modes import MODES, PEOPLE, SCORE, STABLE, WORST_OFF, run_mode, violations
from matcher.modes.graphs import Candidates
from tests.matcher.pools import POOLS
from tests.matcher.test_assigning import graph
from tests.matcher.test_stable import blocking
from tests.matcher.test_ties import all_matchings


def market(rng: np.random.Generator) -> tuple[Any, Any]:
    n, m = rng.integers(0, 6, 2)
    worths = rng.integers(0, int(rng.choice([2, 4, 60, 20_000])), (n, m)) * (
        rng.random((n, m)) < rng.random()
    )
    return worths, rng.integers(0, 4, m).astype(np.int32)


def some_pairs(rng: np.random.Generator, worths: Any, places: Any) -> tuple[Any, Any]:
    """Pins that can stand, one per mentee, and bans that hit none of them."""
    n, m = worths.shape
    left, pins = places.copy(), []
    for i in range(n):
        if m and rng.random() < 0.2:
            j = int(rng.integers(m))
            if left[j] > 0:
                left[j] -= 1
                pins.append((i, j))
    bans = [pair for pair in product(range(n), range(m)) if pair not in pins and rng.random() < 0.15]
    return tuple(np.array(pairs, np.int32).reshape(-1, 2) for pairs in (pins, bans))


def facts(worths: Any, match: Any, free: Any) -> tuple[int, int, int]:
    """(matched, least score among pairs that are not pinned, total)"""
    points = [int(worths[i, j]) for i, j in enumerate(match) if j >= 0]
    open_points = [int(worths[i, j]) for i, j in enumerate(match) if j >= 0 and free[i]]
    return len(points), min(open_points, default=0), sum(points)


@pytest.mark.parametrize("part", range(10))
def test_modes_find_the_best_of_all_matchings_and_prove_it(part: int) -> None:  # N05
    for seed in range(part, POOLS, 10):
        rng = np.random.default_rng(seed)
        worths, places = market(rng)
        pins, bans = some_pairs(rng, worths, places)
        csr = (*graph(worths, rng), places)
        free = np.ones(len(worths), np.bool_)
        free[pins[:, 0]] = False
        left = (places - np.bincount(pins[:, 1], minlength=len(places))).astype(np.int32)
        open_worths = worths * free[:, None]
        open_worths[bans[:, 0], bans[:, 1]] = 0
        every = [list(match) for match in all_matchings(open_worths, left)]
        for match in every:
            for i, j in pins.tolist():
                match[i] = j
        told = [facts(worths, match, free) for match in every]
        wanted = {
            SCORE: max(told, key=lambda f: f[2])[2],
            PEOPLE: max((f[0], f[2]) for f in told),
            WORST_OFF: max(told),
        }
        for mode in MODES:
            found = run_mode(mode, *csr, pinned=pins, forbidden=bans)
            assert violations(found, Candidates(*csr), pinned=pins, forbidden=bans) == ()
            assert found.match.tolist() in every
            matched, least, total = facts(worths, found.match.tolist(), free)
            assert (found.matched, found.least, found.total) == (matched, least, total)
            assert found.plain_total == wanted[SCORE] == found.total + found.price
            assert found.gap == found.bound - found.total >= 0
            open_match = np.where(free, found.match, -1).tolist()
            assert found.blocking_pairs == blocking(open_worths, left, open_match)
            if mode == STABLE:
                assert found.blocking_pairs == 0
            else:
                got = {SCORE: total, PEOPLE: (matched, total), WORST_OFF: (matched, least, total)}
                assert got[mode] == wanted[mode]
                assert found.gap == 0


def test_modes_do_not_depend_on_the_order_of_people() -> None:
    for seed in range(POOLS // 4):
        rng = np.random.default_rng(seed)
        n, m = rng.integers(1, 9, 2)
        worths = rng.integers(0, 4, (n, m))
        places = rng.integers(0, 4, m).astype(np.int32)
        ours, theirs = (rng.choice(1 << 60, k, replace=False).astype(np.uint64) for k in (n, m))
        rows, cols = rng.permutation(n), rng.permutation(m)
        for mode in MODES:
            one = run_mode(mode, *graph(worths), places, mentee_key=ours, mentor_key=theirs)
            other = run_mode(
                mode,
                *graph(worths[rows][:, cols], rng),
                places[cols],
                mentee_key=ours[rows],
                mentor_key=theirs[cols],
            )
            back = np.where(other.match >= 0, cols[other.match], -1)
            assert back.tolist() == one.match[rows].tolist()
            assert one[2:12] == other[2:12]


def test_a_chain_gains_one_person_at_a_great_price() -> None:
    """The plain optimum leaves the last out: bringing her in moves everybody to a poorer pair."""
    n = 40
    worths = np.zeros((n, n), np.int64)
    worths[np.arange(n - 1), np.arange(1, n)] = 20_000
    worths[np.arange(n), np.arange(n)] = 1
    worths[n - 1, n - 1] = 1
    places = np.ones(n, np.int32)
    plain, most = (run_mode(mode, *graph(worths), places) for mode in (SCORE, PEOPLE))
    assert (plain.matched, most.matched) == (n - 1, n)
    assert most.total == n
    assert most.price == 20_000 * (n - 1) - n
    assert violations(most, Candidates(*graph(worths), places)) == ()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("n", "m", "places"), [(0, 0, 1), (0, 3, 1), (3, 0, 1), (1, 1, 1), (4, 4, 0), (5, 2, 2)]
)
def test_modes_take_ordinary_extremes(mode: int, n: int, m: int, places: int) -> None:
    worths, capacity = np.full((n, m), 7), np.full(m, places, np.int32)
    found = run_mode(mode, *graph(worths), capacity)
    assert found.matched == min(n, m * places)
    assert found.total == 7 * found.matched
    assert found.price == found.blocking_pairs == 0
    assert violations(found, Candidates(*graph(worths), capacity)) == ()


@pytest.mark.parametrize("mode", MODES)
def test_nobody_is_matched_when_every_pair_is_forbidden(mode: int) -> None:
    worths = np.full((3, 2), 5)
    bans = np.array(list(product(range(3), range(2))), np.int32)
    found = run_mode(mode, *graph(worths), np.ones(2, np.int32), forbidden=bans)
    assert found.match.tolist() == [-1, -1, -1]
    assert (found.matched, found.total, found.least, found.plain_total) == (0, 0, 0, 0)


def test_a_false_proof_is_seen() -> None:
    rng = np.random.default_rng(4)
    worths, places = rng.integers(1, 60, (6, 4)), np.ones(4, np.int32)
    csr = Candidates(*graph(worths), places)
    found = run_mode(WORST_OFF, *csr)
    poorer = found._replace(match=np.where(found.match == 2, -1, found.match).astype(np.int32))
    assert {"people", "total", "bound", "count"} <= set(violations(poorer, csr))
    assert "total" in violations(found._replace(total=found.total + 1), csr)
    assert "least" in violations(found._replace(least=found.least + 1), csr)
    lower = found.proof._replace(mentor_price=found.proof.mentor_price - 1)
    assert {"prices", "bound"} <= set(violations(found._replace(proof=lower), csr))
    assert "above" in violations(found._replace(proof=found.proof._replace(above=None)), csr)
    assert "people" in violations(found._replace(proof=found.proof._replace(people=None)), csr)


PINS = {
    "a row that is not there": ("pinned", [(9, 0)], "pinned"),
    "a mentee pinned twice": ("pinned", [(0, 0), (0, 1)], "pinned"),
    "a ban on nobody": ("forbidden", [(0, 9)], "forbidden"),
}


@pytest.mark.parametrize("case", PINS)
def test_bad_pins_are_named(case: str) -> None:
    name, pairs, column = PINS[case]
    with pytest.raises(InvalidColumn) as refused:
        run_mode(SCORE, *graph(np.ones((2, 2))), np.ones(2, np.int32), **{name: np.array(pairs, np.int32)})
    assert refused.value.column == column


def test_pins_that_cannot_stand_are_refused() -> None:
    csr = (*graph(np.ones((2, 2))), np.ones(2, np.int32))
    pair = np.array([[0, 1]], np.int32)
    with pytest.raises(LockedRefused) as refused:
        run_mode(SCORE, *csr, pinned=pair, forbidden=pair)
    assert refused.value.limit == "forbidden"
    with pytest.raises(LockedRefused) as refused:
        run_mode(SCORE, *csr, pinned=np.array([[0, 1], [1, 1]], np.int32))
    assert (refused.value.mentee, refused.value.limit) == (0, "capacity")


def test_modes_and_keys_are_checked() -> None:
    csr = (*graph(np.ones((2, 1))), np.ones(1, np.int32))
    with pytest.raises(InvalidColumn, match="mode"):
        run_mode(7, *csr)
    with pytest.raises(InvalidColumn, match="mentee_key"):
        run_mode(SCORE, *csr, mentee_key=np.zeros(2, np.uint64))


def test_scores_too_great_to_put_people_first_are_refused() -> None:
    worths = np.array([[1, 1 << 30, 0], [0, 1, 1 << 30], [0, 0, 1]])
    with pytest.raises(LimitReached) as refused:
        run_mode(PEOPLE, *graph(worths), np.ones(3, np.int32))
    assert refused.value.what == "lift"


@pytest.mark.parametrize("mode", MODES)
def test_modes_of_a_larger_pool_prove_themselves(mode: int) -> None:
    rng = np.random.default_rng(6)
    worths = rng.integers(1, 20_000, (420, 380)) * (rng.random((420, 380)) < 0.015)
    places = rng.integers(0, 3, 380).astype(np.int32)
    csr = Candidates(*graph(worths, rng), places)
    pins = np.array([[3, int(np.argmax(places))]], np.int32)
    bans = np.argwhere(worths > 19_000).astype(np.int32)
    bans = bans[(bans != pins[0]).any(axis=1)]
    found = run_mode(mode, *csr, pinned=pins, forbidden=bans)
    assert violations(found, csr, pinned=pins, forbidden=bans) == ()
    assert found.match[3] == pins[0, 1]
    assert not set(zip(range(420), found.match.tolist(), strict=True)) & set(map(tuple, bans.tolist()))
    plain = run_mode(SCORE, *csr, pinned=pins, forbidden=bans)
    assert found.plain_total == plain.total >= found.total
    if mode in (PEOPLE, WORST_OFF):
        assert found.matched > plain.matched
        assert found.price > 0
