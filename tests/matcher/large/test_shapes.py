"""Pools whose pairs are all the same: proved in as few passes as others, on as few pairs."""

import numpy as np

from matcher.given import given
from matcher.large.floor import stand_ins
from matcher.large.pricing import NEAR_EACH, each_of, optimum_of
from matcher.quotas import floor
from matcher.samples import sample
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.solving import pair_hash
from matcher.tables import max_score
from matcher.watching import Watch

PEOPLE = 300


def all_equal():
    """Everybody is the first mentee and the first mentor who may meet, but for the key."""
    pool, criteria = sample(PEOPLE, "one-to-one")
    best = top_mentors(pack(pool, criteria, pool.exclusions), None, 1, above=0)
    i = int(np.flatnonzero(best.length)[0])
    nobody = {"person": np.full(PEOPLE, -1, np.int32), "supervisors": np.zeros((PEOPLE, 0), np.int32)}
    mentees = type(pool.mentees)(*(column[np.full(PEOPLE, i)] for column in pool.mentees))
    mentors = type(pool.mentors)(*(column[np.full(PEOPLE, best.person[i, 0])] for column in pool.mentors))
    return pool._replace(
        mentees=mentees._replace(key=pool.mentees.key, **nobody),
        mentors=mentors._replace(key=pool.mentors.key, **nobody),
        exclusions=pool.exclusions[:0],
        wishes=pool.wishes[:0],
    ), criteria


def test_all_equal_takes_no_more_passes_than_usual():
    pool, criteria = all_equal()
    x = given(pool, criteria, (), (), None)
    packed, ground = pack(pool, criteria, x.forbidden), floor(pool, x.locked, x.quotas, max_score(criteria))
    first = top_mentors(packed, None, each_of(PEOPLE), above=0, engine="plain")
    found = optimum_of(packed, ground, stand_ins(ground, pool), first, 1, Watch(None, None))
    assert found.passes <= 2
    assert len(found.graph.indices) <= 4 * NEAR_EACH * PEOPLE
    assert (found.solution.match >= 0).all()
    assert found.solution.total == found.solution.bound == PEOPLE * int(first.score[0, 0])


def test_scattered_lists_hold_the_pairs_of_greatest_hash():
    pool, criteria = all_equal()
    packed = pack(pool, criteria, pool.exclusions)
    lists = top_mentors(packed, None, 8, above=0, is_scattered=True, threads=2)
    drawn = pair_hash(pool.mentees.key, pool.mentors.key, 0)
    # 13 of its 26 bits are compared, so the eighth may differ in the others.
    least = -np.sort(-drawn, axis=1)[:, 7] - (1 << 13)
    assert (np.take_along_axis(drawn, lists.person, axis=1) >= least[:, None]).all()
    assert (np.sort(lists.person, axis=1)[:, 1:] != np.sort(lists.person, axis=1)[:, :-1]).all()
