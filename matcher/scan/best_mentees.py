"""For each mentor of a range of lanes the mentees of greatest score - price."""

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
def keep_mentees(
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
    begin: int,
    price: I16,
    rank: I32,
    shift: I16,
    keep: int,
    kept: I64,
    count: I32,
) -> None:
    """
    kept int64[C, room] and count int32[C] over one chunk of lanes: adds the mentees of the tile, entries
    (score - price, rank). price int16[t] >= 0; rank int32[t].

    shift int16[lanes]: a mentee counts for a lane when score + shift > price, so shift is minus the value
    that has to be passed; it falls as a lane's buffer fills. Mentees come in any order, so of those
    equal to the last kept all are looked at, and the rank decides.
    """
    set_marks(barred, tile, begin, marks)
    look(tile, classes, lanes, tables, rules, begin, views)
    room = kept.shape[1]
    least = np.zeros(CHUNK, np.int64)
    wish = first_wishes(tile, rows, begin)
    for batch in range(0, len(tile.row), BATCH):
        see(batch, tile, views, rows, lanes, rules, barred, begin, begin + CHUNK, marks, page)
        score_batch(is_wide, batch, tile, views, page, rows, lanes, tables, begin, shift, price, wish)
        for t in range(batch, min(batch + BATCH, len(tile.row))):
            for w in range(CHUNK_WORDS):
                word = page.found[t - batch, w]
                while word != 0:
                    lane = 32 * w + lowest_bit(word)
                    word &= word - np.uint32(1)
                    score = np.int64(page.scores[t - batch, lane])
                    news = entry(score - price[t], rank[t])
                    if score > 0 and news > least[lane]:
                        kept[lane, count[lane]] = news
                        count[lane] += 1
                        if count[lane] == room:
                            least[lane] = cut_back(kept[lane], room, keep)
                            count[lane] = keep
                            # one below, so that equals come through and their rank is looked at
                            shift[begin + lane] = min(1 - value_of(least[lane]), 32767)


@kernel
def settle(kept: I64, count: I32, keep: int) -> None:
    """Cuts every buffer back to the best `keep`."""
    for lane in range(len(count)):
        if count[lane] > keep:
            cut_back(kept[lane], count[lane], keep)
            count[lane] = keep
