"""What forcing a pair costs: from a run's prices, and by solving everything again."""

from itertools import product

import numpy as np
import pytest

from matcher import InvalidColumn, LockedRefused, dense, explain, propose, reasoning, repairing
from matcher.forcing import distances
from matcher.given import given
from matcher.large import pricing, running
from matcher.large.floor import stand_ins
from matcher.large.shortcuts import shortest_way
from matcher.limits import failures
from matcher.samples import sample
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.scoring import scene
from matcher.watching import Watch
from tests.matcher import pools
from tests.matcher.large.test_same_answers import problem

POOLS = pools.POOLS // 4


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
    for i in range(0, len(pool.mentees.key), 149):
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


def test_a_way_over_one_pair_more_is_found_by_one_scan(monkeypatch):
    """Few near pairs are kept, so that now and then the cheapest way leads over a pair that the graph does not hold."""
    monkeypatch.setattr(pricing, "NEAR", 700)
    monkeypatch.setattr(pricing, "EACH_SCARCE", 1)
    monkeypatch.setattr(repairing, "force", lambda *_: (False, None))
    told: list[tuple[int, int | None]] = []

    def noted(*asked):
        told.append((asked[-1], shortest_way(*asked)))
        return told[-1][1]

    monkeypatch.setattr(running, "shortest_way", noted)
    pool, criteria = sample(300, "one-to-one")
    x = given(pool, criteria, (), (), None)
    run = dense.solve(x, Watch(None, None))
    ask = dense.asking_scores(run, distances(run.market, run.prices, run.floor_match, lambda _: None))
    packed = pack(pool, criteria, x.forbidden)
    first = top_mentors(packed, None, 8, above=0)
    proved = pricing.optimum_of(packed, run.floor, stand_ins(run.floor, pool), first, 1, Watch(None, None))
    legal = np.argwhere(run.mask == 0)
    for i, j in legal[np.random.default_rng(2).permutation(len(legal))[:60]].tolist():
        if proved.solution.match[i] == j:
            continue
        price = running.price_of(x, packed, run.floor, proved, i, j, int(run.score[i, j]))
        assert price in (None, int(ask[i, j] - run.score[i, j])), (i, j)
    certain = [(known, way) for known, way in told if way is not None]
    assert len(certain) > 10
    assert any(way < known for known, way in certain)
