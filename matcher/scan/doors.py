"""
What stands between people who found nobody and everybody else: one pass, for all who are left at once.

A door is a limit that keeps two people apart and is the only one that does; how far it would have to open (levels,
hours, years, topics) is its step. Of every person and step it is kept how many wait behind it, and the best of them by
score - asking, the points by which she would be worth more than what she would have to give up.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64, NO_BOUND, SENIORITY_SPAN, U8
from matcher.compiling import kernel
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.classes import LENGTH, MODE, ORGANISATION, SENIORITY, START, overlap_hours
from matcher.scan.earning import first_wishes, score_batch
from matcher.scan.lanes import lowest_bit
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import (
    BATCH,
    Marks,
    Sheet,
    Tile,
    Views,
    clear,
    count_topics,
    look,
    set_marks,
    share_levels,
)  # fmt: skip

BY_ORGANISATION, BY_GENDER, BY_LANGUAGES, BY_OVERLAP, BY_SENIORITY, BY_MODE, BY_TOPICS = range(7)
"""As in `widening.RELAXABLE`."""

BY_CAPACITY, NONE = 7, 8
DOORS = 9

FAR = 1 << 29
"""Nobody can have her, at whatever price."""

NOBODY = -(1 << 62)


class Steps(NamedTuple):
    """Where the steps of a door begin among all; each ends where the next begins, the last at `total`."""

    begin: I64
    """int64[9]"""
    total: int


class Behind(NamedTuple):
    """Of every person and step; people are the rows or the lanes of a task."""

    people: I32
    """int32[S, p]"""
    best: I64
    """int64[S, p]: (score - asking) << 32 | 0xFFFFFFFF - rank of the best, NOBODY without one."""


class Short(NamedTuple):
    """Steps that all with the same answers are short of with each lane of a chunk; 0 where an answer is missing."""

    hours: U8
    """uint8[a, C]: by class of sight."""
    years: U8
    """uint8[b, C]: by class of work."""


class Asking(NamedTuple):
    """What the others, who are lanes or rows of the task, would have to be given."""

    price: I32
    """int32[others]: for a pair that a softer limit, or more points, would open."""
    place: I32
    """int32[others]: for one more place."""
    rank: I32
    """int32[others]: the lower wins a tie."""


@kernel
def weigh_doors(
    is_wide: bool,
    by_lane: bool,
    tile: Tile,
    views: Views,
    marks: Marks,
    page: Sheet,
    rows: Rows,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    begin: int,
    shift: I16,
    cut: I16,
    short: Short,
    doors: Words,
    asking: Asking,
    steps: Steps,
    behind: Behind,
) -> None:
    """
    Adds the pairs of the tile and the chunk of lanes at `begin` to what is behind the doors of its rows or lanes.

    shift int16[lanes] and cut int16[t] are zeros; doors uint32[9, C / 32] and `short` are scratch.
    """
    set_marks(barred, tile, begin, marks)
    look(tile, classes, lanes, tables, rules, begin, views)
    measure_short(tile, classes, lanes.codes, rules, begin, short)
    wish = first_wishes(tile, rows, begin)
    for batch in range(0, len(tile.row), BATCH):
        approach(batch, tile, rows, lanes, barred, begin, marks, page)
        score_batch(is_wide, batch, tile, views, page, rows, lanes, tables, begin, shift, cut, wish)
        for q in range(min(BATCH, len(tile.row) - batch)):
            t = batch + q
            find_doors(t, q, tile, views, rows, lanes, rules, begin, page, doors)
            open_doors(
                t, q, by_lane, tile, lanes, classes, rules, begin, page, short, doors, asking, steps, behind
            )


@kernel
def approach(
    batch: int, tile: Tile, rows: Rows, lanes: Lanes, barred: Barred, begin: int, marks: Marks, page: Sheet
) -> None:
    """page.legal of the batch: lanes that nothing bars which no coordinator could soften; page.levels on the way."""
    word = begin >> 5
    for q in range(min(BATCH, len(tile.row) - batch)):
        t = batch + q
        share_levels(rows.speaks, tile.row[t], lanes.levels, word, page.levels, q)
        for w in range(CHUNK_WORDS):
            page.legal[q, w] = lanes.real[word + w]
        for column in range(marks.lane.shape[1]):
            if marks.lane[t, column] < begin + CHUNK:
                clear(barred, tile.row[t], column, begin, t, marks, page.legal[q])


@kernel
def find_doors(
    t: int, q: int, tile: Tile, views: Views, rows: Rows, lanes: Lanes, rules: Rules, begin: int, page: Sheet,
    doors: Words,
) -> None:  # fmt: skip
    """doors uint32[9, C / 32]: of the lanes that score with row t those that this door alone holds back, or none."""
    word = begin >> 5
    circle, sight, work = tile.circle[t], tile.sight[t], tile.work[t]
    for w in range(CHUNK_WORDS):
        doors[BY_ORGANISATION, w] = ~views.circle_held[circle, 0, w]
        doors[BY_GENDER, w] = ~views.circle_held[circle, 1, w]
        doors[BY_LANGUAGES, w] = (
            ~page.levels[q, rules.languages - 1, w] if rules.languages > 0 else np.uint32(0)
        )
        doors[BY_OVERLAP, w] = ~views.sight_held[sight, 0, w]
        doors[BY_SENIORITY, w] = ~views.work_held[work, 0, w]
        doors[BY_MODE, w] = ~views.sight_held[sight, 1, w]
        doors[BY_CAPACITY, w] = ~lanes.open[word + w]
    if rules.topics > 0:
        count_topics(rows.wanted[tile.row[t]], lanes.topics, word, page.counted)
    for w in range(CHUNK_WORDS):
        doors[BY_TOPICS, w] = ~page.counted[rules.topics, w] if rules.topics > 0 else np.uint32(0)
        once, twice = np.uint32(0), np.uint32(0)
        for door in range(NONE):
            twice |= once & doors[door, w]
            once |= doors[door, w]
        for door in range(NONE):
            doors[door, w] &= page.found[q, w] & ~twice
        doors[NONE, w] = page.found[q, w] & ~once


@kernel
def measure_short(tile: Tile, classes: Classes, codes: I32, rules: Rules, begin: int, short: Short) -> None:
    for k in range(len(tile.sights)):
        start, length = classes.sight[tile.sights[k], 0], classes.sight[tile.sights[k], 1]
        for place in range(CHUNK):
            hours = overlap_hours(start, length, codes[START, begin + place], codes[LENGTH, begin + place])
            short.hours[k, place] = max(rules.overlap - hours, 0) if hours >= 0 else 0
    for k in range(len(tile.works)):
        for place in range(CHUNK):
            short.years[k, place] = years_short(
                classes.work[tile.works[k], 1], codes[SENIORITY, begin + place], rules
            )


@kernel
def open_doors(
    t: int, q: int, by_lane: bool, tile: Tile, lanes: Lanes, classes: Classes, rules: Rules, begin: int, page: Sheet,
    short: Short, doors: Words, asking: Asking, steps: Steps, behind: Behind,
) -> None:  # fmt: skip
    """Counts those whom each door holds back from row t."""
    is_told = classes.circle[tile.circles[tile.circle[t]], 0] >= 0
    has_mode = classes.sight[tile.sights[tile.sight[t]], 2] >= 0
    hours, years, scores = short.hours[tile.sight[t]], short.years[tile.work[t]], page.scores[q]
    for door in range(BY_CAPACITY):
        first = steps.begin[door]
        for w in range(CHUNK_WORDS):
            bits = doors[door, w]
            while bits != 0:
                here = lowest_bit(bits)
                bits &= bits - np.uint32(1)
                place = 32 * w + here
                lane = begin + place
                who, other = (place, t) if by_lane else (t, lane)
                score: int = np.int64(scores[place])  # type: ignore[assignment]  # int16 would be summed as such
                rank = asking.rank[other]
                step = 1
                if door == BY_OVERLAP:
                    step = 0 + hours[place]
                elif door == BY_SENIORITY:
                    step = 0 + years[place]
                elif door == BY_LANGUAGES:
                    step = levels_short(page.levels, q, rules.languages, w, here)
                elif door == BY_TOPICS:
                    step = topics_short(page.counted, rules.topics, w, here)
                elif door == BY_ORGANISATION:
                    step = 1 if is_told and lanes.codes[ORGANISATION, lane] >= 0 else 0
                elif door == BY_MODE:
                    step = 1 if has_mode and lanes.codes[MODE, lane] >= 0 else 0
                if step > 0:
                    keep_best(who, first + step - 1, score - asking.price[other], rank, behind)
    capacity, none = steps.begin[BY_CAPACITY], steps.begin[NONE]
    note(doors[BY_CAPACITY], by_lane, t, begin, scores, asking.place, asking.rank, capacity, behind)
    note(doors[NONE], by_lane, t, begin, scores, asking.price, asking.rank, none, behind)
    if not by_lane:
        note(doors[NONE], by_lane, t, begin, scores, asking.place, asking.rank, none + 2, behind)


@kernel
def levels_short(levels: Words, q: int, least: int, word: int, bit: int) -> int:
    step = least
    for level in range(least - 1):
        step -= (levels[q, level, word] >> np.uint32(bit)) & 1
    return step


@kernel
def topics_short(counted: Words, least: int, word: int, bit: int) -> int:
    step = least
    for k in range(1, least):
        step -= (counted[k, word] >> np.uint32(bit)) & 1
    return step


@kernel
def years_short(hers: int, theirs: int, rules: Rules) -> int:
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


@kernel
def note(
    bits_of: Words,
    by_lane: bool,
    t: int,
    begin: int,
    scores: I16,
    price: I32,
    rank: I32,
    first: int,
    behind: Behind,
) -> None:
    """Of the two steps from `first` the first is for those who can be had, the second for the others."""
    people, best = behind.people, behind.best
    for w in range(CHUNK_WORDS):
        bits = bits_of[w]
        while bits != 0:
            place = 32 * w + lowest_bit(bits)
            bits &= bits - np.uint32(1)
            who, other = (place, t) if by_lane else (t, begin + place)
            at = first + 1 if price[other] >= FAR else first
            people[at, who] += 1
            surplus = np.int64(scores[place]) - price[other]
            best[at, who] = max(best[at, who], (surplus << 32) | (0xFFFFFFFF - rank[other]))


@kernel
def keep_best(who: int, at: int, surplus: int, rank: int, behind: Behind) -> None:
    behind.people[at, who] += 1
    best = (surplus << 32) | (0xFFFFFFFF - rank)
    behind.best[at, who] = max(behind.best[at, who], best)
