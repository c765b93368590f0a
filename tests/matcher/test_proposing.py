"""`propose` against the plain definition and against trying everything."""

from typing import Any

import numpy as np
import pytest

from matcher import CRITERIA, LIMITS, LockedRefused, Quotas, certify, explain, propose
from tests.matcher import pools, reference


def drawn(seed: int, trial: int, most: int = 7) -> tuple[Any, Any, Any, Any, Any]:
    """(rng, pool, criteria, locked, forbidden): legal locks, some pairs forbidden."""
    rng = np.random.default_rng([seed, trial])
    n, m = rng.integers(0, most, 2)
    pool, criteria = pools.pool(rng, n, m, most_places=5), pools.criteria(rng)
    forbidden = pools.some_pairs(rng, n, m, 0.1)
    worths = reference.worth(pool, criteria, forbidden.tolist())
    left = pool.mentors.capacity.copy()
    locked = []
    for i in range(n):
        legal = [j for j in range(m) if worths[i][j] > 0 and left[j] > 0]
        if legal and rng.random() < 0.2:
            j = int(rng.choice(legal))
            left[j] -= 1
            locked.append((i, j))
    return rng, pool, criteria, locked, forbidden


def organisations(pool: Any) -> Any:
    return pool.mentees.organisation.tolist(), pool.mentors.organisation.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_propose_finds_the_best_of_all(seed: int) -> None:
    for trial in range(20):
        _, pool, criteria, locked, forbidden = drawn(seed, trial)
        found = propose(pool, criteria, locked=locked, forbidden=forbidden)
        worths = reference.worth(pool, criteria, forbidden.tolist())
        best = reference.best_total(worths, pool.mentors.capacity.tolist(), locked=locked)
        assert found.total == found.bound == best
        certificate = certify(pool, criteria, found)
        assert certificate.violations == ()
        assert (certificate.ok, certificate.total, certificate.bound) == (True, best, best)
        assert set(locked) <= set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(10))
def test_propose_keeps_quotas_inside_the_optimum(seed: int) -> None:
    for trial in range(20):
        rng, pool, criteria, locked, forbidden = drawn(1000 + seed, trial)
        quotas = Quotas(*(rng.integers(-1, 4, 3).astype(np.int32) for _ in range(2)))
        if rng.random() < 0.3:
            quotas = quotas._replace(mentors=np.zeros(0, np.int32))
        worths = reference.worth(pool, criteria, forbidden.tolist())
        best = reference.best_total(
            worths,
            pool.mentors.capacity.tolist(),
            locked=locked,
            orgs=organisations(pool),
            quotas=[q.tolist() for q in quotas],
        )
        if best is None:
            with pytest.raises(LockedRefused) as refused:
                propose(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas)
            assert refused.value.limit == "quota"
            continue
        found = propose(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas)
        assert found.total == best
        assert certify(pool, criteria, found).violations == ()


# N04
@pytest.mark.parametrize("seed", range(5))
def test_contributions_add_up_to_the_score_of_the_definition(seed: int) -> None:
    for trial in range(20):
        _, pool, criteria, locked, forbidden = drawn(2000 + seed, trial)
        found = propose(pool, criteria, locked=locked, forbidden=forbidden)
        assert (found.contributions.sum(axis=1) == found.score).all()
        assert found.contributions.dtype == np.int16
        for i, j, parts in zip(found.mentee, found.mentor, found.contributions, strict=True):
            assert dict(zip(CRITERIA, parts.tolist(), strict=True)) == reference.contributions(
                pool, criteria, i, j
            )


def test_waterfall_counts_pairs_limit_by_limit() -> None:
    for trial in range(40):
        _, pool, criteria, _, forbidden = drawn(3000, trial)
        found = propose(pool, criteria, forbidden=forbidden)
        barred = {tuple(pair) for pair in forbidden.tolist()}
        fails = [
            {*reference.failed(pool, criteria, i, j), *(["forbidden"] if (i, j) in barred else [])}
            for i in range(len(pool.mentees.key))
            for j in range(len(pool.mentors.key))
        ]
        left = tuple(sum(not f & set(LIMITS[: k + 1]) for f in fails) for k in range(len(LIMITS)))
        assert found.waterfall.pairs == len(fails)
        assert found.waterfall.left == left
        assert found.pairs_possible == left[-1]


@pytest.mark.parametrize("seed", range(6))
def test_margins_are_what_forcing_or_forbidding_costs(seed: int) -> None:
    for trial in range(8):
        rng, pool, criteria, locked, forbidden = drawn(4000 + seed, trial, 6)
        quotas = Quotas(*(rng.choice([-1, 0, 1, 2], 3).astype(np.int32) for _ in range(2)))
        limits = {"orgs": organisations(pool), "quotas": [q.tolist() for q in quotas]}
        places = pool.mentors.capacity.tolist()
        worths = reference.worth(pool, criteria, forbidden.tolist())
        total = reference.best_total(worths, places, locked=locked, **limits)
        if total is None:
            continue
        found = propose(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas)
        pinned = dict(locked)
        for i in range(len(worths)):
            matched = dict(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True)).get(i, -1)
            able = {}
            for j in range(len(places)):
                if worths[i][j] > 0 and j != matched and i not in pinned:
                    forced = reference.best_total(worths, places, locked=[*locked, (i, j)], **limits)
                    if forced is not None:
                        able[j] = total - forced
            listed = [j for j in found.next_best.mentor[i].tolist() if j >= 0]
            assert len(listed) == min(3, len(able))
            assert {j: able[j] for j in listed} == dict(
                zip(listed, found.next_best.margin[i].tolist(), strict=False)
            )
            points = [worths[i][j] for j in listed]
            assert points == sorted((worths[i][j] for j in able), reverse=True)[: len(listed)]
            assert points == found.next_best.score[i, : len(listed)].tolist()
        for i, j, margin in zip(found.mentee.tolist(), found.mentor.tolist(), found.margin, strict=True):
            if i in pinned:
                assert margin == -1
                continue
            other = [
                [0 if (a, b) == (i, j) else s for b, s in enumerate(row)] for a, row in enumerate(worths)
            ]
            assert margin == total - reference.best_total(other, places, locked=locked, **limits)


class Case:
    """One drawn pool, its matching, and totals of pools that differ in one thing."""

    def __init__(self, seed: int, trial: int, *, with_quotas: bool = False) -> None:
        rng, self.pool, self.criteria, self.locked, forbidden = drawn(seed, trial)
        self.limits: dict[str, Any] = {}
        quotas = None
        if with_quotas:
            # No locks: with these quotas they would often be refused.
            self.locked = []
            quotas = Quotas(*(rng.choice([-1, 0, 1, 2], 3).astype(np.int32) for _ in range(2)))
            self.limits = {"orgs": organisations(self.pool), "quotas": [q.tolist() for q in quotas]}
        self.found = propose(self.pool, self.criteria, locked=self.locked, forbidden=forbidden, quotas=quotas)
        self.places = self.pool.mentors.capacity.tolist()
        self.worths = reference.worth(self.pool, self.criteria, forbidden.tolist())

    def total(self, i: int, j: int, points: int, *, more: int = 0, force: bool = False) -> Any:
        """With this pair worth `points`, `more` places with the mentor, and the pair forced."""
        worths = [row.copy() for row in self.worths]
        worths[i][j] = points
        places = [p + more * (k == j) for k, p in enumerate(self.places)]
        locked = [*self.locked, *([(i, j)] if force else [])]
        return reference.best_total(worths, places, locked=locked, **self.limits)


# N04
@pytest.mark.parametrize("seed", range(10))
def test_everyone_unmatched_has_a_reason(seed: int) -> None:
    for trial in range(12):
        case = Case(5000 + seed, trial)
        found, worths = case.found, case.worths
        for people, rows, matched in (
            (found.unmatched_mentees, worths, found.mentee),
            (
                found.unmatched_mentors,
                [[row[j] for row in worths] for j in range(len(case.places))],
                found.mentor,
            ),
        ):
            assert [who.person for who in people] == sorted(set(range(len(rows))) - set(matched.tolist()))
            for who in people:
                row = rows[who.person]
                assert who.possible == sum(points > 0 for points in row)
                assert (who.reason in ("full", "taken")) == (who.possible > 0)
                assert (who.reason == "nobody") == (not row and who.reason != "capacity")
                assert who.reason in (*LIMITS, "full", "taken", "nobody")


def test_a_quota_is_named_when_it_alone_keeps_people_apart() -> None:
    named = 0
    for trial in range(80):
        case = Case(7000, trial, with_quotas=True)
        found, worths = case.found, case.worths
        load = np.bincount(found.mentor, minlength=len(case.places))
        alone = {who.person: who for who in found.unmatched_mentees}
        for j in range(len(case.places)):
            for i, who in alone.items():
                if worths[i][j] > 0 and load[j] < case.places[j]:
                    assert who.reason == "quota"
                    named += 1
        for who in found.unmatched_mentors:
            waiting = any(worths[i][who.person] > 0 for i in alone)
            assert waiting == (who.reason == "quota")
    assert named > 10


# N04
@pytest.mark.parametrize("with_quotas", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_changes_do_what_they_say(seed: int, with_quotas: bool) -> None:
    for trial in range(12):
        case = Case(5000 + seed, trial, with_quotas=with_quotas)
        asked = [(who.person, None, change) for who in case.found.unmatched_mentees for change in who.changes]
        asked += [
            (None, who.person, change) for who in case.found.unmatched_mentors for change in who.changes
        ]
        for mentee, mentor, change in asked:
            i = change.person if mentee is None else mentee
            j = change.person if mentor is None else mentor
            must_do_what_it_says(case, i, j, change)


def must_do_what_it_says(case: Case, i: int, j: int, change: Any) -> None:
    total = case.found.total
    assert change.score == sum(reference.contributions(case.pool, case.criteria, i, j).values())
    if change.what == "points":
        assert case.total(i, j, change.score + change.amount) > total
        assert case.total(i, j, change.score + change.amount - 1) == total
    elif change.what == "place":
        forced = case.total(i, j, change.score, more=1, force=True)
        assert change.certain == (forced == case.total(i, j, change.score, more=1))
    elif change.what == "capacity":
        assert reference.failed(case.pool, case.criteria, i, j) == ["capacity"]
        assert not change.certain or case.total(i, j, change.score, more=1) > total
    else:
        assert reference.failed(case.pool, case.criteria, i, j) == [change.what]
        assert change.certain == (case.total(i, j, change.score) > total)


def test_explain_agrees_with_the_definition_for_every_pair() -> None:
    for trial in range(12):
        _, pool, criteria, locked, forbidden = drawn(6000, trial, 6)
        found = propose(pool, criteria, locked=locked, forbidden=forbidden)
        places = pool.mentors.capacity.tolist()
        worths = reference.worth(pool, criteria, forbidden.tolist())
        barred = {tuple(pair) for pair in forbidden.tolist()}
        pairs = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
        for i in range(len(worths)):
            for j in range(len(places)):
                reasons = explain(pool, criteria, i, j, matching=found)
                fails = {
                    *reference.failed(pool, criteria, i, j),
                    *(["forbidden"] if (i, j) in barred else []),
                }
                assert reasons.failed == tuple(name for name in LIMITS if name in fails)
                assert reasons.limit == (reasons.failed[0] if fails else "")
                assert reasons.contributions == reference.contributions(pool, criteria, i, j)
                assert reasons.score == sum(reasons.contributions.values())
                assert reasons.is_matched == ((i, j) in pairs)
                forced = None
                if worths[i][j] > 0 and i not in dict(locked):
                    forced = reference.best_total(worths, places, locked=[*locked, (i, j)])
                price = 0 if (i, j) in pairs else None if forced is None else found.total - forced
                assert reasons.price == price
