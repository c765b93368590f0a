"""
Circles of one large pool: people who add most to each other, exchanges that get better, and a bound over all pairs.

Their bound is in `circle_prices`.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, LIMITS, NO_BOUND, U64, Criteria, Flags, Pool
from matcher.given import Given
from matcher.large.taking import among
from matcher.limits import Mask
from matcher.results import Waterfall
from matcher.scan.spreading import Pause as Tell
from matcher.solving import mixed
from matcher.structures.circle_bounds import CircleBound
from matcher.structures.circle_opening import open_circles, squeeze
from matcher.structures.circle_pool import CircleRules
from matcher.structures.circle_prices import bound_over_all
from matcher.structures.circle_round import OUT, Round, anneal, luck_of
from matcher.structures.circle_search import STARTS, rooms
from matcher.structures.covering import part
from matcher.structures.crowds import FAILS, Scenery, scenery
from matcher.structures.ordering import moved, reordered
from matcher.structures.peer_counts import count_left, failed_by
from matcher.structures.peering import SUM, best_peers, worth_table
from matcher.watching import Watch

EACH = 48
"""Others of each person whom the search and the prices know."""

MOST_DENSE = 4_000
"""People of one part: what any two are worth takes 64 MB. Circles are made within parts, the bound holds for all."""

STEPS, STEPS_EACH = 150_000_000, 30_000
"""Exchanges that are tried: so many for each person, and no more than so many in all."""

ROUNDS = 40
"""Each cooler than the one before it."""

A_PIECE = 100_000
"""Exchanges between two questions whether to go on: 0.3 s at most."""


KEPT = sum(
    1 << k
    for k, name in enumerate(LIMITS)
    if name not in ("capacity", "languages", "overlap", "seniority", "topics", "score")
)
"""Limits that are asked of any two; the others a circle keeps as a whole, or not at all."""


class Seated(NamedTuple):
    circle: I32
    """int32[n], -1 = out"""
    sizes: tuple[int, ...]
    value: int


def circles_of_many(
    x: Given, rules: CircleRules, slots: Flags, speaks: Flags, threads: int, watch: Watch
) -> tuple[Seated, CircleBound, Waterfall, Callable[[int], Mask]]:
    """
    Who sits with whom and the bound, in rows of the pool; what limits leave; and what stands between one and the others.

    `slots` bool[Z + 1, slots of a day] by zone, `speaks` bool[n, L].
    """
    n = len(x.pool.mentees.key)
    order = np.argsort(x.pool.mentees.key, kind="stable")
    place = np.argsort(order)
    pool = reordered(x.pool, order, order)
    forbidden = moved(x.forbidden, order, order)
    s = circle_scenery(pool, x.criteria, forbidden, slots, rules.hours_least, partial(watch, "scoring"))
    left = count_left(s, KEPT, SUM, threads, lambda done: watch("scoring", 0.5 * done))
    nothing = np.zeros(n, np.int64)
    best = best_peers(
        s, np.arange(n), SUM, EACH, nothing, nothing, threads, lambda done: watch("scoring", 0.5 + 0.5 * done)
    )
    solving = partial(watch, "solving")
    found = Seated(np.full(n, OUT, np.int32), (), 0)
    parts = neighbourhoods(pool)
    for number, rows in enumerate(parts):
        here = part(solving, 0.7 * number / len(parts), 0.7 * (number + 1) / len(parts))
        few, barred = among(pool, forbidden, rows, rows)
        near_by = circle_scenery(few, x.criteria, barred, slots, rules.hours_least, here)
        made = seat(
            near_by,
            speaks[order[rows]],
            words(slots[few.mentees.zone])[:, 0],
            rules,
            len(rows) / n,
            threads,
            here,
        )
        found.circle[rows] = np.where(made.circle == OUT, OUT, made.circle + len(found.sizes))
        found = Seated(found.circle, found.sizes + made.sizes, found.value + made.value)
    bound = bound_over_all(s, best, found.sizes, found.value, threads, part(solving, 0.7, 1))

    def failed(row: int) -> Mask:
        watch("explaining", 0)
        return np.delete(failed_by(s, int(place[row]), KEPT, SUM), place[row])

    return (
        found._replace(circle=found.circle[place]),
        bound._replace(price=bound.price[place]),
        left.waterfall,
        failed,
    )


def neighbourhoods(pool: Pool) -> list[I64]:
    """Rows, ascending, of as few even parts as one table can hold: of those who work at the same hours, and in the same line."""
    zones = np.append((pool.zones[:, 1] - pool.zones[:, 0]) % 1440, 1440)
    order = np.lexsort((np.arange(len(pool.mentees.key)), pool.mentees.sector, zones[pool.mentees.zone]))
    return [np.sort(rows) for rows in np.array_split(order, max(-(-len(order) // MOST_DENSE), 1))]


def circle_scenery(
    pool: Pool, criteria: Criteria, forbidden: I32, slots: Flags, least: int, pause: Tell
) -> Scenery:
    """What any two of a circle keep; a language and `least` slots in common are asked of two as of all."""
    loose = criteria._replace(
        language_minimum=max(1, criteria.language_minimum),
        overlap_minimum=0,
        topics_minimum=0,
        seniority_minimum=NO_BOUND,
        seniority_maximum=NO_BOUND,
    )
    found = scenery(pool, loose, forbidden, in_groups=True, pause=pause)
    shared = slots.astype(np.int64) @ slots.T.astype(np.int64)
    late = np.where(shared < least, FAILS["overlap"], 0).astype(np.int32)
    return found._replace(tables=found.tables._replace(overlap=found.tables.overlap + late))


def seat(
    s: Scenery, speaks: Flags, hours: U64, rules: CircleRules, share: float, threads: int, tell: Tell
) -> Seated:
    """Of one part, which is this share of all people."""

    def still(_done: float) -> None:
        tell(0)

    n = len(speaks)
    sizes, nothing = rooms(n, rules), np.zeros(n, np.int64)
    best = best_peers(s, np.arange(n), SUM, EACH, nothing, nothing, threads, still)
    worth = worth_table(s, threads, still)

    def opened(number: int) -> Round:
        """The starts differ in who begins: the hardest to seat, or the first by a hash."""
        order = best.above if number == 0 else mixed(np.arange(n, dtype=np.uint64) + np.uint64(n * number))
        r = Round(
            worth,
            words(speaks),
            hours,
            best.other,
            np.full(n, OUT, np.int32),
            np.full((len(sizes), rules.most), OUT, np.int32),
            np.zeros(len(sizes), np.int32),
            nothing.copy(),
            np.zeros((2, rules.most + 1), np.int32),
            rules.hours_least,
        )
        fill_rooms(r, np.argsort(order, kind="stable").astype(np.int32), sizes, rules.least, tell)
        squeeze_all(r, tell)
        return r

    r = max(
        (opened(number) for number in range(STARTS)),
        key=lambda r: (int((r.circle != OUT).sum()), int(r.value.sum())),
    )
    cool(r, int(STEPS * share), tell)
    # Exchanges have changed who is out: some of them may find a seat now.
    squeeze_all(r, tell)
    made = tuple(max(a, b) for a, b in zip(sizes, r.size.tolist(), strict=True))
    return Seated(r.circle, made, int(r.value.sum()) // 2)


def squeeze_all(r: Round, tell: Tell) -> None:
    for person in np.flatnonzero(r.circle == OUT).tolist():
        squeeze(r, person)
        tell(0)


def fill_rooms(r: Round, hardest: I32, sizes: tuple[int, ...], least: int, tell: Tell) -> None:
    """Opens circles, after those there are, for as many as are planned."""
    room, begun = np.array(sizes, np.int32), np.zeros(len(r.circle), np.bool_)
    at = np.array([np.count_nonzero(r.size), 0], np.int64)
    while len(sizes) and not open_circles(r, hardest, room, least, begun, at, 20):
        tell(0.1 * at[0] / len(sizes))


def cool(r: Round, most: int, tell: Tell) -> None:
    """From a heat at which a typical pair may be lost now and then to none, and the best that was seen is kept."""
    n, luck, state = len(r.circle), luck_of(), np.array([n_seed(len(r.circle))], np.uint64)
    if not r.size.any():
        return
    steps = min(most, STEPS_EACH * n)
    typical = int(r.value.sum()) // max(int((r.size * (r.size - 1)).sum()), 1)
    for number in range(ROUNDS):
        heat = typical * (ROUNDS - 1 - number) ** 2 // (2 * ROUNDS * ROUNDS)
        left = steps // ROUNDS
        while left > 0:
            anneal(r, state, luck, heat, min(left, A_PIECE))
            left -= A_PIECE
            tell(0.1 + 0.8 * number / ROUNDS)


def n_seed(people: int) -> int:
    return people * 0x9E3779B9 + 1


def words(flags: Flags) -> U64:
    """uint64[n, W]: bit k of word w is column 64 w + k."""
    count, width = flags.shape
    padded = np.zeros((count, -(-max(width, 1) // 64) * 64), np.bool_)
    padded[:, :width] = flags
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)
