"""A small pool with locks, bans and quotas, and every matching that it allows."""

from itertools import product
from typing import Any

import numpy as np

from matcher import Quotas, propose
from matcher.modes import SCORE, WORST_OFF
from tests.matcher import pools, reference
from tests.matcher.test_proposing import organisations

LOOSE = {
    "organisation_rule": 0, "supervisor_rule": False, "unit_rule": False, "language_minimum": 0,
    "overlap_minimum": 0, "seniority_minimum": -32768, "seniority_maximum": -32768, "topics_minimum": 0,
}  # fmt: skip
"""Few limits, so that there is something to choose."""


def legal_locks(rng: Any, pool: Any, worths: Any) -> list[tuple[int, int]]:
    left, locked = pool.mentors.capacity.copy(), []
    for i, row in enumerate(worths):
        legal = [j for j, points in enumerate(row) if points > 0 and left[j] > 0]
        if legal and rng.random() < 0.15:
            j = int(rng.choice(legal))
            left[j] -= 1
            locked.append((i, j))
    return locked


class Case:
    """A drawn pool with locks, bans and quotas, and every matching that it allows."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng([900, seed])
        n, m = rng.integers(1, 6, 2)
        self.pool = pools.pool(rng, n, m, most_places=2)
        self.criteria = pools.criteria(rng)._replace(**LOOSE)
        self.forbidden = pools.some_pairs(rng, n, m, 0.2)
        locked = legal_locks(
            rng, self.pool, reference.worth(self.pool, self.criteria, self.forbidden.tolist())
        )
        self.quotas = Quotas(*(rng.choice([-1, -1, 0, 1, 2, 3], 3).astype(np.int32) for _ in range(2)))
        if rng.random() < 0.4:
            self.quotas = Quotas(np.zeros(0, np.int32), np.zeros(0, np.int32))
        self.locked = locked
        self.worths = reference.worth(self.pool, self.criteria, self.forbidden.tolist())
        self.places = self.pool.mentors.capacity.tolist()

    def propose(self, mode: int) -> Any:
        given = {"locked": self.locked, "forbidden": self.forbidden, "quotas": self.quotas}
        return propose(self.pool, self.criteria, **given, mode=mode)

    def is_allowed(self, match: tuple[int, ...]) -> bool:
        used = [match.count(j) for j in range(len(self.places))]
        if any(u > p for u, p in zip(used, self.places, strict=True)):
            return False
        mentees, mentors = organisations(self.pool)
        pairs = [(i, j) for i, j in enumerate(match) if j >= 0]
        return all(
            sum(side[pair[at]] == o for pair in pairs) <= quota
            for at, side, limit in ((0, mentees, self.quotas.mentees), (1, mentors, self.quotas.mentors))
            for o, quota in enumerate(limit.tolist())
            if quota >= 0
        )

    def matchings(self, *, forced: Any = ()) -> list[tuple[int, ...]]:
        pins = dict([*self.locked, *forced])
        options = [
            [pins[i]] if i in pins else [-1, *(j for j, points in enumerate(row) if points > 0)]
            for i, row in enumerate(self.worths)
        ]
        return [match for match in product(*options) if self.is_allowed(match)]

    def facts(self, match: Any, mode: int) -> tuple[int, ...]:
        """What a mode compares, the first first."""
        points = [self.worths[i][j] for i, j in enumerate(match) if j >= 0]
        free = [self.worths[i][j] for i, j in enumerate(match) if j >= 0 and i not in dict(self.locked)]
        if mode == SCORE:
            return (sum(points),)
        least = (min(free, default=0),) if mode == WORST_OFF else ()
        return (len(points), *least, sum(points))

    def is_blocked(self, match: list[int]) -> bool:
        """Whether two people would both rather have each other, the least of what stands giving way."""
        pins = dict(self.locked)
        for i, row in enumerate(self.worths):
            for j, points in enumerate(row):
                if points <= 0 or i in pins or match[i] == j:
                    continue
                if match[i] >= 0 and row[match[i]] >= points:
                    continue
                weaker = [a for a, b in enumerate(match) if b >= 0 and a not in pins and a != i]
                weaker = [a for a in weaker if self.worths[a][match[a]] < points]
                for gone in ((), *((a,) for a in weaker), *product(weaker, repeat=2)):
                    new = [-1 if a in gone else b for a, b in enumerate(match)]
                    new[i] = j
                    if self.is_allowed(tuple(new)):
                        return True
        return False


def matched(found: Any, n: int) -> list[int]:
    match = [-1] * n
    for i, j in zip(found.mentee.tolist(), found.mentor.tolist(), strict=True):
        match[i] = j
    return match
