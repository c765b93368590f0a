"""
Points per criterion.

Every function takes rows `i` of mentees and `j` of mentors, arrays that broadcast against each
other (a block: i[:, None], j[None, :]; single pairs: i, j), and answers int16 of the broadcast
shape. Integers only, so every machine finds the same bits.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import (
    BY_EXPERIENCE,
    CRITERIA,
    I16,
    I32,
    I64,
    SENIORITY_SPAN,
    TOPIC_WORDS,
    Criteria,
    Flags,
    Pool,
)

UNKNOWN = -32768
"""A fact (hours, gap) that cannot be told because an answer is missing."""


class Scene(NamedTuple):
    """A validated pool and its criteria with what is derived from them once."""

    pool: Pool
    criteria: Criteria
    offers: Flags
    """bool[m, 257]: topic offered; the last column is False, so that "no topic" (-1) finds it."""
    overlap_hours: I16
    """int16[Z + 1, Z + 1]: whole hours; UNKNOWN in the last row and column, where -1 points."""
    wish_rank: I16
    """int16[n, m]: rank of a wish, -1 = none."""


def scene(pool: Pool, criteria: Criteria) -> Scene:
    """Derive the tables; `pool` and `criteria` must have been checked."""
    words = pool.mentors.offered.astype("<u8")
    bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little").astype(np.bool_)
    offers = np.zeros((len(words), 64 * TOPIC_WORDS + 1), np.bool_)
    offers[:, :-1] = bits
    rank = np.full((len(pool.mentees.key), len(pool.mentors.key)), -1, np.int16)
    rank[pool.wishes[:, 0], pool.wishes[:, 1]] = pool.wishes[:, 2]
    hours = np.full((len(pool.zones) + 1, len(pool.zones) + 1), UNKNOWN, np.int16)
    hours[:-1, :-1] = overlap_minutes(pool.zones) // 60
    return Scene(pool, criteria, offers, hours, rank)


def overlap_minutes(zones: I16) -> I64:
    """int64[Z, Z]: minutes in which two daily working windows overlap, over midnight too."""
    start = zones[:, 1].astype(np.int64) - zones[:, 0]
    length = zones[:, 2].astype(np.int64) - zones[:, 1]
    a, b = start[:, None], start[None, :]
    long_a, long_b = length[:, None], length[None, :]
    total = np.zeros((len(zones), len(zones)), np.int64)
    # The second window is repeated every day; three days around cover every pair of offsets once its
    # start is brought to within a day of the first.
    shifted = a + (b - a) % 1440
    for day in (-1440, 0):
        begins = np.maximum(a, shifted + day)
        ends = np.minimum(a + long_a, shifted + day + long_b)
        total += np.maximum(ends - begins, 0)
    return total


def best_shared_level(s: Scene, i: Any, j: Any) -> I16:
    """Over all languages, the lower of the two levels; the best of these. 0 = none in common."""
    ours, theirs = s.pool.mentees.languages, s.pool.mentors.languages
    best = np.zeros(np.broadcast_shapes(np.shape(i), np.shape(j)), np.uint8)
    for language in range(ours.shape[1]):
        np.maximum(best, np.minimum(ours[i, language], theirs[j, language]), out=best)
    return best.astype(np.int16)


def shared_hours(s: Scene, i: Any, j: Any) -> I16:
    """Whole hours of overlap, UNKNOWN without both zones."""
    hours: I16 = s.overlap_hours[s.pool.mentees.zone[i], s.pool.mentors.zone[j]]
    return hours


def seniority_gap(s: Scene, i: Any, j: Any) -> I16:
    """Signed gap, clipped to the span of the table; UNKNOWN without both answers."""
    name = "experience" if s.criteria.seniority_measure == BY_EXPERIENCE else "grade"
    ours = getattr(s.pool.mentees, name)[i].astype(np.int32)
    theirs = getattr(s.pool.mentors, name)[j].astype(np.int32)
    gap = np.clip(s.criteria.seniority_sign * (theirs - ours), -SENIORITY_SPAN, SENIORITY_SPAN)
    return np.where((ours < 0) | (theirs < 0), UNKNOWN, gap).astype(np.int16)


def topics_met(s: Scene, i: Any, j: Any) -> I16:
    """How many of her wanted topics the mentor offers."""
    met = np.zeros(np.broadcast_shapes(np.shape(i), np.shape(j)), np.int16)
    for rank in range(s.pool.mentees.wanted.shape[1]):
        met += s.offers[j, s.pool.mentees.wanted[i, rank]]
    return met


def topic_points(s: Scene, i: Any, j: Any) -> I16:
    points = np.zeros(np.broadcast_shapes(np.shape(i), np.shape(j)), np.int16)
    for rank in range(s.pool.mentees.wanted.shape[1]):
        points += s.offers[j, s.pool.mentees.wanted[i, rank]] * s.criteria.topic_points[rank]
    return points


def by_codes(table: I16, ours: Any, theirs: Any) -> I16:
    """table[ours, theirs], 0 where either is -1 (padding makes -1 point at a border of zeros)."""
    padded = np.zeros((table.shape[0] + 1, table.shape[1] + 1), np.int16)
    padded[:-1, :-1] = table
    points: I16 = padded[ours, theirs]
    return points


def same_or_not(points: I16, ours: Any, theirs: Any) -> I16:
    """points[1] where equal, points[0] where not, 0 where either is -1."""
    known = (ours >= 0) & (theirs >= 0)
    return np.where(known, np.where(ours == theirs, points[1], points[0]), 0).astype(np.int16)


def region_points(s: Scene, i: Any, j: Any) -> I16:
    ours, theirs = s.pool.mentees.region[i], s.pool.mentors.region[j]
    wish = s.pool.mentees.region_wish[i]
    known = (ours >= 0) & (theirs >= 0) & (wish >= 0)
    return np.where(known, s.criteria.region_points[wish, (ours == theirs).astype(np.int8)], 0).astype(
        np.int16
    )


def gender_points(s: Scene, i: Any, j: Any) -> I16:
    wish, gender = s.pool.mentees.gender_wish[i], s.pool.mentors.gender[j]
    met = s.criteria.gender_points[(wish == gender).astype(np.int8)]
    return np.where((wish >= 0) & (gender >= 0), met, 0).astype(np.int16)


def seniority_points(s: Scene, i: Any, j: Any) -> I16:
    gap = seniority_gap(s, i, j)
    known = gap != UNKNOWN
    points = s.criteria.seniority_points[np.where(known, gap + SENIORITY_SPAN, 0)]
    return np.where(known, points, 0).astype(np.int16)


def contributions(s: Scene, i: Any, j: Any) -> tuple[I16, ...]:
    """One array per criterion, in the order of `CRITERIA`."""
    e, m, c = s.pool.mentees, s.pool.mentors, s.criteria
    hours = shared_hours(s, i, j)
    wishes = np.append(c.wish_points, np.int16(0))
    parts = (
        topic_points(s, i, j),
        c.language_points[best_shared_level(s, i, j)],
        np.where(hours >= 0, c.overlap_points[np.maximum(hours, 0)], 0).astype(np.int16),
        by_codes(c.sector_points, e.sector[i], m.sector[j]),
        same_or_not(c.organisation_points, e.organisation[i], m.organisation[j]),
        seniority_points(s, i, j),
        by_codes(c.mode_points, e.mode[i], m.mode[j]),
        region_points(s, i, j),
        gender_points(s, i, j),
        wishes[s.wish_rank[i, j]],
    )
    assert len(parts) == len(CRITERIA)
    return parts


def score(s: Scene, i: Any, j: Any) -> I32:
    """The sum of the contributions."""
    total = np.zeros(np.broadcast_shapes(np.shape(i), np.shape(j)), np.int32)
    for part in contributions(s, i, j):
        total += part
    return total
