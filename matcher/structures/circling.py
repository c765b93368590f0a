"""
A run of circles: from the columns of one pool to circles with scores, bound and reasons.

Both sides of the pool hold the same people, row by row. Two peers earn in a circle what both directions of the pair
earn: what one wants and the other offers, each way, and all other criteria. The limits on pairs hold for any two
of a circle, except those that a circle keeps as a whole: one language that all speak, hours in which all can
meet. How much somebody offers of what another wants is no limit here, nor is who is ahead of whom.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from matcher import dense
from matcher.columns import CRITERIA, CROSS_REQUIRED, I32, I64, Criteria, Flags, Pool
from matcher.digest import VERSION, digest
from matcher.errors import LimitReached
from matcher.explaining import binding_limit
from matcher.given import Given, Pairs, given
from matcher.large import taking
from matcher.limits import BIT, Mask
from matcher.results import Unmatched, Waterfall
from matcher.scan.spreading import Pause
from matcher.scoring import Scene, scene, topic_points
from matcher.structures.circle_bounds import CircleBound
from matcher.structures.circle_pool import CirclePool, CircleRules
from matcher.structures.circles import Circle, make_circles
from matcher.structures.grouping import alone_only
from matcher.structures.mutual import both_ways, must_be_one_pool, waterfall
from matcher.unanswered import has_no_answer
from matcher.watching import Watch

MOST_IN_CIRCLES = 100_000
"""People: so many have been measured. Each is compared with each a few times, so twice as many take four times as long."""

SMALL = 300
"""Up to so many people all pairs are kept at once, and no compiled kernel is waited for."""

AT_ONCE = 100_000
"""Pairs whose parts are reckoned at once: a fraction of a second."""

TOPICS = CRITERIA.index("topics")

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
    threads: int = 1,
) -> CircleMatching:
    """
    Circles of `least` to `most` peers who offer a place: as many people as find a seat, then the greatest total.

    `threads` change nothing but the time.

    Raises:
        InvalidColumn: the input is not what its description says, or the sides are not the same people.
        LimitReached: more than 100,000 people.
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    watch("reading", 0)
    must_be_one_pool(pool)
    if len(pool.mentees.key) > MOST_IN_CIRCLES:
        raise LimitReached("people", len(pool.mentees.key), MOST_IN_CIRCLES)
    x = given(pool, criteria, (), both_ways(forbidden), None)
    rules = circle_rules(criteria, least, most)
    way = at_once if len(pool.mentees.key) <= SMALL else row_by_row
    found = way(x, rules, threads, watch)
    watch("explaining", 0)
    parts = parts_of_peers(x, found.circle, partial(watch, "explaining"))
    matching = CircleMatching(
        told(x, found.circle, parts),
        found.circle,
        parts.sum(axis=1),
        parts,
        int(parts.sum()) // 2,
        found.bound.bound,
        found.sizes,
        found.bound.price,
        found.bound.pair_price,
        least,
        most,
        found.waterfall.left[-1],
        found.waterfall,
        tuple(left_out(x, found, watch)),
        x.forbidden[x.forbidden[:, 0] < x.forbidden[:, 1]],
        digest(pool, criteria),
        VERSION,
    )
    watch("proving", 1)
    return matching


class Seating(NamedTuple):
    """Who sits where, and what is told of all. `failed`: the limits between one and each of the others."""

    circle: I32
    sizes: tuple[int, ...]
    bound: CircleBound
    waterfall: Waterfall
    failed: Callable[[int], Mask]


def at_once(x: Given, rules: CircleRules, _threads: int, watch: Watch) -> Seating:
    """All pairs in one table."""
    facts = scene(x.pool, x.criteria)
    watch("reading", 1)
    mask, points = dense.score_all(facts, x.forbidden, watch)
    mask = of_any_two(mask | mask.T, alone_only(x.pool, x.criteria))
    watch("solving", 0)

    def stopped() -> bool:
        watch("solving", 0.5)
        return False

    found = make_circles(circle_pool(facts, mask == 0, points), rules, cancelled=stopped)
    return Seating(
        found.circle,
        found.sizes,
        CircleBound(found.bound, found.price, found.pair_price),
        waterfall(mask),
        lambda row: np.delete(mask[row], row),
    )


def row_by_row(x: Given, rules: CircleRules, threads: int, watch: Watch) -> Seating:
    from matcher.structures.circles_large import (
        circles_of_many,
    )  # compiled kernels: loaded when they are worth it

    slots, speaks = slots_of_zones(x.pool), speaking(x.pool, x.criteria)
    found, bound, left, failed = circles_of_many(x, rules, slots, speaks, threads, watch)
    return Seating(found.circle, found.sizes, bound, left, failed)


def told(x: Given, circle: I32, parts: I64) -> tuple[Circle, ...]:
    """Each circle with what it has in common, by its first person; `circle` is numbered likewise here."""
    made = []
    slots, speaks = free_slots(x.pool), speaking(x.pool, x.criteria)
    seated = np.flatnonzero(circle >= 0)
    order = seated[np.argsort(circle[seated], kind="stable")]
    cuts = np.flatnonzero(np.diff(circle[order])) + 1
    for rows in np.split(order, cuts) if len(order) else ():
        value, taught = int(parts[rows].sum()) // 2, int(parts[rows, TOPICS].sum()) // 2
        grades = np.unique(x.pool.mentees.grade[rows])
        made.append(
            Circle(
                tuple(rows.tolist()),
                tuple(np.flatnonzero(speaks[rows].all(axis=0)).tolist()),
                tuple(np.flatnonzero(slots[rows].all(axis=0)).tolist()),
                int((grades >= 0).sum()),
                value - taught,
                taught,
                value,
            )
        )
    made.sort()
    for number, one in enumerate(made):
        circle[list(one.people)] = number
    return tuple(made)


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
        speaking(s.pool, s.criteria),
        free_slots(s.pool),
        e.organisation,
        e.unit,
        e.grade.astype(np.int32),
        e.key,
    )


def speaking(pool: Pool, criteria: Criteria) -> Flags:
    """bool[n, L]: well enough to take part."""
    return pool.mentees.languages >= max(1, criteria.language_minimum)


def free_slots(pool: Pool) -> Flags:
    """bool[n, slots of a day]: in which of them, by UTC, her working window lies; none without an answer."""
    slots: Flags = slots_of_zones(pool)[pool.mentees.zone]
    return slots


def slots_of_zones(pool: Pool) -> Flags:
    """bool[Z + 1, slots of a day]: the same by zone; the last row, none, is for no answer."""
    count = 1440 // SLOT
    table = np.zeros((len(pool.zones) + 1, count), np.bool_)
    for at, (offset, start, end) in enumerate(pool.zones.tolist()):
        first, last = -((offset - start) // SLOT), (end - offset) // SLOT
        table[at, np.arange(first, last) % count] = True
    return table


def parts_of_peers(x: Given, circle: I32, pause: Pause) -> I64:
    """int64[n, len(CRITERIA)]: what each criterion gives a peer with all others of her circle, both ways."""
    parts = np.zeros((len(circle), len(CRITERIA)), np.int64)
    seated = np.flatnonzero(circle >= 0)
    order = seated[np.argsort(circle[seated], kind="stable")]
    size = np.bincount(circle[seated], minlength=1)
    begin = np.cumsum(size) - size
    each = size[circle[order]]
    one = np.repeat(order, each)
    within = np.arange(len(one)) - np.repeat(np.cumsum(each) - each, each)
    other = order[np.repeat(begin[circle[order]], each) + within] if len(one) else one
    pairs = one != other
    one, other = one[pairs].astype(np.int32), other[pairs].astype(np.int32)
    for at in range(0, len(one), AT_ONCE):
        pause(0)
        some = one[at : at + AT_ONCE], other[at : at + AT_ONCE]
        found = taking.parts_of_pairs(x.pool, x.criteria, *some)
        for people in some:
            for k in range(len(CRITERIA)):
                parts[:, k] += np.bincount(people, found[:, k], len(circle)).astype(np.int64)
    return parts


def left_out(x: Given, found: Seating, watch: Watch) -> list[Unmatched]:
    """Nobody possible: the limit that binds. Else no circle of enough people has a language and an hour for her."""
    facts, left = taking.pairless(x.pool, x.criteria), []
    for i in np.flatnonzero(found.circle < 0).tolist():
        watch("explaining", 0)
        failed = found.failed(i)
        possible = int((failed == 0).sum())
        reason = BY_CIRCLE if possible else binding_limit(failed)
        if not x.pool.mentors.capacity[i]:
            reason = "capacity"
        asked = (
            "languages" if reason == BY_CIRCLE and has_no_answer(facts, "mentees", i, "languages") else reason
        )
        left.append(Unmatched(i, asked, has_no_answer(facts, "mentees", i, asked), possible, ()))
    return left
