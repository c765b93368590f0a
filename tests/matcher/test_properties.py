"""What must hold for every pool: found by hypothesis rather than by us."""

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher import MAX_SCORE, Mentors, certify, max_score, propose, standard_criteria
from tests.matcher import pools

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(0, 12)
ROUNDS = settings(max_examples=60, deadline=None)


def drawn(seed: int, n: int, m: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return pools.pool(rng, n, m), pools.criteria(rng)


@ROUNDS
@given(SEEDS, SIZES, SIZES)
def test_every_pool_is_matched_proved_and_explained(seed: int, n: int, m: int) -> None:
    pool, criteria = drawn(seed, n, m)
    found = propose(pool, criteria)
    assert certify(pool, criteria, found).ok
    assert found.total == found.bound == found.score.sum()
    assert (found.score <= max_score(criteria)).all()
    assert len(found.mentee) + len(found.unmatched_mentees) == n
    assert all(who.reason for who in (*found.unmatched_mentees, *found.unmatched_mentors))


@ROUNDS
@given(SEEDS, SIZES, st.integers(1, 12))
def test_one_mentor_more_never_lowers_the_total(seed: int, n: int, m: int) -> None:
    pool, criteria = drawn(seed, n, m)
    kept = pool.exclusions[pool.exclusions[:, 1] < m - 1], pool.wishes[pool.wishes[:, 1] < m - 1]
    fewer = pool._replace(
        mentors=Mentors(*(column[:-1] for column in pool.mentors)), exclusions=kept[0], wishes=kept[1]
    )
    assert propose(fewer, criteria).total <= propose(pool, criteria).total


@ROUNDS
@given(SEEDS, SIZES, st.integers(1, 12), st.integers(0, 11), st.integers(1, 3))
def test_one_place_more_never_lowers_the_total(seed: int, n: int, m: int, who: int, more: int) -> None:
    pool, criteria = drawn(seed, n, m)
    places = pool.mentors.capacity.copy()
    places[who % m] += more
    roomier = pool._replace(mentors=pool.mentors._replace(capacity=places))
    assert propose(pool, criteria).total <= propose(roomier, criteria).total


@ROUNDS
@given(SEEDS, SIZES, SIZES, st.integers(2, 9))
def test_points_of_another_size_change_nothing_else(seed: int, n: int, m: int, times: int) -> None:
    pool, criteria = drawn(seed, n, m)
    assume(times * max_score(criteria) <= MAX_SCORE)
    scaled = criteria._replace(
        **{
            name: getattr(criteria, name) * np.int16(times)
            for name in criteria._fields
            if name.endswith("_points")
        }
    )
    one, other = propose(pool, criteria), propose(pool, scaled)
    assert other.total == times * one.total
    assert (other.mentee.tolist(), other.mentor.tolist()) == (one.mentee.tolist(), one.mentor.tolist())
    assert other.mentor_price.tolist() == (times * one.mentor_price).tolist()


@ROUNDS
@given(SEEDS, st.integers(1, 9), st.integers(1, 9))
def test_all_forbidden_matches_nobody_and_says_why(seed: int, n: int, m: int) -> None:
    pool, _ = drawn(seed, n, m)
    pool = pool._replace(mentors=pool.mentors._replace(capacity=np.ones(m, np.int32)))
    everyone = [(i, j) for i in range(n) for j in range(m)]
    criteria = standard_criteria(sector_group=pools.SECTOR_GROUP, supervisor_rule=False)
    found = propose(pool, criteria, forbidden=everyone)
    assert (found.total, found.pairs_possible) == (0, 0)
    assert len(found.unmatched_mentees) == n
    assert all(who.possible == 0 for who in found.unmatched_mentees)
    assert certify(pool, criteria, found).ok


@ROUNDS
@given(SEEDS, st.integers(1, 12), st.integers(1, 12), st.integers(0, 3))
def test_all_equal_people_fill_every_place(seed: int, n: int, m: int, places: int) -> None:
    pool, _ = drawn(seed, 1, 1)
    criteria = standard_criteria({"languages": 100}, sector_group=pools.SECTOR_GROUP, supervisor_rule=False)
    mentees = pool.mentees._replace(languages=np.full((1, 4), 4, np.uint8), person=np.full(1, -1, np.int32))
    mentors = pool.mentors._replace(languages=np.full((1, 4), 4, np.uint8), person=np.full(1, -1, np.int32))
    mentees = type(mentees)(*(np.repeat(column, n, axis=0) for column in mentees))
    mentors = type(mentors)(*(np.repeat(column, m, axis=0) for column in mentors))
    none = pool.exclusions[:0], pool.wishes[:0]
    equal = pool._replace(
        mentees=mentees._replace(key=np.arange(n, dtype=np.uint64)),
        mentors=mentors._replace(key=np.arange(m, dtype=np.uint64), capacity=np.full(m, places, np.int32)),
        exclusions=none[0],
        wishes=none[1],
    )
    found = propose(equal, criteria)
    assert found.total == 100 * min(n, m * places)
    assert certify(equal, criteria, found).ok
