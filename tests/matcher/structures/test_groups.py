"""Groups against trying everything and against a mixed-integer program, and bounds at any prices."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher import InvalidColumn, LimitReached
from matcher.structures import offers
from matcher.structures.group_search import search
from matcher.structures.groups import Groups, bound_at, make_groups
from matcher.structures.offers import GroupPool, offers_of
from tests.matcher.pools import POOLS


def pool(rng: np.random.Generator, n: int, m: int, topics: int, languages: int, points: int) -> GroupPool:
    return GroupPool(
        score=np.where(rng.random((n, m)) < 0.7, rng.integers(0, points, (n, m)), -1).astype(np.int32),
        topic_points=np.where(rng.random((n, topics)) < 0.5, rng.integers(0, points, (n, topics)), -1).astype(
            np.int32
        ),
        offered=rng.random((m, topics)) < 0.5,
        mentee_speaks=rng.random((n, languages)) < 0.6,
        mentor_speaks=rng.random((m, languages)) < 0.7,
        capacity=rng.integers(0, 6, m).astype(np.int32),
        mentee_key=rng.choice(1 << 60, n, replace=False).astype(np.uint64),
        mentor_key=rng.choice(1 << 60, m, replace=False).astype(np.uint64),
    )


def tiny(rng: np.random.Generator) -> tuple[GroupPool, int, int]:
    n, m, topics, languages = rng.integers(0, (6, 4, 4, 4)).tolist()
    least = int(rng.integers(1, 4))
    return (
        pool(rng, n, m, topics, languages, int(rng.choice([3, 20, 1000]))),
        least,
        int(rng.integers(least, 6)),
    )


def worth_of(p: GroupPool, mentor: int, topic: int, language: int, mentees: Any) -> int:
    """What the group earns, 0 when it may not be."""
    if not (p.offered[mentor, topic] and p.mentor_speaks[mentor, language] and len(mentees)):
        return 0
    points = [(int(p.score[i, mentor]), int(p.topic_points[i, topic])) for i in mentees]
    if not all(
        s >= 0 and t >= 0 and s + t > 0 and p.mentee_speaks[i, language]
        for i, (s, t) in zip(mentees, points, strict=True)
    ):
        return 0
    return sum(s + t for s, t in points)


def best_of_all(p: GroupPool, least: int, most: int) -> int:
    n, m = p.score.shape
    settings = list(product(range(p.offered.shape[1]), range(p.mentor_speaks.shape[1])))
    best = 0
    for led_by in product(range(-1, m), repeat=n):
        total = 0
        for j in range(m):
            group = [i for i in range(n) if led_by[i] == j]
            worth = max((worth_of(p, j, topic, language, group) for topic, language in settings), default=0)
            if group and (worth == 0 or not least <= len(group) <= min(most, p.capacity[j])):
                break
            total += worth
        else:
            best = max(best, total)
    return best


def must_be_sound(p: GroupPool, found: Groups, least: int, most: int) -> None:
    """Everybody once, sizes kept, one topic and one language for all, and figures that are theirs."""
    placed = [i for group in found.groups for i in group.mentees]
    assert len(placed) == len(set(placed)) == found.placed
    mentors = [group.mentor for group in found.groups]
    assert mentors == sorted(set(mentors))
    for number, group in enumerate(found.groups):
        assert least <= len(group.mentees) <= min(most, p.capacity[group.mentor])
        assert group.value == worth_of(p, group.mentor, group.topic, group.language, group.mentees) > 0
        assert found.points[list(group.mentees)].sum() == group.value
        assert np.flatnonzero(found.group == number).tolist() == list(group.mentees)
    assert found.value == sum(group.value for group in found.groups) == found.points.sum()
    assert found.value + found.gap == found.bound <= found.price_bound
    assert bound_at(p, found.price, least=least, most=most) == found.price_bound


@pytest.mark.parametrize("part", range(10))
def test_groups_of_a_small_pool_are_the_best_of_all(part: int) -> None:  # I07
    for seed in range(part, POOLS, 10):
        p, least, most = tiny(np.random.default_rng(seed))
        found = make_groups(p, least=least, most=most)
        must_be_sound(p, found, least, most)
        assert (found.value, found.gap) == (best_of_all(p, least, most), 0)


def program(p: GroupPool, least: int, most: int) -> float:
    """The same by a mixed-integer program: x = mentee joins an offer, y = the offer is led."""
    o = offers_of(p, least, most)
    count, n = o.worth.shape
    if not count:
        return 0.0
    joins = np.kron(np.ones(count), np.eye(n))
    size = np.kron(np.eye(count), np.ones(n))
    led = np.equal.outer(np.arange(o.mentors), o.mentor).astype(float)
    once = LinearConstraint(np.hstack([joins, np.zeros((n, count))]), -np.inf, 1)
    one = LinearConstraint(np.hstack([np.zeros((o.mentors, count * n)), led]), -np.inf, 1)
    low = LinearConstraint(np.hstack([size, -o.least * np.eye(count)]), 0, np.inf)
    high = LinearConstraint(np.hstack([size, -np.diag(o.room)]), -np.inf, 0)
    most_of = np.concatenate([(o.worth > 0).ravel(), np.ones(count)]).astype(float)
    value = np.concatenate([-o.worth.ravel(), np.zeros(count)])
    found = milp(
        value, integrality=np.ones(len(value)), bounds=Bounds(0, most_of), constraints=[once, one, low, high]
    )
    assert found.success
    return -float(found.fun)


def test_groups_are_what_a_mixed_integer_program_finds() -> None:
    for seed in range(POOLS // 20):
        rng = np.random.default_rng(seed)
        p = pool(rng, 14, 5, 4, 2, 50)
        found = make_groups(p)
        must_be_sound(p, found, 2, 5)
        assert found.value == pytest.approx(program(p, 2, 5))
        assert found.gap == 0


def test_no_prices_make_a_false_bound() -> None:
    for seed in range(POOLS // 2):
        rng = np.random.default_rng(seed)
        p, least, most = tiny(rng)
        best = best_of_all(p, least, most)
        for points in (0, 5, 500):
            price = rng.integers(0, points + 1, len(p.score))
            assert bound_at(p, price, least=least, most=most) >= best


def test_a_search_that_is_stopped_says_how_far_it_may_be_off(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(12)
    p = pool(rng, 30, 8, 4, 2, 8)
    exact = make_groups(p)
    assert exact.gap == 0
    monkeypatch.setattr("matcher.structures.group_search.MOST_NODES", 0)
    monkeypatch.setattr("matcher.structures.group_search.WORK", 0)
    monkeypatch.setattr("matcher.structures.group_search.STEPS", 1)
    early = search(offers_of(p, 2, 5), lambda: None)
    assert early.seats.value <= exact.value <= early.bound == early.priced.bound
    assert early.bound > exact.bound


def test_groups_do_not_depend_on_the_order_of_people() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        p = pool(rng, 12, 5, 3, 2, 6)
        rows, columns = rng.permutation(12), rng.permutation(5)
        one, other = make_groups(p), make_groups(offers.in_key_order(p, rows, columns))
        told = {
            (columns[g.mentor], g.topic, g.language, frozenset(rows[list(g.mentees)])) for g in other.groups
        }
        assert told == {(g.mentor, g.topic, g.language, frozenset(g.mentees)) for g in one.groups}
        assert other.points.tolist() == one.points[rows].tolist()


def plain(n: int, m: int, points: int = 5, capacity: int = 5) -> GroupPool:
    return GroupPool(
        np.full((n, m), points, np.int32),
        np.ones((n, 1), np.int32),
        np.ones((m, 1), np.bool_),
        np.ones((n, 1), np.bool_),
        np.ones((m, 1), np.bool_),
        np.full(m, capacity, np.int32),
        np.arange(n, dtype=np.uint64),
        np.arange(m, dtype=np.uint64),
    )


@pytest.mark.parametrize(
    ("n", "m", "points", "capacity", "placed"),
    [
        (0, 0, 5, 5, 0),
        (0, 2, 5, 5, 0),
        (3, 0, 5, 5, 0),
        (1, 1, 5, 5, 0),
        (2, 1, 5, 5, 2),
        (12, 2, 5, 5, 10),
        (7, 2, 5, 5, 7),
        (4, 2, -1, 5, 0),
        (4, 2, 5, 1, 0),
    ],
)
def test_groups_of_ordinary_extremes(n: int, m: int, points: int, capacity: int, placed: int) -> None:
    p = plain(n, m, points, capacity)
    found = make_groups(p)
    must_be_sound(p, found, 2, 5)
    assert (found.placed, found.value, found.gap) == (placed, 6 * placed, 0)


def test_bad_groups_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    p = plain(4, 2)
    with pytest.raises(InvalidColumn, match="sizes"):
        make_groups(p, least=3, most=2)
    with pytest.raises(InvalidColumn, match="capacity"):
        make_groups(p._replace(capacity=np.array([1, -1], np.int32)))
    with pytest.raises(InvalidColumn, match="topic_points"):
        make_groups(p._replace(topic_points=np.full((4, 1), -2, np.int32)))
    with pytest.raises(InvalidColumn, match="mentor_key"):
        make_groups(p._replace(mentor_key=np.zeros(2, np.uint64)))
    monkeypatch.setattr("matcher.structures.offers.MOST_CELLS", 3)
    with pytest.raises(LimitReached):
        make_groups(p)
