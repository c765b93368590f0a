"""For each mentee of a tile the mentors of greatest score - price."""

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
from matcher.scan.sifting import Sieve, sift
from matcher.scan.summits import Summits, climb


@kernel
def keep_mentors(
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
    rank: I32,
    hashed: U64,
    hashed_mentor: U64,
    begins: I64,
    window: int,
    last: int,
    minus_price: I16,
    price_most: I16,
    cut: I16,
    keep: int,
    looked_at: int,
    kept: I64,
    count: I32,
) -> None:
    """
    kept int64[t, room] and count int32[t]: for each row the best `keep` entries (score - price, rank) with a
    value above cut int16[t], over the chunks of lanes that begin at `begins`, in this order, up to lane last - 1; minus_price int16[lanes] <= 0;
    hashed uint64[t] and hashed_mentor uint64[lanes]: keys that decide between equals before rank does, or empty;
    price_most int16[lanes / 32]: the most of each word; `looked_at`: see `sifting`. cut rises as buffers fill.
    """
    wish = first_wishes(tile, rows, 0)
    least = np.zeros(len(tile.row), np.int64)
    room = kept.shape[1]
    before = np.int64(-CHUNK)
    for begin in begins:
        if begin != before + CHUNK:
            wish = first_wishes(tile, rows, begin)
        before = begin
        look(tile, classes, lanes, tables, rules, begin, views)
        climb(views, summits)
        at = 0
        while at < len(tile.row):
            at, found = sift(
                is_wide, tile, at, views, summits, rows, lanes, tables, rules, barred, wish,
                begin, last, minus_price, price_most, cut, looked_at, sieve,
            )  # fmt: skip
            for e in range(found):
                t, lane = sieve.found[e] >> 32, begin + ((sieve.found[e] >> 16) & 0xFFFF)
                place: Any = np.int64(rank[lane])
                if len(hashed) > 0:
                    place = scattered(hashed[t], hashed_mentor[lane], place)
                news = entry((sieve.found[e] & 0xFFFF) + minus_price[lane], place)
                if news > least[t]:
                    kept[t, count[t]] = news
                    count[t] += 1
                    if count[t] == room:
                        least[t] = cut_back(kept[t], room, keep)
                        count[t] = keep
                        # One below, so that equals come through and their rank is looked at.
                        cut[t] = value_of(least[t]) - 1
        if begin == begins[min(window, len(begins)) - 1]:
            for t in range(len(count)):
                if count[t] > keep:
                    least[t] = cut_back(kept[t], count[t], keep)
                    count[t] = keep
                    cut[t] = value_of(least[t]) - 1
    settle(kept, count, keep)


@lean
def settle(kept: I64, count: I32, keep: int) -> None:
    """Cuts every buffer back to the best `keep`."""
    for t in range(len(count)):
        if count[t] > keep:
            cut_back(kept[t], count[t], keep)
            count[t] = keep
