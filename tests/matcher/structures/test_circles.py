"""Circles: every rule recounted person by person, and bounds against every way to make circles."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matcher import InvalidColumn
from matcher.structures.circle_pool import CirclePool, CircleRules, in_order
from matcher.structures.circle_search import rooms
from matcher.structures.circles import Circles, bound_at, make_circles
from tests.matcher import pools

POOLS = pools.POOLS // 2


def symmetric(table: Any) -> Any:
    upper = np.triu(table, 1)
    return upper + upper.T


def pool(rng: np.random.Generator, n: int, *, points: int = 20) -> CirclePool:
    return CirclePool(
        share=symmetric(rng.integers(0, points, (n, n))).astype(np.int32),
        teach=(rng.integers(0, points, (n, n)) * (rng.random((n, n)) < 0.4)).astype(np.int32),
        may=symmetric(rng.random((n, n)) < 0.9).astype(np.bool_),
        speaks=rng.random((n, 3)) < 0.6,
        hours=rng.random((n, 8)) < 0.7,
        organisation=rng.integers(-1, 4, n).astype(np.int32),
        unit=rng.integers(-1, 3 * n + 1, n).astype(np.int32),
        grade=rng.integers(-1, 3, n).astype(np.int32),
        key=rng.choice(1 << 60, n, replace=False).astype(np.uint64),
    )


def rules(rng: np.random.Generator, least: int) -> CircleRules:
    size = int(rng.integers(least, least + 3))
    return CircleRules(
        least,
        int(rng.integers(size, size + 3)),
        size,
        language_rule=bool(rng.integers(0, 2)),
        hours_least=int(rng.integers(0, 3)),
        organisation_most=int(rng.integers(0, 4)),
        unit_rule=bool(rng.integers(0, 2)),
        grades_least=int(rng.integers(0, 3)),
    )


def may_sit(p: CirclePool, r: CircleRules, people: tuple[int, ...]) -> bool:
    rows = list(people)
    organisations = Counter(o for o in p.organisation[rows].tolist() if o >= 0)
    units = Counter(u for u in p.unit[rows].tolist() if u >= 0)
    return (
        r.least <= len(rows) <= r.most
        and all(p.may[a, b] for a, b in combinations(rows, 2))
        and (not r.language_rule or any(p.speaks[rows, k].all() for k in range(p.speaks.shape[1])))
        and sum(p.hours[rows, h].all() for h in range(p.hours.shape[1])) >= r.hours_least
        and (not r.organisation_most or max(organisations.values(), default=0) <= r.organisation_most)
        and (not r.unit_rule or max(units.values(), default=0) <= 1)
        and (r.grades_least < 2 or len({g for g in p.grade[rows].tolist() if g >= 0}) >= r.grades_least)
    )


def worth(p: CirclePool, people: tuple[int, ...]) -> int:
    return sum(
        int(p.share[a, b]) + int(p.teach[a, b]) + int(p.teach[b, a]) for a, b in combinations(people, 2)
    )


def ways(p: CirclePool, r: CircleRules, left: tuple[int, ...], count: int) -> Iterator[list[tuple[int, ...]]]:
    """Every way to make at most `count` circles of the people left."""
    yield []
    if not count or not left:
        return
    for k, first in enumerate(left):
        later = left[k + 1 :]
        for more in range(r.least - 1, min(r.most, len(later) + 1)):
            for others in combinations(later, more):
                circle = (first, *others)
                if may_sit(p, r, circle):
                    rest = tuple(person for person in later if person not in others)
                    yield from ([circle, *others] for others in ways(p, r, rest, count - 1))


def best_of_all(p: CirclePool, r: CircleRules, sizes: tuple[int, ...]) -> int:
    """Of circles that fit into these sizes, one into each."""
    best = 0
    for made in ways(p, r, tuple(range(len(p.key))), len(sizes)):
        fitted = sorted(map(len, made), reverse=True)
        if all(size <= room for size, room in zip(fitted, sorted(sizes, reverse=True), strict=False)):
            best = max(best, sum(worth(p, circle) for circle in made))
    return best


def must_be_sound(p: CirclePool, r: CircleRules, found: Circles) -> None:
    placed = [person for circle in found.circles for person in circle.people]
    assert len(placed) == len(set(placed)) == found.placed
    for number, circle in enumerate(found.circles):
        rows = list(circle.people)
        assert may_sit(p, r, circle.people)
        assert circle.value == circle.shared + circle.taught == worth(p, circle.people)
        assert circle.languages == tuple(k for k in range(p.speaks.shape[1]) if p.speaks[rows, k].all())
        assert circle.hours == tuple(h for h in range(p.hours.shape[1]) if p.hours[rows, h].all())
        assert np.flatnonzero(found.circle == number).tolist() == sorted(rows)
        assert found.teaches[rows].sum() == found.learns[rows].sum() == circle.taught
        assert found.shared[rows].sum() == 2 * circle.shared
    assert found.value == sum(circle.value for circle in found.circles) == found.bound - found.gap
    assert found.gap >= 0
    assert all(
        len(circle.people) <= room
        for circle, room in zip(
            sorted(found.circles, key=lambda c: -len(c.people)),
            sorted(found.sizes, reverse=True),
            strict=False,
        )
    )
    assert bound_at(p, r, found.sizes, found.price, found.pair_price) == found.bound


def test_circles_keep_every_rule_and_their_bound_is_true() -> None:  # U01
    reached = possible = 0
    for seed in range(POOLS):
        rng = np.random.default_rng(seed)
        p, r = pool(rng, int(rng.integers(0, 8))), rules(rng, 2)
        found = make_circles(p, r)
        must_be_sound(p, r, found)
        best = best_of_all(p, r, found.sizes)
        assert found.value <= best <= found.bound
        reached, possible = reached + found.value, possible + best
    assert reached >= 0.9 * possible


def test_no_prices_make_a_false_bound_of_circles() -> None:
    for seed in range(POOLS // 4):
        rng = np.random.default_rng(seed)
        p, r = pool(rng, 7), rules(rng, 2)
        sizes = rooms(7, r)
        best = best_of_all(p, r, sizes)
        for most in (1, 20, 200):
            price = rng.integers(0, most, 7)
            assert bound_at(p, r, sizes, price, int(rng.integers(0, most))) >= best


def test_circles_of_a_larger_pool_are_sound_and_better_than_chance() -> None:
    rng = np.random.default_rng(1)
    p = pool(rng, 60)._replace(hours=np.ones((60, 8), np.bool_), may=np.ones((60, 60), np.bool_))
    r = CircleRules(organisation_most=3, grades_least=2)
    found = make_circles(p, r)
    must_be_sound(p, r, found)
    assert found.placed >= 54
    pairs = sum(len(c.people) * (len(c.people) - 1) // 2 for c in found.circles)
    mean = (p.share.sum() / 2 + p.teach.sum()) / (60 * 59 / 2)
    assert found.value > 1.2 * mean * pairs


@pytest.mark.parametrize(("n", "pools"), [(9, 20), (30, 3)])
def test_circles_do_not_depend_on_the_order_of_people(n: int, pools: int) -> None:
    for seed in range(pools):
        rng = np.random.default_rng(seed)
        p, r = pool(rng, n, points=3), rules(rng, 3)
        order = rng.permutation(n)
        one, other = make_circles(p, r), make_circles(in_order(p, order), r)
        assert {frozenset(order[list(c.people)]) for c in other.circles} == {
            frozenset(c.people) for c in one.circles
        }
        assert other.learns.tolist() == one.learns[order].tolist()
        assert (other.value, other.bound, other.sizes) == (one.value, one.bound, one.sizes)


def open_pool(n: int, points: int = 5) -> CirclePool:
    none = np.full(n, -1, np.int32)
    share = np.full((n, n), points, np.int32)
    everybody = np.ones((n, 1), np.bool_)
    return CirclePool(
        share,
        np.zeros((n, n), np.int32),
        np.ones((n, n), np.bool_),
        everybody,
        everybody,
        none,
        none,
        none,
        np.arange(n, dtype=np.uint64),
    )


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (0, ()),
        (1, ()),
        (3, ()),
        (4, (4,)),
        (7, (7,)),
        (10, (10,)),
        (11, (6, 5)),
        (24, (8, 8, 8)),
        (30, (8, 8, 7, 7)),
    ],
)
def test_a_pool_is_cut_into_even_circles(n: int, sizes: tuple[int, ...]) -> None:
    p, r = open_pool(n), CircleRules()
    found = make_circles(p, r)
    must_be_sound(p, r, found)
    assert found.sizes == sizes
    assert found.placed == sum(sizes)
    assert (found.value, found.gap) == (5 * sum(s * (s - 1) // 2 for s in sizes), 0)


def test_every_cut_keeps_the_sizes_where_it_can() -> None:
    for n in range(80):
        for r in (CircleRules(), CircleRules(2, 3, 2), CircleRules(6, 6, 6), CircleRules(9, 10, 10)):
            sizes = rooms(n, r)
            assert all(size <= r.most for size in sizes)
            assert max(sizes, default=0) - min(sizes, default=0) <= 1
            assert sum(sizes) <= n
            if sum(sizes) == n > 0:
                assert min(sizes) >= 1


def test_nobody_sits_where_all_are_forbidden_or_share_nothing() -> None:
    p = open_pool(8)
    apart = p._replace(may=np.zeros((8, 8), np.bool_))
    speechless = p._replace(speaks=np.zeros((8, 1), np.bool_))
    busy = p._replace(hours=np.zeros((8, 1), np.bool_))
    one_unit = p._replace(unit=np.zeros(8, np.int32))
    for forbidden in (apart, speechless, busy, one_unit):
        found = make_circles(forbidden)
        assert (found.placed, found.value, found.bound) == (0, 0, 0)
    alike = make_circles(p._replace(grade=np.zeros(8, np.int32)), CircleRules(grades_least=2))
    assert alike.placed == 0
    assert make_circles(one_unit, CircleRules(unit_rule=False)).placed == 8


def test_bad_circles_are_refused() -> None:
    p = open_pool(4)
    uneven = p.share.copy()
    uneven[0, 1] = 9
    for column, bad in (
        ("share", p._replace(share=uneven)),
        ("teach", p._replace(teach=np.full((4, 4), -1, np.int32))),
        ("may", p._replace(may=np.triu(p.may))),
        ("hours", p._replace(hours=np.ones((3, 1), np.bool_))),
        ("grade", p._replace(grade=np.full(4, -2, np.int32))),
        ("key", p._replace(key=np.zeros(4, np.uint64))),
    ):
        with pytest.raises(InvalidColumn) as refused:
            make_circles(bad)
        assert refused.value.column == column
    for broken in (CircleRules(1, 10, 7), CircleRules(4, 6, 7), CircleRules(hours_least=-1)):
        with pytest.raises(InvalidColumn, match="rules"):
            make_circles(p, broken)
