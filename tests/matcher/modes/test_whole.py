"""Modes of `propose` against trying every matching, and their claims against planted faults."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from matcher import InvalidColumn, LockedRefused, archiving, certify, explain, propose, swapping
from matcher.modes import MODES, PEOPLE, SCORE, STABLE, WORST_OFF, loss
from matcher.swapping import blocking_pairs
from mentorweave import numbers
from tests.matcher import pools, reference
from tests.matcher.modes.trying import LOOSE, Case, matched
from tests.matcher.pools import POOLS


@pytest.mark.parametrize("part", range(10))
def test_modes_keep_their_promise_with_locks_bans_and_quotas(part: int) -> None:  # N05
    for seed in range(part, POOLS, 10):
        case = Case(seed)
        every = case.matchings()
        for mode in MODES:
            if not every:
                with pytest.raises(LockedRefused):
                    case.propose(mode)
                continue
            found = case.propose(mode)
            match = matched(found, len(case.worths))
            assert tuple(match) in every
            assert certify(case.pool, case.criteria, found).violations == ()
            assert found.bound == max(case.facts(one, SCORE) for one in every)[0]
            assert found.total == case.facts(match, SCORE)[0]
            assert found.claim.mode == mode
            if mode == STABLE:
                assert not case.is_blocked(match)
                assert blocking_pairs(case.pool, case.criteria, found) == 0
            else:
                assert (blocking_pairs(case.pool, case.criteria, found) > 0) == case.is_blocked(match)
                assert case.facts(match, mode) == max(case.facts(one, mode) for one in every)


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF])
def test_margins_are_people_and_points_that_another_choice_costs(mode: int) -> None:
    seen = set()
    for seed in range(60):
        case = Case(1_000 + seed)
        if not case.matchings():
            continue
        found = case.propose(mode)
        match = matched(found, len(case.worths))
        best = case.facts(match, mode)
        floor = int(found.claim.floor[-1])
        for i, listed in enumerate(found.next_best.mentor.tolist()):
            for at, j in enumerate(listed):
                if j < 0:
                    continue
                others = [
                    one for one in case.matchings(forced=[(i, j)])
                    if all(b < 0 or a in dict(case.locked) or case.worths[a][b] >= floor for a, b in enumerate(one))
                ]  # fmt: skip
                other = max(case.facts(one, PEOPLE) for one in others)
                lost = loss(found.claim, int(found.next_best.margin[i, at]))
                assert lost == (best[0] - other[0], best[-1] - other[-1])
                seen.add(lost[0])
                assert found.next_best.score[i, at] == case.worths[i][j]
    assert seen == {0, 1}


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF, STABLE])
def test_changes_that_are_certain_match_their_person(mode: int) -> None:
    tried = 0
    for seed in range(150):
        case = Case(2_000 + seed)
        if not case.matchings():
            continue
        found = case.propose(mode)
        for who in found.unmatched_mentees:
            for change in who.changes:
                i, j = who.person, change.person
                assert change.score == sum(reference.contributions(case.pool, case.criteria, i, j).values())
                if not change.certain:
                    continue
                tried += 1
                old = case.worths[i][j]
                case.worths[i][j] = change.score + (change.amount if change.what == "points" else 0)
                case.places[j] += change.what in ("place", "capacity")
                assert is_placed(case, i, mode)
                case.worths[i][j] = old
                case.places[j] -= change.what in ("place", "capacity")
    assert tried > 20


def is_placed(case: Case, i: int, mode: int) -> bool:
    """Whether a best matching has this mentee."""
    every = case.matchings()
    if mode == STABLE:
        return any(one[i] >= 0 and not case.is_blocked(list(one)) for one in every)
    top = max(case.facts(one, mode) for one in every)
    return any(one[i] >= 0 for one in every if case.facts(one, mode) == top)


def test_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(5)
    for _ in range(6):
        n, m = rng.integers(1, 12, 2)
        pool, criteria = pools.pool(rng, n, m), pools.criteria(rng)
        rows, cols = rng.permutation(n), rng.permutation(m)
        for mode in MODES:
            one, other = (
                propose(pool, criteria, mode=mode),
                propose(pools.permuted(pool, rows, cols), criteria, mode=mode),
            )
            pairs = {(int(rows[i]), int(cols[j])) for i, j in zip(other.mentee, other.mentor, strict=True)}
            assert pairs == set(zip(one.mentee.tolist(), one.mentor.tolist(), strict=True))
            assert len({propose(pool, criteria, mode=each).digest for each in MODES}) == len(MODES)


def planted(found: Any, name: str) -> Any:
    """The same matching with one fault."""
    claim = found.claim
    if name == "price":
        prices = claim.mentee_price.copy()
        prices[-1, np.argmax(prices[-1])] -= 1
        return found._replace(claim=claim._replace(mentee_price=prices))
    if name == "pair":
        kept = np.arange(len(found.mentee)) > 0
        found = found._replace(
            mentee=found.mentee[kept], mentor=found.mentor[kept], score=found.score[kept],
            contributions=found.contributions[kept], total=found.total - int(found.score[0]),
        )  # fmt: skip
        return found
    if name == "mode":
        return found._replace(claim=claim._replace(mode=PEOPLE + WORST_OFF - claim.mode))
    if name == "stages":
        return found._replace(claim=claim._replace(lift=claim.lift[:-1]))
    return found._replace(claim=claim._replace(floor=claim.floor + 1))


@pytest.mark.parametrize("mode", [PEOPLE, WORST_OFF])
@pytest.mark.parametrize("fault", ["price", "pair", "mode", "stages", "floor"])
def test_a_planted_fault_is_found(mode: int, fault: str) -> None:
    rng = np.random.default_rng(8)
    pool, criteria = pools.pool(rng, 30, 20), pools.criteria(rng)
    found = propose(pool, criteria, mode=mode)
    assert len(found.mentee) > 5
    assert certify(pool, criteria, found).ok
    assert not certify(pool, criteria, planted(found, fault)).ok


def test_a_matching_that_two_would_leave_is_not_certified_as_stable() -> None:
    rng = np.random.default_rng(3)
    refused = 0
    for _ in range(10):
        pool, criteria = pools.pool(rng, 25, 15), pools.criteria(rng)._replace(**LOOSE)
        best, stable = propose(pool, criteria), propose(pool, criteria, mode=STABLE)
        assert certify(pool, criteria, stable).ok
        told = best._replace(claim=stable.claim, digest=stable.digest)
        same = set(zip(best.mentee, best.mentor, strict=True)) == set(
            zip(stable.mentee, stable.mentor, strict=True)
        )
        checked = certify(pool, criteria, told)
        assert checked.ok or {one.partition(":")[0] for one in checked.violations} == {"blocking_pair"}
        assert checked.ok or not same
        refused += not checked.ok
    assert refused > 3


def test_a_claim_survives_its_file_and_an_old_file_claims_its_total() -> None:
    rng = np.random.default_rng(11)
    pool, criteria = pools.pool(rng, 20, 15), pools.criteria(rng)
    arrays = archiving.arrays_of_proof(propose(pool, criteria, mode=WORST_OFF))
    assert certify(pool, criteria, archiving.matching_of(arrays)).ok
    plain = archiving.arrays_of_proof(propose(pool, criteria))
    old = {name: value for name, value in plain.items() if not name.startswith("claim.")}
    assert certify(pool, criteria, archiving.matching_of(old)).ok


def test_explain_knows_the_mode_of_its_matching() -> None:
    rng = np.random.default_rng(17)
    pool, criteria = pools.pool(rng, 8, 6), pools.criteria(rng)._replace(**LOOSE)
    for mode in (PEOPLE, WORST_OFF, STABLE):
        found = propose(pool, criteria, mode=mode)
        pairs = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
        for i, j in product(range(8), range(6)):
            told = explain(pool, criteria, i, j, matching=found)
            assert told.is_matched == ((i, j) in pairs)
            at = np.flatnonzero(found.next_best.mentor[i] == j)
            if len(at) and mode != STABLE:
                assert told.price == found.next_best.margin[i, at[0]]
            if mode == STABLE and not told.is_matched:
                assert told.price is None


def test_an_unknown_mode_is_refused() -> None:
    rng = np.random.default_rng(1)
    pool, criteria = pools.pool(rng, 3, 3), pools.criteria(rng)
    with pytest.raises(InvalidColumn):
        propose(pool, criteria, mode=9)


def test_a_lock_that_pays_too_little_proves_nothing() -> None:
    """A bound lowered by what a locked mentee owes would let a worse matching pass."""
    found, case = None, None
    for seed in range(100):
        case = Case(3_000 + seed)
        if case.locked and case.matchings():
            found = case.propose(SCORE)
            break
    assert found is not None and case is not None
    prices = found.mentee_price.copy()
    prices[case.locked[0][0]] -= 3
    other = (found.mentee_price >= 0) & (np.arange(len(prices)) != case.locked[0][0])
    prices[np.argmax(other)] += 3
    checked = certify(case.pool, case.criteria, found._replace(mentee_price=prices))
    assert [one.partition(":")[0] for one in checked.violations] == ["lock_not_paid"]


def test_a_mode_is_solved_and_verified_away_from_the_platform(tmp_path: Path) -> None:
    rng = np.random.default_rng(23)
    pool, criteria = pools.pool(rng, 30, 20), pools.criteria(rng)._replace(**LOOSE)
    problem, result = tmp_path / "pool.npz", tmp_path / "result.npz"
    archiving.write(problem, archiving.arrays_of_problem(archiving.plain(pool, criteria)))
    for mode in MODES.values():
        done = CliRunner().invoke(numbers.solve, [str(problem), str(result), "--mode", mode.name])
        assert done.exit_code == 0, done.output
        told = CliRunner().invoke(numbers.verify, [str(problem), str(result)])
        assert told.exit_code == 0, told.output
        assert (f"for the mode {mode.name}" in told.output) == (mode.code != SCORE)


def test_blocking_pairs_are_counted_alike_in_pools_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    for seed in range(150):
        case = Case(4_000 + seed)
        if not case.matchings():
            continue
        for mode in MODES:
            found = case.propose(mode)
            monkeypatch.setattr(swapping, "SMALL", 1_000)
            one = blocking_pairs(case.pool, case.criteria, found)
            monkeypatch.setattr(swapping, "SMALL", -1)
            assert blocking_pairs(case.pool, case.criteria, found, threads=2) == one
            seen += one
    assert seen > 20
