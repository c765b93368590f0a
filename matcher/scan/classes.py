"""
What a class of mentees sees over one chunk of lanes: points, and bits of the limits that hold.

Built once for a tile of rows and a chunk of lanes and used by all rows of the class, so memory does
not grow with the number of classes in the pool.
"""

from typing import Any

import numpy as np

from matcher.columns import CROSS_REQUIRED, I16, I32, NO_BOUND, SAME_REQUIRED, SENIORITY_SPAN
from matcher.compiling import lean
from matcher.scan.bits import Words
from matcher.scan.lanes import same_in_lanes
from matcher.scan.layout import Rules, Tables

START, LENGTH, MODE, REGION, SECTOR, SENIORITY, ORGANISATION, GENDER, GENDER_WISH, SIGHT, WORK = range(11)
"""Rows of `Lanes.codes`."""


@lean
def overlap_hours(start: int, length: int, other_start: int, other_length: int) -> int:
    """
    Whole hours in which two daily windows overlap, -1 when one is unknown (length -1).

    Starts are minutes of a day (0 .. 1439), so the second window, which returns every day, can only
    meet the first as it begins on the same day or the day before, counted from the first's start.
    """
    if length < 0 or other_length < 0:
        return -1
    gap = (other_start - start) % 1440
    tonight = min(length, gap + other_length) - gap
    before = min(length, gap - 1440 + other_length)
    return (max(tonight, 0) + max(before, 0)) // 60


@lean
def meeting(
    start: int, length: int, mode: int, region: int, wish: int, codes: I32, lane: int, tables: Tables, rules: Rules
) -> tuple[Any, int, int]:  # fmt: skip
    """Points of overlap, mode and region with one lane; 1 where the limit of overlap holds, and that of mode."""
    hours = overlap_hours(start, length, codes[START, lane], codes[LENGTH, lane])
    theirs = codes[MODE, lane]
    total = np.int64(tables.mode[mode, theirs])
    if hours >= 0:
        total += tables.overlap[hours]
    if wish >= 0 and codes[REGION, lane] >= 0:
        total += tables.region[wish, 1 if codes[REGION, lane] == region else 0]
    is_apart = mode < 0 or theirs < 0 or (mode + theirs == 1)
    in_time = 1 if rules.overlap == 0 or hours >= rules.overlap else 0
    return total, in_time, 0 if rules.mode != 0 and is_apart else 1


@lean
def working(
    sector: int, seniority: int, wish: int, codes: I32, lane: int, tables: Tables, rules: Rules
) -> tuple[int, int]:
    """Points of sector, seniority and gender and of no common language; 1 where the bounds of seniority hold."""
    total = np.int64(tables.nobody) + tables.sector[sector, codes[SECTOR, lane]]
    theirs = codes[SENIORITY, lane]
    is_known = seniority >= 0 and theirs >= 0
    gap = rules.gap_sign * (theirs - seniority)
    gap = min(max(gap, -SENIORITY_SPAN), SENIORITY_SPAN)
    if is_known:
        total += tables.seniority[gap + SENIORITY_SPAN]
    if wish >= 0 and codes[GENDER, lane] >= 0:
        total += tables.gender[1 if codes[GENDER, lane] == wish else 0]
    holds = rules.lowest_gap == NO_BOUND or (is_known and gap >= rules.lowest_gap)
    holds = holds and (rules.highest_gap == NO_BOUND or (is_known and gap <= rules.highest_gap))
    return total, 1 if holds else 0


@lean
def sight_rows(
    classes: I32, used: I32, codes: I32, first: int, tables: Tables, rules: Rules, points: I16, held: Words
) -> None:
    """
    Points of overlap, mode and region; bits where the limits of overlap and mode hold.

    classes int32[a, 5]; used int32[k] rows of it; codes int32[11, lanes]; points int16[k, C] and held
    uint32[k, 2, C / 32] are written for lanes first .. first + C. Neighbours are alike, so a pair is seldom new.
    """
    for k in range(len(used)):
        start, length, mode, region, wish = classes[used[k]]
        kind, total, in_time, in_mode = np.int32(-1), 0, 0, 0
        for w in range(held.shape[2]):
            times, modes = np.uint32(0), np.uint32(0)
            for b in range(32):
                lane = first + 32 * w + b
                if codes[SIGHT, lane] != kind:
                    kind = codes[SIGHT, lane]
                    total, in_time, in_mode = meeting(
                        start, length, mode, region, wish, codes, lane, tables, rules
                    )
                points[k, 32 * w + b] = total
                times |= np.uint32(in_time) << np.uint32(b)
                modes |= np.uint32(in_mode) << np.uint32(b)
            held[k, 0, w] = times
            held[k, 1, w] = modes


@lean
def work_rows(
    classes: I32, used: I32, codes: I32, first: int, tables: Tables, rules: Rules, points: I16, held: Words
) -> None:
    """
    Points of sector, seniority and gender, and of having no language in common (all others are steps
    above that); bits where the bounds of seniority hold. Shapes as in `sight_rows`; held uint32[k, 1, C / 32].
    """
    for k in range(len(used)):
        sector, seniority, wish = classes[used[k]]
        kind, total, in_bounds = np.int32(-1), 0, 0
        for w in range(held.shape[2]):
            bounds = np.uint32(0)
            for b in range(32):
                lane = first + 32 * w + b
                if codes[WORK, lane] != kind:
                    kind = codes[WORK, lane]
                    total, in_bounds = working(sector, seniority, wish, codes, lane, tables, rules)
                points[k, 32 * w + b] = total
                bounds |= np.uint32(in_bounds) << np.uint32(b)
            held[k, 0, w] = bounds


@lean
def circle_rows(classes: I32, used: I32, codes: I32, first: int, rules: Rules, held: Words) -> None:
    """
    Bits where the rules of organisation and of gender hold, and where the organisations are the same
    and where both are known. classes int32[c, 3]; held uint32[k, 4, C / 32].
    """
    everybody, nobody = np.uint32(0xFFFFFFFF), np.uint32(0)
    for k in range(len(used)):
        organisation, gender, wish = classes[used[k], 0], classes[used[k], 1], classes[used[k], 2]
        for w in range(held.shape[2]):
            lane = first + 32 * w
            same, known = nobody, nobody
            if organisation >= 0:
                same = same_in_lanes(codes, ORGANISATION, lane, organisation)
                known = ~same_in_lanes(codes, ORGANISATION, lane, -1)
            in_rule, in_wish = everybody, everybody
            if rules.organisation == SAME_REQUIRED:
                in_rule = same
            elif rules.organisation == CROSS_REQUIRED:
                in_rule = known & ~same
            if rules.gender != 0:
                in_wish = same_in_lanes(codes, GENDER_WISH, lane, -1)
                if gender >= 0:
                    in_wish |= same_in_lanes(codes, GENDER_WISH, lane, gender)
                if wish >= 0:
                    in_wish &= same_in_lanes(codes, GENDER, lane, wish)
            held[k, 0, w] = in_rule
            held[k, 1, w] = in_wish
            held[k, 2, w] = same
            held[k, 3, w] = known
