"""What a result is like, counted again person by person."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from matcher import LimitReached, Matching, Pool, Quotas, measuring, propose
from matcher.measuring import Effort, Measures, Spread, gini_of, measure, peak_memory
from matcher.objections import legal_pairs
from tests.matcher import pools, reference
from tests.matcher.test_stable import blocking

POOLS = pools.POOLS // 2


def gini(points: list[int]) -> float:
    """Half the mean difference of any two, over the mean."""
    if not sum(points):
        return 0.0
    return sum(abs(a - b) for a in points for b in points) / (2 * len(points) * sum(points))


def codes(people: Any, name: str, row: int) -> list[int]:
    if name != "language":
        return [int(getattr(people, name)[row])]
    return [k for k, level in enumerate(people.languages[row].tolist()) if level >= 2] or [-1]


def spread(people: Any, name: str, rows: list[int], pairs: dict[int, list[int]]) -> tuple[Spread, ...]:
    """`pairs` maps a row to the scores of its pairs."""
    found = []
    for code in sorted({code for row in rows for code in codes(people, name, row)}):
        here = [row for row in rows if code in codes(people, name, row)]
        scores = [score for row in here for score in pairs[row]]
        matched = sum(bool(pairs[row]) for row in here)
        mean = sum(scores) / len(scores) if scores else 0.0
        even = gini([sum(pairs[row]) for row in here])
        found.append(Spread(code, len(here), matched, matched / len(here), mean, even))
    return tuple(found)


def by_hand(pool: Pool, matching: Matching) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    hers: dict[int, list[int]] = {i: [] for i in range(len(pool.mentees.key))}
    theirs: dict[int, list[int]] = {j: [] for j in range(len(pool.mentors.key))}
    for i, j, score in zip(
        matching.mentee.tolist(), matching.mentor.tolist(), matching.score.tolist(), strict=True
    ):
        hers[i].append(score)
        theirs[j].append(score)
    return hers, theirs


def run(seed: int) -> tuple[Any, Any, Matching]:
    rng = np.random.default_rng(seed)
    pool, criteria = pools.pool(rng, *rng.integers(0, 9, 2).tolist()), pools.criteria(rng)
    quotas = (
        Quotas(np.array([1, -1, 2], np.int32), np.array([-1, 2, -1], np.int32)) if seed % 3 == 0 else None
    )
    forbidden = [(0, 0)] if seed % 2 and len(pool.mentees.key) and len(pool.mentors.key) else []
    worths = reference.worth(pool, criteria, forbidden)
    locked = [(i, row.index(max(row))) for i, row in enumerate(worths[:1]) if max(row, default=0) > 0]
    return (
        pool,
        criteria,
        propose(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas if not locked else None),
    )


def must_agree(pool: Pool, criteria: Any, matching: Matching, found: Measures) -> None:
    hers, theirs = by_hand(pool, matching)
    offers = [j for j in theirs if pool.mentors.capacity[j] > 0]
    scores = sorted(matching.score.tolist())
    assert (found.mentees, found.mentors, found.pairs) == (len(hers), len(offers), len(scores))
    assert found.mentee_rate == (len(scores) / len(hers) if hers else 0)
    assert found.mentor_rate == (sum(bool(theirs[j]) for j in offers) / len(offers) if offers else 0)
    assert found.total == sum(scores) == matching.total
    assert (found.minimum, found.mean) == ((scores[0], sum(scores) / len(scores)) if scores else (0, 0))
    assert sum(score >= found.percentile_5 for score in scores) >= 0.95 * len(scores)
    assert found.gini == pytest.approx(gini([sum(points) for points in hers.values()]))
    load = Counter(len(theirs[j]) for j in offers)
    assert found.mentor_load.tolist() == [load[k] for k in range(max(load, default=0) + 1)]
    best = Counter(
        min(reference.met(pool, i, j), default=5)
        for i, j in zip(matching.mentee.tolist(), matching.mentor.tolist(), strict=True)
    )
    assert found.want_ranks.tolist() == [best[rank] for rank in range(6)]
    for name in ("organisation", "region", "language", "grade"):
        for told, people, rows, pairs in (
            (found.mentee_spread, pool.mentees, list(hers), hers),
            (found.mentor_spread, pool.mentors, offers, theirs),
        ):
            ours, by_count = told[name], spread(people, name, rows, pairs)
            assert [s[:5] for s in ours] == [s[:5] for s in by_count]
            assert [s.gini for s in ours] == pytest.approx([s.gini for s in by_count])
    must_agree_on_pairs(pool, criteria, matching, found)


def must_agree_on_pairs(pool: Pool, criteria: Any, matching: Matching, found: Measures) -> None:
    worths = np.array(reference.worth(pool, criteria, matching.forbidden_pairs.tolist()), np.int64)
    worths = worths.reshape(len(pool.mentees.key), len(pool.mentors.key))
    assert found.pairs_compared == (worths > 0).sum()
    match = np.full(len(worths), -1)
    match[matching.mentee[~matching.locked]] = matching.mentor[~matching.locked]
    worths[matching.locked_pairs[:, 0]] = 0
    left = pool.mentors.capacity - np.bincount(matching.locked_pairs[:, 1], minlength=worths.shape[1])
    assert found.blocking_pairs == blocking(worths, left, match.tolist())
    assert (found.violating_pairs, found.gap) == (0, 0)


@pytest.mark.parametrize("part", range(10))
def test_measures_are_what_counting_by_hand_gives(part: int) -> None:  # N05
    for seed in range(part, POOLS, 10):
        pool, criteria, matching = run(seed)
        must_agree(pool, criteria, matching, measure(pool, criteria, matching))


def test_prices_that_are_too_low_are_seen() -> None:
    rng = np.random.default_rng(2)
    pool, criteria = pools.pool(rng, 20, 12), pools.criteria(rng)
    matching = propose(pool, criteria)
    assert matching.total > 0
    cheap = matching._replace(mentee_price=np.zeros(20, np.int64), mentor_price=np.zeros(12, np.int64))
    found = measure(pool, criteria, cheap)
    assert found.violating_pairs == found.pairs_compared == matching.pairs_possible


def test_a_graph_stands_for_all_pairs_where_there_are_too_many() -> None:
    rng = np.random.default_rng(3)
    pool, criteria = pools.pool(rng, 30, 20), pools.criteria(rng)
    matching = propose(pool, criteria)
    graph = legal_pairs(pool, criteria, matching.forbidden_pairs)
    effort = Effort(600, (("scoring", 0.5), ("solving", 0.25)), peak_memory())
    whole, told = (measure(pool, criteria, matching, graph=g, effort=effort) for g in (None, graph))
    assert str(whole) == str(told)
    assert told.effort.peak_memory > 10_000_000
    assert (told.digest, told.version) == (matching.digest, matching.version)
    large = pools.pool(rng, 1001, 1)
    with pytest.raises(LimitReached):
        legal_pairs(large, criteria, np.zeros((0, 2), np.int32))


def test_gini_of_even_and_uneven_groups() -> None:
    group = np.array([0, 0, 0, 1, 1, 1, 1, 2])
    points = np.array([5, 5, 5, 0, 0, 0, 8, 0])
    assert gini_of(group, points, 3).tolist() == [0.0, 0.75, 0.0]


def test_measures_do_not_depend_on_the_order_of_people() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pool, criteria = pools.pool(rng, 12, 9), pools.criteria(rng)
        rows, cols = rng.permutation(12), rng.permutation(9)
        other = pools.permuted(pool, rows, cols)
        one, two = (measure(p, criteria, propose(p, criteria)) for p in (pool, other))
        assert str(one._replace(digest="")) == str(two._replace(digest=""))


def test_large_pools_are_counted_in_blocks_to_the_same_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(12):
        pool, criteria, matching = run(seed)
        cheap = matching._replace(
            mentee_price=matching.mentee_price // 2, mentor_price=matching.mentor_price // 3
        )
        worse = matching._replace(
            **{name: getattr(matching, name)[::2] for name in ("mentee", "mentor", "score", "locked")}
        )
        for found in (matching, cheap, worse):
            monkeypatch.setattr(measuring, "MOST_DENSE", 1_000)
            listed = measure(pool, criteria, found)
            monkeypatch.setattr(measuring, "MOST_DENSE", -1)
            assert str(measure(pool, criteria, found, threads=2)) == str(listed), seed
