"""
Who stands before which door: for one row and one chunk of lanes a mask for every door and step that occurs.

A door is a limit that keeps two people apart and is the only one that does; how far it would have to open (levels,
hours, years, topics) is its step. Bits alone tell it, 32 lanes at a time: no score is summed.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I64
from matcher.compiling import inlined, lean
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.classes import MODE
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.masks import Planes, best_levels, copy, keep, planes_of, take_planes
from matcher.scan.seeing import Marks, Sheet, Tile, Views, clear, count_topics
from matcher.scan.shortness import Short
from matcher.scan.tallying import scoring, scoring_topics

BY_ORGANISATION, BY_GENDER, BY_LANGUAGES, BY_OVERLAP, BY_SENIORITY, BY_MODE, BY_TOPICS = range(7)
"""As in `widening.RELAXABLE`."""

BY_CAPACITY, NONE = 7, 8
DOORS = 9

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
    near: Words
    """uint32[2, C / 32]: lanes that can be had, for a softer limit and for one more place."""
    level_points: I16
    """int16[5]"""


def lobby_of(steps: Steps, lanes: Lanes, level_points: I16) -> Lobby:
    def words(*shape: int) -> Words:
        return np.zeros((*shape, CHUNK_WORDS), np.uint32)

    return Lobby(
        words(steps.total + 1), np.empty(steps.total + 1, np.int64), words(), words(), words(), words(), words(), words(),
        planes_of(lanes), words(2), level_points,
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
def find_legal(
    t: int, tile: Tile, views: Views, short: Short, marks: Marks, page: Sheet, rows: Rows, tables: Tables, barred: Barred,
    begin: int, wish: I64, lobby: Lobby,
) -> None:  # fmt: skip
    """lobby.legal for row t, and page.levels on the way; wish int64[t]: its first wish of the chunk."""
    row, legal = tile.row[t], lobby.legal
    levels = page.levels[0]
    best_levels(rows.speaks, row, lobby.planes, levels)
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
    for column in range(marks.lane.shape[1]):
        if marks.lane[t, column] < begin + CHUNK:
            clear(barred, row, column, begin, t, marks, legal)


@inlined
def close(held: Words, once: Words, twice: Words) -> None:
    """One door more, open to `held`: through which lanes one at least is closed, and two."""
    for w in range(CHUNK_WORDS):
        closed = ~held[w]
        twice[w] |= once[w] & closed
        once[w] |= closed


@inlined
def count_doors(
    t: int, tile: Tile, views: Views, page: Sheet, rows: Rows, rules: Rules, lobby: Lobby
) -> None:
    """Of lobby.legal those with one door between, and with none; page.counted on the way."""
    circle, sight = views.circle_held[tile.circle[t]], views.sight_held[tile.sight[t]]
    once, twice = lobby.once, lobby.twice
    copy(lobby.planes.nobody, once)
    copy(lobby.planes.nobody, twice)
    close(circle[0], once, twice)
    close(circle[1], once, twice)
    close(sight[0], once, twice)
    close(sight[1], once, twice)
    close(views.work_held[tile.work[t], 0], once, twice)
    close(lobby.planes.open, once, twice)
    if rules.languages > 0:
        close(page.levels[0, rules.languages - 1], once, twice)
    if rules.topics > 0:
        count_topics(rows.wanted[tile.row[t]], lobby.planes.topics, 0, page.counted)
        close(page.counted[rules.topics], once, twice)
    for w in range(CHUNK_WORDS):
        lobby.alone[w] = lobby.legal[w] & once[w] & ~twice[w]
        lobby.free[w] = lobby.legal[w] & ~once[w]


@inlined
def put(masks: Words, slots: I64, people: Words, these: Words, but: Words, slot: int, count: int) -> int:
    """
    The next of masks uint32[k, C / 32] and of slots int64[k]: `these` of `people` without `but`.

    Answers how many masks there are, as before if it is empty.
    """
    some = np.uint32(0)
    for w in range(CHUNK_WORDS):
        word = people[w] & these[w] & ~but[w]
        masks[count, w] = word
        some |= word
    if some == 0:
        return count
    slots[count] = slot
    return count + 1


@inlined
def part_by_doors(
    t: int, tile: Tile, views: Views, short: Short, page: Sheet, classes: Classes, rules: Rules, steps: Steps, lobby: Lobby
) -> int:  # fmt: skip
    """Masks of all softer limits; how many there are."""
    circle, sight, work = views.circle_held[tile.circle[t]], tile.sight[t], tile.work[t]
    alone, everybody, nobody = lobby.alone, lobby.planes.everybody, lobby.planes.nobody
    levels, topics, begin = page.levels[0], page.counted, steps.begin
    masks, slots = lobby.mask, lobby.slot
    count = put(masks, slots, alone, circle[3], circle[0], begin[BY_ORGANISATION], 0)
    count = put(masks, slots, alone, everybody, circle[1], begin[BY_GENDER], count)
    for step in range(1, rules.languages + 1):
        at = rules.languages - step
        these = levels[at - 1] if at > 0 else everybody
        count = put(masks, slots, alone, these, levels[at], begin[BY_LANGUAGES] + step - 1, count)
    for step in range(1, rules.overlap + 1):
        count = put(
            masks, slots, alone, short.hours[sight, step - 1], nobody, begin[BY_OVERLAP] + step - 1, count
        )
    for k in range(short.kinds[work]):
        slot = begin[BY_SENIORITY] + short.step[work, k] - 1
        count = put(masks, slots, alone, short.years[work, k], nobody, slot, count)
    if classes.sight[tile.sights[sight], 2] >= 0:
        count = put(masks, slots, alone, lobby.has_mode, views.sight_held[sight, 1], begin[BY_MODE], count)
    for step in range(1, rules.topics + 1):
        at = rules.topics - step
        count = put(masks, slots, alone, topics[at], topics[at + 1], begin[BY_TOPICS] + step - 1, count)
    return count
