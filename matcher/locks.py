"""Pairs that stand whatever they score: whether they can, and what they pay."""

from collections.abc import Sequence

import numpy as np

from matcher.columns import I32, LIMITS
from matcher.errors import LockedRefused
from matcher.given import Given
from matcher.limits import BIT
from matcher.quotas import RealPrices


def check_locked(x: Given, failed: Sequence[int]) -> None:
    """
    `failed`: the mask of failed limits of each locked pair.

    Raises:
        LockedRefused: a limit, a second place of a mentee, a mentor's places, or a quota.
    """
    used = np.zeros(len(x.pool.mentors.key), np.int64)
    seen: set[int] = set()
    left = [q.astype(np.int64).copy() for q in x.quotas]
    for (i, j), mask in zip(x.locked.tolist(), failed, strict=True):
        fails = int(mask) & ~BIT["score"]
        if fails:
            raise LockedRefused(i, j, LIMITS[(fails & -fails).bit_length() - 1])
        used[j] += 1
        if i in seen or used[j] > x.pool.mentors.capacity[j]:
            raise LockedRefused(i, j, "capacity")
        seen.add(i)
        for quota, organisation in zip(
            left, (x.pool.mentees.organisation[i], x.pool.mentors.organisation[j]), strict=True
        ):
            if len(quota) and organisation >= 0 and quota[organisation] >= 0:
                if quota[organisation] == 0:
                    raise LockedRefused(i, j, "quota")
                quota[organisation] -= 1


def price_locked(real: RealPrices, x: Given, score: I32) -> RealPrices:
    """A locked mentee's price makes her pair exactly pay: what it earns above its place, or falls short."""
    mentee = real.mentee.copy()
    for (i, j), points in zip(x.locked.tolist(), score.tolist(), strict=True):
        mentee[i] = points - int(real.mentor[j])
        for price, organisation in (
            (real.mentee_quota, x.pool.mentees.organisation[i]),
            (real.mentor_quota, x.pool.mentors.organisation[j]),
        ):
            if len(price) and organisation >= 0:
                mentee[i] -= price[organisation]
    return real._replace(mentee=mentee)
