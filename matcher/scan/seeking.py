"""Who of 32 neighbours is better than who was found: bounds for all of them first, then scores where there is hope."""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import inlined
from matcher.scan.behind import Behind, Tally, best_of_lanes, best_of_row, nearest
from matcher.scan.bits import CHUNK, CHUNK_WORDS
from matcher.scan.lanes import lowest_bit, points_in_lanes
from matcher.scan.layout import TOPICS_A_STEP, Lanes, Rows, Tables
from matcher.scan.seeing import Tile, Views
from matcher.scan.standing import Lobby
from matcher.scan.summits import Summits
from matcher.scan.vying import better, hopeful
from matcher.scan.wishing import grant_wishes, wished_words
from matcher.scan.worth import bounded, common_levels, most_of, with_more_topics

PRICE, PLACE = 0, 1


class Asking(NamedTuple):
    """What the others, who are rows or lanes of the task, would have to be given."""

    price: I32
    """int32[2, others]: for a pair that a softer limit, or more points, would open; and for one more place."""
    rank: I32
    """int32[1, others]: the lower wins a tie."""
    nearest: I16
    """int16[2, others]: `price`, or the nearest that fits."""
    lowest: I16
    """int16[2, lanes / 32]: the lowest of each word; not used where the others are rows."""


class Bench(NamedTuple):
    """Scratch of one row and one chunk."""

    most: I16
    """int16[C / 32]: what the row could earn at most with any lane of a word."""
    scores: I16
    """int16[32]"""
    base: I16
    """int16[1, 32]"""
    nothing: I16
    """int16[lanes]: zeros"""
    gains: I16
    """int16[GAINS, 32]: what each plane of `Lobby.earns` earns, once for every lane of a word."""
    which: I64
    """int64[k]: of each mask PRICE or PLACE."""
    asked: I16
    """int16[k]: what is taken off points before they are compared: the row's asking, or her bar."""
    place: I64
    """int64[k]: where what they are compared with begins, in `Tally.bars` or `Asking.nearest`."""
    word: I64
    """int64[k]: the same in `Tally.least` or `Asking.lowest`."""


@inlined
def prepare(
    by_lane: bool, t: int, count: int, asking: Asking, lobby: Lobby, bench: Bench, behind: Behind
) -> None:
    """What the masks of row t are compared with."""
    for k in range(count):
        slot, which = lobby.slot[k], bench.which[k]
        if by_lane:
            bench.asked[k], bench.place[k], bench.word[k] = (
                asking.nearest[which, t],
                slot * CHUNK,
                slot * CHUNK_WORDS,
            )
        else:
            bench.asked[k] = nearest(behind.surplus[slot, t])
            bench.place[k], bench.word[k] = which * asking.nearest.shape[1], which * asking.lowest.shape[1]


@inlined
def bound_words(
    is_wide: bool, tile: Tile, t: int, g: int, summits: Summits, rows: Rows, lanes: Lanes, tables: Tables, begin: int,
    wish: I64, bench: Bench,
) -> None:  # fmt: skip
    """bench.most: the most that row t could earn with any lane of each word of group g."""
    group, end = (begin >> 10) + g, rows.wish_start[tile.row[t] + 1]
    levels = common_levels(rows.tongues, tile.row[t], lanes.some_levels, group)
    bounded(
        is_wide, tile, t, g, group, levels, summits, rows, lanes, tables, bench.nothing, np.int16(0), most_of(tables),
        bench.base, bench.most, 32 * g,
    )  # fmt: skip
    if wish[t] < end and rows.wish_lane[wish[t]] < 1024 * (group + 1):
        wished: Any = np.uint32(wished_words(rows, wish, t, end, 1024 * group))
        while wished != 0:
            bench.most[32 * g + lowest_bit(wished)] = 32767
            wished &= wished - np.uint32(1)


@inlined
def score_word(
    is_wide: bool,
    tile: Tile,
    t: int,
    w: int,
    views: Views,
    rows: Rows,
    tables: Tables,
    lobby: Lobby,
    bench: Bench,
) -> None:
    """bench.scores: points of row t with the lanes of word w of the chunk, but for wishes."""
    points, at = views.work_points, np.int64(tile.work[t]) * CHUNK + 32 * w
    if rows.wanted.shape[1] > TOPICS_A_STEP:
        with_more_topics(
            bench.base, points, at, rows.wanted, tile.row[t], lobby.planes.topics, w, tables.topics
        )
        points, at = bench.base, np.int64(0)
    at_sight = np.int64(tile.sight[t]) * CHUNK + 32 * w
    if is_wide:
        points_in_lanes(
            views.sight_points, at_sight, points, at, lobby.earns, CHUNK_WORDS, w, bench.gains, bench.scores
        )
        return
    sight = views.sight_points
    for lane in range(32):
        total = (
            sight[tile.sight[t], 32 * w + lane] + points[at // points.shape[1], at % points.shape[1] + lane]
        )
        for k in range(len(bench.gains)):
            total += bench.gains[k, 0] * ((lobby.earns[k, w] >> np.uint32(lane)) & 1)
        bench.scores[lane] = total


@inlined
def find_best(
    is_wide: bool, by_lane: bool, tile: Tile, t: int, g: int, count: int, views: Views, rows: Rows, tables: Tables, begin: int,
    asking: Asking, wish: I64, lobby: Lobby, bench: Bench, tally: Tally, behind: Behind,
) -> None:  # fmt: skip
    """Scores row t with the words of group g that may hold somebody better, and keeps whoever is."""
    end = rows.wish_start[tile.row[t] + 1]
    table, least = (tally.bars, tally.least) if by_lane else (asking.nearest, asking.lowest)
    at = 0 if by_lane else begin
    words: Any = hopeful(
        is_wide,
        lobby.mask,
        32 * g,
        count,
        tally.empty,
        lobby.slot,
        bench.most,
        bench.asked,
        bench.word,
        least,
        at >> 5,
    )
    while words != 0:
        w = 32 * g + lowest_bit(words)
        words &= words - np.uint32(1)
        lane = begin + 32 * w
        score_word(is_wide, tile, t, w, views, rows, tables, lobby, bench)
        if wish[t] < end and rows.wish_lane[wish[t]] < lane + 32:
            grant_wishes(rows, wish, t, end, lane, 0, bench.nothing, 0, bench.scores)
        these: Any = better(
            is_wide, lobby.mask, w, count, bench.scores, bench.asked, bench.place, table, at + 32 * w
        )
        if these == 0:
            continue
        for k in range(count):
            mine = these & lobby.mask[k, w]
            if mine == 0:
                continue
            slot, which = lobby.slot[k], bench.which[k]
            if by_lane:
                asked = int(asking.price[which, t])
                best_of_lanes(mine, w, slot, bench.scores, asked, asking.rank[0, t], tally, behind)
            else:
                best_of_row(mine, t, slot, bench.scores, asking.price, which, asking.rank, lane, behind)
                bench.asked[k] = nearest(behind.surplus[slot, t])
