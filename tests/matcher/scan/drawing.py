"""Pools for the scan, drawn and hostile, and what must come out of them by full sort."""

from typing import Any

import numpy as np

from matcher import Criteria, Pool
from matcher.limits import failures
from matcher.scan.packing import pack
from matcher.scoring import scene
from matcher.solving import mixed
from tests.matcher import pools

ENGINES = ("numpy", "plain", "lanes")


def drawn(seed: int) -> tuple[Pool, Criteria, Any]:
    """A small pool, criteria and forbidden pairs; now and then a side is empty or one person."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.choice([0, 1, 7, 25])), int(rng.choice([0, 1, 9, 40, 70]))
    pool, criteria = pools.pool(rng, n, m), pools.criteria(rng)
    if seed % 4 == 0:
        levels = np.sort(rng.integers(0, 9, 5)).astype(np.int16)
        criteria = criteria._replace(
            language_points=levels[[4, 0, 3, 1, 2]],
            organisation_points=rng.integers(0, 5, 2).astype(np.int16),
            region_points=rng.integers(0, 5, (3, 2)).astype(np.int16),
            topics_minimum=int(rng.integers(0, 4)),
        )
    return pool, criteria, pools.some_pairs(rng, n, m, 0.05)


def truth(pool: Pool, criteria: Criteria, forbidden: Any) -> tuple[Any, Any]:
    """Failure masks and scores of all pairs by the definitions."""
    return failures(scene(pool, criteria), slice(0, len(pool.mentees.key)), forbidden)


def best(mask: Any, score: Any, price: Any, above: Any, key: Any, k: int) -> list[list[tuple[int, int]]]:
    """For each row the k best (person, score) by score - price, ties by hashed key."""
    place = np.argsort(np.argsort(mixed(key)))
    found = []
    for i in range(len(mask)):
        legal = np.flatnonzero((mask[i] == 0) & (score[i] - price > above[i]))
        order = legal[np.lexsort((place[legal], -(score[i] - price)[legal]))][:k]
        found.append([(int(j), int(score[i, j])) for j in order])
    return found


def listed(lists: Any) -> list[list[tuple[int, int]]]:
    """Lists as Python reads them."""
    return [
        [(int(p), int(s)) for p, s in zip(person[:length], score[:length], strict=True)]
        for length, person, score in zip(lists.length, lists.person, lists.score, strict=True)
    ]


def packed(pool: Pool, criteria: Criteria, forbidden: Any = ()) -> Any:
    return pack(pool, criteria, np.array(forbidden, np.int32).reshape(-1, 2))
