"""For each mentee of a tile the mentors of greatest score - price."""

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import kernel
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS
from matcher.scan.earning import first_wishes, score_batch
from matcher.scan.keeping import cut_back, entry, value_of
from matcher.scan.lanes import lowest_bit
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import BATCH, Marks, Sheet, Tile, Views, look, see, set_marks


@kernel
def keep_mentors(
    is_wide: bool,
    tile: Tile,
    views: Views,
    marks: Marks,
    page: Sheet,
    rows: Rows,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    first: int,
    last: int,
    minus_price: I16,
    cut: I16,
    keep: int,
    sampled: int,
    keep_sampled: int,
    kept: I64,
    count: I32,
) -> None:
    """
    kept int64[t, room] and count int32[t]: for each row the best `keep` entries (score - price, lane) with a
    value above cut int16[t], over the lanes first .. last - 1. `first` begins a chunk; minus_price int16[lanes] <= 0.

    The first `sampled` lanes, a fair sample, tell where the threshold will stand about: from then on only what
    beats the sample's entry number `keep_sampled` counts. A row that ends with fewer than `keep` may have lost
    some by that, and has to be done again with sampled = 0.
    """
    set_marks(barred, tile, first, marks)
    wish = first_wishes(tile, rows, first)
    room = kept.shape[1]
    is_sampling = np.full(len(tile.row), sampled > 0)
    for begin in range(first, last, CHUNK):
        look(tile, classes, lanes, tables, rules, begin, views)
        for batch in range(0, len(tile.row), BATCH):
            see(batch, tile, views, rows, lanes, rules, barred, begin, last, marks, page)
            score_batch(is_wide, batch, tile, views, page, rows, lanes, tables, begin, minus_price, cut, wish)
            for t in range(batch, min(batch + BATCH, len(tile.row))):
                for w in range(CHUNK_WORDS):
                    word = page.found[t - batch, w]
                    if word != 0 and is_sampling[t] and begin + 32 * w >= first + sampled:
                        is_sampling[t] = False
                        if count[t] >= keep_sampled:
                            cut[t] = value_of(cut_back(kept[t], count[t], keep_sampled))
                            count[t] = keep_sampled
                    most = keep_sampled if is_sampling[t] else keep
                    while word != 0:
                        lane = 32 * w + lowest_bit(word)
                        word &= word - np.uint32(1)
                        score = np.int64(page.scores[t - batch, lane])
                        value = score + minus_price[begin + lane]
                        if score > 0 and value > cut[t]:
                            kept[t, count[t]] = entry(value, begin + lane)
                            count[t] += 1
                            if count[t] == room:
                                cut[t] = value_of(cut_back(kept[t], room, most))
                                count[t] = most
    for t in range(len(tile.row)):
        if count[t] > keep:
            cut_back(kept[t], count[t], keep)
            count[t] = keep
