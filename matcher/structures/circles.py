"""
Circles: peers who meet without a mentor, several circles from one pool.

To find the best circles is hard; these come from a search that gives the same circles for the same people in
any order, with a bound that no circles of these sizes can beat.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64
from matcher.modes.graphs import order_of
from matcher.modes.pausing import pause_of
from matcher.structures.circle_bounds import bound_of, circle_bound, relaxed
from matcher.structures.circle_pool import CirclePool, CircleRules, check_circles, in_order, peers
from matcher.structures.circle_search import search
from matcher.structures.circle_tables import Tables

STANDARD = CircleRules()


class Circle(NamedTuple):
    people: tuple[int, ...]
    """Rows, ascending."""
    languages: tuple[int, ...]
    """That all of them speak."""
    hours: tuple[int, ...]
    """In which all of them could meet."""
    grades: int
    """Different ones."""
    shared: int
    """Points for what they have in common, all pairs together."""
    taught: int
    """Points for what they can teach each other."""
    value: int
    """shared + taught"""


class Circles(NamedTuple):
    """`gap` is bound - value: how far the best circles of these sizes may be at most."""

    circles: tuple[Circle, ...]
    """By their first person."""
    circle: I32
    """int32[n]: number of her circle, -1 = none."""
    shared: I64
    """int64[n]: points for what she has in common with the others of her circle."""
    teaches: I64
    """int64[n]: for what she can teach them."""
    learns: I64
    """int64[n]: for what they can teach her."""
    placed: int
    value: int
    bound: int
    gap: int
    sizes: tuple[int, ...]
    """For which the bound holds: what was planned, and more where somebody was squeezed in."""
    price: I64
    """int64[n]; with `pair_price` what `bound_at` needs to recount the bound."""
    pair_price: int


def make_circles(
    pool: CirclePool, rules: CircleRules = STANDARD, *, cancelled: Callable[[], bool] | None = None
) -> Circles:
    """
    Circles of `rules.least` to `rules.most` peers, as many people as can be found a seat, then the greatest value.

    Raises:
        InvalidColumn: columns or rules that are not of their form.
        Cancelled: `cancelled` answered True.
    """
    pause = pause_of(cancelled)
    check_circles(pool, rules)
    order = order_of("key", pool.key, len(pool.key))
    facts = peers(in_order(pool, order), rules)
    tables = search(facts, pause)
    sizes = tuple(max(room, len(people)) for room, people in zip(tables.rooms, tables.members, strict=True))
    value = tables.value
    bound = circle_bound(facts, sizes, value, pause)
    made = sorted(told(pool, tables, order, people) for people in tables.members if people)
    circle = np.full(len(order), -1, np.int32)
    for number, one in enumerate(made):
        circle[list(one.people)] = number
    together = (circle[:, None] == circle) & (circle >= 0) & ~np.eye(len(order), dtype=np.bool_)
    return Circles(
        tuple(made),
        circle,
        np.where(together, pool.share, 0).sum(axis=1, dtype=np.int64),
        np.where(together, pool.teach, 0).sum(axis=1, dtype=np.int64),
        np.where(together, pool.teach, 0).sum(axis=0, dtype=np.int64),
        placed=tables.placed,
        value=value,
        bound=bound.bound,
        gap=bound.bound - value,
        sizes=sizes,
        price=bound.price[np.argsort(order)],
        pair_price=bound.pair_price,
    )


def told(pool: CirclePool, tables: Tables, order: I64, people: list[int]) -> Circle:
    rows = np.sort(order[people])
    pairs = np.ix_(rows, rows)
    away = ~np.eye(len(rows), dtype=np.bool_)
    shared = int(pool.share[pairs][away].sum(dtype=np.int64)) // 2
    taught = int(pool.teach[pairs][away].sum(dtype=np.int64))
    return Circle(
        tuple(rows.tolist()),
        tuple(np.flatnonzero(pool.speaks[rows].all(axis=0)).tolist()),
        tuple(np.flatnonzero(pool.hours[rows].all(axis=0)).tolist()),
        tables.grades(people),
        shared,
        taught,
        shared + taught,
    )


def bound_at(
    pool: CirclePool, rules: CircleRules, sizes: tuple[int, ...], price: I64, pair_price: int
) -> int:
    """No circles of at most these sizes are worth more, whatever the prices (0 or more)."""
    check_circles(pool, rules)
    facts = peers(pool, rules)
    return bound_of(relaxed(facts, sizes), np.maximum(price, 0), max(pair_price, 0))[0]
