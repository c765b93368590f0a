"""Looking at one pool without making anything of it: how many pairs its limits leave, and what one pair would cost."""

import numpy as np

from matcher import dense
from matcher.columns import CRITERIA, LIMITS, Criteria, Flags, Pool
from matcher.counting import Counted
from matcher.errors import LimitReached, LockedRefused
from matcher.given import Given, Pairs, given
from matcher.large.taking import among
from matcher.limits import BIT, Mask
from matcher.results import Reasons
from matcher.scoring import scene
from matcher.structures.circling import MOST_IN_CIRCLES, of_any_two
from matcher.structures.grouping import alone_only
from matcher.structures.mutual import both_ways, must_be_one_pool, parts_of_pairs, propose_mutual, waterfall
from matcher.structures.mutual_results import MutualMatching
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


def explain_nearby(x: Given, one: int, other: int, matching: MutualMatching) -> Reasons:
    """Of a large pool: only the two, and those with whom they are now, are looked at."""
    partner = dict(zip(matching.one.tolist(), matching.other.tolist(), strict=True))
    partner |= {b: a for a, b in partner.items()}
    few = sorted({one, other, *(partner[who] for who in (one, other) if who in partner)})
    rows = np.array(few)
    pool, barred = among(x.pool, x.forbidden, rows, rows)
    mask = masked(pool, x.criteria, barred, in_circles=False)
    every = np.arange(len(few))
    a, b = (table.ravel() for table in np.meshgrid(every, every, indexing="ij"))
    parts = parts_of_pairs(x._replace(pool=pool), a, b).reshape(len(few), len(few), -1)
    worth = np.where(mask == 0, parts.sum(axis=2), 0)
    at = {who: place for place, who in enumerate(few)}
    i, j = at[one], at[other]
    failed = tuple(name for name in LIMITS if mask[i, j] & BIT[name])
    kept = {who for pair in matching.locked_pairs.tolist() for who in pair}
    is_matched, price = partner.get(one) == other, None
    if is_matched:
        price = 0
    elif (not failed or failed == ("score",)) and not kept & {one, other}:
        left = [at[partner[who]] for who in (one, other) if who in partner]
        lost = sum(int(parts[at[who], at[partner[who]]].sum()) for who in (one, other) if who in partner)
        found = int(worth[left[0], left[1]]) if len(left) == 2 else 0
        price = lost - int(parts[i, j].sum()) - found
    return Reasons(
        one,
        other,
        int(parts[i, j].sum()),
        dict(zip(CRITERIA, parts[i, j].tolist(), strict=True)),
        failed[0] if failed else "",
        failed,
        is_matched,
        price,
    )


def count_row_by_row(pool: Pool, criteria: Criteria, forbidden: Pairs, *, in_circles: bool) -> Counted:
    from matcher.structures import circles_large, crowds, peer_counts, peering  # compiled kernels

    x = given(pool, criteria, (), both_ways(forbidden), None)
    s = crowds.scenery(pool, criteria, x.forbidden, in_groups=in_circles)
    asked, kind = (circles_large.KEPT, peering.SUM) if in_circles else (peer_counts.EVERY, peering.MUTUAL)
    left = peer_counts.count_left(s, asked, kind, 1, None, of_each=True)
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

    Of a pool of more than 1,000 people the price is that of the nearest change: the two whom it leaves alone become a pair
    where they may. Anything cleverer would take a run.

    Raises:
        InvalidColumn: the input is not what its description says.
    """
    x = given(pool, criteria, (), both_ways(matching.forbidden_pairs), None)
    if len(pool.mentees.key) > MOST_EXACT:
        return explain_nearby(x, one, other, matching)
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
