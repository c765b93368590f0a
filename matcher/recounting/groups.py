"""
What each mentor's best group gains at some prices, over all pairs: for pools in which the plain code would take an hour.

Plain loops only find whom to suspect: pairs that the limits of the answers allow and that could be worth more than their price
with the best topic. `matcher.recounting.pairs` then has the last word on each of them, one by one.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I64, Flags
from matcher.recounting.blocks import Rules, Side, Tables
from matcher.recounting.pairs import Facts, legal, offers, points_of
from matcher.recounting.peers import points
from matcher.recounting.sweeping import MENTEES, Prices, mentee_side, mentor_block, rules_of, tables_of

MENTORS = 64
"""Of a block: with 100,000 mentees 20 MB."""

NOTHING = np.zeros(0, np.int64)


class Asked(NamedTuple):
    """The prices and sizes of some groups that were made."""

    price: I64
    """int64[n]"""
    lock: I64
    """int64[n]: the only mentor of a mentee, -1 = any."""
    bonus: int
    """What a locked mentee counts more with her mentor."""
    least: int
    room: I64
    """int64[m]: most mentees of each mentor's group."""


class Sweep(NamedTuple):
    sides: list[Side]
    tables: Tables
    """Without points of topics."""
    rules: Rules
    highest: int
    """Points of the best topic."""


def best_gains(s: Facts, x: Asked) -> I64:
    """int64[m]: 0 for who may lead none."""
    n, leaders = len(x.price), np.flatnonzero(x.room >= x.least)
    nothing, tables = np.zeros(n, np.int64), tables_of(s)
    sweep = Sweep(
        [mentee_side(s, nothing, np.arange(at, min(at + MENTEES, n))) for at in range(0, n, MENTEES)],
        tables._replace(topics=np.zeros_like(tables.topics)),
        rules_of(s.criteria),
        max(int(s.criteria.topic_points.max(initial=0)), 0),
    )
    gains = np.zeros(len(x.room), np.int64)
    for at in range(0, len(leaders), MENTORS):
        here = leaders[at : at + MENTORS]
        gains[here] = gains_of_block(s, x, sweep, here)
    return gains


def gains_of_block(s: Facts, x: Asked, sweep: Sweep, leaders: I64) -> I64:
    """
    First of those only who add something; that is all unless a group would have to take in somebody who adds nothing.

    Such a group gains less than one mentee too few could add, each as much as the best there is.
    """
    free = Prices(NOTHING, np.zeros(len(x.room), np.int64), np.zeros(0, np.bool_))
    block = mentor_block(s, free, leaders)
    parts = [points(block, side, sweep.tables, sweep.rules) for side in sweep.sides]
    total = np.concatenate([part[0] for part in parts]).astype(np.int32)
    holds = np.concatenate([part[1] for part in parts]) == 1
    total += (sweep.highest - x.price).astype(np.int32)[:, None]
    i, at = with_named(s, x, leaders, *np.nonzero(holds & (total > 0)))
    gain, best = gain_and_best(s, x, leaders, i, at, is_all=False)
    most = (x.least - 1) * best
    for place in np.flatnonzero(gain < most).tolist():
        rows = np.flatnonzero(holds[:, place] & (total[:, place] > -most[place]))
        i, at = with_named(s, x, leaders[place : place + 1], rows, np.zeros(len(rows), np.int64))
        gain[place] = gain_and_best(s, x, leaders[place : place + 1], i, at, is_all=True)[0][0]
    return gain


def with_named(s: Facts, x: Asked, leaders: I64, i: I64, at: I64) -> tuple[I64, I64]:
    """With whoever named one of the leaders, or is locked to one: the loops know nothing of that."""
    named = s.pool.wishes[np.isin(s.pool.wishes[:, 1], leaders), :2].astype(np.int64)
    held = np.flatnonzero(np.isin(x.lock, leaders) & (x.lock >= 0))
    more = np.concatenate([named, np.stack([held, x.lock[held]], axis=1)])
    place = np.searchsorted(leaders, more[:, 1])
    cells = np.unique(np.concatenate([i * len(leaders) + at, more[:, 0] * len(leaders) + place]))
    return cells // len(leaders), cells % len(leaders)


def gain_and_best(s: Facts, x: Asked, leaders: I64, i: I64, at: I64, *, is_all: bool) -> tuple[I64, I64]:
    """
    Of these pairs (rows, places among the leaders): what each leader's best group gains, and the most that one mentee adds.

    Not `is_all`: only whoever adds something is in a group.
    """
    j = leaders[at]
    may = legal(s, i, j) & in_group(s, i, j) & ((x.lock[i] < 0) | (x.lock[i] == j))
    i, j, at = i[may], j[may], at[may]
    parts = points_of(s, i, j)
    rest = parts[1:].sum(axis=0) + x.bonus * (x.lock[i] == j)
    level = max(1, s.criteria.language_minimum)
    speak = (s.pool.mentees.languages[i] >= level) & (s.pool.mentors.languages[j] >= level)
    kinds, values = [NOTHING], [NOTHING]
    for rank, topic in enumerate(s.pool.mentees.wanted.T):
        worth = rest + int(s.criteria.topic_points[rank])
        net = worth - x.price[i]
        fits = (offers(s.pool, topic[i], j) > 0) & (worth > 0) & (is_all | (net > 0))
        pair, language = np.nonzero(speak & fits[:, None])
        kinds.append(at[pair] << 20 | topic[i[pair]].astype(np.int64) << 12 | language)
        values.append(net[pair])
    gain, best = np.zeros((2, len(leaders)), np.int64)
    kind, net = np.concatenate(kinds), np.concatenate(values)
    np.maximum.at(best, kind >> 20, net)
    order = np.lexsort((-net, kind))
    kind, net = kind[order], net[order]
    first = np.searchsorted(kind, kind)
    place, size = np.arange(len(kind)) - first, np.searchsorted(kind, kind, "right") - first
    inside = (place < x.least) | ((place < x.room[leaders[kind >> 20]]) & (net > 0))
    added: I64 = np.cumsum(np.append(0, np.where(inside & (size >= x.least), net, 0)))
    np.maximum.at(gain, kind >> 20, added[first + size] - added[first])
    return gain, best


def in_group(s: Facts, i: I64, j: I64) -> Flags:
    """With the mode rule, whoever wants to meet alone only is in no group."""
    open_to: Flags = (s.pool.mentees.mode[i] > 0) & (s.pool.mentors.mode[j] > 0)
    return open_to | (not s.criteria.mode_rule)
