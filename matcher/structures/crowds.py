"""
One side of a pool in columns that plain loops can go through: who somebody meets when she looks at everybody.

Answers that many share are classes, so that a table of points is made once a person and read for each of the others.
What forbids a pair stands above the points in the same number: bit k + 16 is `LIMITS[k]`.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import (
    BOTH,
    BY_EXPERIENCE,
    GROUP,
    I16,
    I32,
    I64,
    LIMITS,
    TOPIC_WORDS,
    U8,
    Criteria,
    Pool,
)
from matcher.scan.bits import Words
from matcher.scan.packing import distinct
from matcher.scan.spreading import Pause
from matcher.scoring import overlap_minutes
from matcher.structures.closeness import Close, close_to

SHIFT = 16
FAILS = {name: 1 << (SHIFT + k) for k, name in enumerate(LIMITS)}
ZONE, MODE, REGION, REGION_WISH, SECTOR, YEARS, ORGANISATION, GENDER, GENDER_WISH, PLACE = range(10)
TOPICS = 64 * TOPIC_WORDS


class Crowd(NamedTuple):
    """n people of one side."""

    codes: I32
    """int32[n, 10], -1 no answer; a mentor wishes no region, a mentee has a place."""
    kind: Words
    """uint32[3, n]: rows of `sights`, `works` and `circles`. Without a sign: a place is then looked up twice as fast."""
    sights: I32
    """int32[a, 4]: zone, mode, region, region wish."""
    works: I32
    """int32[b, 2]: sector, years or grade."""
    circles: I32
    """int32[c, 4]: organisation, gender, gender wish, place."""
    levels: U8
    """uint8[L, n]"""
    topic: I16
    """int16[k]: of each person those that she offers, or wants, in her order."""
    topic_start: I64
    """int64[n + 1]"""
    by_topic: I16
    """int16[257, n]: points for whoever offers what she wants there; of mentors 1 where they offer it; the last is nobody's. int16[1, 1] where none count."""
    has: I16
    """int16[256, n]: above 0 where she wants, or offers, the topic; int16[1, 1] where no number of topics is asked."""
    person: I32
    close: Close
    listed_start: I64
    """int64[n + 1]: pairs of hers that are forbidden, excluded or wished."""
    listed: I32
    """int32[k]: the others, ascending."""
    listed_value: I32
    """int32[k]: limits and points of the pair."""


class Tables(NamedTuple):
    """Points by codes, with the limits that they fail; where a code may be -1, the last row stands for it."""

    hours: I16
    """int16[Z + 1, Z + 1], -1 unknown"""
    overlap: I32
    """int32[Z + 1, Z + 1]: points of the hours, and the limit."""
    mode: I32
    region: I32
    sector: I32
    organisation: I32
    seniority: I32
    gender: I32
    levels: I32
    """int32[5]"""
    topic: I32
    """int32[R]"""


class Rules(NamedTuple):
    organisation: int
    gender: int
    lowest: int
    highest: int
    sign: int
    topics: int
    """Least number of topics that they have in common."""
    has_topics: bool
    """Whether any earn points."""


class Scenery(NamedTuple):
    """Both sides, and what the criteria say."""

    mentees: Crowd
    mentors: Crowd
    tables: Tables
    rules: Rules


def scenery(
    pool: Pool,
    criteria: Criteria,
    forbidden: I32,
    *,
    in_groups: bool = False,
    with_topics: bool = True,
    pause: Pause | None = None,
) -> Scenery:
    """
    `in_groups`: with the mode rule whoever would meet alone only meets nobody. Not `with_topics`: they earn nothing here.

    `pause` is called between the parts that may take half a second each.
    """
    points = criteria.topic_points if with_topics else np.zeros_like(criteria.topic_points)
    pause = pause or (lambda _done: None)
    shared = listed_pairs(pool, criteria, forbidden)
    pause(0)
    mentees = crowd(pool.mentees, pool.mentors, criteria, points, shared)
    pause(0)
    mentors = crowd(pool.mentors, pool.mentees, criteria, points, (shared[1], shared[0], shared[2]))
    pause(0)
    return Scenery(
        mentees,
        mentors,
        tables(pool, criteria, points, in_groups),
        rules(criteria, points),
    )


def listed_pairs(pool: Pool, criteria: Criteria, forbidden: I32) -> tuple[I64, I64, I32]:
    """Mentees, mentors and values, each pair once."""
    m = max(len(pool.mentors.key), 1)
    lists = (
        (pool.exclusions, np.full(len(pool.exclusions), FAILS["exclusion"])),
        (forbidden, np.full(len(forbidden), FAILS["forbidden"])),
        (pool.wishes[:, :2], criteria.wish_points[pool.wishes[:, 2]].astype(np.int64)),
    )
    cell = np.concatenate([pairs[:, 0].astype(np.int64) * m + pairs[:, 1] for pairs, _ in lists])
    cells, at = np.unique(cell, return_inverse=True)
    value = np.zeros(len(cells), np.int64)
    np.bitwise_or.at(value, at, np.concatenate([values for _, values in lists]))
    return cells // m, cells % m, value.astype(np.int32)


def crowd(people: Any, others: Any, criteria: Criteria, points: I16, shared: tuple[I64, I64, I32]) -> Crowd:
    n, is_mentee = len(people.key), hasattr(people, "wanted")
    codes = codes_of(people, criteria, is_mentee=is_mentee)
    groups = [distinct(list(columns)) for columns in (codes[:4], codes[4:6], codes[6:])]
    topic, start = topics_of(people, is_mentee=is_mentee)
    row = np.repeat(np.arange(n), np.diff(start))
    by_topic = has = np.zeros((1, 1), np.int16)
    if points.any() or criteria.topics_minimum:
        by_topic = np.zeros((TOPICS + 1, n), np.int16)
        by_topic[topic, row] = points[np.arange(len(row)) - start[row]] if is_mentee else 1
    if criteria.topics_minimum:
        has = by_topic
    if criteria.topics_minimum and is_mentee:
        has = np.zeros_like(by_topic)
        has[topic, row] = 1
    one, other, value = shared
    order = np.lexsort((other, one))
    (sights, _), (works, _), (circles, _) = groups
    return Crowd(
        np.ascontiguousarray(codes.T),
        np.stack([number for _, number in groups]).astype(np.uint32),
        sights,
        works,
        circles,
        np.ascontiguousarray(people.languages.T),
        topic,
        start,
        by_topic,
        has,
        people.person,
        close_to(too_close(people, others, criteria), n),
        np.searchsorted(one[order], np.arange(n + 1)).astype(np.int64),
        other[order].astype(np.int32),
        value[order],
    )


def too_close(people: Any, others: Any, criteria: Criteria) -> list[tuple[I32, I32, int]]:
    """Columns of the others, what of each person's may not stand there, and the limit: herself, her unit, her line."""
    found = [(others.person, people.person, FAILS["person"])]
    if criteria.unit_rule:
        found.append((others.unit, people.unit, FAILS["supervisor"]))
    if criteria.supervisor_rule:
        found += [(others.person, above, FAILS["supervisor"]) for above in people.supervisors.T]
        found += [(above, people.person, FAILS["supervisor"]) for above in others.supervisors.T]
    return found


def codes_of(people: Any, criteria: Criteria, *, is_mentee: bool) -> I32:
    """int32[10, n]"""
    years = people.experience if criteria.seniority_measure == BY_EXPERIENCE else people.grade
    wish = people.region_wish if is_mentee else np.full(len(people.key), -1)
    place = np.ones(len(people.key)) if is_mentee else people.capacity > 0
    columns = (
        people.zone, people.mode, people.region, wish, people.sector, years,
        people.organisation, people.gender, people.gender_wish, place,
    )  # fmt: skip
    return np.stack([column.astype(np.int32) for column in columns])


def topics_of(people: Any, *, is_mentee: bool) -> tuple[I16, I64]:
    """Topics of each person beside each other, and where hers begin; wanted ones in the order of their ranks."""
    if is_mentee:
        is_one = people.wanted >= 0
        topic = people.wanted[is_one]
    else:
        bits = np.unpackbits(people.offered.astype("<u8").view(np.uint8), axis=1, bitorder="little")
        is_one = bits == 1
        topic = np.nonzero(is_one)[1]
    start = np.concatenate([[0], np.cumsum(is_one.sum(axis=1))]).astype(np.int64)
    return topic.astype(np.int16), start


def tables(pool: Pool, c: Criteria, points: I16, in_groups: bool) -> Tables:
    hours = np.full((len(pool.zones) + 1, len(pool.zones) + 1), -1, np.int16)
    hours[:-1, :-1] = overlap_minutes(pool.zones) // 60
    overlap = np.append(c.overlap_points, np.int16(0)).astype(np.int32)[hours]
    if c.overlap_minimum:
        overlap += np.where(hours < c.overlap_minimum, FAILS["overlap"], 0).astype(np.int32)
    mode = np.pad(c.mode_points, ((0, 1), (0, 1))).astype(np.int32)
    if c.mode_rule:
        mode += np.where(modes_that_meet(in_groups), 0, FAILS["mode"]).astype(np.int32)
    levels = c.language_points.astype(np.int32)
    if c.language_minimum:
        levels += np.where(np.arange(5) < c.language_minimum, FAILS["languages"], 0).astype(np.int32)
    return Tables(
        hours,
        overlap,
        mode,
        c.region_points.astype(np.int32),
        np.pad(c.sector_points, ((0, 1), (0, 1))).astype(np.int32),
        c.organisation_points.astype(np.int32),
        c.seniority_points.astype(np.int32),
        c.gender_points.astype(np.int32),
        levels,
        points.astype(np.int32),
    )


def modes_that_meet(in_groups: bool) -> Any:
    """bool[4, 4], the last for no answer."""
    may = np.ones((4, 4), np.bool_)
    if in_groups:
        is_open = np.isin(np.arange(4), (GROUP, BOTH))
        may = is_open[:, None] & is_open
    may[0, 1] = may[1, 0] = False
    may[3], may[:, 3] = False, False
    return may


def rules(c: Criteria, points: I16) -> Rules:
    return Rules(
        c.organisation_rule, int(c.gender_rule), c.seniority_minimum, c.seniority_maximum, c.seniority_sign,
        c.topics_minimum, bool(points.any()),
    )  # fmt: skip
