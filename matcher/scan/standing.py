"""
Who stands before which door: for one row and one chunk of lanes a mask for every door and step that occurs.

A door is a limit that keeps two people apart and is the only one that does; how far it would have to open (levels,
hours, years, topics) is its step. Bits alone tell it, 32 lanes at a time: no score is summed.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import FREE, I16, I32, I64, NO_BOUND
from matcher.compiling import inlined, lean
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.classes import MODE
from matcher.scan.lanes import GAINS
from matcher.scan.layout import TOPICS_A_STEP, Classes, Lanes, Rows, Rules, Tables
from matcher.scan.masks import Planes, keep, planes_of, take_planes
from matcher.scan.seeing import Marks, Sheet, Tile, Views, clear, count_topics
from matcher.scan.shortness import Short
from matcher.scan.tallying import scoring, scoring_topics
from matcher.scan.wide import close_row, copy_row, cut_row, join_all, lacks

BY_ORGANISATION, BY_GENDER, BY_LANGUAGES, BY_OVERLAP, BY_SENIORITY, BY_MODE, BY_TOPICS = range(7)
"""As in `widening.RELAXABLE`."""

BY_CAPACITY, NONE = 7, 8
DOORS = 9

LEVELS, SAME = TOPICS_A_STEP, TOPICS_A_STEP + 4
"""Where in `Lobby.earns` levels begin, and organisations."""

FAR = 1 << 29
"""Nobody can have her, at whatever price."""


class Steps(NamedTuple):
    """Where the steps of a door begin among all; each ends where the next begins, the last at `total`."""

    begin: I64
    """int64[9]"""
    total: int


class Lobby(NamedTuple):
    """Of one row and one chunk: who stands where; and scratch."""

    mask: Words
    """uint32[k, C / 32]: only doors before which anybody stands."""
    slot: I64
    """int64[k]: its door and step, counted as in `Steps`."""
    legal: Words
    """uint32[C / 32]: nothing keeps them apart that no coordinator could soften, and something speaks for the pair."""
    alone: Words
    """uint32[C / 32]: of them those with one door between."""
    free: Words
    """uint32[C / 32]: and those with none."""
    once: Words
    twice: Words
    has_mode: Words
    """uint32[C / 32]: she answered how she wants to meet."""
    planes: Planes
    earns: Words
    """uint32[GAINS, C / 32]: five topics of the row, four levels of language in common, organisations the same and known."""
    near: Words
    """uint32[2, C / 32]: lanes that can be had, for a softer limit and for one more place."""
    level_points: I16
    """int16[5]"""
    people: I32
    """int32[k]: how many lanes a mask of rows holds."""
    aside: I32
    """int32[.., 2]: mask and lane of the chunk of those whom a list bars to the row at hand, while they are out of the masks."""


FEW_BARRED = 64
"""Lanes of one list and chunk: where it bars more to a row, masks are made for the row alone."""


def lobby_of(steps: Steps, lanes: Lanes, level_points: I16) -> Lobby:
    def words(*shape: int) -> Words:
        return np.zeros((*shape, CHUNK_WORDS), np.uint32)

    return Lobby(
        words(steps.total + 1), np.empty(steps.total + 1, np.int64), words(), words(), words(), words(), words(), words(),
        planes_of(lanes), words(GAINS), words(2), level_points, np.empty(steps.total + 1, np.int32),
        np.empty((2 * CHUNK, 2), np.int32),
    )  # fmt: skip


@lean
def enter(lanes: Lanes, begin: int, lobby: Lobby) -> None:
    """Fills what of `lobby` is the same for all rows of the chunk at `begin`."""
    take_planes(lanes, begin, lobby.planes)
    for w in range(CHUNK_WORDS):
        has_mode = np.uint32(0)
        for bit in range(32):
            if lanes.codes[MODE, begin + 32 * w + bit] >= 0:
                has_mode |= np.uint32(1) << np.uint32(bit)
        lobby.has_mode[w] = has_mode


@inlined
def is_like_others(
    t: int, tile: Tile, short: Short, marks: Marks, barred: Barred, begin: int, planes: Planes
) -> bool:
    """All real lanes earn row t something, and few are barred to it: nothing but its answers to limits decides."""
    if lacks(planes.real, 0, short.pays_sight, tile.sight[t], short.pays_work, tile.work[t]):
        return False
    for column in range(marks.lane.shape[1]):
        if marks.lane[t, column] < begin + CHUNK:
            at = marks.at[t, column] + FEW_BARRED
            end = barred.start[barred.lists[tile.row[t], column] + 1]
            if at < end and barred.lane[at] < begin + CHUNK:
                return False
    return True


@inlined
def find_legal(
    t: int, tile: Tile, views: Views, short: Short, marks: Marks, rows: Rows, tables: Tables, barred: Barred,
    begin: int, wish: I64, lobby: Lobby,
) -> None:  # fmt: skip
    """lobby.legal for row t alone; lobby.earns must be hers."""
    see_scores(t, tile, views, short, rows, tables, begin, wish, lobby)
    for column in range(marks.lane.shape[1]):
        if marks.lane[t, column] < begin + CHUNK:
            clear(barred, tile.row[t], column, begin, t, marks, lobby.legal)


@inlined
def see_scores(
    t: int, tile: Tile, views: Views, short: Short, rows: Rows, tables: Tables, begin: int, wish: I64, lobby: Lobby
) -> None:  # fmt: skip
    """lobby.legal: lanes with which row t earns something, whatever the limits say; lobby.earns must be hers."""
    row, legal = tile.row[t], lobby.legal
    levels = lobby.earns[LEVELS:SAME]
    scoring(
        short.pays_sight[tile.sight[t]], short.pays_work[tile.work[t]], levels, lobby.level_points,
        views.circle_held[tile.circle[t]], tables.circle, legal,
    )  # fmt: skip
    scoring_topics(rows.wanted, row, lobby.planes, tables.topics, legal)
    at = wish[t]
    while at < rows.wish_start[row + 1] and rows.wish_lane[at] < begin + CHUNK:
        if rows.wish_points[at] > 0:
            lane = rows.wish_lane[at] - begin
            legal[lane >> 5] |= np.uint32(1) << np.uint32(lane & 31)
        at += 1
    keep(lobby.planes.real, legal)


@lean
def set_aside(t: int, tile: Tile, marks: Marks, barred: Barred, begin: int, count: int, lobby: Lobby) -> int:
    """Takes the lanes barred to row t out of the masks; answers how many entries of lobby.aside say which."""
    taken = 0
    for column in range(marks.lane.shape[1]):
        if marks.lane[t, column] >= begin + CHUNK:
            continue
        at, end = marks.at[t, column], barred.start[barred.lists[tile.row[t], column] + 1]
        while at < end and barred.lane[at] < begin + CHUNK:
            lane = barred.lane[at] - begin
            bit = np.uint32(1) << np.uint32(lane & 31)
            for k in range(count):
                if lobby.mask[k, lane >> 5] & bit:
                    lobby.mask[k, lane >> 5] ^= bit
                    lobby.aside[taken, 0], lobby.aside[taken, 1] = k, lane
                    taken += 1
            at += 1
    return taken


@lean
def put_back(taken: int, lobby: Lobby) -> None:
    for k in range(taken):
        mask, lane = lobby.aside[k, 0], lobby.aside[k, 1]
        lobby.mask[mask, lane >> 5] |= np.uint32(1) << np.uint32(lane & 31)


@inlined
def see_level(row: int, step: int, rows: Rows, lobby: Lobby) -> None:
    """Of lobby.earns the level `step` + 1 of storage row `row`."""
    tongues, nobody, count = rows.tongues, np.int32(len(lobby.planes.levels) - 1), 0
    while count < tongues.shape[1] and tongues[row, count, 0] != nobody:
        count += 1
    first = 4 * row * tongues.shape[1] + step
    join_all(lobby.planes.levels, tongues, first, 4, count, lobby.earns, LEVELS + step)


@inlined
def see_earning(t: int, tile: Tile, views: Views, rows: Rows, lobby: Lobby) -> None:
    """lobby.earns of row t."""
    row = tile.row[t]
    for r in range(LEVELS):
        copy_row(lobby.planes.topics, rows.wanted[row, r], lobby.earns, r)
    for step in range(4):
        see_level(row, step, rows, lobby)
    circle = 4 * tile.circle[t]
    copy_row(views.circle_held, circle + 2, lobby.earns, SAME)
    copy_row(views.circle_held, circle + 3, lobby.earns, SAME + 1)


@inlined
def count_doors(
    t: int, tile: Tile, views: Views, page: Sheet, rows: Rows, rules: Rules, lobby: Lobby
) -> None:
    """Of lobby.legal those with one door between, and with none; page.counted on the way."""
    circle, sight = 4 * tile.circle[t], 2 * tile.sight[t]
    once, twice = lobby.once, lobby.twice
    copy_row(lobby.planes.nobody, 0, once, 0)
    copy_row(lobby.planes.nobody, 0, twice, 0)
    if rules.organisation != FREE:
        close_row(views.circle_held, circle, once, 0, twice, 0)
    if rules.gender != 0:
        close_row(views.circle_held, circle + 1, once, 0, twice, 0)
    if rules.overlap > 0:
        close_row(views.sight_held, sight, once, 0, twice, 0)
    if rules.mode != 0:
        close_row(views.sight_held, sight + 1, once, 0, twice, 0)
    if rules.lowest_gap != NO_BOUND or rules.highest_gap != NO_BOUND:
        close_row(views.work_held, tile.work[t], once, 0, twice, 0)
    close_row(lobby.planes.open, 0, once, 0, twice, 0)
    if rules.languages > 0:
        close_row(lobby.earns, LEVELS + rules.languages - 1, once, 0, twice, 0)
    if rules.topics > 0:
        count_topics(rows.wanted[tile.row[t]], lobby.planes.topics, 0, page.counted)
        close_row(page.counted, rules.topics, once, 0, twice, 0)
    cut_row(lobby.legal, 0, once, 0, twice, 0, lobby.alone, 0)
    cut_row(lobby.legal, 0, lobby.planes.everybody, 0, once, 0, lobby.free, 0)


@inlined
def put(
    lobby: Lobby, people: Words, these: Words, at_these: int, but: Words, at_but: int, slot: int, count: int
) -> int:
    """
    The next of lobby.mask and of lobby.slot: `these` of `people` without `but`.

    Answers how many masks there are, as before if it is empty.
    """
    if not cut_row(people, 0, these, at_these, but, at_but, lobby.mask, count):
        return count
    lobby.slot[count] = slot
    return count + 1


@inlined
def part_by_doors(
    t: int, tile: Tile, views: Views, short: Short, page: Sheet, classes: Classes, rules: Rules, steps: Steps, lobby: Lobby
) -> int:  # fmt: skip
    """Masks of all softer limits; how many there are."""
    circle, sight, work = 4 * tile.circle[t], tile.sight[t], tile.work[t]
    alone, everybody, nobody, levels = lobby.alone, lobby.planes.everybody, lobby.planes.nobody, lobby.earns
    begin, held, count = steps.begin, views.circle_held, 0
    if rules.organisation != FREE:
        count = put(lobby, alone, held, circle + 3, held, circle, begin[BY_ORGANISATION], count)
    if rules.gender != 0:
        count = put(lobby, alone, everybody, 0, held, circle + 1, begin[BY_GENDER], count)
    for step in range(1, rules.languages + 1):
        at = LEVELS + rules.languages - step
        slot = begin[BY_LANGUAGES] + step - 1
        if at > LEVELS:
            count = put(lobby, alone, levels, at - 1, levels, at, slot, count)
        else:
            count = put(lobby, alone, everybody, 0, levels, at, slot, count)
    for step in range(rules.overlap):
        hours = sight * rules.overlap + step
        count = put(lobby, alone, short.hours, hours, nobody, 0, begin[BY_OVERLAP] + step, count)
    for k in range(short.kinds[work]):
        slot = begin[BY_SENIORITY] + short.step[work, k] - 1
        count = put(lobby, alone, short.years, work * short.years.shape[1] + k, nobody, 0, slot, count)
    if rules.mode != 0 and classes.sight[tile.sights[sight], 2] >= 0:
        held = views.sight_held
        count = put(lobby, alone, lobby.has_mode, 0, held, 2 * sight + 1, begin[BY_MODE], count)
    for step in range(1, rules.topics + 1):
        at = rules.topics - step
        count = put(lobby, alone, page.counted, at, page.counted, at + 1, begin[BY_TOPICS] + step - 1, count)
    return count
