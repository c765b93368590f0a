"""
Groups: one mentor, several mentees, one topic that all of them want and she offers, one language for all.

Which topic and language each mentor should take is a hard problem; who then joins is an easy one. So small
pools are solved exactly, larger ones by search, and every result carries a bound that nothing can beat.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.errors import InvalidColumn
from matcher.modes.graphs import order_of
from matcher.modes.pausing import pause_of
from matcher.structures.group_prices import all_choices, priced
from matcher.structures.group_search import search
from matcher.structures.offers import GroupPool, check_groups, in_key_order, offers_of

LEAST, MOST = 2, 5


class Group(NamedTuple):
    mentor: int
    topic: int
    language: int
    """The lowest of the languages in which the same mentees could meet."""
    mentees: tuple[int, ...]
    """Rows, ascending."""
    value: int


class Groups(NamedTuple):
    """`gap` is bound - value: 0 means that nothing can be better."""

    groups: tuple[Group, ...]
    """By the mentor's row."""
    group: I32
    """int32[n]: number of her group in `groups`, -1 = none."""
    points: I32
    """int32[n]: hers in her group, 0 without one."""
    placed: int
    value: int
    bound: int
    gap: int
    price: I64
    """int64[n]: what `bound_at` needs to recount `price_bound`."""
    price_bound: int
    """The bound that the prices prove; where `bound` is lower, a complete search proved the rest."""
    nodes: int
    """Cases that the search looked into."""


def make_groups(
    pool: GroupPool,
    *,
    least: int = LEAST,
    most: int = MOST,
    cancelled: Callable[[], bool] | None = None,
) -> Groups:
    """
    Groups of `least` to `most` mentees with the greatest sum of points; each mentor leads at most one.

    Raises:
        InvalidColumn: columns or sizes that are not of their form.
        LimitReached: offers (mentor, topic, language) times mentees above 50 million.
        Cancelled: `cancelled` answered True.
    """
    check_sizes(least, most)
    check_groups(pool)
    rows = order_of("mentee_key", pool.mentee_key, len(pool.mentee_key))
    columns = order_of("mentor_key", pool.mentor_key, len(pool.mentor_key))
    offers = offers_of(in_key_order(pool, rows, columns), least, most)
    found = search(offers, pause_of(cancelled))
    made = []
    for offer in np.unique(found.seats.offer[found.seats.offer >= 0]):
        joined = np.flatnonzero(found.seats.offer == offer)
        made.append(
            Group(
                int(columns[offers.mentor[offer]]),
                int(offers.topic[offer]),
                int(offers.language[offer]),
                tuple(sorted(rows[joined].tolist())),
                int(offers.worth[offer, joined].sum()),
            )
        )
    made.sort()
    group, points = np.full(len(rows), -1, np.int32), np.zeros(len(rows), np.int32)
    for number, one in enumerate(made):
        group[list(one.mentees)] = number
        points[list(one.mentees)] = (
            pool.score[list(one.mentees), one.mentor] + pool.topic_points[list(one.mentees), one.topic]
        )
    value = found.seats.value
    return Groups(
        tuple(made),
        group,
        points,
        placed=int((group >= 0).sum()),
        value=value,
        bound=found.bound,
        gap=found.bound - value,
        price=found.priced.price[np.argsort(rows)],
        price_bound=found.priced.bound,
        nodes=found.nodes,
    )


def bound_at(pool: GroupPool, price: I64, *, least: int = LEAST, most: int = MOST) -> int:
    """No groups of this pool earn more, whatever the prices (int64[n], 0 or more)."""
    check_sizes(least, most)
    check_groups(pool)
    offers = offers_of(pool, least, most)
    return priced(offers, all_choices(offers), np.maximum(price, 0)).bound


def check_sizes(least: int, most: int) -> None:
    if not 1 <= least <= most:
        raise InvalidColumn("sizes", -1, f"{least} to {most} is no range")
