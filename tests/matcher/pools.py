"""Random pools for tests: seeded, with missing answers, ties and every kind of limit."""

import os
from typing import Any

import numpy as np

from matcher import Criteria, Mentees, Mentors, Pool, standard_criteria

POOLS = int(os.environ.get("MENTORWEAVE_POOLS", "80"))
"""How many each test draws; 2,000 in `make soak`."""

SECTOR_GROUP = (0, 0, 1, 1, 2)
LANGUAGES = 4
TOPICS = 8


def pool(rng: np.random.Generator, n: int, m: int, *, most_places: int = 3) -> Pool:
    """n mentees and m mentors over few codes, so that ties and failed limits are common."""
    zones = np.array([[0, 540, 1020], [330, 540, 1020], [-300, 1320, 1800], [765, 480, 1000]], np.int16)
    return Pool(
        mentees=Mentees(
            **side(rng, n, 0),
            wanted=wanted(rng, n),
            region_wish=rng.integers(-1, 3, n).astype(np.int8),
        ),
        mentors=Mentors(
            **side(rng, m, 1),
            offered=offered(rng, m),
            capacity=rng.integers(0, most_places + 1, m).astype(np.int32),
        ),
        zones=zones,
        exclusions=some_pairs(rng, n, m, 0.1),
        wishes=ranked(some_pairs(rng, n, m, 0.1)),
    )


def side(rng: np.random.Generator, count: int, which: int) -> dict[str, Any]:
    return {
        "key": rng.choice(1 << 40, count, replace=False).astype(np.uint64)
        if count
        else np.zeros(0, np.uint64),
        "person": np.where(rng.random(count) < 0.1, -1, rng.choice(count + 20, count, replace=False)).astype(
            np.int32
        ),
        "supervisors": rng.integers(-1, count + 20, (count, 2)).astype(np.int32),
        "organisation": rng.integers(-1, 3, count).astype(np.int32),
        "unit": rng.integers(-1, 6, count).astype(np.int32),
        "languages": (rng.integers(0, 5, (count, LANGUAGES)) * (rng.random((count, LANGUAGES)) < 0.6)).astype(
            np.uint8
        ),
        "zone": rng.integers(-1, 4, count).astype(np.int16),
        "sector": rng.integers(-1, len(SECTOR_GROUP), count).astype(np.int16),
        "experience": (rng.integers(-1, 20, count) + 4 * which).astype(np.int16),
        "grade": rng.integers(-1, 9, count).astype(np.int16),
        "mode": rng.integers(-1, 3, count).astype(np.int8),
        "region": rng.integers(-1, 3, count).astype(np.int16),
        "gender": rng.integers(-1, 2, count).astype(np.int8),
        "gender_wish": np.where(rng.random(count) < 0.3, rng.integers(0, 2, count), -1).astype(np.int8),
    }


def wanted(rng: np.random.Generator, n: int) -> Any:
    rows = np.full((n, 5), -1, np.int16)
    for row in rows:
        k = rng.integers(0, 6)
        row[:k] = rng.choice(TOPICS, k, replace=False)
    return rows


def offered(rng: np.random.Generator, m: int) -> Any:
    bits = np.zeros((m, 4), np.uint64)
    bits[:, 0] = rng.integers(0, 1 << TOPICS, m)
    return bits


def some_pairs(rng: np.random.Generator, n: int, m: int, share: float) -> Any:
    return np.argwhere(rng.random((n, m)) < share).astype(np.int32)


def ranked(pairs: Any) -> Any:
    return np.column_stack([pairs, np.arange(len(pairs)) % 3]).astype(np.int32)


def criteria(rng: np.random.Generator) -> Criteria:
    """Weights small enough for ties, limits drawn at random."""
    fine = bool(rng.integers(0, 2))
    names = ("topics", "languages", "overlap", "sector", "organisation")
    names += ("seniority", "mode", "region", "gender", "wishes")
    weights = {name: int(rng.integers(0, 2000 if fine else 8)) for name in names}
    return standard_criteria(
        weights,
        sector_group=SECTOR_GROUP,
        window=(2, 6),
        fall_off=int(rng.integers(1, 100)),
        seniority_measure=int(rng.integers(0, 2)),
        seniority_sign=int(rng.choice([1, 1, -1])),
        organisation_rule=int(rng.integers(0, 3)),
        supervisor_rule=bool(rng.integers(0, 2)),
        unit_rule=bool(rng.integers(0, 2)),
        gender_rule=bool(rng.integers(0, 2)),
        language_minimum=int(rng.choice([0, 0, 1, 2])),
        overlap_minimum=int(rng.choice([0, 0, 1, 3])),
        seniority_minimum=int(rng.choice([-32768, -5, 0])),
        seniority_maximum=int(rng.choice([-32768, 15])),
        mode_rule=bool(rng.integers(0, 2)),
        topics_minimum=int(rng.choice([0, 0, 1])),
    )


def permuted(p: Pool, rows: Any, cols: Any) -> Pool:
    """The same people in another order: new row k is old row rows[k]."""
    back_i, back_j = np.argsort(rows), np.argsort(cols)

    def moved(pairs: Any) -> Any:
        out = pairs.copy()
        out[:, 0], out[:, 1] = back_i[pairs[:, 0]], back_j[pairs[:, 1]]
        return out

    return Pool(
        Mentees(*(column[rows] for column in p.mentees)),
        Mentors(*(column[cols] for column in p.mentors)),
        p.zones,
        moved(p.exclusions),
        moved(p.wishes),
    )
