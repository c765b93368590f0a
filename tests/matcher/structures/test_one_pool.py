"""Pairs of peers and circles from a pool and its criteria: as the definition says, proved, and refused when anything is bent."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matcher import (
    InvalidColumn,
    LimitReached,
    LockedRefused,
    archiving,
    certify_circles,
    certify_mutual,
    explain_mutual,
    propose_circles,
    propose_mutual,
    weigh_circle,
)
from matcher.structures.looking import count_peers
from tests.matcher import pools, reference
from tests.matcher.structures.test_grouping import LOOSE

# Limits on pairs that a circle does not ask of any two.
OF_CIRCLES = {"capacity", "languages", "overlap", "seniority", "topics", "score"}


def drawn(seed: int, n: int) -> tuple[Any, Any, Any, list[tuple[int, int]]]:
    """The same people on both sides, criteria, and pairs that are forbidden."""
    rng = np.random.default_rng([55, seed])
    pool = pools.pool(rng, n, n, most_places=2)
    shared = {
        name: getattr(pool.mentees, name) for name in pool.mentors._fields if name in pool.mentees._fields
    }
    pool = pool._replace(mentors=pool.mentors._replace(**shared), wishes=np.zeros((0, 3), np.int32))
    forbidden = (
        [(a, b) for a, b in np.asarray(pools.some_pairs(rng, n, n, 0.1)).tolist() if a != b] if n else []
    )
    criteria = pools.criteria(rng)
    return rng, pool, criteria._replace(**LOOSE) if seed % 5 else criteria, forbidden


def fails(pool: Any, criteria: Any, a: int, b: int, barred: set[frozenset[int]]) -> set[str]:
    found = {*reference.failed(pool, criteria, a, b), *reference.failed(pool, criteria, b, a)}
    return found | ({"forbidden"} if frozenset((a, b)) in barred else set())


def worth(pool: Any, criteria: Any, a: int, b: int) -> tuple[int, int]:
    there, back = (sum(reference.contributions(pool, criteria, *pair).values()) for pair in ((a, b), (b, a)))
    return there, back


def mutual_value(there: int, back: int) -> int:
    return there + back - (abs(there - back) + 1) // 2


def best(table: dict[frozenset[int], int], left: frozenset[int]) -> int:
    """The greatest total of pairs, by trying all."""
    if len(left) < 2:
        return 0
    first = min(left)
    rest = left - {first}
    found = best(table, rest)
    for other in rest:
        if (value := table.get(frozenset((first, other)), 0)) > 0:
            found = max(found, value + best(table, rest - {other}))
    return found


@pytest.mark.parametrize("part", range(3))
def test_pairs_of_peers_are_the_best_there_are(part: int) -> None:  # C01 N11
    made = 0
    for seed in range(part, 30, 3):
        _, pool, criteria, forbidden = drawn(seed, seed if seed < 3 else 5 + seed % 5)
        n = len(pool.mentees.key)
        barred = {frozenset(pair) for pair in forbidden}
        table = {}
        for a, b in combinations(range(n), 2):
            there, back = worth(pool, criteria, a, b)
            if not fails(pool, criteria, a, b, barred) and there > 0 and back > 0:
                table[frozenset((a, b))] = mutual_value(there, back)
        found = propose_mutual(pool, criteria, forbidden=forbidden)
        assert found.total == found.bound == best(table, frozenset(range(n)))
        for at, pair in enumerate(zip(found.one.tolist(), found.other.tolist(), strict=True)):
            assert table[frozenset(pair)] == found.score[at] == found.contributions[at].sum()
            assert (found.contributions[at] >= 0).all()
            made += 1
        assert found.pairs_possible == len(table)
        assert {one.person for one in found.unmatched} == set(range(n)) - {
            *found.one.tolist(),
            *found.other.tolist(),
        }
        assert count_peers(pool, criteria, forbidden=forbidden).left[-1] == len(table)
        assert certify_mutual(pool, criteria, found).ok
        assert certify_mutual(pool, criteria, archiving.mutual_of(archiving.arrays_of_mutual(found))).ok
    assert made > 3


def some_pairs() -> tuple[Any, Any, Any]:
    for seed in range(60):
        _, pool, criteria, _ = drawn(300 + seed, 7)
        found = propose_mutual(pool, criteria)
        if len(found.one) > 1:
            return pool, criteria, found
    raise AssertionError("no pool with two pairs")


def test_a_kept_pair_stands_and_its_price_is_what_it_says() -> None:
    pool, criteria, found = some_pairs()
    together = set(zip(found.one.tolist(), found.other.tolist(), strict=True))
    priced = 0
    for a, b in combinations(range(7), 2):
        told = explain_mutual(pool, criteria, a, b, found)
        assert told.is_matched == ((a, b) in together)
        if told.failed and told.failed != ("score",):
            assert told.price is None
            with pytest.raises(LockedRefused):
                propose_mutual(pool, criteria, locked=[(a, b)])
            continue
        kept = propose_mutual(pool, criteria, locked=[(b, a)])
        assert (a, b) in set(zip(kept.one.tolist(), kept.other.tolist(), strict=True))
        assert told.price == found.total - kept.total >= 0
        assert certify_mutual(pool, criteria, kept).ok
        priced += 1
    assert priced > 1


def test_bent_pairs_are_found() -> None:
    pool, criteria, found = some_pairs()
    bent = {
        "wrong_score": found._replace(score=found.score + 1),
        "not_bounded": found._replace(total=found.total + 1),
        "prices_too_low": found._replace(
            proof=found.proof._replace(price=np.zeros_like(found.proof.price), odd_sets=())
        ),
        "other_input": found._replace(digest="another"),
        "pairs_malformed": found._replace(other=found.one),
    }
    for code, wrong in bent.items():
        assert code in {one.partition(":")[0] for one in certify_mutual(pool, criteria, wrong).violations}
    two_sides = pool._replace(mentors=pool.mentors._replace(key=pool.mentors.key + np.uint64(1)))
    with pytest.raises(InvalidColumn):
        propose_mutual(two_sides, criteria)


def circles_of(pool: Any, criteria: Any, barred: set[frozenset[int]]) -> Iterator[tuple[int, ...]]:
    """Every circle of two to four that the definition allows."""
    n, level = len(pool.mentees.key), max(1, criteria.language_minimum)
    alone = [criteria.mode_rule and pool.mentees.mode[i] not in (1, 2) for i in range(n)]
    for size in (2, 3, 4):
        for people in combinations(range(n), size):
            rows = list(people)
            ok = all(pool.mentors.capacity[i] > 0 and not alone[i] for i in rows)
            ok = ok and not any(
                fails(pool, criteria, a, b, barred) - OF_CIRCLES for a, b in combinations(rows, 2)
            )
            ok = ok and any(
                (pool.mentees.languages[rows, k] >= level).all()
                for k in range(pool.mentees.languages.shape[1])
            )
            if ok:
                yield people


@pytest.mark.parametrize("part", range(3))
def test_circles_are_what_the_definition_allows(part: int) -> None:  # U01
    placed = 0
    for seed in range(part, 30, 3):
        _, pool, criteria, forbidden = drawn(600 + seed, 5 + seed % 7)
        barred = {frozenset(pair) for pair in forbidden}
        found = propose_circles(pool, criteria, least=2, most=4, forbidden=forbidden)
        allowed = set(circles_of(pool, criteria, barred))
        proof = certify_circles(pool, criteria, found)
        assert proof.ok, proof.violations
        assert found.total <= found.bound <= proof.bound
        for number, one in enumerate(found.circles):
            assert one.people in allowed
            value = sum(sum(worth(pool, criteria, a, b)) for a, b in combinations(one.people, 2))
            assert value == one.value == found.score[list(one.people)].sum() // 2
            assert (found.circle[list(one.people)] == number).all()
            weighed = weigh_circle(pool, criteria, one.people, least=2, most=4, forbidden=forbidden)
            assert (weighed.faults, weighed.value, weighed.hours) == ((), one.value, one.hours)
            placed += len(one.people)
        assert (found.contributions.sum(axis=1) == found.score).all()
        if (
            not criteria.overlap_minimum and len(pool.mentees.key) >= 2
        ):  # hours are counted in slots of their own
            assert (not found.circles) <= (not allowed)
        again = archiving.circles_of(archiving.arrays_of_circles(found))
        assert certify_circles(pool, criteria, again).ok
    assert placed > 10


def test_bent_circles_are_found() -> None:
    for seed in range(60):
        _, pool, criteria, _ = drawn(800 + seed, 10)
        found = propose_circles(pool, criteria, least=2, most=4)
        if len(found.circles) > 1 and (found.circle < 0).any():
            break
    else:
        raise AssertionError("no pool with two circles and somebody left over")
    out = int(np.flatnonzero(found.circle < 0)[0])
    squeezed = found.circle.copy()
    squeezed[out] = 0
    bent = {
        "wrong_score": found._replace(score=found.score + 1),
        "circles_differ": found._replace(circle=squeezed),
        "not_bounded": found._replace(total=found.total + 1),
        "wrong_size": found._replace(least=9, most=9),
        "circles_malformed": found._replace(price=found.price[1:]),
        "other_input": found._replace(digest="another"),
    }
    for code, wrong in bent.items():
        assert code in {one.partition(":")[0] for one in certify_circles(pool, criteria, wrong).violations}
    whole = weigh_circle(pool, criteria, [*found.circles[0].people, out], least=2, most=2)
    assert "size" in whole.faults


def test_more_people_than_a_run_takes_are_refused() -> None:
    _, pool, criteria, _ = drawn(1, 6)
    many = {
        "matcher.structures.mutual.MOST_IN_MUTUAL": propose_mutual,
        "matcher.structures.circling.MOST_IN_CIRCLES": propose_circles,
    }
    for limit, propose in many.items():
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(limit, 3)
            with pytest.raises(LimitReached):
                propose(pool, criteria)
