"""Blocking pairs counted by compiled loops, with locks and quotas, against all of them written out."""

import numpy as np

from matcher import LockedRefused, Quotas, propose
from matcher.large import blocking
from matcher.limits import failures
from matcher.modes import MODES, STABLE
from matcher.modes.greedy import bars_of_pairs, room_of
from matcher.modes.greedy import blocking as counted
from matcher.samples import sample
from matcher.scoring import scene
from tests.matcher.test_claims_large import POOLS, drawn


def written_out(pool, criteria, x):
    mask, score = failures(scene(pool, criteria), slice(0, len(pool.mentees.key)), x.forbidden_pairs)
    room = room_of(pool, x.locked_pairs, Quotas(x.mentee_quota, x.mentor_quota))
    bar = bars_of_pairs(pool, x.mentee, x.mentor, x.score.astype(np.int32), room)
    return counted(mask == 0, score, bar)


def test_as_many_as_when_all_pairs_are_written_out():
    told = 0
    for seed in range(3 * POOLS):
        pool, criteria, asked = drawn(seed)
        for mode in MODES:
            try:
                x = propose(pool, criteria, **asked, mode=mode)
            except LockedRefused:
                continue
            found = blocking.blocking_pairs(pool, criteria, x, threads=2)
            assert found == written_out(pool, criteria, x), seed
            assert mode != STABLE or found == 0
            told += found > 0
    assert told > POOLS


def test_a_pool_beyond_a_thousand_a_side():
    pool, criteria = sample(1_100, "one-to-one")
    x = propose(pool, criteria)
    heard = []
    found = blocking.blocking_pairs(pool, criteria, x, threads=2, pause=heard.append)
    assert found == written_out(pool, criteria, x) > 0
    assert heard == sorted(heard) and heard[-1] == 1
