"""
A run of pairs within one pool, where everybody gives and learns: from columns to pairs with scores, proof and reasons.

Both sides of the pool hold the same people, row by row. What a pair earns is counted both ways. Of what one of
the two gets more than the other, half is taken off again, so that a pair in which both get as much goes before one
in which one of them gives.
"""

from collections.abc import Callable

import numpy as np

from matcher import dense
from matcher.columns import I32, I64, Criteria, Flags, Pool
from matcher.digest import VERSION, digest
from matcher.errors import InvalidColumn, LimitReached
from matcher.explaining import binding_limit
from matcher.given import Given, Pairs, given
from matcher.large import taking
from matcher.limits import BIT, Mask
from matcher.locks import check_locked
from matcher.results import Unmatched, Waterfall
from matcher.scoring import Scene, scene
from matcher.structures.mutual_results import Found, MutualMatching
from matcher.structures.pairs import MOST_EXACT, mutual, pair_pool
from matcher.unanswered import has_no_answer
from matcher.watching import Watch

MOST_IN_MUTUAL = 100_000
"""People: so many have been measured. Each is compared with each a few times, so twice as many take four times as long."""


def propose_mutual(
    pool: Pool,
    criteria: Criteria,
    *,
    locked: Pairs = (),
    forbidden: Pairs = (),
    progress: Callable[[str, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 1,
) -> MutualMatching:
    """
    The pairs of greatest total within one pool, each person in one at most.

    `locked` and `forbidden` are two rows each, in any order. Up to 1,000 people the pairs are the exact optimum; beyond,
    `bound` - `total` says how much better any others could be at most. `threads` change nothing but the time.

    Raises:
        InvalidColumn: the input is not what its description says, or the sides are not the same people.
        LimitReached: more than 100,000 people.
        LockedRefused: a locked pair cannot stand, or two of them share somebody.
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    watch("reading", 0)
    must_be_one_pool(pool)
    if len(pool.mentees.key) > MOST_IN_MUTUAL:
        raise LimitReached("people", len(pool.mentees.key), MOST_IN_MUTUAL)
    x = given(pool, criteria, both_ways(locked), both_ways(forbidden), None)
    kept = x.locked[x.locked[:, 0] < x.locked[:, 1]]
    found = (at_once if len(pool.mentees.key) <= MOST_EXACT else row_by_row)(x, kept, threads, watch)
    watch("explaining", 0)
    rows = np.flatnonzero(found.partner > np.arange(len(found.partner)))
    one, other = np.concatenate([[rows, found.partner[rows]], kept.T], axis=1).astype(np.int64)
    order = np.argsort(one, kind="stable")
    one, other = one[order], other[order]
    parts = parts_of_pairs(x, one, other)
    # A locked pair stands also where one direction earns nothing, and then its parts are its score.
    extra = int(parts_of_pairs(x, *kept.T.astype(np.int64)).sum(dtype=np.int64))
    matching = MutualMatching(
        one.astype(np.int32),
        other.astype(np.int32),
        parts.sum(axis=1, dtype=np.int32),
        parts,
        int(parts.sum(dtype=np.int64)),
        found.proof.bound + extra,
        found.proof,
        found.waterfall.left[-1],
        found.waterfall,
        found.unmatched,
        kept.astype(np.int32),
        x.forbidden[x.forbidden[:, 0] < x.forbidden[:, 1]],
        digest(pool, criteria),
        VERSION,
    )
    watch("proving", 1)
    return matching


def at_once(x: Given, kept: I32, _threads: int, watch: Watch) -> Found:
    """
    All pairs in one table, and the exact optimum.

    Raises:
        LockedRefused: a kept pair cannot stand.
    """
    facts = scene(x.pool, x.criteria)
    watch("reading", 1)
    mask, points = dense.score_all(facts, x.forbidden, watch)
    mask, score = mask | mask.T, mutual(points, points.T.copy())
    mask |= np.where(score > 0, np.uint16(0), np.uint16(BIT["score"]))
    check_locked(x, mask[x.locked[:, 0], x.locked[:, 1]].tolist())
    watch("solving", 0)
    legal = np.where(mask == 0, score, 0).astype(np.int32)
    legal[kept.ravel()] = 0
    legal[:, kept.ravel()] = 0
    found = pair_pool(legal, x.pool.mentees.key, cancelled=lambda: stopped(watch))
    together = found.partner.astype(np.int64)
    together[kept.ravel()] = kept[:, ::-1].ravel()
    return Found(found.partner, found.proof, waterfall(mask), tuple(left_alone(facts, mask, together)))


def row_by_row(x: Given, kept: I32, threads: int, watch: Watch) -> Found:
    from matcher.structures.mutual_large import (
        pairs_of_many,
    )  # compiled kernels: loaded when they are worth it

    return pairs_of_many(x, kept, threads, watch)


def must_be_one_pool(pool: Pool) -> None:
    """
    Raises:
        InvalidColumn: the two sides are not the same people in the same rows.
    """
    if not np.array_equal(pool.mentees.key, pool.mentors.key):
        raise InvalidColumn("mentors.key", -1, "must be the keys of the mentees: everybody is on both sides")


def both_ways(pairs: Pairs) -> list[tuple[int, int]]:
    listed = [(int(a), int(b)) for a, b in pairs]
    return sorted({*listed, *((b, a) for a, b in listed)})


def stopped(watch: Watch) -> bool:
    watch("solving", 0.5)
    return False


def parts_of_pairs(x: Given, one: I64, other: I64) -> I32:
    """int32[p, len(CRITERIA)]"""
    a, b = one.astype(np.int32), other.astype(np.int32)
    there, back = (
        taking.parts_of_pairs(x.pool, x.criteria, *pair).astype(np.int64) for pair in ((a, b), (b, a))
    )
    return balanced(there, back)


def balanced(there: I64, back: I64) -> I32:
    """
    Contributions of both directions (int64[p, len(CRITERIA)]) added, less the half of what one of the two gets more.

    It is taken off where she gets more, in proportion, the earlier criterion first where that does not come out even.
    """
    more = there - back
    ahead = more.sum(axis=1)
    surplus = np.maximum(np.where(ahead[:, None] >= 0, more, -more), 0)
    off = (np.abs(ahead) + 1) // 2
    parts: I32 = (there + back - shared_out(off, surplus)).astype(np.int32)
    return parts


def shared_out(whole: I64, parts: I64) -> I64:
    """Each whole as integers in proportion to its row of parts; what is left over by cutting goes to the first that have room."""
    total = np.maximum(parts.sum(axis=1), 1)
    cut: I64 = whole[:, None] * parts // total[:, None]
    left = whole - cut.sum(axis=1)
    for column in range(parts.shape[1]):
        more = np.minimum(left, parts[:, column] - cut[:, column])
        cut[:, column] += more
        left = left - more
    return cut


def waterfall(mask: Mask) -> Waterfall:
    """Unordered pairs left after each limit; nobody is a pair with herself."""
    half: Flags = np.triu(np.ones(mask.shape, np.bool_), 1)
    found = dense.waterfall(mask[half].reshape(1, -1))
    return Waterfall(int(half.sum()), found.left)


def left_alone(s: Scene, mask: Mask, partner: I64) -> list[Unmatched]:
    """Nobody possible: the limit that binds. Else everybody possible fits better elsewhere."""
    found = []
    for i in np.flatnonzero(partner < 0).tolist():
        others = np.delete(mask[i], i)
        possible = int((others == 0).sum())
        reason = binding_limit(others) if not possible else "taken"
        found.append(Unmatched(i, reason, has_no_answer(s, "mentees", i, reason), possible, ()))
    return found
