"""What forcing a pair costs: from a run's prices, and by solving everything again."""

import os
from itertools import product

import numpy as np
import pytest

from matcher import InvalidColumn, LockedRefused, explain, propose, reasoning, repairing
from matcher.given import given
from matcher.limits import failures
from matcher.samples import sample
from matcher.scoring import scene
from tests.matcher.large.test_same_answers import problem

POOLS = int(os.environ.get("MENTORWEAVE_POOLS", "200")) // 4


def test_forcing_costs_what_solving_again_says(monkeypatch):
    monkeypatch.setattr(repairing, "FEW", 2)  # so that rows must be fetched again
    seen = 0
    for seed in range(POOLS):
        x = problem(seed)
        try:
            found = propose(
                x.pool, x.criteria, locked=x.locked.tolist(), forbidden=x.forbidden.tolist(), quotas=x.quotas
            )
        except LockedRefused:
            continue
        mask, points = failures(scene(x.pool, x.criteria), slice(0, len(x.pool.mentees.key)), x.forbidden)
        pairs = list(product(*map(range, mask.shape)))
        for i, j in pairs[:: max(1, len(pairs) // 12)]:
            score = int(points[i, j])
            told = repairing.force(x, found, i, j, score)
            assert told == reasoning.densely(x, i, j, score), (seed, i, j)
            seen += told[1] is not None
    assert seen > POOLS


@pytest.mark.parametrize("shape", ["tight", "one-to-one"])
def test_large_runs_answer_from_their_prices(shape):
    pool, criteria = sample(1_010, shape)
    found = propose(pool, criteria)
    x = given(pool, criteria, (), (), None)
    best = found.next_best
    for i in range(0, len(pool.mentees.key), 53):
        for j, margin, is_exact in zip(
            best.mentor[i].tolist(), best.margin[i].tolist(), best.is_exact[i].tolist(), strict=True
        ):
            told = explain(pool, criteria, i, j, matching=found)
            assert told.price == margin if is_exact else told.price <= margin
            assert told.is_matched is False and told.failed == ()
    i, j = int(found.mentee[5]), int(found.mentor[5])
    assert explain(pool, criteria, i, j, matching=found).is_matched
    j = int(np.argmax(found.mentor_price))
    assert repairing.force(x, found, 7, j, 0) == reasoning.densely(x, 7, j, 0)


def test_a_search_that_leads_too_far_gives_way_to_solving_anew(monkeypatch):
    pool, criteria = sample(1_010, "one-to-one")
    found = propose(pool, criteria)
    asked = [(i, int(found.next_best.mentor[i][2])) for i in range(0, 1_010, 250)]
    asked += [(i, (7 * i + 3) % 1_010) for i in range(0, 1_010, 250)]
    repaired = [explain(pool, criteria, i, j, matching=found) for i, j in asked]
    monkeypatch.setattr(repairing, "STEPS", 0)
    with pytest.raises(repairing.TooFar):
        repairing.force(given(pool, criteria, (), (), None), found, *asked[0], 0, steps=0)
    assert [explain(pool, criteria, i, j, matching=found) for i, j in asked] == repaired
    assert [explain(pool, criteria, i, j) for i, j in asked[:2]] == repaired[:2]


def test_a_matching_of_other_people_is_refused():
    pool, criteria = sample(40)
    other, _ = sample(40, seed=2)
    with pytest.raises(InvalidColumn, match="is of other columns"):
        explain(other, criteria, 0, 0, matching=propose(pool, criteria))
