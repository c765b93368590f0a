"""By how much the hours and years of two people fall short, as bits over a chunk for all mentees with the same answers."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, NO_BOUND, SENIORITY_SPAN
from matcher.compiling import lean
from matcher.scan.bits import CHUNK_WORDS, Words
from matcher.scan.classes import LENGTH, SENIORITY, SIGHT, START, WORK, overlap_hours
from matcher.scan.lanes import lowest_bit
from matcher.scan.layout import Classes, Lanes, Rules, Tables
from matcher.scan.seeing import Tile, Views
from matcher.scan.tallying import paying


class Short(NamedTuple):
    """What all with the same answers see of a chunk beside their `Views`."""

    hours: Words
    """uint32[a, minimum, C / 32]: by class of sight, lanes with which 1, 2 ... hours are short."""
    years: Words
    """uint32[b, k, C / 32]: by class of work, lanes with which as many years are short as `step` says."""
    step: I32
    """int32[b, k]"""
    kinds: I32
    """int32[b]: how many of k are used."""
    pays_sight: Words
    """uint32[a, C / 32]: lanes with which the class earns something."""
    pays_work: Words


def short_of(tile: Tile, rules: Rules, kinds: int) -> Short:
    """`kinds`: how many different answers about seniority there are among the lanes."""
    a, b = len(tile.sights), len(tile.works)
    return Short(
        np.empty((a, rules.overlap, CHUNK_WORDS), np.uint32),
        np.empty((b, kinds, CHUNK_WORDS), np.uint32),
        np.empty((b, kinds), np.int32),
        np.empty(b, np.int32),
        np.empty((a, CHUNK_WORDS), np.uint32),
        np.empty((b, CHUNK_WORDS), np.uint32),
    )


@lean
def measure_short(
    tile: Tile,
    views: Views,
    classes: Classes,
    lanes: Lanes,
    tables: Tables,
    rules: Rules,
    begin: int,
    short: Short,
) -> None:
    paying(views.sight_points, 0, short.pays_sight)
    paying(views.work_points, tables.nobody, short.pays_work)
    hours_short(tile, views, classes.sight, lanes.codes, rules, begin, short)
    years_short(tile, views, classes.work, lanes.codes, rules, begin, short)


@lean
def hours_short(
    tile: Tile, views: Views, classes: I32, codes: I32, rules: Rules, begin: int, short: Short
) -> None:
    """Whose windows are unknown stands before no door: more hours would not help."""
    for k in range(len(tile.sights) if rules.overlap > 0 else 0):
        start, length = classes[tile.sights[k], 0], classes[tile.sights[k], 1]
        kind, step = np.int32(-1), 0
        for w in range(CHUNK_WORDS):
            for hours in range(rules.overlap):
                short.hours[k, hours, w] = 0
            bits = ~views.sight_held[k, 0, w]
            while bits != 0:
                bit = lowest_bit(bits)
                bits &= bits - np.uint32(1)
                lane = begin + 32 * w + bit
                if codes[SIGHT, lane] != kind:
                    kind = codes[SIGHT, lane]
                    hours = overlap_hours(start, length, codes[START, lane], codes[LENGTH, lane])
                    step = rules.overlap - hours if hours >= 0 else 0
                if step > 0:
                    short.hours[k, step - 1, w] |= np.uint32(1) << np.uint32(bit)


@lean
def years_short(
    tile: Tile, views: Views, classes: I32, codes: I32, rules: Rules, begin: int, short: Short
) -> None:
    for k in range(len(tile.works)):
        short.kinds[k] = 0
        seniority = classes[tile.works[k], 1]
        kind, at = np.int32(-1), -1
        for w in range(CHUNK_WORDS):
            bits = ~views.work_held[k, 0, w]
            while bits != 0:
                bit = lowest_bit(bits)
                bits &= bits - np.uint32(1)
                lane = begin + 32 * w + bit
                if codes[WORK, lane] != kind:
                    kind = codes[WORK, lane]
                    at = kind_of(short, k, out_of_bounds(seniority, codes[SENIORITY, lane], rules))
                if at >= 0:
                    short.years[k, at, w] |= np.uint32(1) << np.uint32(bit)


@lean
def kind_of(short: Short, k: int, step: int) -> int:
    """Which of the masks of class k is for this step, -1 for step 0."""
    if step == 0:
        return -1
    for at in range(short.kinds[k]):
        if short.step[k, at] == step:
            return at
    last: int = short.kinds[k]
    short.kinds[k] += 1
    short.step[k, last] = step
    for w in range(CHUNK_WORDS):
        short.years[k, last, w] = 0
    return last


@lean
def out_of_bounds(hers: int, theirs: int, rules: Rules) -> int:
    """Years or grades outside the bounds, 0 without both answers."""
    if hers < 0 or theirs < 0:
        return 0
    gap = min(max(rules.gap_sign * (theirs - hers), -SENIORITY_SPAN), SENIORITY_SPAN)
    short = 0
    if rules.lowest_gap != NO_BOUND:
        short += max(rules.lowest_gap - gap, 0)
    if rules.highest_gap != NO_BOUND:
        short += max(gap - rules.highest_gap, 0)
    return short
