"""
A second opinion on what a mode claims: like `certifying`, written apart from the code that makes the claim.

The stages of a claim are bounds on people, or on people and points. What must hold between them and the
pairs that stand is said here once more, in the plainest way. Which pairs speak against it is found row by row, or in
larger pools by `matcher.recounting.claimed`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I64, Pool
from matcher.recounting.pairs import Facts, legal, points_of
from matcher.recounting.pausing import Pause, tell
from matcher.results import Claim, Matching

SCORE, PEOPLE, STABLE, WORST_OFF = 0, 1, 2, 3
STAGES = {SCORE: 0, PEOPLE: 2, STABLE: 0, WORST_OFF: 3}
"""People counted; with WORST_OFF, people counted above the lowest score; people and points together."""

NEVER = 1 << 30
"""A score that no pair has."""

Row = np.ndarray[Any, np.dtype[Any]]


class Standing(NamedTuple):
    """The pairs that stand, recounted."""

    mentor: Row
    """int64[n], -1 = unmatched."""
    score: Row
    is_locked: Row


Against = Callable[[Facts, Matching, Standing, Pause], Iterable[str]]
"""Finds pairs that beat the prices of a stage, or would rather have each other."""


def claim_faults(s: Facts, matching: Matching, against: Against, pause: Pause = None) -> Iterator[str]:
    """What the mode promises and the claim does not show; empty for the greatest total, which claims no more."""
    claim = matching.claim
    n, m = len(s.pool.mentees.key), len(s.pool.mentors.key)
    sizes = (n, m, len(matching.mentee_quota), len(matching.mentor_quota))
    count = len(claim.lift)
    if STAGES.get(claim.mode) != count or len(claim.floor) != count or len(claim.is_counting) != count:
        yield f"claim_incomplete: {claim.mode} {count}"
        return
    prices = zip(prices_of(claim), sizes, strict=True)
    if count and any(p.shape != (count, size) or p.dtype.kind != "i" for p, size in prices):
        yield "claim_incomplete: prices"
        return
    if claim.mode == SCORE:
        return
    standing = standing_of(s, matching)
    yield from against(s, matching, standing, pause)
    yield from stage_faults(s.pool, matching, standing)


def row_by_row(s: Facts, x: Matching, now: Standing, pause: Pause = None) -> Iterator[str]:
    """Every pair that there is, one mentee after the other."""
    n, m = len(s.pool.mentees.key), len(s.pool.mentors.key)
    asked = asked_by_mentors(s.pool, x, now)
    for i in range(n):
        rows, j = np.full(m, i), np.arange(m)
        score = points_of(s, rows, j).sum(axis=0)
        is_legal = legal(s, rows, j) & (score > 0)
        if x.claim.mode == STABLE:
            yield from blocking_of(s.pool, x, now, i, (is_legal, score), asked)
        for stage in range(len(x.claim.lift)):
            if not is_paid(s.pool, x.claim, now, stage, i, is_legal, score):
                yield f"claim_price_too_low: stage {stage} mentee {i}"
        tell(pause, (i + 1) / n)


def prices_of(claim: Claim) -> tuple[Row, Row, Row, Row]:
    return claim.mentee_price, claim.mentor_price, claim.mentee_quota_price, claim.mentor_quota_price


def standing_of(s: Facts, x: Matching) -> Standing:
    n = len(s.pool.mentees.key)
    mentor, score, is_locked = np.full(n, -1), np.zeros(n, np.int64), np.zeros(n, np.bool_)
    i, j = x.mentee.astype(np.int64), x.mentor.astype(np.int64)
    mentor[i], score[i] = j, points_of(s, i, j).sum(axis=0)
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


def asked_by_mentors(pool: Pool, x: Matching, now: Standing) -> I64:
    """int64[m]: the score above which each mentor would let a place, or one of her organisation's quota, go."""
    stands = np.flatnonzero((now.mentor >= 0) & ~now.is_locked)
    mentor, score = now.mentor[stands], now.score[stands]
    asked = asked_by_quota(pool.mentors.organisation, x.mentor_quota, x.mentor, mentor, score)
    least = np.full(len(asked), NEVER)
    np.minimum.at(least, mentor, score)
    is_full = np.bincount(x.mentor, minlength=len(asked)) >= pool.mentors.capacity
    asked[is_full] = least[is_full]
    return asked


def asked_by_quota(organisation: Row, quota: Row, matched: Row, free: Row, score: Row) -> I64:
    """
    By person: the least score beside her in her organisation's quota, as far as it is used up; 0 where it is not.

    `matched` are rows of all pairs, `free` and `score` those of pairs that no lock keeps.
    """
    least = np.full(len(quota), NEVER)
    has_quota = (organisation >= 0) & (organisation < len(quota))
    np.minimum.at(least, organisation[free][has_quota[free]], score[has_quota[free]])
    used = np.bincount(organisation[matched][has_quota[matched]], minlength=len(quota))
    asked = np.zeros(len(organisation), np.int64)
    asked[has_quota] = np.where((quota >= 0) & (used >= quota), least, 0)[organisation[has_quota]]
    return asked


def left(quota: Row, organisation: Row, row: int, matched: Row) -> int:
    """Places left in the quota of a person's organisation; 1 where there is none."""
    o = int(organisation[row])
    if not 0 <= o < len(quota) or quota[o] < 0:
        return 1
    return int(quota[o]) - int((organisation[matched] == o).sum())


def paid_by(price: Row, quota_price: Row, organisation: Row) -> I64:
    """int64: what people pay together with the quotas of their organisations."""
    paid = price.astype(np.int64)
    has_quota = (organisation >= 0) & (organisation < len(quota_price))
    paid[has_quota] += quota_price[organisation[has_quota]]
    return paid
