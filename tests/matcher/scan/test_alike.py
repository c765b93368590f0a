"""Whoever stands in one group is treated alike by every limit but those between few."""

from itertools import pairwise

import numpy as np

from matcher.limits import BIT
from matcher.scan.alike import by_limits
from tests.matcher.pools import POOLS
from tests.matcher.scan.drawing import drawn, packed, truth

BETWEEN_FEW = ("person", "supervisor", "exclusion", "forbidden", "score")


def test_a_group_is_treated_alike() -> None:
    groups = 0
    for seed in range(0, POOLS, 2):
        pool, criteria, forbidden = drawn(seed)
        ready, n = packed(pool, criteria, forbidden), len(pool.mentees.key)
        extra = np.arange(n) % 3
        order, is_new = by_limits(ready, np.arange(n, dtype=np.int32), extra)
        assert sorted(order.tolist()) == list(range(n))
        mask, _ = truth(pool, criteria, forbidden)
        alike = mask & ~np.uint16(sum(BIT[name] for name in BETWEEN_FEW))
        here = alike[ready.mentee_at[order]]
        for begin, end in pairwise(np.flatnonzero(np.append(is_new, True)).tolist()):
            assert (here[begin:end] == here[begin]).all() and len(set(extra[order[begin:end]])) == 1, seed
        assert n == 0 or is_new[0]
        groups += n - int(is_new.sum())
    assert groups > 0
