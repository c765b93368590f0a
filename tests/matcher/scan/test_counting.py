"""Counts of pairs agree with the failure masks of `matcher.limits`, pair by pair."""

from typing import Any

import numpy as np
import pytest

from matcher import LIMITS
from matcher.explaining import binding_limit
from matcher.samples import sample
from matcher.scan.counting import count_left, possible_of
from tests.matcher.pools import POOLS
from tests.matcher.scan.drawing import drawn, packed, truth

COUNTERS = ("numpy", "plain")


def left_of(mask: Any) -> list[int]:
    return [int(((mask & ((2 << k) - 1)) == 0).sum()) for k in range(len(LIMITS))]


@pytest.mark.parametrize("engine", COUNTERS)
def test_the_waterfall_is_that_of_all_pairs(engine: Any) -> None:
    for seed in range(POOLS):
        pool, criteria, forbidden = drawn(seed)
        mask, _ = truth(pool, criteria, forbidden)
        found = count_left(packed(pool, criteria, forbidden), engine=engine)
        assert found.left.tolist() == left_of(mask), seed
        assert found.with_few == ((mask == 0).sum(axis=1) < 3).sum()


@pytest.mark.parametrize("engine", COUNTERS)
def test_what_stands_in_the_way_is_what_explaining_says(engine: Any) -> None:
    for seed in range(POOLS):
        pool, criteria, forbidden = drawn(seed)
        mask, _ = truth(pool, criteria, forbidden)
        ready = packed(pool, criteria, forbidden)
        for side, masks in (("mentees", mask), ("mentors", mask.T)):
            people = np.random.default_rng(seed).permutation(len(masks))[:9].astype(np.int32)
            found = possible_of(ready, people, side, engine=engine)
            assert found.people.tolist() == (masks[people] == 0).sum(axis=1).tolist()
            assert found.alone.tolist() == [
                [int((masks[p] == 1 << k).sum()) for k in range(len(LIMITS))] for p in people
            ]
            for p, limit in zip(people, found.limit, strict=True):
                is_bound = len(masks[p]) > 0 and not (masks[p] == 0).any()
                assert (LIMITS[limit] if limit >= 0 else "") == (binding_limit(masks[p]) if is_bound else "")


def test_counts_over_many_chunks_and_threads() -> None:
    pool, criteria = sample(2300, "loose", seed=3)
    mask, _ = truth(pool, criteria, np.zeros((0, 2), np.int32))
    ready = packed(pool, criteria)
    one, two = count_left(ready), count_left(ready, threads=2)
    assert one.left.tolist() == two.left.tolist() == left_of(mask)
    mentors = np.arange(0, 2300, 7, dtype=np.int32)
    found = possible_of(ready, mentors, "mentors", threads=2)
    assert found.people.tolist() == (mask[:, mentors] == 0).sum(axis=0).tolist()


def test_an_unknown_side_is_refused() -> None:
    pool, criteria, forbidden = drawn(3)
    with pytest.raises(ValueError, match="side"):
        possible_of(packed(pool, criteria, forbidden), np.zeros(0, np.int32), "people")
