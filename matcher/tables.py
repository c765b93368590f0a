"""Criteria from a weight per criterion: the usual shapes of the tables, so that callers agree on them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matcher.columns import CRITERIA, I16, MAX_SCORE, SENIORITY_SPAN, Criteria
from matcher.errors import InvalidColumn

TOPIC_SHARES = (34, 26, 19, 13, 8)
"""Per cent of the topic weight for the topic wanted first, second ... (sum 100)."""

LEVEL_SHARES = (0, 25, 60, 90, 100)
"""Per cent of the language weight by best shared level."""

ENOUGH_HOURS = 6
"""Hours of overlap that earn the full weight: a pair that meets once a month needs no more."""

STANDARD_WEIGHTS = {
    "topics": 10_000,
    "languages": 2_400,
    "overlap": 1_600,
    "sector": 2_600,
    "organisation": 0,
    "seniority": 2_400,
    "mode": 600,
    "region": 700,
    "gender": 0,
    "wishes": 2_400,
}
"""Points at most per criterion; together 22,700."""


def max_score(criteria: Criteria) -> int:
    """
    The most that any pair could earn.

    A score for people is `round(100 * score / max_score(criteria))`; never store or compare that figure.
    """
    return sum(criterion_maxima(criteria).values())


def criterion_maxima(criteria: Criteria) -> dict[str, int]:
    """The most that each criterion can give, in the order of `CRITERIA`: what a bar is drawn against."""
    tables = (
        criteria.language_points,
        criteria.overlap_points,
        criteria.sector_points,
        criteria.organisation_points,
        criteria.seniority_points,
        criteria.mode_points,
        criteria.region_points,
        criteria.gender_points,
        criteria.wish_points,
    )
    most = [int(criteria.topic_points.sum(dtype=np.int64)), *(int(t.max(initial=0)) for t in tables)]
    return dict(zip(CRITERIA, most, strict=True))


def seniority_window(points: int, lowest: int, highest: int, fall_off: int) -> I16:
    """Full `points` for gaps of lowest .. highest, `fall_off` points less per step outside, never below 0."""
    gap = np.arange(-SENIORITY_SPAN, SENIORITY_SPAN + 1)
    outside = np.maximum(lowest - gap, 0) + np.maximum(gap - highest, 0)
    table: I16 = np.maximum(points - fall_off * outside, 0).astype(np.int16)
    return table


def standard_criteria(
    weights: Mapping[str, int] = STANDARD_WEIGHTS,
    *,
    sector_group: Sequence[int] = (),
    window: tuple[int, int] = (3, 10),
    fall_off: int = 300,
    **limits: Any,
) -> Criteria:
    """
    The usual tables for a weight (points at most) per name in `CRITERIA`; a name left out weighs 0.

    `sector_group[s]` is the group of sector s: the same sector earns all of the weight, the same group
    half. `window` is the gap that is "a little more experienced", in the unit of `seniority_measure`, and
    `fall_off` the points lost per year or grade outside. `limits` are the scalar fields of `Criteria`.
    """
    unknown = set(weights) - set(CRITERIA)
    if unknown:
        raise InvalidColumn("weights", -1, f"unknown criterion {min(unknown)}")
    full = {name: int(weights.get(name, 0)) for name in CRITERIA}
    for name, points in full.items():
        if not 0 <= points <= MAX_SCORE:
            raise InvalidColumn(f"weights.{name}", -1, f"{points} is not in 0..{MAX_SCORE}")
    group = np.asarray(sector_group, np.int64)
    same_group = group[:, None] == group[None, :]
    sector = np.where(same_group, full["sector"] // 2, 0)
    np.fill_diagonal(sector, full["sector"])
    hours = np.minimum(np.arange(25), ENOUGH_HOURS)
    mode = np.full((3, 3), full["mode"])
    mode[0, 1] = mode[1, 0] = 0
    region, wished = full["region"], full["wishes"]
    return Criteria(
        topic_points=shares(full["topics"], TOPIC_SHARES),
        language_points=shares(full["languages"], LEVEL_SHARES),
        overlap_points=(full["overlap"] * hours // ENOUGH_HOURS).astype(np.int16),
        sector_points=sector.astype(np.int16),
        organisation_points=np.array([0, full["organisation"]], np.int16),
        seniority_points=seniority_window(full["seniority"], *window, fall_off),
        mode_points=mode.astype(np.int16),
        region_points=np.array([[0, 0], [0, region], [region, 0]], np.int16),
        gender_points=np.array([0, full["gender"]], np.int16),
        wish_points=shares(wished, (100, 67, 33)),
        **limits,
    )


def shares(points: int, per_cent: Sequence[int]) -> I16:
    """`points` cut by whole per cents, rounded down: shares of 100 add up to at most `points`."""
    return (points * np.asarray(per_cent, np.int64) // 100).astype(np.int16)
