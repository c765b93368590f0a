"""What modes claim, recounted by compiled loops: against the plain way, and with every kind of lie."""

import numpy as np
import pytest

from matcher import LockedRefused, Quotas, certify, certifying, propose
from matcher.modes import PEOPLE, SCORE, STABLE, WORST_OFF
from matcher.recounting import claims
from matcher.recounting.pairs import facts
from matcher.recounting.sweeping import Prices, sweep
from matcher.samples import sample
from tests.matcher import pools
from tests.matcher.modes.trying import LOOSE, Case

POOLS = pools.POOLS // 4


def drawn(seed):
    """A pool with bans, and now and then locks and quotas: (pool, criteria, what else was asked)."""
    if seed % 3 == 0:
        case = Case(5_000 + seed)
        return (
            case.pool,
            case.criteria,
            {"locked": case.locked, "forbidden": case.forbidden, "quotas": case.quotas},
        )
    rng = np.random.default_rng([78, seed])
    n, m = rng.integers(1, 26, 2)
    pool, criteria = pools.pool(rng, int(n), int(m)), pools.criteria(rng)
    criteria = criteria._replace(**LOOSE) if seed % 2 else criteria
    quotas = Quotas(*(rng.integers(-1, 5, 3).astype(np.int32) for _ in range(2)))
    return pool, criteria, {"forbidden": pools.some_pairs(rng, n, m, 0.05), "quotas": quotas}


def changed(array, at, by):
    out = array.copy()
    if out.size:
        out.flat[at % out.size] += by
    return out


def lowered(field, by):
    def lie(x, rng):
        prices = getattr(x.claim, field)
        above = np.flatnonzero(prices.ravel() > 0)
        at = int(rng.choice(above)) if len(above) else 0
        return {field: changed(prices, at, -by)}

    return lie


def with_score(x, rng):
    """Prices of the last stage taken down at random, as many as there are."""
    prices = x.claim.mentee_price.copy()
    if len(prices):
        prices[-1] = np.maximum(prices[-1] - rng.integers(0, 3, prices.shape[1]) * rng.integers(0, 9), 0)
    return {"mentee_price": prices}


def moved(x, rng):
    """Something taken from mentors and given to mentees."""
    by = int(rng.integers(1, 30_000))
    stage = len(x.claim.lift) - 1
    one, other = x.claim.mentee_price.copy(), x.claim.mentor_price.copy()
    if stage >= 0 and one.size and other.size:
        one[stage], other[stage] = one[stage] - by, other[stage] + by
    return {"mentee_price": one, "mentor_price": other}


def far_away(x, rng):
    """Prices just short of an overflow when two are added."""
    return {
        "mentee_price": x.claim.mentee_price + rng.choice([0, 1 << 61], x.claim.mentee_price.shape),
        "mentor_price": x.claim.mentor_price + rng.choice([0, 0, 1 << 61], x.claim.mentor_price.shape),
    }


LIES = {
    "honest": lambda _x, _rng: {},
    "mentee's price": lowered("mentee_price", 1),
    "mentor's price": lowered("mentor_price", 1),
    "mentee's price by much": lowered("mentee_price", 30_000),
    "mentor's price by much": lowered("mentor_price", 30_000),
    "price of a mentees' quota": lowered("mentee_quota_price", 1),
    "price of a mentors' quota": lowered("mentor_quota_price", 1),
    "many prices": with_score,
    "prices moved": moved,
    "prices far away": far_away,
    "floors higher": lambda x, _: {"floor": x.claim.floor + 1},
    "floors lower": lambda x, _: {"floor": x.claim.floor - 1},
    "floors gone": lambda x, _: {"floor": 0 * x.claim.floor - 7},
    "lifts higher": lambda x, _: {"lift": x.claim.lift + 1},
    "lifts lower": lambda x, _: {"lift": x.claim.lift - 1},
    "lifts gone": lambda x, _: {"lift": 0 * x.claim.lift},
    "lifts much higher": lambda x, _: {"lift": 7 * x.claim.lift + 40_000},
    "prices in parts": lambda x, _: {"mentee_price": x.claim.mentee_price + 0.5},
    "people only": lambda x, _: {"is_counting": np.ones_like(x.claim.is_counting)},
    "points only": lambda x, _: {"is_counting": np.zeros_like(x.claim.is_counting)},
    "no prices": lambda x, _: {"mentee_price": 0 * x.claim.mentee_price, "mentor_price": 0 * x.claim.mentor_price},
}  # fmt: skip


@pytest.fixture
def both_ways(monkeypatch):
    def recounted(pool, criteria, matching):
        monkeypatch.setattr(certifying, "SMALL", 1_000)
        plain = certify(pool, criteria, matching)
        monkeypatch.setattr(certifying, "SMALL", -1)
        large = certify(pool, criteria, matching, threads=2)
        assert large._replace(violations=()) == plain._replace(violations=())
        if len(plain.violations) < certifying.MOST_VIOLATIONS:
            assert sorted(large.violations) == sorted(plain.violations)
        else:
            assert len(large.violations) == certifying.MOST_VIOLATIONS
        return plain

    return recounted


@pytest.mark.parametrize("lie", LIES)
def test_both_ways_find_the_same_faults_in_a_claim(lie, both_ways):
    told = 0
    for seed in range(POOLS):
        pool, criteria, asked = drawn(seed)
        rng = np.random.default_rng(seed)
        for mode in (PEOPLE, WORST_OFF):
            try:
                found = propose(pool, criteria, **asked, mode=mode)
            except LockedRefused:
                continue
            one = both_ways(
                pool, criteria, found._replace(claim=found.claim._replace(**LIES[lie](found, rng)))
            )
            assert one.ok or lie != "honest", (seed, one.violations)
            told += not one.ok
    assert told > 0 or lie == "honest"


def other_pairs(x, stable):
    """The pairs of `x` beside the claim of a stable matching."""
    return x._replace(claim=stable.claim, digest=stable.digest)


def without(x, rng):
    """One pair less, so that two people are free for each other."""
    kept = np.arange(len(x.mentee)) != rng.integers(0, max(len(x.mentee), 1))
    names = ("mentee", "mentor", "score", "contributions", "locked", "margin")
    short = {name: getattr(x, name)[kept] for name in names}
    return x._replace(**short, total=int(short["score"].sum()))


def test_both_ways_find_the_same_blocking_pairs(both_ways):
    told = 0
    for seed in range(3 * POOLS):
        pool, criteria, asked = drawn(seed)
        rng = np.random.default_rng(seed)
        try:
            stable, best = (propose(pool, criteria, **asked, mode=mode) for mode in (STABLE, SCORE))
        except LockedRefused:
            continue
        assert both_ways(pool, criteria, stable).ok, seed
        for matching in (other_pairs(best, stable), without(stable, rng)):
            faults = both_ways(pool, criteria, matching).violations
            told += any(fault.startswith("blocking_pair") for fault in faults)
    assert told > POOLS


def test_mentors_ask_for_the_least_that_would_give_way():
    for seed in range(3 * POOLS):
        pool, criteria, asked = drawn(seed)
        try:
            x = propose(pool, criteria, **asked)
        except LockedRefused:
            continue
        now = claims.standing_of(facts(pool, criteria, x.forbidden_pairs), x)
        free = [
            (i, j, int(p))
            for i, j, p in zip(x.mentee, x.mentor, x.score, strict=True)
            if not now.is_locked[i]
        ]
        for j, told in enumerate(claims.asked_by_mentors(pool, x, now).tolist()):
            o = pool.mentors.organisation[j]
            if (x.mentor == j).sum() >= pool.mentors.capacity[j]:
                assert told == min((p for _, b, p in free if b == j), default=claims.NEVER)
            elif claims.left(x.mentor_quota, pool.mentors.organisation, j, x.mentor) <= 0:
                beside = (p for _, b, p in free if pool.mentors.organisation[b] == o)
                assert told == min(beside, default=claims.NEVER)
            else:
                assert told == 0


def test_a_sweep_of_any_prices_hands_over_whoever_beats_them():
    """Prices in bands, negative and beyond 64 bits together; pairs that nobody names or bans, so suspects are all there are."""
    for seed in range(2 * POOLS):
        rng = np.random.default_rng([79, seed])
        n, m = rng.integers(1, 20, 2)
        pool, criteria = pools.pool(rng, int(n), int(m)), pools.criteria(rng)
        nobody = np.zeros((0, 3), np.int32)
        pool = pool._replace(wishes=nobody, exclusions=nobody[:, :2])
        s = facts(pool, criteria, nobody[:, :2])
        i, j = (places.ravel() for places in np.indices((n, m)))
        score = certifying.points_of(s, i, j).sum(axis=0).reshape(n, m)
        legal = certifying.legal(s, i, j).reshape(n, m)
        steps = [0, 5, 23_000, 23_001, 23_002, 50_000, 1 << 28]
        prices = Prices(
            rng.choice([-1, 1], n) * rng.choice(steps, n) + rng.integers(0, max(score.max(), 1) + 1, n),
            rng.choice(steps, m) + rng.integers(0, max(score.max(), 1) + 1, m),
            rng.random(n) < 0.1,
            rng.integers(-2, max(score.max(), 1) + 1, m) if seed % 2 else None,
        )
        expected = legal & (score > prices.mentee[:, None] + prices.mentor) & ~prices.skipped[:, None]
        if prices.least is not None:
            expected &= score > prices.least
        found = np.zeros((n, m), np.int64)

        def judge(a, b, found=found):
            np.add.at(found, (a, b), 1)
            return True

        sweep(s, prices, judge, 2)
        assert (found == expected).all(), seed


def made_up(shape):
    """
    A claim of PEOPLE beside the greatest total where that matches as many as can be: every mentee who has a pair at all,
    or every place. A person costs a lift where there is no more of.
    """
    pool, criteria = sample(1_100, shape)
    places = pool.mentors.capacity * 2 if shape == "loose" else np.minimum(pool.mentors.capacity, 1)
    pool = pool._replace(mentors=pool.mentors._replace(capacity=places))
    x = propose(pool, criteria)
    short = np.zeros(len(pool.mentees.key), np.int64), np.zeros(len(pool.mentors.key), np.int64)
    short[shape != "loose"][x.mentee if shape == "loose" else x.mentor] = 1
    lift = 2 * x.total + 1
    claim = x.claim._replace(
        mode=PEOPLE,
        is_counting=np.array([True, False]),
        lift=np.array([1, lift]),
        floor=np.array([1, 1], np.int32),
        mentee_price=np.stack([short[0], x.mentee_price + lift * short[0]]),
        mentor_price=np.stack([short[1], x.mentor_price + lift * short[1]]),
        mentee_quota_price=np.zeros((2, 0), np.int64),
        mentor_quota_price=np.zeros((2, 0), np.int64),
    )
    return pool, criteria, x._replace(digest=certifying.digest(pool, criteria, PEOPLE), claim=claim)


def codes(certificate):
    return {fault.split(":")[0] for fault in certificate.violations}


@pytest.mark.parametrize("shape", ["loose", "tight"])
def test_a_price_too_low_by_one_is_found_among_a_million_pairs_of_a_claim(shape):
    pool, criteria, x = made_up(shape)
    heard = []
    assert certify(pool, criteria, x, threads=2, pause=heard.append).violations == ()
    assert heard == sorted(heard) and heard[-1] == 1
    for side in ("mentee_price", "mentor_price"):
        for stage in (0, 1):
            price = getattr(x.claim, side).copy()
            if price[stage].any():
                price[stage, np.argmax(price[stage])] -= 1
                told = certify(pool, criteria, x._replace(claim=x.claim._replace(**{side: price})))
                # Of a hundred faults or more the last are not told.
                assert codes(told) - {"claim_not_proved"} == {"claim_price_too_low"}


def test_blocking_pairs_and_prices_of_nothing_are_refused_at_once():
    pool, criteria, x = made_up("loose")
    stable = x._replace(
        digest=certifying.digest(pool, criteria, STABLE),
        claim=propose(pool, criteria).claim._replace(mode=STABLE),
    )
    told = certify(pool, criteria, stable)
    assert codes(told) == {"blocking_pair"} and len(told.violations) == certifying.MOST_VIOLATIONS
    nothing = x.claim._replace(mentee_price=0 * x.claim.mentee_price, mentor_price=0 * x.claim.mentor_price)
    told = certify(pool, criteria, x._replace(claim=nothing))
    assert codes(told) == {"claim_price_too_low"} and len(told.violations) == certifying.MOST_VIOLATIONS
