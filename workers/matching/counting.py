"""How many pairs stay possible after each constraint, and for whom hardly any does: no solving, no people."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher import LIMITS, MOST_A_SIDE, Criteria, LimitReached
from matcher.limits import failures
from matcher.scoring import scene
from matcher.validation import check_pool, pair_rows
from workers.matching.encoding import Encoded

FEW = 3
BLOCK = 128


@dataclass(frozen=True, slots=True)
class Counted:
    """`left` are the pairs after each limit of `LIMITS`; `few` the mentees with less than three mentors."""

    pairs: int
    left: tuple[int, ...]
    few: int


def count(encoded: Encoded, criteria: Criteria, forbidden: list[tuple[int, int]]) -> Counted:
    """
    Raises:
        LimitReached: more than the matcher takes on a side.
    """
    pool = encoded.pool
    for side, cards in (("mentees", encoded.mentees), ("mentors", encoded.mentors)):
        if len(cards) > MOST_A_SIDE:
            raise LimitReached(side, len(cards), MOST_A_SIDE)
    check_pool(pool, criteria)
    facts = scene(pool, criteria)
    barred = pair_rows("forbidden", forbidden, pool)
    left = np.zeros(len(LIMITS), np.int64)
    few = 0
    for start in range(0, len(encoded.mentees), BLOCK):
        mask, _ = failures(facts, slice(start, min(start + BLOCK, len(encoded.mentees))), barred)
        left += [int((mask & np.uint16((2 << k) - 1) == 0).sum()) for k in range(len(LIMITS))]
        few += int(((mask == 0).sum(axis=1) < FEW).sum())
    return Counted(len(encoded.mentees) * len(encoded.mentors), tuple(int(n) for n in left), few)


def waterfall(pairs: int, left: tuple[int, ...], shown: tuple[str, ...]) -> list[dict[str, Any]]:
    """The constraints that are in use, or take something all the same, each with what it takes and leaves."""
    rows: list[dict[str, Any]] = []
    before = pairs
    for limit, after in zip(LIMITS, left, strict=True):
        if after != before or limit in shown:
            rows.append({"limit": limit, "taken": before - after, "left": after})
        before = after
    return rows
