"""Who of 32 neighbours is better than who was found: bounds for all of them first, then scores where there is hope."""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import inlined
from matcher.scan.behind import Behind, Tally, best_of_lanes, best_of_row, spread, surplus_of
from matcher.scan.bits import Words
from matcher.scan.lanes import lowest_bit
from matcher.scan.layout import Lanes, Rows, Tables
from matcher.scan.seeing import Sheet, Tile, Views
from matcher.scan.standing import FAR, Lobby
from matcher.scan.summits import Summits
from matcher.scan.vying import at_least, hopeful_words
from matcher.scan.wishing import grant_wishes, wished_words
from matcher.scan.worth import bounded, common_levels, earned, gains_of, most_of

PRICE, PLACE = 0, 1


class Asking(NamedTuple):
    """What the others, who are rows or lanes of the task, would have to be given."""

    price: I32
    """int32[2, others]: for a pair that a softer limit, or more points, would open; and for one more place."""
    lowest: I32
    """int32[2, lanes / 32]: the lowest of each word; not used where the others are rows."""
    rank: I32
    """int32[1, others]: the lower wins a tie."""


class Bench(NamedTuple):
    """Scratch of one row and one chunk."""

    most: I16
    """int16[C / 32]: what the row could earn at most with any lane of a word."""
    value: I32
    """int32[2, C / 32]: that less the lowest asking."""
    bar: I32
    """int32[1, C / 32]: what a row has already."""
    scores: I16
    """int16[32]"""
    surplus: I32
    """int32[2, 1024]: score - asking, of a group of words."""
    base: I16
    """int16[1, 32]"""
    nothing: I16
    """int16[lanes]: zeros"""
    hopes: Words
    """uint32[k]: words of each mask and of a group that may hold somebody better."""
    which: I64
    """int64[k]: PRICE or PLACE"""


@inlined
def bound_words(
    is_wide: bool, by_lane: bool, tile: Tile, t: int, g: int, summits: Summits, rows: Rows, lanes: Lanes, tables: Tables,
    begin: int, asking: Asking, wish: I64, bench: Bench,
) -> None:  # fmt: skip
    """bench.value: the most that row t could be worth beside any lane of each word of group g, above what is asked."""
    group, end = (begin >> 10) + g, rows.wish_start[tile.row[t] + 1]
    levels = common_levels(rows.tongues, tile.row[t], lanes.some_levels, group)
    bounded(
        is_wide, tile, t, g, group, levels, summits, rows, lanes, tables, bench.nothing, np.int16(0), most_of(tables),
        bench.base, bench.most, 32 * g,
    )  # fmt: skip
    for kind in range(2):
        for w in range(32 * g, 32 * g + 32):
            asked = asking.price[kind, t] if by_lane else asking.lowest[kind, (begin >> 5) + w]
            bench.value[kind, w] = np.int32(bench.most[w]) - asked
    if wish[t] < end and rows.wish_lane[wish[t]] < 1024 * (group + 1):
        wished: Any = np.uint32(wished_words(rows, wish, t, end, 1024 * group))
        while wished != 0:
            w = 32 * g + lowest_bit(wished)
            wished &= wished - np.uint32(1)
            bench.value[PRICE, w], bench.value[PLACE, w] = FAR, FAR


@inlined
def find_best(
    is_wide: bool, by_lane: bool, tile: Tile, t: int, g: int, count: int, views: Views, page: Sheet, rows: Rows,
    tables: Tables, begin: int, asking: Asking, wish: I64, lobby: Lobby, bench: Bench, tally: Tally, behind: Behind,
) -> None:  # fmt: skip
    """Scores row t with the words of group g that may hold somebody better, and keeps whoever is."""
    gains, end = gains_of(tables), rows.wish_start[tile.row[t] + 1]
    words = hopeful_of_masks(is_wide, by_lane, t, g, count, lobby, bench, tally, behind)
    kinds = 1
    for k in range(count):
        kinds = max(kinds, bench.which[k] + 1)
    while words != 0:
        bit = lowest_bit(words)
        words &= words - np.uint32(1)
        word = (begin >> 5) + 32 * g + bit
        w = 32 * g + bit
        levels = (page.levels[0, 0, w], page.levels[0, 1, w], page.levels[0, 2, w], page.levels[0, 3, w])
        earned(
            is_wide, tile, t, w, w, levels, views, rows, lobby.planes.topics, tables, bench.nothing, np.int16(0), gains, bench.base,
            bench.scores,
        )  # fmt: skip
        if wish[t] < end and rows.wish_lane[wish[t]] < 32 * word + 32:
            grant_wishes(rows, wish, t, end, 32 * word, 0, bench.nothing, 0, bench.scores)
        lane, step = (t, 0) if by_lane else (32 * word, 1)
        for kind in range(kinds):
            surplus_of(bench.scores, asking.price, kind, lane, step, 32 * bit, bench.surplus)
    for k in range(count):
        slot, which, hopes = lobby.slot[k], bench.which[k], bench.hopes[k]
        while hopes != 0:
            bit = lowest_bit(hopes)
            hopes &= hopes - np.uint32(1)
            w = 32 * g + bit
            if by_lane:
                these = at_least(is_wide, bench.surplus, which, 32 * bit, behind.surplus, slot, 32 * w)
                these &= lobby.mask[k, w]
                if these != 0:
                    best_of_lanes(
                        these, w, slot, bench.surplus, which, 32 * bit, asking.rank[0, t], tally, behind
                    )
            else:
                spread(behind.surplus[slot, t], bench.bar)
                these = at_least(is_wide, bench.surplus, which, 32 * bit, bench.bar, 0, 0)
                these &= lobby.mask[k, w]
                if these != 0:
                    best_of_row(
                        these, t, slot, bench.surplus, which, 32 * bit, asking.rank, begin + 32 * w, behind
                    )


@inlined
def hopeful_of_masks(
    is_wide: bool, by_lane: bool, t: int, g: int, count: int, lobby: Lobby, bench: Bench, tally: Tally, behind: Behind
) -> Any:  # fmt: skip
    """bench.hopes: words of each mask that may hold somebody better; answers all of them together."""
    words = np.uint32(0)
    for k in range(count):
        slot = lobby.slot[k]
        if by_lane:
            hopes = hopeful_words(
                is_wide,
                lobby.mask,
                k,
                tally.empty,
                slot,
                bench.value,
                bench.which[k],
                tally.least,
                slot,
                32 * g,
            )
        else:
            spread(behind.surplus[slot, t], bench.bar)
            hopes = hopeful_words(
                is_wide, lobby.mask, k, tally.empty, slot, bench.value, bench.which[k], bench.bar, 0, 32 * g
            )
        bench.hopes[k] = hopes
        words |= hopes
    return words
