"""Peers who could sit in one circle, and the rules that hold for every circle."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, U64, Flags
from matcher.errors import InvalidColumn
from matcher.validation import check_array, first_bad, repeated

GREATEST = 1 << 30
"""Points of one pair."""


class CirclePool(NamedTuple):
    """One row per peer. -1 is no answer; it takes nobody's place: an unknown organisation is nobody else's."""

    share: I32
    """int32[n, n], symmetric, 0 or more: points for what two peers have in common."""
    teach: I32
    """int32[n, n], 0 or more: points for what the first can teach the second."""
    may: Flags
    """bool[n, n], symmetric: the two may sit together (no exclusion, no supervisor line)."""
    speaks: Flags
    """bool[n, L]: well enough to take part."""
    hours: Flags
    """bool[n, H]: hours, the same for all, in which she could meet."""
    organisation: I32
    """int32[n]"""
    unit: I32
    """int32[n], codes unique over all organisations"""
    grade: I32
    """int32[n]"""
    key: U64
    """uint64[n], unique: settles ties and nothing else."""


class CircleRules(NamedTuple):
    """What every circle keeps."""

    least: int = 4
    most: int = 10
    size: int = 7
    """Wished: the pool is cut into as many circles as bring them nearest to it, all equal or one apart."""
    language_rule: bool = True
    """One language that all of them speak."""
    hours_least: int = 1
    """Hours in which all of them could meet."""
    organisation_most: int = 0
    """Most peers of one organisation, 0 = any number."""
    unit_rule: bool = True
    """No two of one unit."""
    grades_least: int = 1
    """Different grades, at least; who gave none counts for none. 0 or 1 = no rule."""


class Peers(NamedTuple):
    """A checked pool in the order of keys, as the search sees it."""

    worth: I64
    """int64[n, n], symmetric: what both share and what each can teach the other; 0 on the diagonal."""
    apart: Flags
    """bool[n, n]: may not sit together, whoever else is there."""
    speaks: Flags
    hours: Flags
    organisation: I64
    """int64[n], 0 .. : who gave none has one of her own."""
    grade: I64
    """int64[n], 0 .. or -1"""
    rules: CircleRules


def in_order(pool: CirclePool, order: I64) -> CirclePool:
    """New row k is old row order[k]."""
    square = np.ix_(order, order)
    return CirclePool(
        pool.share[square],
        pool.teach[square],
        pool.may[square],
        pool.speaks[order],
        pool.hours[order],
        pool.organisation[order],
        pool.unit[order],
        pool.grade[order],
        pool.key[order],
    )


def peers(pool: CirclePool, rules: CircleRules) -> Peers:
    """Points, people kept apart, and codes without gaps."""
    share, teach = pool.share.astype(np.int64), pool.teach.astype(np.int64)
    worth = share + teach + teach.T
    np.fill_diagonal(worth, 0)
    apart = ~pool.may
    if rules.unit_rule:
        apart |= (pool.unit[:, None] == pool.unit) & (pool.unit >= 0)
    np.fill_diagonal(apart, True)
    count, organisation = len(pool.key), pool.organisation.astype(np.int64)
    alone = np.where(organisation < 0, organisation.max(initial=0) + 1 + np.arange(count), organisation)
    _, codes = np.unique(alone, return_inverse=True)
    speaks = pool.speaks if rules.language_rule else np.ones((count, 1), np.bool_)
    return Peers(worth, apart, speaks, pool.hours, codes.astype(np.int64), pool.grade.astype(np.int64), rules)


def could_meet(p: Peers) -> Flags:
    """bool[n, n]: pairs that some circle could hold."""
    together = ~p.apart
    together &= p.speaks.astype(np.int32) @ p.speaks.T.astype(np.int32) > 0
    together &= p.hours.astype(np.int32) @ p.hours.T.astype(np.int32) >= p.rules.hours_least
    if p.rules.organisation_most == 1:
        together &= p.organisation[:, None] != p.organisation
    return together


def check_circles(pool: CirclePool, rules: CircleRules) -> None:
    """
    Raises:
        InvalidColumn: the first column and row, or the rule, at fault.
    """
    n = len(pool.key)
    check_array("key", pool.key, np.uint64, (-1,))
    first_bad("key", repeated(pool.key[:, None]), "is the key of an earlier row")
    for name in ("share", "teach"):
        table = getattr(pool, name)
        check_array(name, table, np.int32, (n, n))
        first_bad(name, (table < 0) | (table > GREATEST), f"points must be in 0..{GREATEST}")
    first_bad("share", pool.share != pool.share.T, "must be symmetric")
    check_array("may", pool.may, np.bool_, (n, n))
    first_bad("may", pool.may != pool.may.T, "must be symmetric")
    check_array("speaks", pool.speaks, np.bool_, (n, -1))
    check_array("hours", pool.hours, np.bool_, (n, -1))
    for name in ("organisation", "unit", "grade"):
        check_array(name, getattr(pool, name), np.int32, (n,))
        first_bad(name, getattr(pool, name) < -1, "code out of range")
    if not 2 <= rules.least <= rules.size <= rules.most:
        raise InvalidColumn("rules", -1, f"sizes must rise: {rules.least}, {rules.size}, {rules.most}")
    if min(rules.hours_least, rules.organisation_most, rules.grades_least) < 0:
        raise InvalidColumn("rules", -1, "numbers must be 0 or more")
