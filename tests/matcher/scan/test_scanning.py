"""Every engine finds the same lists as sorting all pairs does, and the same bits however the work is cut."""

import pickle
from typing import Any

import numpy as np
import pytest

from matcher import Cancelled
from matcher.samples import sample
from matcher.scan import scanning, tasks
from matcher.scan.scanning import over, top_mentees, top_mentors
from tests.matcher import pools
from tests.matcher.pools import POOLS
from tests.matcher.scan.drawing import ENGINES, best, drawn, listed, packed, truth


def prices(rng: Any, count: int, seed: int) -> Any:
    return rng.integers(0, (1, 10, 3000)[seed % 3], count)


@pytest.mark.parametrize("engine", ENGINES)
def test_top_mentors_equal_a_full_sort(engine: Any) -> None:
    for seed in range(POOLS):
        pool, criteria, forbidden = drawn(seed)
        rng = np.random.default_rng([seed, 1])
        mask, score = truth(pool, criteria, forbidden)
        n, m = mask.shape
        price, above = prices(rng, m, seed), rng.integers(-50, 50, n)
        k = int(rng.integers(1, 12))
        rows = rng.permutation(n)[: max(1, n - 2)].astype(np.int32)
        lists = top_mentors(
            packed(pool, criteria, forbidden), rows, k, mentor_price=price, above=above[rows], engine=engine
        )
        wanted = best(mask[rows], score[rows], price, above[rows], pool.mentors.key, k)
        assert listed(lists) == wanted, seed


@pytest.mark.parametrize("engine", ENGINES)
def test_top_mentees_equal_a_full_sort(engine: Any) -> None:
    for seed in range(POOLS):
        pool, criteria, forbidden = drawn(seed)
        rng = np.random.default_rng([seed, 2])
        mask, score = truth(pool, criteria, forbidden)
        n, m = mask.shape
        price, above = prices(rng, n, seed), rng.integers(-50, 50, m)
        k = int(rng.integers(1, 12))
        lists = top_mentees(
            packed(pool, criteria, forbidden), None, k, mentee_price=price, above=above, engine=engine
        )
        assert listed(lists) == best(mask.T, score.T, price, above, pool.mentees.key, k), seed


@pytest.mark.parametrize("engine", ENGINES)
def test_over_finds_every_pair_above_the_prices_and_bounds_the_rest(engine: Any) -> None:
    for seed in range(POOLS):
        pool, criteria, forbidden = drawn(seed)
        rng = np.random.default_rng([seed, 3])
        mask, score = truth(pool, criteria, forbidden)
        n, m = mask.shape
        u, v = prices(rng, n, seed), prices(rng, m, seed)
        slack, inclusive, most = int(rng.integers(0, 5)), bool(seed & 1), int(rng.choice([2, 100]))
        edges = over(
            packed(pool, criteria, forbidden), None, u, v,
            slack=slack, inclusive=inclusive, most=most, engine=engine,
        )  # fmt: skip
        found = set(zip(edges.row.tolist(), edges.column.tolist(), strict=True))
        beats = (mask == 0) & (score > u[:, None] + v - slack - inclusive)
        assert all(beats[i, j] for i, j in found)
        if most == 100:
            assert len(found) == beats.sum()
        for i, j in np.argwhere(mask == 0).tolist():
            assert (i, j) in found or score[i, j] - v[j] <= edges.bound[i]
        assert all(score[i, j] == s for i, j, s in zip(edges.row, edges.column, edges.score, strict=True))


@pytest.fixture(scope="module")
def wide() -> Any:
    """More lanes than one chunk, so that samples, chunks and tiles are at work."""
    pool, criteria = sample(900, "loose", seed=5)
    rng = np.random.default_rng(5)
    mentors = pools.pool(rng, 0, 5000).mentors
    many = pool.mentors._replace(
        **{name: np.resize(getattr(pool.mentors, name), (5000, *getattr(pool.mentors, name).shape[1:]))
           for name in pool.mentors._fields}
    )._replace(key=mentors.key)  # fmt: skip
    pool = pool._replace(mentors=many)
    mask, score = truth(pool, criteria, np.zeros((0, 2), np.int32))
    return pool, criteria, packed(pool, criteria), mask, score


@pytest.mark.parametrize("engine", ["plain", "lanes"])
@pytest.mark.parametrize("k", [1, 16])
def test_samples_and_chunks_lose_nobody(wide: Any, engine: Any, k: int) -> None:
    pool, _, ready, mask, score = wide
    above = np.full(900, -(1 << 15))
    lists = top_mentors(ready, None, k, engine=engine)
    assert listed(lists) == best(mask, score, np.zeros(5000, int), above, pool.mentors.key, k)
    price = np.arange(900) * 7 % 2000
    lists = top_mentees(ready, None, k, mentee_price=price, engine=engine)
    assert listed(lists) == best(mask.T, score.T, price, np.full(5000, -(1 << 15)), pool.mentees.key, k)


def test_any_pieces_and_threads_give_the_same_bits(wide: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, price = wide[2], np.arange(5000) * 13 % 3000
    whole = top_mentors(ready, None, 8, mentor_price=price)
    columns = top_mentees(ready, None, 8)
    for module in (scanning, tasks):
        monkeypatch.setattr(module, "rows_a_task", lambda *_: 100)
    sent = pickle.loads(pickle.dumps(ready))
    for threads in (1, 2, 3):
        again = top_mentors(sent, None, 8, mentor_price=price, threads=threads)
        assert all(np.array_equal(a, b) for a, b in zip(whole, again, strict=True))
        again = top_mentees(sent, None, 8, threads=threads)
        assert all(np.array_equal(a, b) for a, b in zip(columns, again, strict=True))


def test_a_cancelled_scan_stops(wide: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "rows_a_task", lambda *_: 10)
    heard: list[float] = []

    def pause(done: float) -> None:
        heard.append(done)
        if len(heard) == 3:
            raise Cancelled

    for threads in (1, 2):
        heard.clear()
        with pytest.raises(Cancelled):
            top_mentors(wide[2], None, 4, threads=threads, pause=pause)
        assert heard == sorted(heard)
        assert len(heard) == 3


def test_input_order_changes_nothing() -> None:
    pool, criteria, _ = drawn(11)
    rng = np.random.default_rng(1)
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    rows, cols = rng.permutation(n), rng.permutation(m)
    one = top_mentors(packed(pool, criteria), None, 5, engine="lanes")
    two = top_mentors(packed(pools.permuted(pool, rows, cols), criteria), None, 5, engine="lanes")
    back = np.append(cols, -1)
    assert np.array_equal(one.person[rows], back[two.person])


def test_bad_arguments_are_refused() -> None:
    pool, criteria, _ = drawn(3)
    ready = packed(pool, criteria)
    with pytest.raises(ValueError, match="k must"):
        top_mentors(ready, None, 0)
    with pytest.raises(ValueError, match="k must"):
        top_mentees(ready, None, 0)
    with pytest.raises(ValueError, match="prices"):
        top_mentors(ready, None, 1, mentor_price=np.full(len(pool.mentors.key) + 1, 0))
    with pytest.raises(ValueError, match="columns"):
        top_mentors(ready, None, 1, columns=(1, 2))
    with pytest.raises(ValueError, match="slack"):
        over(ready, None, np.zeros(0, int), np.zeros(0, int), slack=9001)
