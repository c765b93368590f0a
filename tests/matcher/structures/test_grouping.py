"""Groups from a pool and its criteria: as the definition of pairs says, proved, and refused when anything is bent."""

from typing import Any

import numpy as np
import pytest

from matcher import LIMITS, LimitReached, LockedRefused, archiving
from matcher.structures.group_recount import certify_groups
from matcher.structures.grouping import propose_groups
from tests.matcher import pools, reference

LOOSE = {
    "organisation_rule": 0, "supervisor_rule": False, "unit_rule": False, "language_minimum": 0,
    "overlap_minimum": 0, "seniority_minimum": -32768, "seniority_maximum": -32768, "topics_minimum": 0,
}  # fmt: skip


def drawn(seed: int, n: int = 14, m: int = 6) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng([77, seed])
    pool = pools.pool(rng, n, m, most_places=6)
    return rng, pool, pools.criteria(rng)._replace(**LOOSE)


def may_join(pool: Any, criteria: Any, i: int, j: int, barred: Any) -> bool:
    fails = set(reference.failed(pool, criteria, i, j)) - {"score"}
    is_group = pool.mentees.mode[i] in (1, 2) and pool.mentors.mode[j] in (1, 2)
    return not fails and (i, j) not in barred and (is_group or not criteria.mode_rule)


@pytest.mark.parametrize("part", range(4))
def test_groups_are_what_the_definition_allows(part: int) -> None:  # I06 I07
    made = 0
    for seed in range(part, 40, 4):
        rng, pool, criteria = drawn(seed)
        forbidden = pools.some_pairs(rng, 14, 6, 0.1)
        found = propose_groups(pool, criteria, forbidden=forbidden)
        assert certify_groups(pool, criteria, found).violations == ()
        assert found.total == found.score.sum() <= found.bound <= found.price_bound
        barred = {tuple(pair) for pair in forbidden.tolist()}
        for group in found.groups:
            made += 1
            assert 2 <= len(group.mentees) <= min(5, pool.mentors.capacity[group.mentor])
            for i in group.mentees:
                assert may_join(pool, criteria, i, group.mentor, barred)
                at = found.mentee.tolist().index(i)
                points = reference.contributions(pool, criteria, i, group.mentor)
                rank = pool.mentees.wanted[i].tolist().index(group.topic)
                points["topics"] = int(criteria.topic_points[rank])
                assert found.contributions[at].tolist() == list(points.values())
                assert found.score[at] == sum(points.values())
                assert found.topic[at] == group.topic
        left = {one.person for one in found.unmatched_mentees}
        assert left == set(range(14)) - set(found.mentee.tolist())
        for one in found.unmatched_mentees:
            possible = sum(
                not reference.failed(pool, criteria, one.person, j)
                and may_join(pool, criteria, one.person, j, barred)
                for j in range(6)
            )
            assert one.possible == possible
            assert (one.reason == "group") == (possible > 0)
            assert one.reason in (*LIMITS, "group", "nobody")
    assert made > 5


def test_locked_mentees_are_with_their_mentor() -> None:
    kept = 0
    for seed in range(10):
        rng, pool, criteria = drawn(100 + seed, 8, 4)
        free = propose_groups(pool, criteria)
        legal = [
            (i, j) for i in range(8) for j in range(4)
            if reference.worth(pool, criteria)[i][j] > 0 and may_join(pool, criteria, i, j, set())
        ]  # fmt: skip
        if not legal:
            continue
        lock = legal[int(rng.integers(len(legal)))]
        try:
            found = propose_groups(pool, criteria, locked=[lock])
        except LockedRefused as refused:
            assert (refused.mentee, refused.mentor) == lock
            continue
        kept += 1
        assert lock in set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
        assert found.total <= free.bound
        assert certify_groups(pool, criteria, found).violations == ()
    assert kept > 2


def test_mentees_kept_apart_are_never_in_one_group() -> None:
    parted = 0
    for seed in range(12):
        _, pool, criteria = drawn(300 + seed)
        free = propose_groups(pool, criteria)
        apart = [group.mentees[:2] for group in free.groups]
        if not apart:
            continue
        found = propose_groups(pool, criteria, apart=apart)
        parted += 1
        for a, b in apart:
            assert not any({a, b} <= set(group.mentees) for group in found.groups)
        assert found.total <= free.total <= free.bound == found.bound
        assert certify_groups(pool, criteria, found).violations == ()
        told = certify_groups(pool, criteria, free._replace(apart_pairs=found.apart_pairs))
        assert {one.partition(":")[0] for one in told.violations} == {"apart_broken"}
    assert parted > 5


def some_groups() -> tuple[Any, Any, Any]:
    for seed in range(50):
        _, pool, criteria = drawn(200 + seed)
        found = propose_groups(pool, criteria)
        if len(found.groups) > 1:
            return pool, criteria, found
    raise AssertionError("no pool with two groups")


def planted(found: Any, what: str) -> Any:
    if what == "price":
        return found._replace(
            price_bound=found.price_bound - 1, bound=min(found.bound, found.price_bound - 1)
        )
    if what == "bound":
        return found._replace(bound=found.price_bound + 1)
    if what == "score":
        score = found.score.copy()
        score[0] += 1
        return found._replace(score=score, total=found.total + 1)
    if what == "topic":
        topic = found.topic.copy()
        topic[0] = (topic[0] + 1) % 8
        return found._replace(topic=topic)
    if what == "size":
        return found._replace(least=6, most=6)
    return found._replace(groups=found.groups[1:])


@pytest.mark.parametrize("what", ["price", "bound", "score", "topic", "size", "groups"])
def test_a_planted_fault_is_found(what: str) -> None:
    pool, criteria, found = some_groups()
    assert certify_groups(pool, criteria, found).ok
    assert not certify_groups(pool, criteria, planted(found, what)).ok


def test_groups_survive_their_file_and_do_not_depend_on_the_order_of_rows() -> None:
    pool, criteria, found = some_groups()
    kept = archiving.groups_of(archiving.arrays_of_groups(found))
    assert certify_groups(pool, criteria, kept).ok
    rng = np.random.default_rng(1)
    rows, cols = rng.permutation(14), rng.permutation(6)
    other = propose_groups(pools.permuted(pool, rows, cols), criteria)
    pairs = {(int(rows[i]), int(cols[j])) for i, j in zip(other.mentee, other.mentor, strict=True)}
    assert pairs == set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))


def test_a_pool_too_large_is_refused() -> None:
    _, pool, criteria = drawn(1, 4, 2)
    with pytest.MonkeyPatch.context() as patched, pytest.raises(LimitReached):
        patched.setattr("matcher.structures.grouping.MOST_IN_GROUPS", 3)
        propose_groups(pool, criteria)
