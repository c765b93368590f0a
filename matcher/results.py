"""What comes out: matches, prices, reasons, proofs. Names of criteria and limits are codes, never texts."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64, Flags

NEXT_BEST = 3
"""How many other mentors are listed for each mentee."""

NOT_SAID = np.zeros(0, np.bool_)
"""Beside margins of which nobody knows whether they are exact: at most so much is lost, as always."""


class Assignment(NamedTuple):
    """
    An exact optimum of a candidate graph and its proof.

    For every edge: mentee_price[i] + mentor_price[j] >= score; all prices are 0 or more; and
    sum(mentee_price * mentee_capacity) + sum(mentor_price * capacity) == total. So nothing can beat it.
    """

    match: I32
    """int32[n]: mentor, -1 = unmatched."""
    mentee_price: I64
    mentor_price: I64
    total: int
    bound: int


class Change(NamedTuple):
    """
    One thing that, changed alone, would open a pair.

    `what` is a limit of `LIMITS`: relax it by `amount` (hours, levels, years or grades; for the other
    limits 1), and `people` persons of the other side pass every limit. "place": one more place with the
    mentor. "points": `amount` more points with this pair. `person` is the row of the best of the other
    side, `score` the score with her. `certain` says that this change alone puts the person into an
    optimal matching; otherwise others would still go first.
    """

    what: str
    amount: int
    people: int
    person: int
    score: int
    certain: bool


class Unmatched(NamedTuple):
    """
    Why a person has no match.

    `reason`: "nobody" (the other side is empty), a limit of `LIMITS`, "full" (mentee: all mentors
    possible for her are full with pairs worth more), "taken" (mentor: all mentees possible for her are
    worth more elsewhere), "quota" (only a quota keeps her from a place or a mentee). `unanswered`: she gave no answer to what that limit asks. `possible`:
    how many of the other side pass every limit. `changes`: the smallest first, at most 3; in very large pools they
    are looked for as far as time allows.
    """

    person: int
    reason: str
    unanswered: bool
    possible: int
    changes: tuple[Change, ...]


class NextBest(NamedTuple):
    """
    Other mentors that pass every limit, for each mentee, highest score first.

    `mentor` int32[n, 3], -1 = none left; `score` int16[n, 3]; `margin` int32[n, 3]: the points that the
    total loses when this pair is forced (0: an equally good matching has it; -1 beside mentor -1, and
    for locked mentees). `is_exact` bool[n, 3]: False where `margin` says only that no more than so much is lost.
    """

    mentor: I32
    score: I16
    margin: I32
    is_exact: Flags = NOT_SAID


class Waterfall(NamedTuple):
    """Pairs that stay possible after each limit of `LIMITS` in order, from `pairs` = mentees x mentors."""

    pairs: int
    left: tuple[int, ...]


class Claim(NamedTuple):
    """
    What a mode of `matcher.modes` promises beside the total, with a proof in stages; of the mode "score" there is none.

    Stage s weighs a pair of score p >= `floor[s]` with `lift[s]` + p, or with `lift[s]` alone where
    `is_counting[s]`. For every legal pair of an unlocked mentee, and for every locked pair, its prices (mentee's, mentor's, and
    of both quotas) add up to that weight or more. So no matching that keeps the locks weighs more than these
    prices times places.
    """

    mode: int
    is_counting: Flags
    """bool[S]: people are counted, whatever they score."""
    lift: I64
    """int64[S]"""
    floor: I32
    """int32[S]: pairs of a lower score are left out of the stage; locked pairs never are."""
    mentee_price: I64
    """int64[S, n] >= 0 but for locked mentees"""
    mentor_price: I64
    """int64[S, m]"""
    mentee_quota_price: I64
    """int64[S, O]"""
    mentor_quota_price: I64
    plain_pairs: int = -1
    """Of the matching of greatest total, for comparison and without proof: its pairs, -1 = not counted ..."""
    plain_lowest: int = -1
    """... and its lowest score without locked pairs, 0 where there is none."""


NO_PRICES = np.zeros((0, 0), np.int64)
NO_CLAIM = Claim(
    0, np.zeros(0, np.bool_), np.zeros(0, np.int64), np.zeros(0, np.int32),
    NO_PRICES, NO_PRICES, NO_PRICES, NO_PRICES,
)  # fmt: skip
"""Of the mode "score": the greatest total is claimed by `total` and `bound` themselves."""


class Matching(NamedTuple):
    """
    The best matching over all legal pairs, its proof and its explanation.

    What is best its mode says; without one, the greatest total. `claim` holds what another mode promises, and
    `bound` - `total` is then what the mode costs.
    """

    mentee: I32
    """int32[p], ascending."""
    mentor: I32
    score: I16
    contributions: I16
    """int16[p, len(CRITERIA)], each row adds up to the score."""
    locked: Flags
    """bool[p]"""
    margin: I32
    """
    int32[p]: the points that the total loses when this pair is forbidden; -1 for locked pairs. See `margin_is_exact`.
    In a mode that puts people first it is read by `matcher.modes.loss`; in the stable mode it is -1.
    """
    mentee_price: I64
    """int64[n] >= 0, except that locked mentees carry score - prices, which may be negative."""
    mentor_price: I64
    """int64[m] >= 0"""
    mentee_quota_price: I64
    """int64[O] >= 0, zero where no quota binds; empty without quotas."""
    mentor_quota_price: I64
    total: int
    bound: int
    """The dual value, which no total exceeds: equal to `total` unless a mode puts something else first."""
    pairs_possible: int
    waterfall: Waterfall
    next_best: NextBest
    unmatched_mentees: tuple[Unmatched, ...]
    unmatched_mentors: tuple[Unmatched, ...]
    """Mentors with no mentee; those who offer no place have the reason "capacity"."""
    locked_pairs: I32
    """int32[k, 2], as given: with `forbidden_pairs` and the quotas, what a certificate must know."""
    forbidden_pairs: I32
    mentee_quota: I32
    mentor_quota: I32
    digest: str
    """`digest(pool, criteria, mode)`"""
    version: str
    claim: Claim = NO_CLAIM
    margin_is_exact: Flags = NOT_SAID
    """bool[p]: False where `margin` says only that no more than so much is lost. Up to 1,000 people a side all are exact."""


class Certificate(NamedTuple):
    """
    `ok` is True when there is no violation. `bound` is recounted over all pairs: total == bound proves the greatest
    total; what another mode claims is recounted from its own stages.
    """

    ok: bool
    total: int
    bound: int
    pairs_checked: int
    violations: tuple[str, ...]
    """`code: facts`, at most 100."""


class Reasons(NamedTuple):
    """
    Why this pair, or why not.

    `contributions` maps each criterion to its points and adds up to `score`, also for a pair that a limit
    forbids. `failed` lists the limits that it fails, in order; `limit` is the first or "". `price` is the
    points that the total loses when the pair is forced, 0 when it is in an optimal matching, None when a
    limit forbids it or the mentee is locked to another.
    """

    mentee: int
    mentor: int
    score: int
    contributions: dict[str, int]
    limit: str
    failed: tuple[str, ...]
    is_matched: bool
    price: int | None
