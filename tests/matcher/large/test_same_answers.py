"""The way for large pools gives what the way for small ones gives: the same pairs, proof and reasons."""

import numpy as np
import pytest

from matcher import LockedRefused, Quotas, certify, dense
from matcher.assembling import assemble
from matcher.given import given
from matcher.large import next_best, pricing, reasons, running, waiters
from matcher.limits import BIT, failures
from matcher.samples import sample
from matcher.scoring import scene
from matcher.watching import Watch
from tests.matcher import pools
from tests.matcher.pools import POOLS

TOGETHER = 10


def problem(seed):
    """A small pool with anything in it: ties, nobody, quotas, locks and bans."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(0, 14, 2)
    pool, criteria = pools.pool(rng, int(n), int(m)), pools.criteria(rng)
    forbidden = pools.some_pairs(rng, n, m, 0.05)
    quotas = None
    if rng.random() < 0.5:
        quotas = Quotas(*(rng.integers(-1, 4, 3).astype(np.int32) for _ in range(2)))
    x = given(pool, criteria, (), forbidden, quotas)
    if rng.random() < 0.3 and n and m:
        mask, _ = failures(scene(pool, criteria), slice(0, int(n)), x.forbidden)
        open_pairs = np.argwhere(mask & ~np.uint16(BIT["score"]) == 0)
        x = x._replace(locked=open_pairs[rng.permutation(len(open_pairs))[:1]].astype(np.int32))
    return x


def both(x):
    return [
        assemble(x, found)
        for found in (dense.find(x, Watch(None, None)), running.find(x, Watch(None, None), 1))
    ]


def same(one, other):
    """Fields in which two matchings differ, but for what is said of how exact they are."""
    exact = np.ones_like(one.next_best.margin, np.bool_)
    assert one.margin_is_exact.all() and one.next_best.is_exact.all()
    other = other._replace(
        margin_is_exact=one.margin_is_exact, next_best=other.next_best._replace(is_exact=exact)
    )
    return differing(one, other)


def differing(one, other):
    return [name for name in one._fields if not equal(getattr(one, name), getattr(other, name))]


def equal(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if hasattr(one, "_fields") and not hasattr(one, "what"):
        return all(equal(a, b) for a, b in zip(one, other, strict=True))
    return one == other


@pytest.mark.parametrize("first", range(0, POOLS, TOGETHER))
def test_small_pools_both_ways(first):
    for seed in range(first, first + TOGETHER):
        x = problem(seed)
        try:
            one, other = both(x)
        except LockedRefused as refused:
            with pytest.raises(LockedRefused) as again:
                running.find(x, Watch(None, None), 1)
            assert str(again.value) == str(refused)
            continue
        assert same(one, other) == [], seed
        assert certify(x.pool, x.criteria, other).ok, seed


@pytest.mark.parametrize("shape", ["loose", "tight", "one-to-one"])
def test_realistic_pools_both_ways(shape):
    pool, criteria = sample(240, shape)
    one, other = both(given(pool, criteria, (), (), None))
    assert same(one, other) == []


@pytest.mark.parametrize("shape", ["loose", "tight", "one-to-one"])
def test_margins_that_are_not_exact_say_so(shape, monkeypatch):
    pool, criteria = sample(400, shape)
    x = given(pool, criteria, (), (), None)
    monkeypatch.setattr(reasons, "SETTLED", 0)
    monkeypatch.setattr(next_best, "SETTLED", 0)
    monkeypatch.setattr(pricing, "NEAR", 300)
    monkeypatch.setattr(pricing, "MOST_KEPT", 1)
    one, other = both(x)
    listed = one.next_best.mentor >= 0
    assert np.array_equal(one.next_best.mentor, other.next_best.mentor)
    for exact, margin, is_exact in (
        (one.margin, other.margin, other.margin_is_exact),
        (one.next_best.margin[listed], other.next_best.margin[listed], other.next_best.is_exact[listed]),
    ):
        assert (margin >= exact).all()
        assert (margin == exact)[is_exact].all()
        assert 0 < is_exact.sum() < len(is_exact)


def test_reasons_for_many_are_the_same_but_for_their_changes(monkeypatch):
    monkeypatch.setattr(waiters, "PAIRS_EXPLAINED", 0)
    seen = 0
    for seed in range(POOLS // 4):
        x = problem(seed)
        try:
            one, other = both(x)
        except LockedRefused:
            continue
        for side in ("unmatched_mentees", "unmatched_mentors"):
            seen += len(getattr(one, side))
            assert tuple(who._replace(changes=()) for who in getattr(one, side)) == getattr(other, side), seed
    assert seen > POOLS // 4


@pytest.mark.parametrize("shape", ["loose", "one-to-one"])
def test_next_best_are_found_beyond_mentors_whom_quotas_forbid(shape, monkeypatch):
    pool, criteria = sample(160, shape)
    monkeypatch.setattr(pricing, "MOST_KEPT", 1)
    monkeypatch.setattr(pricing, "FEWEST_EACH", 5)
    monkeypatch.setattr(next_best, "SETTLED", 0)
    places = np.bincount(pool.mentors.organisation, weights=pool.mentors.capacity)
    mentors = np.full(len(places), -1, np.int32)
    mentors[np.argsort(places)[-4:]] = 0, 1, 2, 0
    mentees = np.full(len(places), -1, np.int32)
    mentees[:4] = 0, 1, 3, 5
    one, other = both(given(pool, criteria, (), (), Quotas(mentees, mentors)))
    assert np.array_equal(one.next_best.mentor, other.next_best.mentor)
    assert (other.next_best.margin >= one.next_best.margin).all()
    assert (other.next_best.margin == one.next_best.margin)[other.next_best.is_exact].all()


@pytest.mark.parametrize("shape", ["loose", "tight", "one-to-one"])
def test_pools_too_large_for_near_pairs_have_the_same_pairs_and_prices(shape, monkeypatch):
    """From rough first prices, with few near pairs kept."""
    monkeypatch.setattr(pricing, "NEAR_PEOPLE", 0)
    monkeypatch.setattr(pricing, "NEAR_IN_LARGE", 40)
    monkeypatch.setattr(pricing, "MOST_KEPT", 1)
    monkeypatch.setattr(pricing, "FEWEST_EACH", 8)
    pool, criteria = sample(300, shape)
    one, other = both(given(pool, criteria, (), (), None))
    for name in ("mentee", "mentor", "score", "mentee_price", "mentor_price", "total", "bound"):
        assert equal(getattr(one, name), getattr(other, name)), name
    assert (other.margin >= one.margin).all()
    assert (other.margin == one.margin)[other.margin_is_exact].all()
    assert certify(pool, criteria, other).ok
