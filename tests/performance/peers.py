"""
Whole small pools beside lapx, which is given all scores ready made; and the stable mode beside the library `matching`.

On one thread and by processor time, as in `solving`. Totals, and the stable pairs, must be the same.
"""

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import lap
import numpy as np
from matching.games import HospitalResident

from matcher import deferred_acceptance
from matcher.given import given
from matcher.large.floor import stand_ins
from matcher.large.pricing import each_of, optimum_of
from matcher.quotas import floor
from matcher.samples import sample
from matcher.scan.dense import every_pair
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.tables import max_score
from matcher.watching import Watch
from tests.performance.report import Row
from tests.performance.solving import clocked

SIZES = (2_000, 5_000)
LAPX_GOAL = 6.0
"""At 5,000 a side, though lapx is timed from the finished scores on."""

RESIDENTS, HOSPITALS, LISTED, PLACES = 2_000, 400, 32, 5


def measure(runs: int) -> list[Row]:
    proved(*sample(1_100, "one-to-one"))
    return [row for size in SIZES for row in beside_lapx(size, runs)] + beside_matching(runs)


def beside_lapx(size: int, runs: int) -> list[Row]:
    pool, criteria = sample(size, "one-to-one")
    packed = pack(pool, criteria, np.zeros((0, 2), np.int32))
    legal, score = every_pair(packed, np.arange(size, dtype=np.int32))
    cost = -np.where(legal, score, 0).astype(np.float64)
    ours = [clocked(lambda: proved(pool, criteria)) for _ in range(runs)]
    theirs = [clocked(lambda: round(-lap.lapjv(cost)[0])) for _ in range(runs)]
    assert {total for _, total in ours} == {total for _, total in theirs}
    return [
        Row(f"{size:,} one-to-one: scored, solved and proved", [1000 * seconds for seconds, _ in ours], "ms"),
        Row(
            f"{size:,} one-to-one: lapx on the finished scores / all of ours",
            [one / own for (one, _), (own, _) in zip(theirs, ours, strict=True)],
            "×",
            at_least=LAPX_GOAL if size == SIZES[-1] else None,
            more_is_better=True,
        ),
    ]


def proved(pool: Any, criteria: Any) -> int:
    """The greatest total, proved over all pairs."""
    x = given(pool, criteria, (), (), None)
    packed = pack(pool, criteria, x.forbidden)
    first = top_mentors(packed, None, each_of(len(pool.mentees.key)), above=0)
    ground = floor(pool, x.locked, x.quotas, max_score(criteria))
    found = optimum_of(packed, ground, stand_ins(ground, pool), first, 1, Watch(None, None)).solution
    assert found.total == found.bound
    return found.total


def beside_matching(runs: int) -> list[Row]:
    """No two scores are the same, so there is one best stable matching for mentees."""
    rng = np.random.default_rng(1)
    wanted = np.argsort(rng.random((RESIDENTS, HOSPITALS)), axis=1)[:, :LISTED].astype(np.int32)
    score = rng.permutation(np.arange(1, wanted.size + 1, dtype=np.int32)).reshape(wanted.shape)
    indptr = np.arange(RESIDENTS + 1, dtype=np.int64) * LISTED
    capacity = np.full(HOSPITALS, PLACES, np.int32)
    edges = indptr, wanted.ravel(), score.ravel()
    deferred_acceptance(*edges, capacity)
    ours, theirs = [], []
    for _ in range(runs):
        seconds, _total = clocked(lambda: int(deferred_acceptance(*edges, capacity).sum()))
        ours.append(seconds)
        seconds, match = by_library(wanted, score)
        theirs.append(seconds)
        assert match == deferred_acceptance(*edges, capacity).tolist()
    return [
        Row(f"{RESIDENTS:,} residents, stable", [1000 * seconds for seconds in ours], "ms"),
        Row(
            f"{RESIDENTS:,} residents: the library `matching`, lists built and solved / ours",
            [one / own for one, own in zip(theirs, ours, strict=True)],
            "×",
            more_is_better=True,
        ),
    ]


def by_library(wanted: Any, score: Any) -> tuple[float, list[int]]:
    best = np.take_along_axis(wanted, np.argsort(-score, axis=1), axis=1)
    residents = {f"r{i}": [f"h{j}" for j in row] for i, row in enumerate(best.tolist())}
    at = [np.nonzero(wanted == j) for j in range(HOSPITALS)]
    hospitals = {
        f"h{j}": [f"r{i}" for i in rows[np.argsort(-score[rows, places])].tolist()]
        for j, (rows, places) in enumerate(at)
    }
    match = [-1] * RESIDENTS

    def work() -> int:
        game = HospitalResident.create_from_dictionaries(
            residents, hospitals, dict.fromkeys(hospitals, PLACES)
        )
        for hospital, taken in game.solve(optimal="resident").items():
            for resident in taken:
                match[int(resident.name[1:])] = int(hospital.name[1:])
        return len(match)

    return clocked(lambda: deeply(work))[0], match


def deeply(work: Callable[[], int]) -> int:
    """The library copies a game by recursion from player to player, deeper than Python's usual stack."""
    usual = sys.getrecursionlimit()
    threading.stack_size(512 << 20)
    sys.setrecursionlimit(1_000_000)
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result()
    finally:
        sys.setrecursionlimit(usual)
        threading.stack_size(0)
