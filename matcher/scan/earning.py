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
    for q in range(min(BATCH, len(tile.row) - batch)):
        t = batch + q
        used = topic_planes(
            rows.wanted, tile.row[t], lanes.topics, tables.topics, word, page.bits, page.points
        )
        used = planes(page.levels, q, 0, tables.levels, used, page.bits, page.points)
        used = planes(views.circle_held, tile.circle[t], 2, tables.circle, used, page.bits, page.points)
        for k in range(used, PLANES):
            page.points[k] = 0
        base, row = views.work_points, tile.work[t]
        if used > PLANES:
            base, row = fold(base, row, page.bits, page.points, used, page.base), 0
        if is_wide:
            scores_in_lanes(
                views.sight_points, tile.sight[t], base, row, shift, first, page.bits, page.points, cut[t],
                page.legal, page.found, page.scores, q,
            )  # fmt: skip
        else:
            scores_in_turn(
                views.sight_points, tile.sight[t], base, row, shift, first, page.bits, page.points, cut[t],
                page.legal, page.found, page.scores, q,
            )  # fmt: skip
        end = rows.wish_start[tile.row[t] + 1]
        while wish[t] < end and rows.wish_lane[wish[t]] < first + 32 * width:
            lane = rows.wish_lane[wish[t]] - first
            gain = rows.wish_points[wish[t]]
            grant(lane, gain, shift[first + lane], cut[t], page.legal[q], page.found[q], page.scores[q])
            wish[t] += 1


@kernel
def topic_planes(
    wanted: I16, row: int, topics: Words, gains: I16, word: int, bits: Words, points: I16
) -> int:
    """Copies the bits of the topics of one row that earn something; answers how many."""
    used = 0
    for r in range(wanted.shape[1]):
        topic = wanted[row, r]
        if topic < NO_TOPIC and gains[r] != 0:
            for w in range(bits.shape[1]):
                bits[used, w] = topics[topic, word + w]
            points[used] = gains[r]
            used += 1
    return used


@kernel
def planes(found: Words, row: int, first: int, gains: I16, used: int, bits: Words, points: I16) -> int:
    """The same for levels and organisations: found uint32[.., k, C / 32] from `first`, gains int16[..]."""
    for k in range(len(gains)):
        if gains[k] != 0:
            for w in range(bits.shape[1]):
                bits[used, w] = found[row, first + k, w]
            points[used] = gains[k]
            used += 1
    return used


@kernel
def fold(base: I16, row: int, bits: Words, points: I16, used: int, out: I16) -> I16:
    """out int16[1, C]: the base and what the planes beyond PLANES earn."""
    for lane in range(out.shape[1]):
        out[0, lane] = base[row, lane]
    for plane in range(PLANES, used):
        add_plane(out[0], bits[plane], points[plane])
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
