"""What one mentee sees of one chunk of lanes: which are legal, and the bits that earn points."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import kernel, lean
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.classes import circle_rows, sight_rows, work_rows
from matcher.scan.lanes import PLANES
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables

NO_LANE = 2**31 - 1


class Tile(NamedTuple):
    """Rows worked on together, and the classes that occur among them."""

    row: I32
    """int32[t]: storage rows."""
    sight: I32
    """int32[t]: number among `sights`."""
    work: I32
    circle: I32
    sights: I32
    works: I32
    circles: I32


class Views(NamedTuple):
    """Rows of the tile's classes over one chunk, written again for each."""

    sight_points: I16
    sight_held: Words
    work_points: I16
    work_held: Words
    circle_held: Words


class Sheet(NamedTuple):
    """Scratch for BATCH rows and one chunk; the last four belong to one row at a time."""

    legal: Words
    """uint32[BATCH, C / 32]"""
    found: Words
    """uint32[BATCH, C / 32]"""
    scores: I16
    """int16[BATCH, C]"""
    levels: Words
    """uint32[BATCH, 4, C / 32]: the best level in common is at least this."""
    bits: Words
    """uint32[p, C / 32], p at least PLANES: lanes that earn points."""
    points: I16
    """int16[p]"""
    base: I16
    """int16[1, C]: the class of work and what is beyond PLANES."""
    counted: Words
    """uint32[minimum + 1, C / 32]: at least this many of her topics."""


BATCH = 16
"""Rows that one call works on: a call costs half a microsecond for the many arrays that it is handed."""


class Marks(NamedTuple):
    """How far each row has come in each list of the lanes barred to it."""

    at: I64
    """int64[t, Q]"""
    lane: I32
    """int32[t, Q]: the lane there, NO_LANE at the end."""


def marks_of(tile: Tile, barred: Barred) -> Marks:
    shape = (len(tile.row), barred.lists.shape[1])
    return Marks(np.empty(shape, np.int64), np.empty(shape, np.int32))


def tile_of(rows: Rows, chosen: I32) -> Tile:
    """`chosen` int32[t]: storage rows, in the order in which they will be worked on."""
    found = [
        np.unique(column[chosen], return_inverse=True) for column in (rows.sight, rows.work, rows.circle)
    ]
    numbers = [number.astype(np.int32) for _, number in found]
    return Tile(chosen, *numbers, *(values for values, _ in found))


def views_of(tile: Tile) -> Views:
    a, b, c = len(tile.sights), len(tile.works), len(tile.circles)
    return Views(
        np.empty((a, CHUNK), np.int16),
        np.empty((a, 2, CHUNK_WORDS), np.uint32),
        np.empty((b, CHUNK), np.int16),
        np.empty((b, 1, CHUNK_WORDS), np.uint32),
        np.empty((c, 4, CHUNK_WORDS), np.uint32),
    )


def sheet(rules: Rules, ranks: int) -> Sheet:
    planes = max(PLANES, ranks + 6)
    return Sheet(
        np.empty((BATCH, CHUNK_WORDS), np.uint32),
        np.empty((BATCH, CHUNK_WORDS), np.uint32),
        np.empty((BATCH, CHUNK), np.int16),
        np.empty((BATCH, 4, CHUNK_WORDS), np.uint32),
        np.zeros((planes, CHUNK_WORDS), np.uint32),
        np.zeros(planes, np.int16),
        np.empty((1, CHUNK), np.int16),
        np.empty((rules.topics + 1, CHUNK_WORDS), np.uint32),
    )


@kernel
def look(
    tile: Tile, classes: Classes, lanes: Lanes, tables: Tables, rules: Rules, first: int, views: Views
) -> None:
    """Fills the views of all classes of the tile for the chunk that begins at lane `first`."""
    codes = lanes.codes
    sight_rows(classes.sight, tile.sights, codes, first, tables, rules, views.sight_points, views.sight_held)
    work_rows(classes.work, tile.works, codes, first, tables, rules, views.work_points, views.work_held)
    circle_rows(classes.circle, tile.circles, codes, first, rules, views.circle_held)


@lean
def share_levels(speaks: I32, row: int, levels: Words, word: int, out: Words, q: int) -> None:
    """out[q] uint32[4, C / 32]: lanes whose best level in common with the row is at least 1 .. 4."""
    for level in range(4):
        for w in range(out.shape[2]):
            out[q, level, w] = 0
    for s in range(speaks.shape[1]):
        plane = speaks[row, s]
        if plane < 0:
            break
        for w in range(out.shape[2]):
            out[q, plane & 3, w] |= levels[plane, word + w]


@lean
def count_topics(wanted: I16, topics: Words, word: int, out: Words) -> None:
    """out[q] uint32[C / 32]: lanes that offer at least q of her topics, q = 0 .. len(out) - 1 (bit-sliced count)."""
    out[:] = 0
    out[0] = np.uint32(0xFFFFFFFF)
    for r in range(len(wanted)):
        for q in range(len(out) - 1, 0, -1):
            for w in range(out.shape[1]):
                out[q, w] |= out[q - 1, w] & topics[wanted[r], word + w]


@lean
def clear(barred: Barred, row: int, column: int, first: int, t: int, marks: Marks, legal: Words) -> int:
    """Takes the lanes of one list out of `legal`, moves the mark on, and answers how many stood."""
    end = barred.start[barred.lists[row, column] + 1]
    taken = 0
    at = marks.at[t, column]
    while at < end and barred.lane[at] < first + 32 * len(legal):
        place = barred.lane[at] - first
        bit = np.uint32(1) << np.uint32(place & 31)
        if legal[place >> 5] & bit:
            legal[place >> 5] ^= bit
            taken += 1
        at += 1
    marks.at[t, column] = at
    marks.lane[t, column] = barred.lane[at] if at < end else NO_LANE
    return taken


@lean
def set_marks(barred: Barred, tile: Tile, first: int, marks: Marks) -> None:
    """Marks the first lane of each list that is not before `first`."""
    for t in range(len(tile.row)):
        for column in range(marks.at.shape[1]):
            number = barred.lists[tile.row[t], column]
            at, high = barred.start[number], barred.start[number + 1]
            end = high
            while at < high:
                middle = (at + high) >> 1
                if barred.lane[middle] < first:
                    at = middle + 1
                else:
                    high = middle
            marks.at[t, column] = at
            marks.lane[t, column] = barred.lane[at] if at < end else NO_LANE


@kernel
def intersect(
    legal: Words,
    q: int,
    is_open: Words,
    word: int,
    sight: Words,
    a: int,
    work: Words,
    b: int,
    circle: Words,
    c: int,
) -> None:
    """legal[q] uint32[C / 32]: what capacity and the limits of the classes a, b, c leave."""
    for w in range(legal.shape[1]):
        theirs = is_open[word + w] & work[b, 0, w]
        legal[q, w] = theirs & sight[a, 0, w] & sight[a, 1, w] & circle[c, 0, w] & circle[c, 1, w]


@kernel
def see(
    batch: int,
    tile: Tile,
    views: Views,
    rows: Rows,
    lanes: Lanes,
    rules: Rules,
    barred: Barred,
    first: int,
    last: int,
    marks: Marks,
    page: Sheet,
) -> None:
    """page.legal: lanes before `last` that pass every limit but the score, for the batch; page.levels on the way."""
    word, width = first >> 5, page.legal.shape[1]
    for q in range(min(BATCH, len(tile.row) - batch)):
        t = batch + q
        row = tile.row[t]
        share_levels(rows.speaks, row, lanes.levels, word, page.levels, q)
        intersect(
            page.legal, q, lanes.open, word, views.sight_held, tile.sight[t], views.work_held, tile.work[t],
            views.circle_held, tile.circle[t],
        )  # fmt: skip
        if rules.languages > 0:
            for w in range(width):
                page.legal[q, w] &= page.levels[q, rules.languages - 1, w]
        if rules.topics > 0:
            count_topics(rows.wanted[row], lanes.topics, word, page.counted)
            retain(page.legal[q], page.counted[rules.topics])
        if last < first + 32 * width:
            end_at(page.legal[q], last - first)
        for column in range(marks.lane.shape[1]):
            if marks.lane[t, column] < first + 32 * width:
                clear(barred, row, column, first, t, marks, page.legal[q])


@kernel
def retain(legal: Words, other: Words) -> None:
    for w in range(len(legal)):
        legal[w] &= other[w]


@kernel
def end_at(legal: Words, left: int) -> None:
    """Only the first `left` lanes of the chunk belong to the range asked for."""
    for w in range(len(legal)):
        if 32 * w >= left:
            legal[w] = 0
        elif 32 * (w + 1) > left:
            legal[w] &= np.uint32((1 << (left - 32 * w)) - 1)
