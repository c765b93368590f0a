"""What every way of solving finds out, put together as a `Matching`."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, Flags
from matcher.digest import VERSION, digest
from matcher.given import Given
from matcher.quotas import RealPrices
from matcher.results import NO_CLAIM, Claim, Matching, NextBest, Unmatched, Waterfall


class Findings(NamedTuple):
    """`match` int32[n] with locked pairs, -1 = unmatched; `score`, `parts`, `margin` and `is_exact` by matched pair, in the order of mentees."""

    match: I32
    score: I32
    parts: I16
    margin: I32
    is_exact: Flags
    prices: RealPrices
    waterfall: Waterfall
    next_best: NextBest
    unmatched_mentees: tuple[Unmatched, ...]
    unmatched_mentors: tuple[Unmatched, ...]


def assemble(x: Given, found: Findings, claim: Claim = NO_CLAIM) -> Matching:
    """`claim` is what a mode promises; without one, the total must reach the bound."""
    rows = np.flatnonzero(found.match >= 0).astype(np.int32)
    is_locked = np.isin(rows, x.locked[:, 0])
    matching = Matching(
        rows,
        found.match[rows],
        found.score.astype(np.int16),
        found.parts,
        is_locked,
        np.where(is_locked, -1, found.margin).astype(np.int32),
        *found.prices,
        total=int(found.score.sum(dtype=np.int64)),
        bound=dual_value(x, found.prices),
        pairs_possible=found.waterfall.left[-1],
        waterfall=found.waterfall,
        next_best=found.next_best,
        unmatched_mentees=found.unmatched_mentees,
        unmatched_mentors=found.unmatched_mentors,
        locked_pairs=x.locked,
        forbidden_pairs=x.forbidden,
        mentee_quota=x.quotas.mentees,
        mentor_quota=x.quotas.mentors,
        digest=digest(x.pool, x.criteria, claim.mode),
        version=VERSION,
        claim=claim,
        margin_is_exact=found.is_exact | is_locked,
    )
    if matching.total > matching.bound or (matching.total < matching.bound and not claim.mode):
        raise RuntimeError(f"total {matching.total} is not the bound {matching.bound}")
    return matching


def dual_value(x: Given, real: RealPrices) -> int:
    """Prices times places: no matching that keeps the locks and quotas can have a greater total."""
    value = int(real.mentee.sum()) + int((real.mentor * x.pool.mentors.capacity).sum())
    value += int((real.mentee_quota * np.maximum(x.quotas.mentees, 0)).sum())
    return value + int((real.mentor_quota * np.maximum(x.quotas.mentors, 0)).sum())
