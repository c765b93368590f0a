"""One task of a scan: buffers and classes for a tile of rows or a chunk of lanes, then kernels. Imports numba."""

import math

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.scan.best_mentees import keep_mentees, settle
from matcher.scan.best_mentors import keep_mentors
from matcher.scan.bits import CHUNK
from matcher.scan.layout import Packed
from matcher.scan.seeing import marks_of, sheet, tile_of, views_of
from matcher.scan.sizes import SAMPLE, rows_a_task
from matcher.scan.tallying import COUNTS, ballot, tally_tile

SAFETY = 2.5
"""How many times as many as a fair share of the sample are kept, so that few rows fall short."""


def keep_of_sample(keep: int) -> int:
    return math.ceil(SAFETY * keep / SAMPLE) + 2


def room_for(keep: int) -> int:
    """Entries of a buffer: twice those kept, so that a cut costs a few steps per entry."""
    return 2 * max(keep, keep_of_sample(keep)) + 32


def best_of_rows(
    packed: Packed, stored: I32, keep: int, minus_price: I16, cut: I16, span: tuple[int, int], is_wide: bool
) -> I64:
    """int64[t, keep]: entries of each stored row, greatest first."""
    width = span[1] - span[0]
    sampled = -(-width // (32 * SAMPLE)) * 32 if width > 40 * keep else 0
    entries, is_short = rows_once(packed, stored, keep, minus_price, cut, span, is_wide, sampled)
    if is_short.any():
        again = np.flatnonzero(is_short)
        entries[again], _ = rows_once(packed, stored[again], keep, minus_price, cut[again], span, is_wide, 0)
    return entries


def rows_once(
    packed: Packed,
    stored: I32,
    keep: int,
    minus_price: I16,
    cut: I16,
    span: tuple[int, int],
    is_wide: bool,
    sampled: int,
) -> tuple[I64, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """Entries, and where the sample's threshold left fewer than asked for."""
    tile = tile_of(packed.rows, stored)
    kept = np.zeros((len(stored), room_for(keep)), np.int64)
    count = np.zeros(len(stored), np.int32)
    moved = cut.copy()
    keep_mentors(
        is_wide,
        tile,
        views_of(tile),
        marks_of(tile, packed.barred),
        sheet(packed.rules, packed.rows.wanted.shape[1]),
        packed.rows,
        packed.lanes,
        packed.classes,
        packed.tables,
        packed.rules,
        packed.barred,
        *span,
        minus_price,
        moved,
        keep,
        sampled,
        keep_of_sample(keep),
        kept,
        count,
    )
    return in_rank(kept, count, keep), (count < keep) & (moved > cut)


def best_of_lanes(
    packed: Packed, stored: I32, keep: int, price: I16, bar: I64, begin: int, is_wide: bool
) -> I64:
    """
    int64[C, keep]: entries of each lane of the chunk, greatest first; bar int64[lanes]: the value to pass.

    The mentees with the lowest ranks are the sample: ranks are hashes, so it is fair, and whoever of it
    is lost to an equal has the higher rank.
    """
    rank = packed.mentee_rank[stored]
    size = len(stored) // SAMPLE if len(stored) > 40 * keep else 0
    in_sample = np.zeros(len(stored), np.bool_)
    if size:
        in_sample[np.argpartition(rank, size)[:size]] = True
    entries, is_short = lanes_once(packed, stored, in_sample, keep, price, bar, begin, is_wide)
    if is_short.any():
        rest = np.full_like(bar, 32767)
        rest[begin : begin + CHUNK] = np.where(is_short, bar[begin : begin + CHUNK], 32767)
        again, _ = lanes_once(packed, stored, in_sample & False, keep, price, rest, begin, is_wide)
        entries[is_short] = again[is_short]
    return entries


def lanes_once(
    packed: Packed,
    stored: I32,
    in_sample: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    keep: int,
    price: I16,
    bar: I64,
    begin: int,
    is_wide: bool,
) -> tuple[I64, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    shift = np.minimum(-bar, 32767).astype(np.int16)
    kept = np.zeros((CHUNK, room_for(keep)), np.int64)
    count = np.zeros(CHUNK, np.int32)
    step = rows_a_task(packed, CHUNK)
    is_cut = np.zeros(CHUNK, np.bool_)
    for group, is_sample in ((stored[in_sample], True), (stored[~in_sample], False)):
        most = keep_of_sample(keep) if is_sample else keep
        for at in range(0, len(group), step):
            part = group[at : at + step]
            tile = tile_of(packed.rows, part)
            keep_mentees(
                is_wide,
                tile,
                views_of(tile),
                marks_of(tile, packed.barred),
                sheet(packed.rules, packed.rows.wanted.shape[1]),
                packed.rows,
                packed.lanes,
                packed.classes,
                packed.tables,
                packed.rules,
                packed.barred,
                begin,
                price[part],
                packed.mentee_rank[part],
                shift,
                most,
                kept,
                count,
            )
        if is_sample:
            is_cut = count >= most
            settle(kept, count, most)
            least = kept[:, :most].min(axis=1)
            passed = 32768 - (least >> 32)
            shift[begin : begin + CHUNK][is_cut] = np.clip(passed[is_cut], -32768, 32767)
    settle(kept, count, keep)
    return in_rank(kept, count, keep), is_cut & (count < keep)


def in_rank(kept: I64, count: I32, keep: int) -> I64:
    """The first `count` of each row, greatest first, 0 after them; `keep` wide."""
    valid = np.arange(keep) < count[:, None]
    ordered: I64 = -np.sort(-np.where(valid, kept[:, :keep], 0), axis=1)
    return ordered


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
        ballot(tile),
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
