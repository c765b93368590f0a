"""What a group or circle comes to that somebody has put together by hand: its limits, and its points for the price."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.columns import I64, LIMITS, Criteria, Pool
from matcher.given import Pairs, given
from matcher.limits import BIT, Mask, failures
from matcher.scoring import scene
from matcher.structures.circling import circle_rules, free_slots, of_any_two, parts_of_peers
from matcher.structures.grouping import alone_only, parts_in_groups
from matcher.structures.mutual import both_ways, must_be_one_pool


class Weighed(NamedTuple):
    """`faults` are the limits that it breaks, each once; "size" where it has too many or too few people."""

    faults: tuple[str, ...]
    languages: tuple[int, ...]
    hours: tuple[int, ...]
    score: I64
    """int64[k]: of each of its people, in the order given."""
    contributions: I64
    """int64[k, len(CRITERIA)]"""
    value: int


def weigh_circle(
    pool: Pool, criteria: Criteria, people: Sequence[int], *, least: int, most: int, forbidden: Pairs = ()
) -> Weighed:
    """
    Raises:
        InvalidColumn: the input is not what its description says, or the sides are not the same people.
    """
    must_be_one_pool(pool)
    x = given(pool, criteria, (), both_ways(forbidden), None)
    facts = scene(pool, criteria)
    rows = np.array(people, np.int64)
    circle = np.full(len(pool.mentees.key), -1, np.int32)
    circle[rows] = 0
    parts = parts_of_peers(facts, circle)[rows]
    speaks = pool.mentees.languages >= max(1, criteria.language_minimum)
    languages = np.flatnonzero(speaks[rows].all(axis=0))
    hours = np.flatnonzero(free_slots(pool)[rows].all(axis=0))
    rules = circle_rules(criteria, least, most)
    mask = np.stack([failures(facts, slice(row, row + 1), x.forbidden)[0][0, rows] for row in people])
    kept = of_any_two(mask | mask.T, alone_only(pool, criteria)[np.ix_(rows, rows)])
    faults = named_limits(kept[~np.eye(len(rows), dtype=np.bool_)])
    faults += [] if len(languages) else ["languages"]
    faults += ["overlap"] if len(hours) < rules.hours_least else []
    faults += [] if least <= len(rows) <= most else ["size"]
    return Weighed(
        tuple(faults),
        tuple(languages.tolist()),
        tuple(hours.tolist()),
        parts.sum(axis=1),
        parts,
        int(parts.sum()) // 2,
    )


def weigh_group(
    pool: Pool,
    criteria: Criteria,
    mentor: int,
    people: Sequence[int],
    *,
    topic: int,
    language: int,
    least: int,
    most: int,
    forbidden: Pairs = (),
    apart: Pairs = (),
) -> Weighed:
    """
    A group keeps its mentor, topic and language, whoever joins it.

    Raises:
        InvalidColumn: the input is not what its description says.
    """
    x = given(pool, criteria, (), forbidden, None)
    facts = scene(pool, criteria)
    rows = np.array(people, np.int64)
    parts = parts_in_groups(
        facts, rows, np.full(len(rows), mentor), np.full(len(rows), topic, np.int16)
    ).astype(np.int64)
    mask = np.stack([failures(facts, slice(row, row + 1), x.forbidden)[0][0, mentor] for row in people])
    mask |= np.where(alone_only(pool, criteria)[rows, mentor], np.uint16(BIT["mode"]), np.uint16(0))
    faults = named_limits(mask & ~np.uint16(BIT["score"]))
    level = max(1, criteria.language_minimum)
    if (pool.mentees.languages[rows, language] < level).any():
        faults.append("languages")
    if not (pool.mentees.wanted[rows] == topic).any(axis=1).all():
        faults.append("topics")
    inside = set(rows.tolist())
    if any(a != b and {a, b} <= inside for a, b in apart):
        faults.append("exclusion")
    if not least <= len(rows) <= min(most, int(pool.mentors.capacity[mentor])):
        faults.append("size")
    return Weighed(tuple(dict.fromkeys(faults)), (language,), (), parts.sum(axis=1), parts, int(parts.sum()))


def named_limits(failed: Mask) -> list[str]:
    met = np.bitwise_or.reduce(failed.ravel(), initial=np.uint16(0))
    return [name for name in LIMITS if met & np.uint16(BIT[name])]
