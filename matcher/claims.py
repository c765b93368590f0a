"""
A second opinion on what a mode claims: like `certifying`, written apart from the code that makes the claim.

The stages of a claim are bounds on people, or on people and points. What must hold between them and the
pairs that stand is said here once more, in the plainest way.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from matcher.columns import Pool
from matcher.results import Claim, Matching

SCORE, PEOPLE, STABLE, WORST_OFF = 0, 1, 2, 3
STAGES = {SCORE: 0, PEOPLE: 2, STABLE: 0, WORST_OFF: 3}
"""People counted; with WORST_OFF, people counted above the lowest score; people and points together."""

NEVER = 1 << 30
"""A score that no pair has."""

Row = np.ndarray[Any, np.dtype[Any]]
Scored = Callable[[int], tuple[Row, Row]]
"""Legal (without "score") and score of a mentee's pairs, by her row."""


class Standing(NamedTuple):
    """The pairs that stand, recounted."""

    mentor: Row
    """int64[n], -1 = unmatched."""
    score: Row
    is_locked: Row


def claim_faults(pool: Pool, matching: Matching, scored: Scored) -> Iterator[str]:
    """What the mode promises and the claim does not show; empty for the greatest total, which claims no more."""
    claim = matching.claim
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    sizes = (n, m, len(matching.mentee_quota), len(matching.mentor_quota))
    count = len(claim.lift)
    if STAGES.get(claim.mode) != count or len(claim.floor) != count or len(claim.is_counting) != count:
        yield f"claim_incomplete: {claim.mode} {count}"
        return
    if count and any(p.shape != (count, size) for p, size in zip(prices_of(claim), sizes, strict=True)):
        yield "claim_incomplete: prices"
        return
    if claim.mode == SCORE:
        return
    standing = standing_of(pool, matching, scored)
    asked = asked_by_mentors(pool, matching, standing)
    for i in range(n):
        legal, score = scored(i)
        legal = legal & (score > 0)
        if claim.mode == STABLE:
            yield from blocking_of(pool, matching, standing, i, (legal, score), asked)
        for s in range(count):
            if not is_paid(pool, claim, standing, s, i, legal, score):
                yield f"claim_price_too_low: stage {s} mentee {i}"
    yield from stage_faults(pool, matching, standing)


def prices_of(claim: Claim) -> tuple[Row, Row, Row, Row]:
    return claim.mentee_price, claim.mentor_price, claim.mentee_quota_price, claim.mentor_quota_price


def standing_of(pool: Pool, x: Matching, scored: Scored) -> Standing:
    n = len(pool.mentees.key)
    mentor, score, is_locked = np.full(n, -1), np.zeros(n, np.int64), np.zeros(n, np.bool_)
    for i, j in zip(x.mentee.tolist(), x.mentor.tolist(), strict=True):
        mentor[i], score[i] = j, scored(i)[1][j]
    is_locked[x.locked_pairs[:, 0]] = True
    return Standing(mentor, score, is_locked)


def is_paid(pool: Pool, claim: Claim, now: Standing, s: int, i: int, legal: Row, score: Row) -> bool:
    """Whether the prices of a stage cover every pair of a mentee; of one who is locked, the pair that stands."""
    lift, is_counting = int(claim.lift[s]), bool(claim.is_counting[s])
    paid = claim.mentee_price[s, i] + claim.mentor_price[s] + quota_prices(pool, claim, s, i)
    weight = lift + (0 * score if is_counting else score)
    if now.is_locked[i]:
        j = int(now.mentor[i])
        return j < 0 or bool(paid[j] >= weight[j])
    open_to = legal & (score >= claim.floor[s])
    return bool(claim.mentee_price[s, i] >= 0) and not (paid < weight)[open_to].any()


def quota_prices(pool: Pool, claim: Claim, s: int, i: int) -> Row:
    """What quotas add to the price of each mentor for mentee i."""
    added = np.zeros(len(pool.mentors.key), np.int64)
    theirs, hers = claim.mentor_quota_price[s], claim.mentee_quota_price[s]
    for o in range(len(theirs)):
        added[pool.mentors.organisation == o] += theirs[o]
    if 0 <= pool.mentees.organisation[i] < len(hers):
        added += hers[pool.mentees.organisation[i]]
    return added


def stage_faults(pool: Pool, x: Matching, now: Standing) -> Iterator[str]:
    """Signs of the other prices, and what each stage must bound."""
    claim = x.claim
    if not len(claim.lift):
        return
    for s in range(len(claim.lift)):
        quotas = (
            (claim.mentee_quota_price[s], x.mentee_quota),
            (claim.mentor_quota_price[s], x.mentor_quota),
        )
        if claim.lift[s] < 0 or (claim.mentor_price[s] < 0).any():
            yield f"claim_price_negative: stage {s}"
        if any((price < 0).any() or (price[quota < 0] != 0).any() for price, quota in quotas):
            yield f"claim_price_negative: quotas of stage {s}"
    free = (now.mentor >= 0) & ~now.is_locked
    people, total = int((now.mentor >= 0).sum()), int(now.score.sum())
    bounds = [bound_of(pool, x, s) for s in range(len(claim.lift))]
    whole, last = 0, len(bounds) - 1
    if not claim.is_counting[whole] or claim.lift[whole] != 1 or claim.floor[whole] > 1:
        yield "claim_wrong_stage: people"
    if bounds[whole] != people:
        yield f"claim_not_proved: people {people} {bounds[whole]}"
    floor = int(claim.floor[last])
    if claim.is_counting[last] or (claim.mode == PEOPLE and floor > 1):
        yield "claim_wrong_stage: total"
    if bounds[last] != total + int(claim.lift[last]) * people or (now.score[free] < floor).any():
        yield f"claim_not_proved: total {total} {bounds[last]}"
    if claim.mode == WORST_OFF and free.any():
        least = int(now.score[free].min())
        if not claim.is_counting[1] or claim.lift[1] != 1 or claim.floor[1] != floor + 1 or least != floor:
            yield "claim_wrong_stage: above"
        if bounds[1] >= people:
            yield f"claim_not_proved: above {people} {bounds[1]}"


def bound_of(pool: Pool, x: Matching, s: int) -> int:
    """Prices times places, in Python integers."""
    claim = x.claim
    value = sum(claim.mentee_price[s].tolist())
    for price, places in (
        (claim.mentor_price[s], pool.mentors.capacity),
        (claim.mentee_quota_price[s], np.maximum(x.mentee_quota, 0)),
        (claim.mentor_quota_price[s], np.maximum(x.mentor_quota, 0)),
    ):
        value += sum(p * k for p, k in zip(price.tolist(), places.tolist(), strict=True))
    return int(value)


def blocking_of(
    pool: Pool, x: Matching, now: Standing, i: int, pairs: tuple[Row, Row], asked: Row
) -> Iterator[str]:
    """
    Mentors whom this mentee would rather have and who would rather have her, as far as locks and quotas let them.

    `pairs` is (legal, score) of hers, `asked` what each mentor asks for.
    """
    legal, score = pairs
    if now.is_locked[i]:
        return
    least = now.score[i]
    if now.mentor[i] < 0:
        stands = np.flatnonzero((now.mentor >= 0) & ~now.is_locked)
        beside = now.score[stands[pool.mentees.organisation[stands] == pool.mentees.organisation[i]]]
        has_room = left(x.mentee_quota, pool.mentees.organisation, i, x.mentee) > 0
        least = 0 if has_room else beside.min(initial=NEVER)
    for j in np.flatnonzero(legal & (score > least) & (score > asked)).tolist():
        yield f"blocking_pair: {i} {j}"


def asked_by_mentors(pool: Pool, x: Matching, now: Standing) -> Row:
    """int64[m]: the score above which each mentor would let a place, or one of her organisation's quota, go."""
    asked = np.zeros(len(pool.mentors.key), np.int64)
    stands = np.flatnonzero((now.mentor >= 0) & ~now.is_locked)
    organisation = pool.mentors.organisation[now.mentor[stands]]
    for j in range(len(asked)):
        if int((x.mentor == j).sum()) >= pool.mentors.capacity[j]:
            asked[j] = now.score[stands[now.mentor[stands] == j]].min(initial=NEVER)
        elif left(x.mentor_quota, pool.mentors.organisation, j, x.mentor) <= 0:
            asked[j] = now.score[stands[organisation == pool.mentors.organisation[j]]].min(initial=NEVER)
    return asked


def left(quota: Row, organisation: Row, row: int, matched: Row) -> int:
    """Places left in the quota of a person's organisation; 1 where there is none."""
    o = int(organisation[row])
    if not 0 <= o < len(quota) or quota[o] < 0:
        return 1
    return int(quota[o]) - int((organisation[matched] == o).sum())
