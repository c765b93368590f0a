"""
What speaks against a claim, over all pairs of a pool of which no row can be written out for everybody.

As in `sweeping`, compiled loops only find whom to suspect, by the prices of a stage without its lift, or by what both
sides of a stable matching ask for. `matcher.recounting.pairs` then has the last word on each pair.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import I64, Flags
from matcher.recounting.claims import STABLE, Standing, asked_by_mentors, asked_by_quota, paid_by
from matcher.recounting.pairs import Facts, legal, points_of
from matcher.recounting.pausing import Pause, part_of
from matcher.recounting.sweeping import NO_PAIR, Prices, sweep
from matcher.results import Claim, Matching

GROUPS = 16
"""Prices of mentors that are told apart where people are counted. In a proof they are 0 or the lift."""


class Stage(NamedTuple):
    is_counting: bool
    lift: int
    least: int
    """What a pair must score to count."""
    mentee: I64
    """int64[n], with quotas."""
    mentor: I64


def all_at_once(
    s: Facts, x: Matching, now: Standing, pause: Pause = None, *, threads: int, most: int
) -> Iterator[str]:
    """The same faults as `claims.row_by_row` finds; of each stage, or of blocking pairs, no more than `most`."""
    if x.claim.mode == STABLE:
        pairs = sorted(blocking(s, x, now, threads, most, pause))
        yield from (f"blocking_pair: {i} {j}" for i, j in pairs[:most])
    count = len(x.claim.lift)
    for at in range(count):
        wrong = np.union1d(
            wrong_alone(s, x, now, at), underpaid(s, x, now, at, threads, most, part_of(pause, at, count))
        )
        yield from (f"claim_price_too_low: stage {at} mentee {i}" for i in wrong[:most].tolist())


def stage_of(s: Facts, claim: Claim, at: int) -> Stage:
    e, m = s.pool.mentees, s.pool.mentors
    return Stage(
        bool(claim.is_counting[at]),
        int(claim.lift[at]),
        max(int(claim.floor[at]), 1),
        paid_by(claim.mentee_price[at], claim.mentee_quota_price[at], e.organisation),
        paid_by(claim.mentor_price[at], claim.mentor_quota_price[at], m.organisation),
    )


def wrong_alone(s: Facts, x: Matching, now: Standing, at: int) -> I64:
    """Mentees with a price below zero; of those who are locked, whoever does not pay for the pair that stands."""
    stage = stage_of(s, x.claim, at)
    is_wrong: Flags = (x.claim.mentee_price[at] < 0) & ~now.is_locked
    i = np.flatnonzero(now.is_locked & (now.mentor >= 0))
    is_wrong[i] = stage.mentee[i] + stage.mentor[now.mentor[i]] < weight_of(stage, now.score[i])
    return np.flatnonzero(is_wrong)


def weight_of(stage: Stage, score: I64) -> I64:
    return stage.lift + (np.zeros_like(score) if stage.is_counting else score)


def underpaid(s: Facts, x: Matching, now: Standing, at: int, threads: int, most: int, pause: Pause) -> I64:
    """Mentees who are not locked, with a pair that weighs more than its prices."""
    stage, found = stage_of(s, x.claim, at), set[int]()

    def judge(i: I64, j: I64) -> bool:
        i, j = i[~now.is_locked[i]], j[~now.is_locked[i]]
        score = points_of(s, i, j).sum(axis=0)
        beats = (score >= stage.least) & (stage.mentee[i] + stage.mentor[j] < weight_of(stage, score))
        found.update(i[beats][legal(s, i[beats], j[beats])].tolist())
        return len(found) < most

    judge(*named(s))
    sweeps = (people if stage.is_counting else points)(stage, now.is_locked)
    for number, prices in enumerate(sweeps):
        if len(found) < most:
            sweep(s, prices, judge, threads, part_of(pause, number, len(sweeps)))
    return np.array(sorted(found), np.int64)


def named(s: Facts) -> I64:
    """int64[2, k]: pairs that are looked at whatever the loops say, which do not count wishes."""
    return s.pool.wishes[:, :2].T.astype(np.int64)


def points(stage: Stage, is_locked: Flags) -> list[Prices]:
    least = np.full(len(stage.mentor), stage.least - 1)
    return [Prices(stage.mentee - stage.lift, stage.mentor, is_locked, least)]


def people(stage: Stage, is_locked: Flags) -> list[Prices]:
    """
    What a pair scores does not matter here, so only those are swept who could have one that is not paid.

    With a lift of 1, and no price below 0, these are mentees and mentors without any price.
    """
    free = stage.mentee[~is_locked]
    if not len(free):
        return []
    short = np.unique(stage.mentor[stage.mentor < stage.lift - int(free.min())])
    found = []
    for group in np.array_split(short, min(len(short), GROUPS)) if len(short) else []:
        is_in = (stage.mentor >= group[0]) & (stage.mentor <= group[-1])
        found.append(
            Prices(
                np.where(stage.mentee < stage.lift - int(group[0]), -1, NO_PAIR),
                np.zeros(len(stage.mentor), np.int64),
                is_locked,
                np.where(is_in, stage.least - 1, NO_PAIR),
            )
        )
    return found


def blocking(
    s: Facts, x: Matching, now: Standing, threads: int, most: int, pause: Pause
) -> set[tuple[int, int]]:
    """Pairs of which both score more with each other than they ask for, as far as locks and quotas let them."""
    stands = np.flatnonzero((now.mentor >= 0) & ~now.is_locked)
    hers = asked_by_quota(s.pool.mentees.organisation, x.mentee_quota, x.mentee, stands, now.score[stands])
    hers[stands] = now.score[stands]
    theirs, found = asked_by_mentors(s.pool, x, now), set[tuple[int, int]]()

    def judge(i: I64, j: I64) -> bool:
        score = points_of(s, i, j).sum(axis=0)
        wants = ~now.is_locked[i] & (score > np.maximum(hers[i], theirs[j])) & legal(s, i, j)
        found.update(zip(i[wants].tolist(), j[wants].tolist(), strict=True))
        return len(found) < most

    judge(*named(s))
    sweep(s, Prices(hers, np.zeros_like(theirs), now.is_locked, theirs), judge, threads, pause)
    return found
