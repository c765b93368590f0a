"""How many of the other side each person could have: pairs that pass every limit, and nothing about which limits the others fail."""

from matcher.columns import I16, I64
from matcher.compiling import kernel
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.earning import first_wishes, score_batch
from matcher.scan.lanes import bits_in
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import BATCH, Marks, Sheet, Tile, Views, look, see, set_marks
from matcher.scan.tallying import MOST_TALLIED, add_bits, pour


@kernel
def count_open(
    is_wide: bool, by_lane: bool, tile: Tile, views: Views, marks: Marks, page: Sheet, rows: Rows, lanes: Lanes,
    classes: Classes, tables: Tables, rules: Rules, barred: Barred, begin: int, nothing: I16, tally: Words,
    of_rows: I64, of_lanes: I64,
) -> None:  # fmt: skip
    """
    Adds the legal pairs of the tile and the chunk at `begin` to of_rows int64[t], or to of_lanes int64[1, lanes].

    nothing int16[max(t, lanes)]: zeros. tally uint32[1, DEPTH, C / 32]: zeros, and zeros again afterwards.
    """
    set_marks(barred, tile, begin, marks)
    look(tile, classes, lanes, tables, rules, begin, views)
    wish = first_wishes(tile, rows, begin)
    tallied = 0
    for batch in range(0, len(tile.row), BATCH):
        see(batch, tile, views, rows, lanes, rules, barred, begin, begin + CHUNK, marks, page)
        score_batch(is_wide, batch, tile, views, page, rows, lanes, tables, begin, nothing, nothing, wish)
        for q in range(min(BATCH, len(tile.row) - batch)):
            if not by_lane:
                for w in range(CHUNK_WORDS):
                    of_rows[batch + q] += bits_in(page.found[q, w])
                continue
            add_bits(page.found[q : q + 1], tally)
            tallied += 1
            if tallied == MOST_TALLIED:
                pour(tally, begin, of_lanes)
                tallied = 0
    if by_lane:
        pour(tally, begin, of_lanes)
