"""One task of a scan: buffers and classes for a tile of rows or a chunk of lanes, then kernels. Imports numba."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64, U64, Flags
from matcher.scan.best_mentees import keep_mentees
from matcher.scan.best_mentors import keep_mentors, settle
from matcher.scan.bits import CHUNK
from matcher.scan.layout import Packed
from matcher.scan.promising import best_first, suiting
from matcher.scan.seeing import Tile, marks_of, sheet, tile_of, views_of
from matcher.scan.sifting import NO_SAMPLE, SAMPLE_WORDS, sieve_of
from matcher.scan.sizes import SAMPLE, rows_a_task
from matcher.scan.summits import highest_of_words, summits_of
from matcher.scan.tallying import COUNTS, ballot, tally_tile
from matcher.solving import mixed

SAFETY = 1.5
"""How many times as many as a fair share of the sample are kept, so that few rows fall short."""

WORTH_A_SAMPLE = 40
"""Times as many people as are kept, from which on a sample is taken first."""


def keep_of_sample(keep: int) -> int:
    return math.ceil(SAFETY * keep / SAMPLE) + 2


def room_for(keep: int) -> int:
    """Entries of a buffer: twice those kept, so that a cut costs a few steps per entry."""
    return keep + max(keep // 2, 16)


class Search(NamedTuple):
    """What every task of one scan of rows is given."""

    keep: int
    minus_price: I16
    """int16[lanes] <= 0"""
    price_most: I16
    """int16[lanes / 32]"""
    span: tuple[int, int]
    is_wide: bool
    hashed: U64
    """uint64[n], by storage row; with the next, or empty: see `keeping.scattered`."""
    hashed_mentor: U64
    """uint64[lanes]"""


def search(
    packed: Packed, keep: int, price: I64, span: tuple[int, int], *, is_wide: bool, is_scattered: bool
) -> Search:
    minus = np.zeros(packed.lanes.codes.shape[1], np.int16)
    minus[: len(price)] = -price
    return Search(keep, minus, most_of_words(minus), span, is_wide, *hashes(packed, is_scattered))


def hashes(packed: Packed, is_scattered: bool) -> tuple[U64, U64]:
    """uint64[n] by storage row and uint64[m] by lane: see `keeping.scattered`; or empty."""
    if not is_scattered:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    ours = mixed(packed.pool.mentees.key)[packed.mentee_at]
    return ours, mixed(mixed(packed.pool.mentors.key + np.uint64(1)))[packed.mentor_at]


def most_of_words(values: I16) -> I16:
    most = np.empty(len(values) // 32, np.int16)
    highest_of_words(values, most)
    return most


def best_of_rows(packed: Packed, stored: I32, asked: Search, cut: I16, is_sampled: bool) -> tuple[I64, Flags]:
    """int64[t, keep]: entries of each stored row, greatest first; and where the sample's threshold left too few."""
    tile = tile_of(packed.rows, stored)
    views = views_of(tile)
    summits, sieve = summits_of(views), sieve_of(packed.rules)
    first, last = asked.span
    begins, window = best_first(packed, tile, first, last)
    hashed = asked.hashed[stored] if len(asked.hashed) else asked.hashed

    def kept_of(keep: int, moved: I16, begins: I64, looked_at: int) -> tuple[I64, I32]:
        kept, count = np.empty((len(stored), room_for(keep)), np.int64), np.zeros(len(stored), np.int32)
        keep_mentors(
            asked.is_wide, tile, views, summits, sieve, packed.rows, packed.lanes, packed.classes,
            packed.tables, packed.rules, packed.barred, packed.mentor_rank, hashed, asked.hashed_mentor, begins, window, last,
            asked.minus_price, asked.price_most, moved, keep, looked_at, kept, count,
        )  # fmt: skip
        return kept, count

    moved = cut.copy()
    if is_sampled and last - first > WORTH_A_SAMPLE * asked.keep:
        few = keep_of_sample(asked.keep)
        kept, count = kept_of(few, moved, begins[:window], SAMPLE_WORDS)
        moved = np.where(count == few, thresholds(kept[:, :few]), cut)
    bar = moved.copy()
    kept, count = kept_of(asked.keep, moved, begins, NO_SAMPLE)
    return in_rank(kept, count, asked.keep), (count < asked.keep) & (bar > cut)


def thresholds(kept: I64) -> I16:
    """int16[t]: one below the least value of each row."""
    least = (kept.min(axis=1) >> 32) - 32768 - 1
    bound: I16 = np.maximum(least, -32768).astype(np.int16)
    return bound


class Crowd(NamedTuple):
    """Mentees in tiles, for all chunks of lanes."""

    tiles: Sequence[Tile]
    suiting: I64
    """int64[tiles, chunks]: how well they suit the lanes of each chunk."""
    price: I16
    """int16[n], by storage row."""
    hashed: U64
    """uint64[n], by storage row; with the next, or empty: see `keeping.scattered`."""
    hashed_mentor: U64
    """uint64[lanes]"""


def crowd(packed: Packed, stored: I32, price: I16, *, is_scattered: bool = False) -> Crowd:
    step = rows_a_task(packed, CHUNK)
    tiles = [tile_of(packed.rows, stored[at : at + step]) for at in range(0, len(stored), step)]
    chunks = packed.lanes.codes.shape[1] // CHUNK
    suits = [suiting(packed, tile) for tile in tiles]
    return Crowd(
        tiles,
        np.stack(suits) if suits else np.zeros((0, chunks), np.int64),
        price,
        *hashes(packed, is_scattered),
    )


def best_of_lanes(packed: Packed, people: Crowd, keep: int, bar: I64, begin: int, is_wide: bool) -> I64:
    """
    int64[C, keep]: entries of each lane of the chunk, greatest first; bar int64[lanes]: the value to pass.

    Tiles that suit the lanes best come first; for most of the others bounds are enough then.
    """
    shift = np.minimum(-bar, 32767).astype(np.int16)
    most = most_of_words(shift)
    kept, count = np.empty((CHUNK, room_for(keep)), np.int64), np.zeros(CHUNK, np.int32)
    least = np.zeros(CHUNK, np.int64)
    for number in np.argsort(-people.suiting[:, begin // CHUNK], kind="stable"):
        tile = people.tiles[number]
        hashed = people.hashed[tile.row] if len(people.hashed) else people.hashed
        views = views_of(tile)
        keep_mentees(
            is_wide, tile, views, summits_of(views), sieve_of(packed.rules),
            packed.rows, packed.lanes, packed.classes, packed.tables, packed.rules, packed.barred, begin,
            people.price[tile.row], packed.mentee_rank[tile.row], hashed, people.hashed_mentor, shift, most, keep, least, kept, count,
        )  # fmt: skip
    settle(kept, count, keep)
    return in_rank(kept, count, keep)


def in_rank(kept: I64, count: I32, keep: int) -> I64:
    """The first `count` of each row, greatest first, 0 after them; `keep` wide."""
    ordered = kept[:, :keep]
    ordered[np.arange(keep) >= count[:, None]] = 0
    ordered = np.sort(ordered, axis=1)
    return np.ascontiguousarray(ordered[:, ::-1])


def tally_of_rows(packed: Packed, stored: I32, by_lane: bool) -> tuple[I64, I64]:
    """int64[2, t, 13] of the stored rows and int64[2, 13, lanes or 0]: see `tallying.tally_tile`."""
    tile = tile_of(packed.rows, stored)
    of_rows = np.zeros((2, len(stored), COUNTS), np.int64)
    of_lanes = np.zeros((2, COUNTS, packed.lanes.codes.shape[1] if by_lane else 0), np.int64)
    tally_tile(
        by_lane,
        tile,
        views_of(tile),
        marks_of(tile, packed.barred),
        sheet(packed.rules, packed.rows.wanted.shape[1]),
        ballot(tile, packed.lanes),
        packed.rows,
        packed.lanes,
        packed.classes,
        packed.tables,
        packed.rules,
        packed.barred,
        packed.criteria.language_points,
        0,
        len(packed.lane_of),
        of_rows,
        of_lanes,
    )
    return of_rows, of_lanes
