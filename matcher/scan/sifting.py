"""Which lanes of a chunk count for which rows of a tile: bounds first, then 32 lanes at a time."""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I16, I64
from matcher.compiling import inlined, lean
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, Words
from matcher.scan.lanes import lowest_bit
from matcher.scan.layout import Lanes, Rows, Rules, Tables
from matcher.scan.seeing import Tile, Views
from matcher.scan.summits import GROUPS, Summits
from matcher.scan.wishing import grant_wishes, wished_words
from matcher.scan.worth import bounded, common_levels, earned, gains_of, most_of

ROOM = 8 * CHUNK
"""Finds that are handed over at a time."""

FEW_BARRED = 4
"""So many are looked through one by one."""

NO_SAMPLE, SAMPLE_WORDS = 0xFFFFFFFF, 0x00010000
"""Of 32 words all are looked at, or one."""


class Sieve(NamedTuple):
    found: I64
    """int64[ROOM]: row of the tile << 32 | lane of the chunk << 16 | score."""
    scores: I16
    """int16[32]: of one word."""
    base: I16
    """int16[1, 32]: points of work and of topics beyond the fifth."""
    met: Words
    """uint32[minimum + 1]: lanes that offer so many of her topics."""


def sieve_of(rules: Rules) -> Sieve:
    return Sieve(
        np.empty(ROOM, np.int64),
        np.empty(32, np.int16),
        np.empty((1, 32), np.int16),
        np.empty(rules.topics + 1, np.uint32),
    )


@inlined
def offering(wanted: I16, row: int, topics: Words, word: int, met: Words) -> Any:
    """Lanes that offer at least len(met) - 1 of her topics (bit-sliced count)."""
    met[:] = 0
    met[0] = np.uint32(0xFFFFFFFF)
    for r in range(wanted.shape[1]):
        for q in range(len(met) - 1, 0, -1):
            met[q] |= met[q - 1] & topics[wanted[row, r], word]
    return met[len(met) - 1]


@lean
def is_barred(barred: Barred, row: int, lane: int) -> bool:
    """Whether one of the row's lists holds the lane."""
    for column in range(barred.lists.shape[1]):
        number = barred.lists[row, column]
        low, end = barred.start[number], barred.start[number + 1]
        if end - low <= FEW_BARRED:
            for at in range(low, end):
                if barred.lane[at] == lane:
                    return True
            continue
        high = end
        while low < high:
            middle = (low + high) >> 1
            if barred.lane[middle] < lane:
                low = middle + 1
            else:
                high = middle
        if low < end and barred.lane[low] == lane:
            return True
    return False


@inlined
def hopeful(
    is_wide: bool, tile: Tile, t: int, g: int, group: int, summits: Summits, rows: Rows, lanes: Lanes, tables: Tables, rules: Rules,
    shift_most: I16, cut: I16, looked_at: int, wished: int, most: tuple[int, ...], sieve: Sieve,
) -> Any:  # fmt: skip
    """Which of 32 words may hold a lane that counts for row t: group `group` of all, g of the chunk."""
    a, b, c = tile.sight[t], tile.work[t], tile.circle[t]
    some = np.uint32(looked_at) & lanes.some_open[group] & summits.sight_any[a, g]
    some &= summits.work_any[b, g] & summits.circle_any[c, 0, g]
    if some == 0:
        return np.uint32(0)
    levels = common_levels(rows.tongues, tile.row[t], lanes.some_levels, group)
    if rules.languages > 0:
        some &= levels[rules.languages - 1]
    above = bounded(
        is_wide, tile, t, g, group, levels, summits, rows, lanes, tables, shift_most, cut[t], most, sieve.base,
        sieve.scores, 0,
    )  # fmt: skip
    return some & (above | np.uint32(wished))


@inlined
def counting(
    is_wide: bool, tile: Tile, t: int, local: int, word: int, views: Views, rows: Rows, lanes: Lanes, tables: Tables, rules: Rules,
    shift: I16, cut: I16, gains: tuple[int, ...], sieve: Sieve,
) -> tuple[Any, Any]:  # fmt: skip
    """Legal lanes of word `word` of all, `local` of the chunk, for row t, and those with score + shift > cut; sieve.scores."""
    row, a, b, c = tile.row[t], tile.sight[t], tile.work[t], tile.circle[t]
    legal = lanes.open[word] & views.sight_held[a, 0, local] & views.sight_held[a, 1, local]
    legal &= views.work_held[b, 0, local] & views.circle_held[c, 0, local] & views.circle_held[c, 1, local]
    levels = common_levels(rows.tongues, row, lanes.levels, word)
    if rules.languages > 0:
        legal &= levels[rules.languages - 1]
    if rules.topics > 0:
        legal &= offering(rows.wanted, row, lanes.topics, word, sieve.met)
    above = earned(
        is_wide, tile, t, local, word, levels, views, rows, lanes.topics, tables, shift, cut[t], gains, sieve.base, sieve.scores,
    )  # fmt: skip
    return legal, above


@lean
def sift(
    is_wide: bool,
    tile: Tile,
    t: int,
    views: Views,
    summits: Summits,
    rows: Rows,
    lanes: Lanes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    wish: I64,
    begin: int,
    last: int,
    shift: I16,
    shift_most: I16,
    cut: I16,
    looked_at: int,
    sieve: Sieve,
) -> tuple[int, int]:
    """
    sieve.found: the legal lanes of the chunk with score >= rules.least and score + shift > cut, for the rows from t on.

    Answers the row to go on with and how many were found. shift int16[lanes], shift_most int16[lanes / 32] the most
    of each word; cut int16[t]; wish int64[t]: each row's next wish, moved on; `looked_at`: which words of 32.
    """
    count = 0
    gains, most = gains_of(tables), most_of(tables)
    while t < len(tile.row) and count + CHUNK <= len(sieve.found):
        row, end = tile.row[t], rows.wish_start[tile.row[t] + 1]
        for g in range(GROUPS):
            group = (begin >> 10) + g
            wished: Any = 0
            if wish[t] < end and rows.wish_lane[wish[t]] < 1024 * (group + 1):
                wished = wished_words(rows, wish, t, end, 1024 * group)
            words = hopeful(
                is_wide, tile, t, g, group, summits, rows, lanes, tables, rules, shift_most, cut, looked_at, wished, most, sieve,
            )  # fmt: skip
            while words != 0:
                local = 32 * g + lowest_bit(words)
                words &= words - np.uint32(1)
                word = (begin >> 5) + local
                legal, above = counting(
                    is_wide, tile, t, local, word, views, rows, lanes, tables, rules, shift, cut, gains, sieve,
                )  # fmt: skip
                if 32 * word + 32 > last:
                    legal = legal & np.uint32((1 << max(last - 32 * word, 0)) - 1)
                hits: Any = np.uint32(legal & above)
                if wished != 0:
                    hits |= np.uint32(
                        grant_wishes(rows, wish, t, end, 32 * word, legal, shift, cut[t], sieve.scores)
                    )
                while hits != 0:
                    bit = lowest_bit(hits)
                    hits &= hits - np.uint32(1)
                    score = np.int64(sieve.scores[bit])
                    if score >= rules.least and not is_barred(barred, row, 32 * word + bit):
                        sieve.found[count] = (t << 32) | ((32 * local + bit) << 16) | score
                        count += 1
        t += 1
    return t, count
