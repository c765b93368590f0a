"""The compiled recount against the plain one, and against planted faults; and what it may not lean on."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matcher import Quotas, certify, certifying, propose
from matcher.samples import sample
from tests.matcher import pools
from tests.matcher.test_certifying import CRITERIA as CRITERIA_OF_MADE
from tests.matcher.test_certifying import FAULTS, made

POOLS = pools.POOLS // 4
HOUSE = Path(certifying.__file__).parent


def problem(seed):
    rng = np.random.default_rng([77, seed])
    n, m = rng.integers(0, 14, 2)
    pool, criteria = pools.pool(rng, int(n), int(m)), pools.criteria(rng)
    quotas = Quotas(*(rng.integers(-1, 4, 3).astype(np.int32) for _ in range(2))) if seed % 2 else None
    return pool, criteria, propose(pool, criteria, forbidden=pools.some_pairs(rng, n, m, 0.05), quotas=quotas)


def cheaper(matching, rng):
    """Prices taken down at random: some pairs now beat theirs, others do not."""
    return matching._replace(
        mentee_price=np.maximum(matching.mentee_price - rng.integers(0, 9, len(matching.mentee_price)), 0),
        mentor_price=np.maximum(matching.mentor_price - rng.integers(0, 9, len(matching.mentor_price)), 0),
    )


def test_both_ways_find_the_same_faults(monkeypatch):
    faults = 0
    for seed in range(POOLS):
        pool, criteria, found = problem(seed)
        for matching in (found, cheaper(found, np.random.default_rng(seed))):
            monkeypatch.setattr(certifying, "SMALL", 1_000)
            plain = certify(pool, criteria, matching)
            monkeypatch.setattr(certifying, "SMALL", -1)
            large = certify(pool, criteria, matching, threads=2)
            if len(plain.violations) < certifying.MOST_VIOLATIONS:
                assert sorted(large.violations) == sorted(plain.violations), seed
            assert large._replace(violations=()) == plain._replace(violations=())
            faults += len(plain.violations)
        assert certify(pool, criteria, found).ok, seed
    assert faults > POOLS


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found_in_large_pools_too(plant, monkeypatch):
    monkeypatch.setattr(certifying, "SMALL", -1)
    pool, found = made()
    certificate = certify(pool, CRITERIA_OF_MADE, plant(pool, found))
    assert not certificate.ok
    assert FAULTS[plant] in {violation.split(":")[0] for violation in certificate.violations}


def test_a_price_too_low_by_one_is_found_among_a_million_pairs():
    pool, criteria = sample(1_100, "one-to-one")
    found = propose(pool, criteria)
    heard = []
    assert certify(pool, criteria, found, threads=2, pause=heard.append).ok
    assert heard == sorted(heard) and heard[-1] == 1
    for side in ("mentee_price", "mentor_price"):
        price = getattr(found, side).copy()
        price[int(np.argmax(price))] -= 1
        told = certify(pool, criteria, found._replace(**{side: price}))
        assert {fault.split(":")[0] for fault in told.violations} == {"bound_broken", "not_proved"}


def test_prices_of_nothing_are_refused_at_once():
    pool, criteria = sample(1_001, "loose")
    found = propose(pool, criteria)
    nothing = found._replace(mentee_price=0 * found.mentee_price, mentor_price=0 * found.mentor_price)
    assert len(certify(pool, criteria, nothing).violations) == certifying.MOST_VIOLATIONS


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda x: {"mentee_price": x.mentee_price.astype(np.float64)}, "not_integers: mentee_price"),
        (lambda x: {"mentor_price": x.mentor_price[:-1]}, "wrong_shape: mentor_price"),
        (lambda x: {"locked_pairs": np.array([[0, 999]], np.int32)}, "row_out_of_range: locked_pairs.mentor"),
        (lambda x: {"locked_pairs": np.array([[0, 1], [0, 2]], np.int32)}, "locked_pairs_twice"),
        (lambda x: {"forbidden_pairs": np.array([[-1, 0]], np.int32)}, "row_out_of_range: forbidden_pairs"),
        (lambda x: {"mentee_quota": np.array([3], np.int32)}, "wrong_shape: mentee_quota"),
        (lambda x: {"contributions": x.contributions[:, :3]}, "wrong_shape: contributions"),
    ],
)
def test_hostile_columns_are_faults_and_not_crashes(change, told):
    pool, found = made()
    certificate = certify(pool, CRITERIA_OF_MADE, found._replace(**change(found)))
    assert not certificate.ok
    assert told in certificate.violations


def test_it_shares_no_code_with_those_who_are_checked():
    files = [HOUSE / "certifying.py", *(HOUSE / "recounting").glob("*.py")]
    named = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                named.add(str(node.module))
    # What they take from one another is looked at too.
    ours = {
        name for name in named if name.startswith("matcher") and not name.startswith("matcher.recounting.")
    }
    assert ours <= {
        "matcher", "matcher.columns", "matcher.compiling", "matcher.digest", "matcher.recounting",
        "matcher.results", "matcher.validation",
    }  # fmt: skip


def test_small_pools_are_certified_without_compiled_code():
    program = """
import sys
from matcher import certify, propose
from matcher.samples import sample
pool, criteria = sample(60)
assert certify(pool, criteria, propose(pool, criteria)).ok
assert "numba" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
