"""
Structures of pools too large for a table of all pairs: the same limits and points as the definition, and true bounds.

The way of large pools is taken here by small ones, so that the exact answer is known beside it.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matcher import (
    Cancelled,
    LockedRefused,
    certify_circles,
    certify_groups,
    certify_mutual,
    propose_circles,
    propose_groups,
    propose_mutual,
)
from matcher.columns import Quotas
from matcher.limits import failures
from matcher.samples import sample, sample_peers
from matcher.scoring import scene
from matcher.structures.crowds import SHIFT, Scenery, scenery
from matcher.structures.facing import POINTS, face, see
from matcher.structures.looking import count_peers
from tests.matcher import pools, reference
from tests.matcher.structures.test_circles import POOLS
from tests.matcher.structures.test_grouping import drawn as drawn_groups
from tests.matcher.structures.test_one_pool import best, circles_of, drawn, fails, mutual_value, worth

TURNS = max(POOLS // 10, 10)
PEOPLE = 400 if POOLS <= 100 else 3_000
"""Of the pools in which only bounds are known; more of them in the long proof."""


@pytest.fixture
def large() -> Iterator[None]:
    """Everything counts as large, in what makes and in what checks."""
    with pytest.MonkeyPatch.context() as patched:
        for name in (
            "mutual.MOST_EXACT",
            "looking.MOST_EXACT",
            "circling.SMALL",
            "grouping.SMALL",
            "peer_recount.SMALL",
            "circle_recount.SMALL",
            "group_recount.SMALL",
        ):
            patched.setattr(f"matcher.structures.{name}", -1)
        patched.setattr("matcher.structures.circles_large.STEPS", 100_000)
        yield


def faced(s: Scenery, is_mentee: bool) -> Any:
    """The value of every pair, as one side faces the other."""
    mine, theirs = (s.mentees, s.mentors) if is_mentee else (s.mentors, s.mentees)
    n, m = len(mine.person), len(theirs.person)
    values, seen = np.zeros((n, m), np.int32), np.zeros((3, max(n, m, 1)), np.int32)
    for i in range(n):
        see(mine, i, is_mentee, theirs, s.tables, s.rules, seen)
        half = m // 2
        for first, last in ((0, half), (half, m)):
            part = values[i, first:last], np.zeros(last - first, np.uint8)
            face(mine, i, is_mentee, theirs, first, s.tables, s.rules, seen, *part)
    return values


def test_both_sides_see_the_points_and_limits_of_the_definition() -> None:
    for seed in range(TURNS):
        rng = np.random.default_rng([91, seed])
        n, m = (int(k) for k in rng.integers(1, 12, 2))
        pool, criteria = pools.pool(rng, n, m), pools.criteria(rng)
        forbidden = pools.some_pairs(rng, n, m, 0.1)
        s = scenery(pool, criteria, forbidden)
        values = faced(s, True)
        mask, points = failures(scene(pool, criteria), slice(0, n), forbidden)
        assert (values == faced(s, False).T).all()
        assert (values & POINTS == points).all()
        assert (
            (values >> SHIFT) == (mask & 0x0FFF)
        ).all()  # the thirteenth, no points at all, is told by the points


def test_pairs_of_a_large_pool_come_near_the_best_below_a_true_bound(large: None) -> None:
    reached = possible = 0
    for seed in range(TURNS):
        _, pool, criteria, forbidden = drawn(7_000 + seed, 2 + seed % 8)
        n = len(pool.mentees.key)
        barred = {frozenset(pair) for pair in forbidden}
        table = {}
        for a, b in combinations(range(n), 2):
            there, back = worth(pool, criteria, a, b)
            if not fails(pool, criteria, a, b, barred) and there > 0 and back > 0:
                table[frozenset((a, b))] = mutual_value(there, back)
        most = best(table, frozenset(range(n)))
        found = propose_mutual(pool, criteria, forbidden=forbidden)
        assert found.total <= most <= found.bound
        assert found.pairs_possible == len(table)
        assert certify_mutual(pool, criteria, found).violations == ()
        counted = count_peers(pool, criteria, forbidden=forbidden)
        assert (counted.left, counted.pairs) == (found.waterfall.left, n * (n - 1) // 2)
        reached, possible = reached + found.total, possible + most
    assert reached >= 0.97 * possible > 0


def test_large_and_small_ways_tell_the_same_of_everybody_left(large: None) -> None:
    kept = 0
    for seed in range(TURNS // 2):
        _, pool, criteria, forbidden = drawn(7_300 + seed, 9)
        mine = propose_mutual(pool, criteria, forbidden=forbidden)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("matcher.structures.mutual.MOST_EXACT", 99)
            exact = propose_mutual(pool, criteria, forbidden=forbidden)
        assert mine.waterfall == exact.waterfall
        mine_left, exact_left = ({one.person: one for one in x.unmatched} for x in (mine, exact))
        assert all(mine_left[who] == exact_left[who] for who in mine_left.keys() & exact_left.keys())
        for a, b in zip(exact.one[:1].tolist(), exact.other[:1].tolist(), strict=True):
            locked = propose_mutual(pool, criteria, forbidden=forbidden, locked=[(b, a)])
            assert (a, b) in set(zip(locked.one.tolist(), locked.other.tolist(), strict=True))
            assert certify_mutual(pool, criteria, locked).violations == ()
            kept += 1
        bent = mine._replace(proof=mine.proof._replace(price=mine.proof.price * 0), bound=mine.total)
        if mine.total:
            assert not certify_mutual(pool, criteria, bent).ok
        barred = propose_mutual(pool, criteria, forbidden=[*forbidden, (0, 1)])
        assert (0, 1) not in set(zip(barred.one.tolist(), barred.other.tolist(), strict=True))
        with pytest.raises(LockedRefused):
            propose_mutual(pool, criteria, forbidden=[(0, 1)], locked=[(1, 0)])
    assert kept > 2


def best_circles(values: dict[tuple[int, ...], int], left: frozenset[int], rooms: tuple[int, ...]) -> int:
    """The greatest value of circles that fit into these rooms (ascending), one into each, by trying all."""
    if not left or not rooms:
        return 0
    first = min(left)
    found = best_circles(values, left - {first}, rooms)
    for people, value in values.items():
        fitting = [k for k, room in enumerate(rooms) if room >= len(people)]
        if fitting and first in people and left >= set(people):
            others = rooms[: fitting[0]] + rooms[fitting[0] + 1 :]
            found = max(found, value + best_circles(values, left - set(people), others))
    return found


def test_circles_of_a_large_pool_are_what_the_definition_allows_below_a_true_bound(large: None) -> None:
    placed = reached = possible = 0
    for seed in range(TURNS):
        _, pool, criteria, forbidden = drawn(7_600 + seed, 5 + seed % 4)
        barred = {frozenset(pair) for pair in forbidden}
        found = propose_circles(pool, criteria, least=2, most=4, forbidden=forbidden)
        proof = certify_circles(pool, criteria, found)
        assert proof.violations == ()
        values = {
            people: sum(sum(worth(pool, criteria, a, b)) for a, b in combinations(people, 2))
            for people in circles_of(pool, criteria, barred)
        }
        for one in found.circles:
            assert values[one.people] == one.value == one.shared + one.taught
        placed += sum(len(one.people) for one in found.circles)
        if not criteria.overlap_minimum:  # hours are counted in slots of their own
            most = best_circles(values, frozenset(range(len(pool.mentees.key))), tuple(sorted(found.sizes)))
            assert found.total <= most <= found.bound
            reached, possible = reached + found.total, possible + most
    assert placed > 10
    assert reached >= 0.4 * possible > 0  # as many people as can be come first, whatever the points


def test_groups_of_a_large_pool_are_what_the_definition_allows_below_a_true_bound(large: None) -> None:
    reached = possible = 0
    for seed in range(TURNS):
        rng, pool, criteria = drawn_groups(7_900 + seed)
        forbidden = pools.some_pairs(rng, 14, 6, 0.1)
        found = propose_groups(pool, criteria, forbidden=forbidden)
        assert certify_groups(pool, criteria, found).violations == ()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("matcher.structures.grouping.SMALL", 99)
            exact = propose_groups(pool, criteria, forbidden=forbidden)
        assert found.total <= exact.bound
        assert exact.total <= found.bound
        assert (found.waterfall, found.pairs_possible) == (exact.waterfall, exact.pairs_possible)
        for side in ("unmatched_mentees", "unmatched_mentors"):
            mine, theirs = ({one.person: one for one in getattr(x, side)} for x in (found, exact))
            assert all(mine[who] == theirs[who] for who in mine.keys() & theirs.keys())
        for at, (i, j) in enumerate(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True)):
            points = reference.contributions(pool, criteria, i, j)
            rank = pool.mentees.wanted[i].tolist().index(found.topic[at])
            points["topics"] = int(criteria.topic_points[rank])
            assert found.contributions[at].tolist() == list(points.values())
        reached, possible = reached + found.total, possible + exact.total
    assert reached >= 0.85 * possible > 0


def test_locks_quotas_and_people_kept_apart_hold_in_large_groups(large: None) -> None:
    kept = 0
    for seed in range(TURNS // 2):
        _, pool, criteria = drawn_groups(8_200 + seed)
        free = propose_groups(pool, criteria)
        if not free.groups:
            continue
        group = free.groups[0]
        apart = propose_groups(pool, criteria, apart=[group.mentees[:2]])
        assert not any(set(group.mentees[:2]) <= set(one.mentees) for one in apart.groups)
        organisations = int(max(pool.mentees.organisation.max(), pool.mentors.organisation.max())) + 1
        quotas = Quotas(np.full(organisations, 2, np.int32), np.full(organisations, 4, np.int32))
        few = propose_groups(pool, criteria, quotas=quotas)
        locked = propose_groups(pool, criteria, locked=[(group.mentees[0], group.mentor)])
        assert (group.mentees[0], group.mentor) in set(
            zip(locked.mentee.tolist(), locked.mentor.tolist(), strict=True)
        )
        for one in (apart, few, locked):
            assert certify_groups(pool, criteria, one).violations == ()
        kept += 1
    assert kept > 2


@pytest.mark.parametrize("what", ["mutual", "circles", "groups"])
def test_nothing_depends_on_the_order_of_people_or_on_threads(what: str, large: None) -> None:
    propose: Any = {"mutual": propose_mutual, "circles": propose_circles, "groups": propose_groups}[what]
    pool, criteria = sample(90) if what == "groups" else sample_peers(90)
    order = np.random.default_rng(5).permutation(90)
    one = propose(pool, criteria)
    other = propose(pools.permuted(pool, order, order), criteria, threads=3)
    assert (other.total, other.bound) == (one.total, one.bound)
    assert one.total > 0
    if what == "circles":
        made = {frozenset(order[list(c.people)].tolist()) for c in other.circles}
        assert made == {frozenset(c.people) for c in one.circles}
    elif what == "groups":
        made = {(int(order[i]), int(order[j])) for i, j in zip(other.mentee, other.mentor, strict=True)}
        assert made == set(zip(one.mentee.tolist(), one.mentor.tolist(), strict=True))
    else:
        made = {frozenset(order[[i, j]].tolist()) for i, j in zip(other.one, other.other, strict=True)}
        assert made == {frozenset(pair) for pair in zip(one.one.tolist(), one.other.tolist(), strict=True)}


@pytest.mark.parametrize("what", ["mutual", "circles", "groups"])
def test_many_are_below_their_bound_and_stop_when_asked(what: str, large: None) -> None:
    propose, certify = {
        "mutual": (propose_mutual, certify_mutual),
        "circles": (propose_circles, certify_circles),
        "groups": (propose_groups, certify_groups),
    }[what]
    pool, criteria = sample(PEOPLE) if what == "groups" else sample_peers(PEOPLE)
    told: list[tuple[str, int]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("matcher.structures.circles_large.MOST_DENSE", 150)
        found: Any = propose(pool, criteria, threads=2, progress=lambda *news: told.append(news))  # type: ignore[operator]
    proof = certify(pool, criteria, found)  # type: ignore[operator]
    assert proof.violations == ()
    assert 0 < found.total <= found.bound == proof.bound
    assert found.total >= {"mutual": 0.99, "circles": 0.6, "groups": 0.9}[what] * found.bound
    assert [per_cent for _, per_cent in told] == sorted(per_cent for _, per_cent in told)
    assert {phase for phase, _ in told} >= {"reading", "scoring", "solving"}
    for times in (3, 40):
        left = iter([False] * times)
        with pytest.raises(Cancelled):
            propose(pool, criteria, cancelled=lambda left=left: next(left, True))  # type: ignore[operator]
