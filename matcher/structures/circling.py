"""
A run of circles: from the columns of one pool to circles with scores, bound and reasons.

Both sides of the pool hold the same people, row by row. Two peers earn in a circle what both directions of the pair
earn: what one wants and the other offers, each way, and all other criteria. The limits on pairs hold for any two
of a circle, except those that a circle keeps as a whole: one language that all speak, hours in which all can
meet. How much somebody offers of what another wants is no limit here, nor is who is ahead of whom.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher import dense
from matcher.columns import CRITERIA, CROSS_REQUIRED, I32, I64, Criteria, Flags, Pool
from matcher.digest import VERSION, digest
from matcher.errors import LimitReached
from matcher.explaining import binding_limit
from matcher.given import Pairs, given
from matcher.limits import BIT, Mask
from matcher.results import Unmatched, Waterfall
from matcher.scoring import Scene, contributions, scene, topic_points
from matcher.structures.circle_pool import CirclePool, CircleRules
from matcher.structures.circles import Circle, make_circles
from matcher.structures.grouping import alone_only
from matcher.structures.mutual import both_ways, must_be_one_pool, waterfall
from matcher.unanswered import has_no_answer
from matcher.watching import Watch

MOST_IN_CIRCLES = 1_000
"""People: all pairs are kept at once."""

SLOT = 30
"""Minutes of the day that one column of hours stands for: zones differ by half hours, too."""

OF_CIRCLES = np.uint16(
    sum(BIT[name] for name in ("capacity", "languages", "overlap", "seniority", "topics", "score"))
)
"""Limits on pairs that a circle does not ask of any two: it keeps some of them as a whole."""

BY_CIRCLE = "circle"
"""The reason of somebody whom nothing forbids, but who is in no circle with enough others."""


class CircleMatching(NamedTuple):
    """Circles of a pool, what each peer has there, and what nothing can beat. `bound` - `total`: how far at most."""

    circles: tuple[Circle, ...]
    """By their first person; `hours` are slots of the day in UTC."""
    circle: I32
    """int32[n]: number of her circle, -1 = none."""
    score: I64
    """int64[n]: what she earns with all others of her circle together; half of all scores is the total."""
    contributions: I64
    """int64[n, len(CRITERIA)], each row adds up to the score."""
    total: int
    bound: int
    sizes: tuple[int, ...]
    price: I64
    pair_price: int
    least: int
    most: int
    pairs_possible: int
    waterfall: Waterfall
    unmatched: tuple[Unmatched, ...]
    forbidden_pairs: I32
    digest: str
    version: str


def propose_circles(
    pool: Pool,
    criteria: Criteria,
    *,
    least: int = 4,
    most: int = 10,
    forbidden: Pairs = (),
    progress: Callable[[str, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CircleMatching:
    """
    Circles of `least` to `most` peers who offer a place: as many people as find a seat, then the greatest total.

    Raises:
        InvalidColumn: the input is not what its description says, or the sides are not the same people.
        LimitReached: more than 1,000 people.
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    watch("reading", 0)
    must_be_one_pool(pool)
    if len(pool.mentees.key) > MOST_IN_CIRCLES:
        raise LimitReached("people", len(pool.mentees.key), MOST_IN_CIRCLES)
    x = given(pool, criteria, (), both_ways(forbidden), None)
    facts = scene(pool, criteria)
    watch("reading", 1)
    mask, points = dense.score_all(facts, x.forbidden, watch)
    mask = of_any_two(mask | mask.T, alone_only(pool, criteria))
    watch("solving", 0)
    peers = circle_pool(facts, mask == 0, points)

    def stopped() -> bool:
        watch("solving", 0.5)
        return False

    found = make_circles(peers, circle_rules(criteria, least, most), cancelled=stopped)
    watch("explaining", 0)
    parts = parts_of_peers(facts, found.circle)
    matching = CircleMatching(
        found.circles,
        found.circle,
        parts.sum(axis=1),
        parts,
        found.value,
        found.bound,
        found.sizes,
        found.price,
        found.pair_price,
        least,
        most,
        int(np.triu(mask == 0, 1).sum()),
        waterfall(mask),
        tuple(left_out(facts, mask, found.circle)),
        x.forbidden[x.forbidden[:, 0] < x.forbidden[:, 1]],
        digest(pool, criteria),
        VERSION,
    )
    watch("proving", 1)
    return matching


def of_any_two(mask: Mask, alone: Flags) -> Mask:
    """The limits that any two of a circle keep; whoever wants to meet alone only is in none."""
    mode = np.where(alone | alone.T, np.uint16(BIT["mode"]), np.uint16(0))
    kept: Mask = (mask | mode) & ~OF_CIRCLES
    return kept


def circle_rules(criteria: Criteria, least: int, most: int) -> CircleRules:
    """As many hours in common as the pairs of a run would need; of one organisation one at most where they are to differ."""
    return CircleRules(
        least,
        most,
        (least + most) // 2,
        hours_least=criteria.overlap_minimum * 60 // SLOT,
        organisation_most=int(criteria.organisation_rule == CROSS_REQUIRED),
        unit_rule=criteria.unit_rule,
    )


def circle_pool(s: Scene, may: Flags, points: I32) -> CirclePool:
    """Shared is what does not hang on topics; `teach[a, b]`, what b wants and a offers."""
    e = s.pool.mentees
    rows = np.arange(len(e.key))
    taught = topic_points(s, rows[:, None], rows).astype(np.int32)
    rest = points - taught
    here = s.pool.mentors.capacity > 0
    return CirclePool(
        rest + rest.T,
        taught.T.copy(),
        may & here[:, None] & here,
        e.languages >= max(1, s.criteria.language_minimum),
        free_slots(s.pool),
        e.organisation,
        e.unit,
        e.grade.astype(np.int32),
        e.key,
    )


def free_slots(pool: Pool) -> Flags:
    """bool[n, slots of a day]: in which of them, by UTC, her working window lies; none without an answer."""
    count = 1440 // SLOT
    table = np.zeros((len(pool.zones) + 1, count), np.bool_)
    for at, (offset, start, end) in enumerate(pool.zones.tolist()):
        first, last = -((offset - start) // SLOT), (end - offset) // SLOT
        table[at, np.arange(first, last) % count] = True
    slots: Flags = table[pool.mentees.zone]
    return slots


def parts_of_peers(s: Scene, circle: I32) -> I64:
    """int64[n, len(CRITERIA)]: what each criterion gives a peer with all others of her circle, both ways."""
    parts = np.zeros((len(circle), len(CRITERIA)), np.int64)
    for number in range(int(circle.max(initial=-1)) + 1):
        inside = np.flatnonzero(circle == number)
        table = np.stack(contributions(s, inside[:, None], inside)).astype(np.int64)
        table = table + table.transpose(0, 2, 1)
        table[:, np.arange(len(inside)), np.arange(len(inside))] = 0
        parts[inside] = table.sum(axis=2).T
    return parts


def left_out(s: Scene, mask: Mask, circle: I32) -> list[Unmatched]:
    """Nobody possible: the limit that binds. Else no circle of enough people has a language and an hour for her."""
    found = []
    for i in np.flatnonzero(circle < 0).tolist():
        others = np.delete(mask[i], i)
        possible = int((others == 0).sum())
        reason = BY_CIRCLE if possible else binding_limit(others)
        if not s.pool.mentors.capacity[i]:
            reason = "capacity"
        asked = "languages" if reason == BY_CIRCLE and has_no_answer(s, "mentees", i, "languages") else reason
        found.append(Unmatched(i, asked, has_no_answer(s, "mentees", i, asked), possible, ()))
    return found
