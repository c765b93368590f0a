"""What a group or circle comes to that somebody has put together by hand: its limits, and its points for the price."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.columns import I64, LIMITS, Criteria, Pool
from matcher.given import Pairs, given
from matcher.large.taking import among
from matcher.limits import BIT, Mask, failures
from matcher.scoring import scene
from matcher.structures.circling import circle_rules, free_slots, of_any_two, parts_of_peers
from matcher.structures.group_results import parts_in_groups
from matcher.structures.grouping import alone_only
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
    everybody = np.array(people, np.int64)
    # The circle as a pool of its own: a run may have held a hundred thousand.
    pool, barred = among(x.pool, x.forbidden, everybody, everybody)
    facts, rows = scene(pool, criteria), np.arange(len(everybody))
    parts = parts_of_peers(
        x._replace(pool=pool, forbidden=barred), np.zeros(len(rows), np.int32), lambda _: None
    )
    speaks = pool.mentees.languages >= max(1, criteria.language_minimum)
    languages = np.flatnonzero(speaks[rows].all(axis=0))
    hours = np.flatnonzero(free_slots(pool)[rows].all(axis=0))
    rules = circle_rules(criteria, least, most)
    mask, _ = failures(facts, slice(0, len(rows)), barred)
    kept = of_any_two(mask | mask.T, alone_only(pool, criteria))
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
    everybody = np.array(people, np.int64)
    pool, barred = among(x.pool, x.forbidden, everybody, np.array([mentor]))
    facts, rows, at = scene(pool, criteria), np.arange(len(everybody)), np.zeros(len(everybody), np.int64)
    parts = parts_in_groups(pool, criteria, rows, at, np.full(len(rows), topic, np.int16)).astype(np.int64)
    mask = failures(facts, slice(0, len(rows)), barred)[0][:, 0]
    mask |= np.where(alone_only(pool, criteria)[:, 0], np.uint16(BIT["mode"]), np.uint16(0))
    faults = named_limits(mask & ~np.uint16(BIT["score"]))
    level = max(1, criteria.language_minimum)
    if (pool.mentees.languages[rows, language] < level).any():
        faults.append("languages")
    if not (pool.mentees.wanted[rows] == topic).any(axis=1).all():
        faults.append("topics")
    inside = set(everybody.tolist())
    if any(a != b and {a, b} <= inside for a, b in apart):
        faults.append("exclusion")
    if not least <= len(rows) <= min(most, int(pool.mentors.capacity[0])):
        faults.append("size")
    return Weighed(tuple(dict.fromkeys(faults)), (language,), (), parts.sum(axis=1), parts, int(parts.sum()))


def named_limits(failed: Mask) -> list[str]:
    met = np.bitwise_or.reduce(failed.ravel(), initial=np.uint16(0))
    return [name for name in LIMITS if met & np.uint16(BIT[name])]
