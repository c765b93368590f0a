"""
How many pairs each limit leaves, the limits applied one after the other.

Found once for mentees whom the limits treat alike (`alike`); what stands between few is taken off row by row. No score is summed:
points are never negative, so a pair scores something when one of its criteria does.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import FREE, I32, I64, LIMITS, NO_BOUND, Flags
from matcher.compiling import inlined, kernel, lean
from matcher.scan.barring import EXCLUSION, FORBIDDEN, PERSON, SUPERVISOR, Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.earning import first_wishes
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import Marks, Sheet, Tile, Views, clear, count_topics, look, set_marks
from matcher.scan.shortness import Short
from matcher.scan.standing import LEVELS, Lobby, enter, is_like_others, see_earning, see_level, see_scores
from matcher.scan.tallying import (
    CAPACITY,
    GENDER,
    LANGUAGES,
    MODE,
    ORGANISATION,
    OVERLAP,
    SCORE,
    SENIORITY,
    TOPICS,
    paying,
)
from matcher.scan.wide import copy_row, count_row, cut_row

COUNTS = len(LIMITS)


class Ladder(NamedTuple):
    """What is left of one chunk for a group of rows, limit by limit, and at the place after the last before any limit."""

    left: Words
    """uint32[14, C / 32]: written for limits that are in force."""
    at: I64
    """int64[14]: row of `left` that holds what is left after each limit."""
    many: I64
    """int64[14]: how many those are."""
    seen: Words
    """uint32[1, C / 32]: lanes that a list has taken from the row at hand; empty between two rows."""


def ladder() -> Ladder:
    return Ladder(
        np.zeros((COUNTS + 1, CHUNK_WORDS), np.uint32),
        np.full(COUNTS + 1, COUNTS, np.int64),
        np.zeros(COUNTS + 1, np.int64),
        np.zeros((1, CHUNK_WORDS), np.uint32),
    )


@kernel
def count_remaining(
    tile: Tile,
    is_new: Flags,
    views: Views,
    short: Short,
    marks: Marks,
    page: Sheet,
    rows: Rows,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    begin: int,
    lobby: Lobby,
    steps: Ladder,
    total: I64,
    possible: I32,
) -> None:
    """
    Adds the pairs of the tile and the chunk at `begin` that are left after each limit to total int64[13], and those that
    are left at last to possible int32[t]. `is_new` bool[t]: where a group of rows begins.
    """
    set_marks(barred, tile, begin, marks)
    look(tile, classes, lanes, tables, rules, begin, views)
    paying(views.sight_points, 0, short.pays_sight)
    paying(views.work_points, tables.nobody, short.pays_work)
    enter(lanes, begin, lobby)
    wish = first_wishes(tile, rows, begin)
    alike, is_at_hand = 0, False
    for t in range(len(tile.row)):
        is_like = is_like_others(t, tile, short, marks, barred, begin, lobby.planes)
        if is_new[t] or not is_like or not is_at_hand:
            for k in range(COUNTS):
                total[k] += alike * steps.many[k]
            if not is_like:
                see_earning(t, tile, views, rows, lobby)
                see_scores(t, tile, views, short, rows, tables, begin, wish, lobby)
            elif rules.languages > 0:
                see_level(tile.row[t], rules.languages - 1, rows, lobby)
            step_down(not is_like, t, tile, views, marks, page, rows, rules, barred, begin, lobby, steps)
            alike, is_at_hand = 0, is_like
        alike += 1
        possible[t] += steps.many[SCORE]
        if is_like:
            possible[t] -= take_off(t, tile, marks, barred, begin, steps, total)
    for k in range(COUNTS):
        total[k] += alike * steps.many[k]


@inlined
def step_down(
    is_alone: bool, t: int, tile: Tile, views: Views, marks: Marks, page: Sheet, rows: Rows, rules: Rules, barred: Barred,
    begin: int, lobby: Lobby, steps: Ladder,
) -> None:  # fmt: skip
    """`steps` for the group of row t; if she `is_alone` with what is barred to her and with whom she scores."""
    circle, sight = 4 * tile.circle[t], 2 * tile.sight[t]
    copy_row(lobby.planes.real, 0, steps.left, COUNTS)
    steps.many[COUNTS] = count_row(steps.left, COUNTS)
    has_bounds = rules.lowest_gap != NO_BOUND or rules.highest_gap != NO_BOUND
    step(CAPACITY, True, lobby.planes.open, 0, lobby, steps)
    bar(PERSON, is_alone, t, tile, marks, barred, begin, steps)
    step(ORGANISATION, rules.organisation != FREE, views.circle_held, circle, lobby, steps)
    bar(SUPERVISOR, is_alone, t, tile, marks, barred, begin, steps)
    bar(EXCLUSION, is_alone, t, tile, marks, barred, begin, steps)
    bar(FORBIDDEN, is_alone, t, tile, marks, barred, begin, steps)
    step(GENDER, rules.gender != 0, views.circle_held, circle + 1, lobby, steps)
    step(LANGUAGES, rules.languages > 0, lobby.earns, LEVELS + rules.languages - 1, lobby, steps)
    step(OVERLAP, rules.overlap > 0, views.sight_held, sight, lobby, steps)
    step(SENIORITY, has_bounds, views.work_held, tile.work[t], lobby, steps)
    step(MODE, rules.mode != 0, views.sight_held, sight + 1, lobby, steps)
    if rules.topics > 0:
        count_topics(rows.wanted[tile.row[t]], lobby.planes.topics, 0, page.counted)
    step(TOPICS, rules.topics > 0, page.counted, rules.topics, lobby, steps)
    step(SCORE, is_alone, lobby.legal, 0, lobby, steps)


@inlined
def step(k: int, is_asked: bool, held: Words, at: int, lobby: Lobby, steps: Ladder) -> None:
    """What limit k leaves, which holds for row `at` of `held`."""
    before = steps.at[k - 1] if k > 0 else COUNTS
    steps.at[k], steps.many[k] = before, steps.many[before]
    if is_asked:
        cut_row(steps.left, before, held, at, lobby.planes.nobody, 0, steps.left, k)
        steps.at[k], steps.many[k] = k, count_row(steps.left, k)


@inlined
def bar(
    k: int, is_asked: bool, t: int, tile: Tile, marks: Marks, barred: Barred, begin: int, steps: Ladder
) -> None:
    """What limit k leaves, which lists tell."""
    before = steps.at[k - 1]
    steps.at[k], steps.many[k] = before, steps.many[before]
    if is_asked:
        copy_row(steps.left, before, steps.left, k)
        for column in range(marks.lane.shape[1]):
            if barred.limit[column] == k and marks.lane[t, column] < begin + CHUNK:
                clear(barred, tile.row[t], column, begin, t, marks, steps.left[k])
        steps.at[k], steps.many[k] = k, count_row(steps.left, k)


@lean
def take_off(t: int, tile: Tile, marks: Marks, barred: Barred, begin: int, steps: Ladder, total: I64) -> int:
    """
    Takes the lanes barred to row t off the counts of her group, each from the first limit on that bars it.

    Answers how many of them are left at last. Lists stand in the order of their limits.
    """
    gone, is_any = 0, False
    for column in range(marks.lane.shape[1]):
        end = barred.start[barred.lists[tile.row[t], column] + 1]
        at = marks.at[t, column] if marks.lane[t, column] < begin + CHUNK else end
        while at < end and barred.lane[at] < begin + CHUNK:
            lane = barred.lane[at] - begin
            word, bit = lane >> 5, np.uint32(1) << np.uint32(lane & 31)
            k = barred.limit[column] if steps.seen[0, word] & bit == 0 else COUNTS
            while k < COUNTS and steps.left[steps.at[k], word] & bit != 0:
                total[k] -= 1
                gone += 1 if k == SCORE else 0
                k += 1
            steps.seen[0, word] |= bit
            is_any = True
            at += 1
    for column in range(marks.lane.shape[1] if is_any else 0):
        end = barred.start[barred.lists[tile.row[t], column] + 1]
        at = marks.at[t, column] if marks.lane[t, column] < begin + CHUNK else end
        while at < end and barred.lane[at] < begin + CHUNK:
            steps.seen[0, (barred.lane[at] - begin) >> 5] = 0
            at += 1
    return gone
