"""Pairs within one pool against trying everything, and their proof against every pair."""

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from matcher import InvalidColumn, LimitReached
from matcher.modes.graphs import Candidates
from matcher.structures.mending import best_apart
from matcher.structures.pairs import Pairs, mutual, pair_graph, pair_pool
from matcher.structures.proofs import proves
from tests.matcher.pools import POOLS


def pool(rng: np.random.Generator, most: int) -> tuple[Any, Any]:
    n = int(rng.integers(0, most))
    points = rng.integers(0, int(rng.choice([2, 3, 5, 30, 20_000])), (n, n))
    score = np.triu(points * (rng.random((n, n)) < rng.random()), 1)
    return (score + score.T).astype(np.int32), rng.choice(1 << 60, n, replace=False).astype(np.uint64)


def graph(score: Any) -> tuple[Any, Any, Any]:
    rows, columns = np.nonzero(score)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(score)))])
    return indptr.astype(np.int64), columns.astype(np.int32), score[rows, columns].astype(np.int32)


def best_of_all(score: list[list[int]]) -> int:
    @cache
    def best(left: int) -> int:
        if not left:
            return 0
        i = left.bit_length() - 1
        rest = left ^ (1 << i)
        values = [best(rest)]
        values += [score[i][j] + best(rest ^ (1 << j)) for j in range(i) if rest >> j & 1 and score[i][j] > 0]
        return max(values)

    return best((1 << len(score)) - 1)


def must_be_sound(score: Any, found: Pairs) -> None:
    """Pairs are mutual and allowed, figures are theirs, and the bound follows from prices that cover all pairs."""
    paired = np.flatnonzero(found.partner >= 0)
    partner = found.partner[paired]
    assert (found.partner[partner] == paired).all()
    points = score[paired, partner]
    assert (points > 0).all()
    assert found.score[paired].tolist() == points.tolist()
    assert (found.score[found.partner < 0] == 0).all()
    assert (2 * found.pairs, 2 * found.value) == (len(paired), points.sum())
    assert found.least == points.min(initial=20_001) % 20_001
    assert proves(found.proof, Candidates(*graph(score), np.ones(len(score), np.int32)))
    assert found.proof.bound == found.bound == found.value + found.gap
    assert found.gap >= 0


@pytest.mark.parametrize("part", range(10))
def test_pairs_of_a_small_pool_are_the_best_of_all(part: int) -> None:  # N11
    for seed in range(part, 5 * POOLS, 10):
        score, key = pool(np.random.default_rng(seed), 11)
        found = pair_pool(score, key)
        must_be_sound(score, found)
        assert found.gap == 0
        assert found.value == best_of_all(score.tolist())


def test_pairs_of_a_large_pool_come_with_a_true_bound() -> None:
    for seed in range(POOLS):
        score, key = pool(np.random.default_rng(seed), 11)
        found = pair_graph(*graph(score), key, most_exact=0)
        must_be_sound(score, found)
        assert found.value <= best_of_all(score.tolist()) <= found.bound


def test_mending_leaves_little_to_gain() -> None:
    rng = np.random.default_rng(1)
    points = np.triu(rng.integers(1, 20_000, (400, 400)) * (rng.random((400, 400)) < 0.05), 1)
    score, key = (points + points.T).astype(np.int32), np.arange(400, dtype=np.uint64)
    exact, near = pair_pool(score, key), pair_graph(*graph(score), key, most_exact=0)
    must_be_sound(score, exact)
    must_be_sound(score, near)
    assert exact.value <= near.bound
    assert near.value >= 0.999 * exact.value


@pytest.mark.parametrize("most_exact", [0, 1_000])
def test_pairs_do_not_depend_on_the_order_of_people(most_exact: int) -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        score, key = pool(rng, 20)
        order = rng.permutation(len(key))
        one = pair_graph(*graph(score), key, most_exact=most_exact)
        other = pair_graph(*graph(score[np.ix_(order, order)]), key[order], most_exact=most_exact)
        back = np.append(order, -1)[other.partner]
        assert back.tolist() == one.partner[order].tolist()
        assert one[2:7] == other[2:7]


@pytest.mark.parametrize(("count", "points"), [(0, 5), (1, 5), (2, 5), (5, 5), (8, 5), (6, 0)])
def test_pairs_of_ordinary_extremes(count: int, points: int) -> None:
    score = np.full((count, count), points, np.int32)
    np.fill_diagonal(score, 0)
    found = pair_pool(score, np.arange(count, dtype=np.uint64))
    must_be_sound(score, found)
    assert found.pairs == (count // 2 if points else 0)
    assert found.gap == 0


def test_three_who_fit_equally_leave_one_alone_with_proof() -> None:
    """The odd cycle is what makes one pool harder than two sides: half of the cover's value is out of reach."""
    score = np.array([[0, 6, 6], [6, 0, 6], [6, 6, 0]], np.int32)
    key = np.arange(3, dtype=np.uint64)
    exact, near = pair_pool(score, key), pair_graph(*graph(score), key, most_exact=0)
    assert (exact.value, exact.bound, len(exact.proof.odd_sets)) == (6, 6, 1)
    assert (near.value, near.bound) == (6, 9)


def test_a_false_proof_of_pairs_is_seen() -> None:
    score = np.array([[0, 6, 6], [6, 0, 6], [6, 6, 0]], np.int32)
    edges = Candidates(*graph(score), np.ones(3, np.int32))
    proof = pair_pool(score, np.arange(3, dtype=np.uint64)).proof
    assert proves(proof, edges)
    assert not proves(proof._replace(odd_sets=()), edges)
    assert not proves(proof._replace(price=proof.price - 1), edges)
    twice = proof.odd_sets[0]._replace(people=np.array([0, 0, 1]))
    assert not proves(proof._replace(odd_sets=(twice,)), edges)


def test_the_best_entries_apart() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        worth = rng.integers(1, 9, rng.integers(0, 8)).tolist()
        value, chosen = best_apart(worth)
        assert value == sum(worth[k] for k in chosen)
        assert all(b - a > 1 for a, b in pairwise(sorted(chosen)))
        choices = [c for c in range(1 << len(worth)) if not c & c >> 1]
        assert value == max(sum(w for k, w in enumerate(worth) if c >> k & 1) for c in choices)


def test_a_mutual_score_wants_both_to_gain() -> None:
    there = np.array([[6, 9, 5, 0, -3]], np.int32)
    back = np.array([[6, 3, 0, 5, 8]], np.int32)
    assert mutual(there, back).tolist() == [[12, 9, 0, 0, 0]]
    assert mutual(back, there).tolist() == [[12, 9, 0, 0, 0]]


def test_bad_scores_of_pairs_are_refused() -> None:
    key = np.arange(2, dtype=np.uint64)
    with pytest.raises(InvalidColumn, match="symmetric"):
        pair_pool(np.array([[0, 1], [2, 0]], np.int32), key)
    with pytest.raises(InvalidColumn, match="both ways"):
        pair_graph(np.array([0, 1, 1], np.int64), np.array([1], np.int32), np.array([5], np.int32), key)
    with pytest.raises(InvalidColumn, match="key"):
        pair_pool(np.zeros((2, 2), np.int32), np.zeros(2, np.uint64))
    with pytest.raises(InvalidColumn, match="at most"):
        pair_pool(np.array([[0, 1 << 30 | 1], [1 << 30 | 1, 0]], np.int32), key)
    with pytest.raises(LimitReached):
        pair_pool(np.zeros((1001, 1001), np.int32), np.arange(1001, dtype=np.uint64))
