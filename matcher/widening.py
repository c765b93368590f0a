"""By how much a limit would have to be relaxed for a pair."""

from typing import Any

import numpy as np

from matcher.columns import I64, NO_BOUND
from matcher.scoring import UNKNOWN, Scene, best_shared_level, seniority_gap, shared_hours, topics_met

RELAXABLE = ("organisation", "gender", "languages", "overlap", "seniority", "mode", "topics")
"""Limits that a coordinator can soften; nobody is ever matched with herself, her line, or a person excluded."""


def amounts(s: Scene, limit: str, i: Any, j: Any) -> I64:
    """
    int64[k]: levels, hours, years or grades, topics; 1 for the limits that hold or do not.

    0 where an answer is missing: relaxing would not help, answering might.
    """
    c = s.criteria
    if limit == "languages":
        return (c.language_minimum - best_shared_level(s, i, j)).astype(np.int64)
    if limit == "topics":
        return (c.topics_minimum - topics_met(s, i, j)).astype(np.int64)
    if limit == "overlap":
        hours = shared_hours(s, i, j).astype(np.int64)
        return np.where(hours == UNKNOWN, 0, c.overlap_minimum - hours)
    if limit == "seniority":
        gap = seniority_gap(s, i, j).astype(np.int64)
        below = 0 if c.seniority_minimum == NO_BOUND else np.maximum(c.seniority_minimum - gap, 0)
        above = 0 if c.seniority_maximum == NO_BOUND else np.maximum(gap - c.seniority_maximum, 0)
        return np.where(gap == UNKNOWN, 0, below + above).astype(np.int64)
    known = np.ones(len(i), np.bool_)
    if limit in ("organisation", "mode"):
        ours, theirs = getattr(s.pool.mentees, limit)[i], getattr(s.pool.mentors, limit)[j]
        known = (ours >= 0) & (theirs >= 0)
    return known.astype(np.int64)
