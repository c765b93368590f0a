"""Quotas in groups: kept, never beaten by any set of groups that keeps them, and found when they are bent."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matcher import LockedRefused, Quotas, archiving, certify_groups, propose_groups
from matcher.structures.group_quotas import staying
from matcher.structures.groups import Group, Groups
from tests.matcher import reference
from tests.matcher.structures.test_grouping import drawn, may_join


def groups_of(
    pool: Any, criteria: Any, mentor: int, free: frozenset[int]
) -> Iterator[tuple[frozenset[int], int]]:
    """Every group that a mentor may lead with some of these mentees, with its points."""
    level = max(1, criteria.language_minimum)
    topics = sorted({int(t) for t in pool.mentees.wanted.ravel() if t >= 0})
    for topic in topics:
        if not int(pool.mentors.offered[mentor, topic >> 6]) >> (topic & 63) & 1:
            continue
        for language in range(pool.mentors.languages.shape[1]):
            if pool.mentors.languages[mentor, language] < level:
                continue
            able = {}
            for i in free:
                wanted = pool.mentees.wanted[i].tolist()
                if topic not in wanted or pool.mentees.languages[i, language] < level:
                    continue
                points = reference.contributions(pool, criteria, i, mentor)
                points["topics"] = int(criteria.topic_points[wanted.index(topic)])
                if may_join(pool, criteria, i, mentor, set()) and sum(points.values()) > 0:
                    able[i] = sum(points.values())
            for size in range(2, min(5, int(pool.mentors.capacity[mentor])) + 1):
                for people in combinations(able, size):
                    yield frozenset(people), sum(able[i] for i in people)


def best(pool: Any, criteria: Any, quotas: Quotas) -> int:
    """The greatest total within the quotas, by trying all."""

    def within(inside: dict[int, int]) -> bool:
        mentees = np.bincount(pool.mentees.organisation[list(inside)] + 1, minlength=len(quotas.mentees) + 1)[
            1:
        ]
        places = np.bincount(
            pool.mentors.organisation[list(inside.values())] + 1, minlength=len(quotas.mentors) + 1
        )[1:]
        return all(q < 0 or used <= q for q, used in zip(quotas.mentees, mentees, strict=True)) and all(
            q < 0 or used <= q for q, used in zip(quotas.mentors, places, strict=True)
        )

    def go(mentor: int, free: frozenset[int], inside: dict[int, int]) -> int:
        if mentor == len(pool.mentors.key):
            return 0
        found = go(mentor + 1, free, inside)
        for people, value in groups_of(pool, criteria, mentor, free):
            more = inside | dict.fromkeys(people, mentor)
            if within(more):
                found = max(found, value + go(mentor + 1, free - people, more))
        return found

    return go(0, frozenset(range(len(pool.mentees.key))), {})


def quotas_for(rng: Any, pool: Any) -> Quotas:
    count = int(max(pool.mentees.organisation.max(initial=-1), pool.mentors.organisation.max(initial=-1))) + 1
    return Quotas(rng.integers(-1, 4, count).astype(np.int32), rng.integers(-1, 5, count).astype(np.int32))


def test_no_groups_within_the_quotas_beat_the_bound() -> None:
    reached = bound = 0
    for seed in range(30):
        rng, pool, criteria = drawn(1_500 + seed, 7, 3)
        quotas = quotas_for(rng, pool)
        found = propose_groups(pool, criteria, quotas=quotas)
        proof = certify_groups(pool, criteria, found)
        assert proof.ok, proof.violations
        greatest = best(pool, criteria, quotas)
        assert found.total <= greatest <= found.bound <= proof.bound
        reached, bound = reached + found.total, bound + greatest
        kept = archiving.groups_of(archiving.arrays_of_groups(found))
        assert certify_groups(pool, criteria, kept).ok
    assert reached >= 0.9 * bound > 0  # whom the quotas leave out is searched for, not proved


def test_a_broken_quota_is_found_and_locks_beyond_one_are_refused() -> None:
    for seed in range(60):
        _, pool, criteria = drawn(1_700 + seed)
        free = propose_groups(pool, criteria)
        codes = pool.mentees.organisation[free.mentee]
        if (codes >= 0).any():
            break
    else:
        raise AssertionError("no pool with a group")
    code = int(codes[codes >= 0][0])
    none = np.full(int(pool.mentees.organisation.max()) + 1, -1, np.int32)
    tight = none.copy()
    tight[code] = 0
    told = certify_groups(pool, criteria, free._replace(mentee_quota=tight, mentor_quota=none))
    assert f"quota_broken: mentee {code}" in {one.rpartition(" ")[0] for one in told.violations}
    at = codes.tolist().index(code)
    with pytest.raises(LockedRefused) as refused:
        propose_groups(
            pool, criteria, locked=[(int(free.mentee[at]), int(free.mentor[at]))], quotas=Quotas(tight, none)
        )
    assert refused.value.limit == "quota"


def made(rng: np.random.Generator) -> Groups:
    """Up to four groups of two to five, with few different points, so that there are ties."""
    sizes = rng.integers(2, 6, rng.integers(1, 5)).tolist()
    points = rng.integers(0, 6, sum(sizes)).astype(np.int32)
    groups, first = [], 0
    for mentor, size in enumerate(sizes):
        rows = tuple(range(first, first + size))
        groups.append(Group(mentor, 0, 0, rows, int(points[list(rows)].sum())))
        first += size
    number = np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)
    none = np.zeros(first, np.int64)
    return Groups(tuple(groups), number, points, first, int(points.sum()), 0, 0, none, 0, 0)


def left_worth(found: Groups, inside: set[int], stay: set[int], least: int) -> int:
    """What is left of the groups once all the others of `inside` are gone: nothing of a group below `least`."""
    left = [[i for i in group.mentees if i not in inside or i in stay] for group in found.groups]
    return sum(int(found.points[i]) for rows in left if len(rows) >= least for i in rows)


def test_who_stays_within_a_quota_is_worth_most() -> None:
    """Against every way to choose them."""
    for seed in range(120):
        rng = np.random.default_rng(2_000 + seed)
        found = made(rng)
        inside = {i for i in range(len(found.group)) if rng.random() < 0.6}
        most, least = int(rng.integers(0, len(inside) + 1)), int(rng.integers(2, 4))
        stay = staying(found, inside, set(), most, least)
        assert stay <= inside
        assert len(stay) <= most
        greatest = max(
            left_worth(found, inside, set(some), least)
            for count in range(most + 1)
            for some in combinations(sorted(inside), count)
        )
        assert left_worth(found, inside, stay, least) == greatest, seed
