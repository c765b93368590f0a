"""The whole of a run, pool after pool: the best of all by trying everything, legal by the definition, the same whichever way it is found."""

import os
from typing import Any

import numpy as np
import pytest

from matcher import LockedRefused, Quotas, certify, propose
from matcher.given import given
from matcher.large import running
from matcher.scan.packing import pack
from matcher.scan.tiling import Gathered, answer, tiles
from matcher.watching import Watch
from tests.matcher import pools, reference
from tests.matcher.test_proposing import drawn, organisations

POOLS = int(os.environ.get("MENTORWEAVE_POOLS", "6"))
"""Capacities of 0 to 5, ties everywhere, wishes, exclusions, locks, bans and, in half of them, quotas."""


def in_tiles(packed: Any) -> Any:
    """Others who answer every scan of this pool in small pieces, the last first."""

    def others(ask: Any, _pause: Any) -> Any:
        cut = tiles(packed, ask, 7)
        gathered = Gathered(packed, ask, cut)
        for number in reversed(range(len(cut))):
            gathered.add(number, answer(pack(*packed[:3]), ask, cut[number]))
        return gathered.lists

    return others


def by_key(pool: Any, mentee: Any, mentor: Any) -> set[tuple[int, int]]:
    return set(zip(pool.mentees.key[mentee].tolist(), pool.mentors.key[mentor].tolist(), strict=True))


def moved(pairs: Any, rows: Any, cols: Any) -> Any:
    """The same pairs where new row k is old row rows[k]."""
    pairs = np.array(pairs, np.int32).reshape(-1, 2)
    return np.column_stack([np.argsort(rows)[pairs[:, 0]], np.argsort(cols)[pairs[:, 1]]]).astype(np.int32)


@pytest.mark.parametrize("part", range(2))
def test_one_optimum_in_every_way(part: int) -> None:
    for trial in range(part, POOLS, 2):
        rng, pool, criteria, locked, forbidden = drawn(8_000, trial)
        limits: dict[str, Any] = {}
        quotas = None
        if trial % 2:
            quotas = Quotas(*(rng.integers(-1, 4, 3).astype(np.int32) for _ in range(2)))
            limits = {"orgs": organisations(pool), "quotas": [kind.tolist() for kind in quotas]}
        worths = reference.worth(pool, criteria, forbidden.tolist())
        best = reference.best_total(worths, pool.mentors.capacity.tolist(), locked=locked, **limits)
        if best is None:
            with pytest.raises(LockedRefused):
                propose(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas)
            continue
        found = propose(pool, criteria, locked=locked, forbidden=forbidden, quotas=quotas)
        assert found.total == found.bound == best, trial
        assert certify(pool, criteria, found).violations == ()
        for i, j, score in zip(found.mentee, found.mentor, found.score, strict=True):
            assert worths[i][j] == score > 0
        load = np.bincount(found.mentor, minlength=len(pool.mentors.key))
        assert (load <= pool.mentors.capacity).all()
        pairs = by_key(pool, found.mentee, found.mentor)
        rows, cols = rng.permutation(len(pool.mentees.key)), rng.permutation(len(pool.mentors.key))
        other = pools.permuted(pool, rows, cols)
        again = propose(
            other,
            criteria,
            locked=moved(locked, rows, cols),
            forbidden=moved(forbidden, rows, cols),
            quotas=quotas,
        )
        assert by_key(other, again.mentee, again.mentor) == pairs, trial
        x = given(pool, criteria, locked, forbidden, quotas)
        for threads, crew in ((1, None), (2, None), (3, None), (1, in_tiles)):
            match = running.find(x, Watch(None, None), threads, crew).match
            matched = np.flatnonzero(match >= 0)
            assert by_key(pool, matched, match[matched]) == pairs, (trial, threads, crew)
