"""One person against all others: the same points, limits and order as for every pair alone."""

import numpy as np
import pytest

from matcher import LIMITS, InvalidColumn, propose_mutual, search_mentees, search_mentors, search_peers
from matcher.given import given
from matcher.reasoning import pair_facts
from matcher.structures.mutual import both_ways
from tests.matcher import pools
from tests.matcher.structures.test_one_pool import drawn


def test_every_pair_is_judged_as_in_a_run() -> None:  # K27 N04
    for seed in range(40):
        rng = np.random.default_rng(seed)
        n, m = int(rng.integers(1, 7)), int(rng.integers(1, 7))
        pool, criteria = pools.pool(rng, n, m), pools.criteria(rng)
        forbidden = [(0, int(rng.integers(0, m)))]
        x = given(pool, criteria, (), forbidden, None)
        facts = {(i, j): pair_facts(x, i, j) for i in range(n) for j in range(m)}
        for i in range(n):
            found = search_mentors(pool, criteria, i, forbidden=forbidden)
            _same(found, [facts[i, j] for j in range(m)], pool.mentors.key)
        for j in range(m):
            found = search_mentees(pool, criteria, j, forbidden=forbidden)
            _same(found, [facts[i, j] for i in range(n)], pool.mentees.key)


def _same(found, facts, keys) -> None:
    assert [(mask, points, parts) for mask, points, parts in facts] == [
        (int(found.mask[at]), int(found.score[at]), found.parts[at].tolist()) for at in range(len(facts))
    ]
    legal = [at for at, (mask, _points, _parts) in enumerate(facts) if mask == 0]
    assert found.best.tolist() == sorted(legal, key=lambda at: (-facts[at][1], keys[at]))
    assert found.waterfall.pairs == len(facts)
    assert found.waterfall.left == tuple(
        sum(mask & ((2 << bit) - 1) == 0 for mask, _points, _parts in facts) for bit in range(len(LIMITS))
    )


def test_peers_have_the_points_of_both_directions() -> None:
    met = 0
    for seed in range(40):
        _, pool, criteria, forbidden = drawn(seed, 7)
        matching = propose_mutual(pool, criteria, forbidden=forbidden)
        for at, (one, other) in enumerate(zip(matching.one.tolist(), matching.other.tolist(), strict=True)):
            for mine, hers in ((one, other), (other, one)):
                found = search_peers(pool, criteria, mine, forbidden=forbidden)
                assert hers in found.best.tolist() and mine not in found.best.tolist()
                assert found.score[hers] == matching.score[at]
                assert found.parts[hers].tolist() == matching.contributions[at].tolist()
                met += 1
        possible = sum(
            len(search_peers(pool, criteria, one, forbidden=both_ways(forbidden)).best) for one in range(7)
        )
        assert possible == 2 * matching.pairs_possible
    assert met > 20


def test_nobody_on_the_other_side_and_no_such_row() -> None:
    rng = np.random.default_rng(1)
    pool, criteria = pools.pool(rng, 2, 0), pools.criteria(rng)
    assert len(search_mentors(pool, criteria, 1).best) == 0
    for row in (-1, 2):
        with pytest.raises(InvalidColumn):
            search_mentors(pool, criteria, row)
