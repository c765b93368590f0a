"""Other things than the greatest total, by the way for large pools: what the way for small ones gives."""

import numpy as np
import pytest

from matcher import LimitReached, LockedRefused, certify, explain, propose, proposing
from matcher.assembling import assemble
from matcher.given import given
from matcher.large import aims, steady, weighing
from matcher.limits import failures
from matcher.modes import PEOPLE, STABLE, WORST_OFF, whole
from matcher.samples import sample
from matcher.scan.scanning import top_mentors
from matcher.scoring import scene
from matcher.solve.margins import Margins
from matcher.watching import Watch
from tests.matcher import pools
from tests.matcher.large.test_same_answers import problem, same
from tests.matcher.pools import POOLS
from tests.matcher.test_every_way import by_key, in_tiles, moved
from tests.matcher.test_proposing import drawn

SILENT = Watch(None, None)
TOGETHER = 10


def largely(x, mode, threads=1, crew=None):
    if mode == STABLE:
        return assemble(x, *steady.find(x, SILENT, threads, crew))
    return assemble(x, *aims.find(x, mode, SILENT, threads, crew))


def differing(x, mode, *, with_changes=True):
    """Beside what the way for small pools gives; None where a lock cannot stand."""
    try:
        one = assemble(x, *whole.find(x, mode, SILENT))
    except LockedRefused as refused:
        with pytest.raises(LockedRefused) as again:
            largely(x, mode)
        assert str(again.value) == str(refused)
        return None
    other = largely(x, mode)
    assert certify(x.pool, x.criteria, other).ok
    return same(one, other) if with_changes else same(unchanged(one), unchanged(other))


def unchanged(matching):
    """Without what would change that somebody is left: who is named may be another one who serves as well."""
    return matching._replace(
        **{
            side: tuple(who._replace(changes=()) for who in getattr(matching, side))
            for side in ("unmatched_mentees", "unmatched_mentors")
        }
    )


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF, STABLE])
@pytest.mark.parametrize("first", range(0, POOLS // 2, TOGETHER))
def test_small_pools_both_ways(first, mode):  # N05
    for seed in range(first, first + TOGETHER):
        # Of a pair below the floor nothing is said; where it hides one above it, that one is not named either.
        assert not differing(problem(seed), mode, with_changes=mode != WORST_OFF), seed


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF, STABLE])
@pytest.mark.parametrize("shape", ["loose", "tight", "one-to-one"])
def test_realistic_pools_both_ways(shape, mode):
    pool, criteria = sample(200, shape)
    hard = criteria._replace(topics_minimum=2, overlap_minimum=5, language_minimum=3)
    for rules in (criteria, hard):
        x = given(pool, rules, (), (), None)
        assert differing(x, mode, with_changes=mode == PEOPLE) == []


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF, STABLE])
def test_changes_that_are_certain_are_so_by_the_other_way_too(mode):
    """What is said with less certainty than could be is no fault."""
    seen = 0
    for seed in range(POOLS // 2, POOLS):
        x = problem(seed)
        try:
            one = assemble(x, *whole.find(x, mode, SILENT))
        except LockedRefused:
            continue
        other = largely(x, mode)
        for side in ("unmatched_mentees", "unmatched_mentors"):
            for mine, theirs in zip(getattr(one, side), getattr(other, side), strict=True):
                sure = {change.what for change in mine.changes if change.certain}
                if len(mine.changes) < 3:  # no more than three are told
                    assert {change.what for change in theirs.changes if change.certain} <= sure, seed
                    seen += len(sure)
    assert seen > POOLS // 8


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF, STABLE])
def test_order_of_rows_threads_and_tiles_change_nothing(mode):
    for trial in range(POOLS // 10):
        rng, pool, criteria, _, forbidden = drawn(9_000, trial)
        rows, cols = rng.permutation(len(pool.mentees.key)), rng.permutation(len(pool.mentors.key))
        x = given(pool, criteria, (), forbidden, None)
        y = given(pools.permuted(pool, rows, cols), criteria, (), moved(forbidden, rows, cols), None)
        found = {
            frozenset(by_key(one.pool, made.mentee, made.mentor))
            for one, threads, crew in (
                (x, 1, None),
                (y, 1, None),
                (x, 2, None),
                (x, 3, None),
                (y, 1, in_tiles),
            )
            for made in [largely(one, mode, threads, crew)]
        }
        assert len(found) == 1, trial


def test_prices_of_people_and_of_points_are_scanned_apart(monkeypatch):
    """Few candidates and narrow bands, so that pairs are missing at first: the proof looks at every pair."""
    monkeypatch.setattr(weighing, "HIGHEST_PRICE", 2_000)
    monkeypatch.setattr(weighing, "NEAR", 200)
    monkeypatch.setattr(weighing, "NEAR_EACH", 2)
    seen = []

    def counting(*args, **kwargs):
        seen.append(len(args[1]))
        return top_mentors(*args, **kwargs)

    monkeypatch.setattr(weighing, "top_mentors", counting)
    pool, criteria = sample(150, "one-to-one")
    for rules in (criteria, criteria._replace(topics_minimum=2, overlap_minimum=5, language_minimum=3)):
        x = given(pool, rules, (), (), None)
        for mode in (PEOPLE, WORST_OFF):
            one, other = assemble(x, *whole.find(x, mode, SILENT)), largely(x, mode)
            for name in ("mentee", "mentor", "total", "bound", "mentee_price"):
                assert np.array_equal(getattr(one, name), getattr(other, name)), name
            for name in one.claim._fields:
                assert np.array_equal(getattr(one.claim, name), getattr(other.claim, name)), name
            assert (other.margin >= one.margin).all()
            assert (other.margin == one.margin)[other.margin_is_exact].all()
    assert len(seen) > 20


@pytest.mark.parametrize("is_searched", [True, False])
def test_the_price_of_forcing_a_pair_is_the_same(is_searched, monkeypatch):
    if not is_searched:  # then it is solved once more with the pair locked
        forced = Margins.forced

        def never(*args, **kwargs):
            found = forced(*args, **kwargs)
            return found._replace(is_exact=np.zeros_like(found.is_exact))

        monkeypatch.setattr(Margins, "forced", never)
    tried = set()
    for seed in range(POOLS // 5):
        x = problem(seed)
        n = len(x.pool.mentees.key)
        mask, score = failures(scene(x.pool, x.criteria), slice(0, n), x.forbidden)
        legal = np.argwhere(mask == 0)
        if not len(legal):
            continue
        i, j = legal[np.random.default_rng(seed).integers(len(legal))].tolist()
        for mode in (PEOPLE, WORST_OFF):
            try:
                one = whole.force(x, mode, i, j)
            except LockedRefused:
                continue
            assert aims.force(x, mode, i, j, int(score[i, j])) == one, seed
            tried.add((one[0], one[1] is None))
    assert len(tried) == 3


def test_a_lift_that_does_not_outweigh_the_points_is_refused(monkeypatch):
    monkeypatch.setattr(aims, "MOST_LIFT", 1)
    for seed in range(POOLS):
        try:
            largely(problem(seed), PEOPLE)
        except LockedRefused:
            continue
        except LimitReached as reached:
            assert (reached.what, reached.limit) == ("lift", 1)
            return
    raise AssertionError("no pool needs a lift")


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF, STABLE])
def test_propose_and_explain_take_the_way_for_large_pools(mode, monkeypatch):
    pool, criteria = sample(60, "tight")
    one = propose(pool, criteria, mode=mode)
    said = [explain(pool, criteria, i, 3, matching=one) for i in range(6)]
    monkeypatch.setattr(proposing, "SMALL", 10)
    other = propose(pool, criteria, mode=mode, threads=2)
    assert same(unchanged(one), unchanged(other)) == []
    assert [explain(pool, criteria, i, 3, matching=other) for i in range(6)] == said
