"""
Hard limits: which of them a pair fails, as a bit mask in the order of `LIMITS`.

All failures are kept, not only the first: what stands between two people can only be
told apart from what merely comes first when the others are known too.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.columns import (
    CROSS_REQUIRED,
    FREE,
    I32,
    LIMITS,
    NO_BOUND,
    SAME_REQUIRED,
    Flags,
)
from matcher.scoring import (
    UNKNOWN,
    Scene,
    best_shared_level,
    score,
    seniority_gap,
    shared_hours,
    topics_met,
)

Mask = NDArray[np.uint16]
BIT = {name: 1 << k for k, name in enumerate(LIMITS)}


def failures(s: Scene, rows: slice, forbidden: I32) -> tuple[Mask, I32]:
    """For a block of mentees against all mentors: mask of failed limits, and scores whatever the limits say."""
    i = np.arange(rows.start, rows.stop)[:, None]
    j = np.arange(len(s.pool.mentors.key))[None, :]
    mask = np.zeros((i.shape[0], j.shape[1]), np.uint16)
    points = score(s, i, j)
    for name, failed in (
        ("capacity", s.pool.mentors.capacity[j] <= 0),
        ("person", same_person(s, i, j)),
        ("organisation", organisation_fails(s, i, j)),
        ("supervisor", supervisor_fails(s, i, j)),
        ("gender", gender_fails(s, i, j)),
        ("languages", language_fails(s, i, j)),
        ("overlap", overlap_fails(s, i, j)),
        ("seniority", seniority_fails(s, i, j)),
        ("mode", mode_fails(s, i, j)),
        ("topics", topics_fail(s, i, j)),
        ("score", points <= 0),
    ):
        mask |= np.where(failed, np.uint16(BIT[name]), np.uint16(0))
    for name, pairs in (("exclusion", s.pool.exclusions), ("forbidden", forbidden)):
        here = pairs[(pairs[:, 0] >= rows.start) & (pairs[:, 0] < rows.stop)]
        mask[here[:, 0] - rows.start, here[:, 1]] |= np.uint16(BIT[name])
    return mask, points


def never(i: Any, j: Any) -> Flags:
    return np.zeros(np.broadcast_shapes(np.shape(i), np.shape(j)), np.bool_)


def same_person(s: Scene, i: Any, j: Any) -> Flags:
    ours, theirs = s.pool.mentees.person[i], s.pool.mentors.person[j]
    same: Flags = (ours >= 0) & (ours == theirs)
    return same


def organisation_fails(s: Scene, i: Any, j: Any) -> Flags:
    rule = s.criteria.organisation_rule
    if rule == FREE:
        return never(i, j)
    ours, theirs = s.pool.mentees.organisation[i], s.pool.mentors.organisation[j]
    wrong = (ours != theirs) if rule == SAME_REQUIRED else (ours == theirs)
    assert rule in (SAME_REQUIRED, CROSS_REQUIRED)
    fails: Flags = (ours < 0) | (theirs < 0) | wrong
    return fails


def supervisor_fails(s: Scene, i: Any, j: Any) -> Flags:
    """Either stands in the other's line, or (by the unit rule) both sit in one unit."""
    e, m = s.pool.mentees, s.pool.mentors
    fails = never(i, j)
    if s.criteria.supervisor_rule:
        for level in range(e.supervisors.shape[1]):
            fails |= (e.supervisors[i, level] == m.person[j]) & (m.person[j] >= 0)
        for level in range(m.supervisors.shape[1]):
            fails |= (m.supervisors[j, level] == e.person[i]) & (e.person[i] >= 0)
    if s.criteria.unit_rule:
        fails |= (e.unit[i] >= 0) & (e.unit[i] == m.unit[j])
    return fails


def gender_fails(s: Scene, i: Any, j: Any) -> Flags:
    if not s.criteria.gender_rule:
        return never(i, j)
    e, m = s.pool.mentees, s.pool.mentors
    hers = (e.gender_wish[i] >= 0) & (e.gender_wish[i] != m.gender[j])
    theirs = (m.gender_wish[j] >= 0) & (m.gender_wish[j] != e.gender[i])
    fails: Flags = hers | theirs
    return fails


def language_fails(s: Scene, i: Any, j: Any) -> Flags:
    if s.criteria.language_minimum == 0:
        return never(i, j)
    return best_shared_level(s, i, j) < s.criteria.language_minimum


def overlap_fails(s: Scene, i: Any, j: Any) -> Flags:
    if s.criteria.overlap_minimum == 0:
        return never(i, j)
    return shared_hours(s, i, j) < s.criteria.overlap_minimum


def seniority_fails(s: Scene, i: Any, j: Any) -> Flags:
    lowest, highest = s.criteria.seniority_minimum, s.criteria.seniority_maximum
    if lowest == NO_BOUND and highest == NO_BOUND:
        return never(i, j)
    gap = seniority_gap(s, i, j)
    fails: Flags = gap == UNKNOWN
    if lowest != NO_BOUND:
        fails |= gap < lowest
    if highest != NO_BOUND:
        fails |= gap > highest
    return fails


def mode_fails(s: Scene, i: Any, j: Any) -> Flags:
    if not s.criteria.mode_rule:
        return never(i, j)
    ours, theirs = s.pool.mentees.mode[i], s.pool.mentors.mode[j]
    # individual (0) and group (1) only: both (2) meets either, -1 proves nothing
    fails: Flags = (ours < 0) | (theirs < 0) | ((ours + theirs == 1) & (ours != theirs))
    return fails


def topics_fail(s: Scene, i: Any, j: Any) -> Flags:
    if s.criteria.topics_minimum == 0:
        return never(i, j)
    return topics_met(s, i, j) < s.criteria.topics_minimum
