"""What the mentees of a batch earn with the lanes of a chunk: scores, and which of them count."""

import numpy as np

from matcher.columns import I16, I64
from matcher.compiling import kernel
from matcher.scan.bits import Words
from matcher.scan.lanes import PLANES, scores_in_lanes
from matcher.scan.layout import NO_TOPIC, Lanes, Rows, Tables
from matcher.scan.plain import add_plane, scores_in_turn
from matcher.scan.seeing import BATCH, Sheet, Tile, Views


@kernel
def score_batch(
    is_wide: bool,
    batch: int,
    tile: Tile,
    views: Views,
    page: Sheet,
    rows: Rows,
    lanes: Lanes,
    tables: Tables,
    first: int,
    shift: I16,
    cut: I16,
    wish: I64,
) -> None:
    """
    page.scores of the batch; page.found: the legal lanes with score + shift > cut.

    shift int16[lanes]; cut int16[t]; wish int64[t]: each row's first wish in the chunk, moved on to the next.
    """
    word, width = first >> 5, page.legal.shape[1]
    moved = shift[first : first + 32 * width]
    for q in range(min(BATCH, len(tile.row) - batch)):
        t = batch + q
        legal, found, scores = page.legal[q], page.found[q], page.scores[q]
        used = topic_planes(
            rows.wanted[tile.row[t]], lanes.topics, tables.topics, word, page.bits, page.points
        )
        used = planes(page.levels[q], tables.levels, used, page.bits, page.points)
        used = planes(views.circle_held[tile.circle[t], 2:], tables.circle, used, page.bits, page.points)
        page.points[used:] = 0
        sight, base = views.sight_points[tile.sight[t]], views.work_points[tile.work[t]]
        if used > PLANES:
            base = fold(base, page.bits, page.points, used, page.base)
        if is_wide:
            scores_in_lanes(sight, base, moved, page.bits, page.points, cut[t], legal, found, scores)
        else:
            scores_in_turn(sight, base, moved, page.bits, page.points, cut[t], legal, found, scores)
        end = rows.wish_start[tile.row[t] + 1]
        while wish[t] < end and rows.wish_lane[wish[t]] < first + 32 * width:
            lane = rows.wish_lane[wish[t]] - first
            grant(lane, rows.wish_points[wish[t]], moved[lane], cut[t], legal, found, scores)
            wish[t] += 1


@kernel
def topic_planes(wanted: I16, topics: Words, gains: I16, word: int, bits: Words, points: I16) -> int:
    """Copies the bits of the topics that earn something; answers how many."""
    used = 0
    for r in range(len(wanted)):
        if wanted[r] < NO_TOPIC and gains[r] != 0:
            copy(topics[wanted[r], word : word + bits.shape[1]], bits[used])
            points[used] = gains[r]
            used += 1
    return used


@kernel
def planes(found: Words, gains: I16, used: int, bits: Words, points: I16) -> int:
    """The same for levels and organisations: found uint32[k, C / 32], gains int16[k]."""
    for k in range(len(gains)):
        if gains[k] != 0:
            copy(found[k], bits[used])
            points[used] = gains[k]
            used += 1
    return used


@kernel
def copy(words: Words, out: Words) -> None:
    for w in range(len(out)):
        out[w] = words[w]


@kernel
def fold(base: I16, bits: Words, points: I16, used: int, out: I16) -> I16:
    """out int16[C]: the base and what the planes beyond PLANES earn."""
    for lane in range(len(out)):
        out[lane] = base[lane]
    for plane in range(PLANES, used):
        add_plane(out, bits[plane], points[plane])
    return out


@kernel
def grant(lane: int, gain: int, shift: int, cut: int, legal: Words, found: Words, scores: I16) -> None:
    """Adds the points of a mentor whom she named herself, which may make the lane count."""
    scores[lane] += gain
    stands = (legal[lane >> 5] >> (lane & 31)) & 1
    if stands == 1 and scores[lane] + shift > cut:
        found[lane >> 5] |= 1 << (lane & 31)


@kernel
def first_wishes(tile: Tile, rows: Rows, first: int) -> I64:
    """int64[t]: each row's first wish that is not before lane `first`."""
    wish = rows.wish_start[tile.row]
    for t in range(len(tile.row)):
        end = rows.wish_start[tile.row[t] + 1]
        wish[t] += np.searchsorted(rows.wish_lane[wish[t] : end], first)
    return wish
