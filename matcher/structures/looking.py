"""Looking at one pool without making anything of it: how many pairs its limits leave, and what one pair would cost."""

import numpy as np

from matcher import dense
from matcher.columns import CRITERIA, LIMITS, Criteria, Flags, Pool
from matcher.counting import Counted
from matcher.errors import LimitReached, LockedRefused
from matcher.given import Pairs, given
from matcher.limits import BIT, Mask
from matcher.results import Reasons
from matcher.scoring import scene
from matcher.structures.circling import MOST_IN_CIRCLES, of_any_two
from matcher.structures.grouping import alone_only
from matcher.structures.mutual import (
    MutualMatching,
    both_ways,
    must_be_one_pool,
    parts_of_pairs,
    propose_mutual,
    waterfall,
)
from matcher.structures.pairs import MOST_EXACT
from matcher.watching import Watch

FEW = 3


def count_peers(
    pool: Pool, criteria: Criteria, *, forbidden: Pairs = (), in_circles: bool = False
) -> Counted:
    """
    Unordered pairs within one pool after each limit: as partners, or as any two of a circle.

    `few` are the people with fewer than three possible others.

    Raises:
        InvalidColumn: the input is not what its description says.
        LimitReached: more people than one run takes.
    """
    must_be_one_pool(pool)
    if len(pool.mentees.key) > MOST_IN_CIRCLES:
        raise LimitReached("people", len(pool.mentees.key), MOST_IN_CIRCLES)
    if len(pool.mentees.key) > MOST_EXACT:
        return count_row_by_row(pool, criteria, forbidden, in_circles=in_circles)
    mask = masked(pool, criteria, forbidden, in_circles=in_circles)
    left = waterfall(mask)
    possible: Flags = mask == 0
    np.fill_diagonal(possible, False)
    return Counted(left.pairs, left.left, int((possible.sum(axis=1) < FEW).sum()))


def count_row_by_row(pool: Pool, criteria: Criteria, forbidden: Pairs, *, in_circles: bool) -> Counted:
    from matcher.structures import circles_large, crowds, peer_counts, peering  # compiled kernels

    x = given(pool, criteria, (), both_ways(forbidden), None)
    s = crowds.scenery(pool, criteria, x.forbidden, in_groups=in_circles)
    asked, kind = (circles_large.KEPT, peering.SUM) if in_circles else (peer_counts.EVERY, peering.MUTUAL)
    left = peer_counts.count_left(s, asked, kind, 1, None)
    return Counted(left.waterfall.pairs, left.waterfall.left, int((left.possible < FEW).sum()))


def masked(pool: Pool, criteria: Criteria, forbidden: Pairs, *, in_circles: bool) -> Mask:
    """uint16[n, n], symmetric: what forbids two people to be partners, or to sit in one circle."""
    x = given(pool, criteria, (), both_ways(forbidden), None)
    mask, points = dense.score_all(scene(pool, criteria), x.forbidden, Watch(None, None))
    nothing = np.where((points <= 0) | (points.T <= 0), np.uint16(BIT["score"]), np.uint16(0))
    mask = mask | mask.T | nothing
    return of_any_two(mask, alone_only(pool, criteria)) if in_circles else mask


def explain_mutual(pool: Pool, criteria: Criteria, one: int, other: int, matching: MutualMatching) -> Reasons:
    """
    What a pair of one pool earns and what forbids it; its price is what the whole loses when it is kept together.

    Raises:
        InvalidColumn: the input is not what its description says.
    """
    x = given(pool, criteria, (), (), None)
    parts = parts_of_pairs(x, np.array([one]), np.array([other]))[0]
    forbidden = matching.forbidden_pairs
    mask = int(masked(pool, criteria, forbidden, in_circles=False)[one, other])
    failed = tuple(name for name in LIMITS if mask & BIT[name])
    pairs = set(zip(matching.one.tolist(), matching.other.tolist(), strict=True))
    price = None
    if not failed or failed == ("score",):
        locks = [*matching.locked_pairs.tolist(), [one, other]]
        try:
            price = matching.total - propose_mutual(pool, criteria, locked=locks, forbidden=forbidden).total
        except LockedRefused:
            price = None  # one of them is kept together with somebody else
    return Reasons(
        one,
        other,
        int(parts.sum()),
        dict(zip(CRITERIA, parts.tolist(), strict=True)),
        failed[0] if failed else "",
        failed,
        (min(one, other), max(one, other)) in pairs,
        price,
    )
