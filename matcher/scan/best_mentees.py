"""For each mentor of a range of lanes the mentees of greatest score - price."""

from typing import Any

import numpy as np

from matcher.columns import I16, I32, I64, U64
from matcher.compiling import kernel, lean
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK
from matcher.scan.earning import first_wishes
from matcher.scan.keeping import cut_back, entry, scattered, value_of
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import Tile, Views, look
from matcher.scan.sifting import NO_SAMPLE, Sieve, sift
from matcher.scan.summits import Summits, climb


@kernel
def keep_mentees(
    is_wide: bool,
    tile: Tile,
    views: Views,
    summits: Summits,
    sieve: Sieve,
    rows: Rows,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    begin: int,
    price: I16,
    rank: I32,
    hashed: U64,
    hashed_mentor: U64,
    shift: I16,
    shift_most: I16,
    keep: int,
    least: I64,
    kept: I64,
    count: I32,
) -> None:
    """
    kept int64[C, room] and count int32[C] over one chunk of lanes: adds the mentees of the tile, entries
    (score - price, rank). price int16[t] >= 0; rank int32[t]; hashed uint64[t]
    and hashed_mentor uint64[lanes]: keys that decide between equals before rank does, or empty; least int64[C]: what an entry has to beat.

    shift int16[lanes]: a mentee counts for a lane when score + shift > price, so shift is minus the value
    that has to be passed; it falls as a lane's buffer fills. Mentees come in any order, so of those
    equal to the last kept all are looked at, and the rank decides. shift_most int16[lanes / 32]: of each word.
    """
    look(tile, classes, lanes, tables, rules, begin, views)
    climb(views, summits)
    room = kept.shape[1]
    wish = first_wishes(tile, rows, begin)
    at = 0
    while at < len(tile.row):
        at, found = sift(
            is_wide, tile, at, views, summits, rows, lanes, tables, rules, barred, wish,
            begin, begin + CHUNK, shift, shift_most, price, NO_SAMPLE, sieve,
        )  # fmt: skip
        for e in range(found):
            t, lane = sieve.found[e] >> 32, (sieve.found[e] >> 16) & 0xFFFF
            place: Any = np.int64(rank[t])
            if len(hashed) > 0:
                place = scattered(hashed[t], hashed_mentor[begin + lane], place)
            news = entry((sieve.found[e] & 0xFFFF) - price[t], place)
            if news > least[lane]:
                kept[lane, count[lane]] = news
                count[lane] += 1
                if count[lane] == room:
                    least[lane] = cut_back(kept[lane], room, keep)
                    count[lane] = keep
                    # One below, so that equals come through and their rank is looked at.
                    shift[begin + lane] = min(1 - value_of(least[lane]), 32767)
                    lower(shift, begin + lane, shift_most)


@lean
def lower(shift: I16, lane: int, shift_most: I16) -> None:
    """Sets the most of a word anew."""
    word = lane >> 5
    most = shift[32 * word]
    for other in range(32 * word + 1, 32 * word + 32):
        most = max(most, shift[other])
    shift_most[word] = most
