"""What a result is like, in figures: for whom it worked, how well, and how evenly."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import I32, I64, Criteria, Flags, Mentees, Mentors, Pool
from matcher.modes.graphs import Candidates
from matcher.objections import (
    MOST_DENSE,
    Against,
    blocking_pairs,
    counted_in_blocks,
    legal_pairs,
    violating_pairs,
)
from matcher.results import Matching

WORKING = 2
"""Level from which a person counts among the speakers of a language."""


class Effort(NamedTuple):
    """What the caller saw of the run itself."""

    pairs_scored: int
    seconds: tuple[tuple[str, float], ...]
    """(stage, seconds), in their order."""
    peak_memory: int
    """Bytes, as the operating system counts them."""


NO_EFFORT = Effort(0, (), 0)


class Spread(NamedTuple):
    """How people with one answer fared. Of the mentors, only those who offer a place."""

    code: int
    """-1 = no answer. A person counts under each language that she speaks at a working level or better."""
    people: int
    matched: int
    rate: float
    mean: float
    """Points per pair, 0 without one."""
    gini: float
    """Of the points that each person gets, 0 when unmatched; a mentor's pairs together."""


class Measures(NamedTuple):
    mentees: int
    mentors: int
    """Those who offer a place."""
    places: int
    pairs: int
    mentee_rate: float
    mentor_rate: float
    place_rate: float
    total: int
    mean: float
    minimum: int
    percentile_5: int
    """The highest score that at least 95 % of the pairs reach."""
    gini: float
    """Of the points of all mentees, 0 when unmatched."""
    want_ranks: I64
    """int64[R + 1]: mentees whose mentor offers, of the topics they want, at best the first, second ...; none."""
    mentor_load: I64
    """int64[most + 1]: mentors with 0, 1, 2 ... mentees."""
    mentee_spread: Mapping[str, tuple[Spread, ...]]
    """By organisation, region, language, grade; codes ascending."""
    mentor_spread: Mapping[str, tuple[Spread, ...]]
    pairs_compared: int
    """Legal pairs among which the next two were counted."""
    blocking_pairs: int
    """Pairs that both would rather have; locked pairs and their places left out."""
    violating_pairs: int
    """Pairs that score more than their prices: 0 in an optimum."""
    bound: int
    gap: int
    effort: Effort
    digest: str
    version: str


def measure(
    pool: Pool,
    criteria: Criteria,
    matching: Matching,
    *,
    graph: Candidates | None = None,
    effort: Effort = NO_EFFORT,
    threads: int = 1,
) -> Measures:
    """
    Count everything about a matching of this pool.

    Blocking and violating pairs are counted among all legal pairs, or among those of `graph` when it is given.
    """
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    if graph is None and max(n, m) > MOST_DENSE:
        against = counted_in_blocks(pool, criteria, matching, threads)
    else:
        compared = legal_pairs(pool, criteria, matching.forbidden_pairs) if graph is None else graph
        blocking, violating = blocking_pairs(compared, matching), violating_pairs(compared, matching, pool)
        against = Against(len(compared.indices), blocking, violating)
    offers = pool.mentors.capacity > 0
    points = matching.score.astype(np.int64)
    load = np.bincount(matching.mentor, minlength=m)
    earned = np.zeros(n, np.int64)
    earned[matching.mentee] = points
    given = np.zeros(m, np.int64)
    np.add.at(given, matching.mentor, points)
    has = np.bincount(matching.mentee, minlength=n)
    in_order = np.sort(points)
    return Measures(
        mentees=n,
        mentors=int(offers.sum()),
        places=int(pool.mentors.capacity.sum(dtype=np.int64)),
        pairs=len(points),
        mentee_rate=share(len(points), n),
        mentor_rate=share(int((load > 0).sum()), int(offers.sum())),
        place_rate=share(len(points), int(pool.mentors.capacity.sum(dtype=np.int64))),
        total=int(points.sum()),
        mean=share(int(points.sum()), len(points)),
        minimum=int(in_order[0]) if len(points) else 0,
        percentile_5=int(in_order[len(points) // 20]) if len(points) else 0,
        gini=float(gini_of(np.zeros(n, np.int64), earned, 1)[0]),
        want_ranks=want_ranks(pool, matching.mentee, matching.mentor),
        mentor_load=np.bincount(load[offers], minlength=1),
        mentee_spread=spreads(pool.mentees, np.ones(n, np.bool_), has, earned),
        mentor_spread=spreads(pool.mentors, offers, load, given),
        pairs_compared=against.pairs,
        blocking_pairs=against.blocking,
        violating_pairs=against.violating,
        bound=matching.bound,
        gap=matching.bound - matching.total,
        effort=effort,
        digest=matching.digest,
        version=matching.version,
    )


def want_ranks(pool: Pool, mentees: I32, mentors: I32) -> I64:
    """int64[R + 1]: see `Measures`."""
    wanted = pool.mentees.wanted[mentees].astype(np.int64)
    ranks = wanted.shape[1]
    word = pool.mentors.offered[mentors][np.arange(len(mentors))[:, None], np.maximum(wanted, 0) >> 6]
    met = (wanted >= 0) & (word >> (wanted & 63).astype(np.uint64) & np.uint64(1)).astype(np.bool_)
    best = np.where(met.any(axis=1), met.argmax(axis=1) if ranks else 0, ranks)
    return np.bincount(best, minlength=ranks + 1)


def spreads(
    people: Mentees | Mentors, counts: Flags, pairs: I64, points: I64
) -> Mapping[str, tuple[Spread, ...]]:
    """By each answer, for the people of `counts`."""
    here = np.flatnonzero(counts)
    found = {
        name: spread(here, getattr(people, name)[here].astype(np.int64), pairs, points)
        for name in ("organisation", "region", "grade")
    }
    speaks = people.languages[here] >= WORKING
    who, language = np.nonzero(speaks)
    silent = np.flatnonzero(~speaks.any(axis=1))
    found["language"] = spread(
        here[np.concatenate([who, silent])],
        np.concatenate([language, np.full(len(silent), -1)]),
        pairs,
        points,
    )
    return MappingProxyType(found)


def spread(rows: I64, code: I64, pairs: I64, points: I64) -> tuple[Spread, ...]:
    """One for each code, of the people in `rows`; somebody may stand in several."""
    codes, group = np.unique(code, return_inverse=True)
    count = len(codes)
    people = np.bincount(group, minlength=count)
    matched = np.bincount(group[pairs[rows] > 0], minlength=count)
    made, earned = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(made, group, pairs[rows])
    np.add.at(earned, group, points[rows])
    gini = gini_of(group, points[rows], count)
    return tuple(
        Spread(
            int(codes[g]),
            int(people[g]),
            int(matched[g]),
            share(int(matched[g]), int(people[g])),
            share(int(earned[g]), int(made[g])),
            float(gini[g]),
        )
        for g in range(count)
    )


def gini_of(group: I64, points: I64, count: int) -> NDArray[np.float64]:
    """
    float64[count]: 0 = all have the same, towards 1 = one has all; 0 where nobody has any.

    (2 * sum of rank * points - (n + 1) * sum) / (n * sum), ranks from 1: integers up to the one division.
    """
    order = np.lexsort((points, group))
    people = np.bincount(group, minlength=count).astype(np.int64)
    before = np.cumsum(people) - people
    rank = np.arange(len(group)) + 1 - before[group[order]]
    total, ranked = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(total, group, points)
    np.add.at(ranked, group[order], rank * points[order])
    uneven = 2 * ranked - (people + 1) * total
    return np.asarray(uneven / np.maximum(people * total, 1), np.float64)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def peak_memory() -> int:
    """Bytes that this process has held at most, 0 where the operating system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    import sys

    most: Any = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, all others KiB.
    return int(most) if sys.platform == "darwin" else int(most) * 1024
