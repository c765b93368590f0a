"""How many legal pairs score more than both sides ask for, without keeping any."""

from collections.abc import Callable
from functools import partial

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import kernel
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS
from matcher.scan.earning import first_wishes, score_batch
from matcher.scan.engines import has_vectors
from matcher.scan.lanes import lowest_bit
from matcher.scan.layout import Classes, Lanes, Packed, Rows, Rules, Tables
from matcher.scan.seeing import (
    BATCH,
    Marks,
    Sheet,
    Tile,
    Views,
    look,
    marks_of,
    see,
    set_marks,
    sheet,
    tile_of,
    views_of,
)
from matcher.scan.spreading import Pause, in_order

ROWS = 2048
"""Mentees of a task."""

MOST = 32_767
"""A price that no score reaches."""


def count_exceeding(
    packed: Packed,
    mentee_price: I64,
    mentor_price: I64,
    mentor_least: I64,
    *,
    threads: int = 1,
    pause: Pause | None = None,
) -> int:
    """
    Legal pairs with score > mentee_price + mentor_price and score > mentor_least, by rows of the pool.

    Prices above every score, such as `MOST`, leave people out. mentor_price is 0 or more.
    """
    width = packed.lanes.codes.shape[1]
    shift, least = np.zeros(width, np.int16), np.full(width, MOST, np.int16)
    shift[: len(mentor_price)] = -np.clip(mentor_price, 0, MOST - 1)[packed.mentor_at]
    least[: len(mentor_least)] = np.clip(mentor_least, 0, MOST)[packed.mentor_at]
    cut = np.clip(mentee_price, -MOST, MOST)[packed.mentee_at].astype(np.int16)
    rows = np.arange(len(cut), dtype=np.int32)
    tasks: list[Callable[[], int]] = [
        partial(of_tile, packed, rows[at : at + ROWS], cut[at : at + ROWS], shift, least)
        for at in range(0, len(rows), ROWS)
    ]
    return sum(in_order(tasks, threads, pause))


def of_tile(packed: Packed, rows: I32, cut: I16, shift: I16, least: I16) -> int:
    tile = tile_of(packed.rows, rows)
    views, marks = views_of(tile), marks_of(tile, packed.barred)
    page = sheet(packed.rules, packed.rows.wanted.shape[1])
    return int(
        sum(
            count_above(
                has_vectors(), tile, views, marks, page, packed.rows, packed.lanes, packed.classes, packed.tables,
                packed.rules, packed.barred, begin, shift, cut, least,
            )
            for begin in range(0, packed.lanes.codes.shape[1], CHUNK)
        )
    )  # fmt: skip


@kernel
def count_above(
    is_wide: bool, tile: Tile, views: Views, marks: Marks, page: Sheet, rows: Rows, lanes: Lanes, classes: Classes,
    tables: Tables, rules: Rules, barred: Barred, begin: int, shift: I16, cut: I16, least: I16,
) -> int:  # fmt: skip
    """Pairs of the tile and the chunk with score > 0, score + shift > cut (int16[t]) and score > least (int16[lanes])."""
    set_marks(barred, tile, begin, marks)
    look(tile, classes, lanes, tables, rules, begin, views)
    wish = first_wishes(tile, rows, begin)
    found = 0
    for batch in range(0, len(tile.row), BATCH):
        see(batch, tile, views, rows, lanes, rules, barred, begin, begin + CHUNK, marks, page)
        score_batch(is_wide, batch, tile, views, page, rows, lanes, tables, begin, shift, cut, wish)
        for q in range(min(BATCH, len(tile.row) - batch)):
            for w in range(CHUNK_WORDS):
                bits = page.found[q, w]
                while bits != 0:
                    place = 32 * w + lowest_bit(bits)
                    bits &= bits - np.uint32(1)
                    found += 1 if page.scores[q, place] > max(least[begin + place], 0) else 0
    return found
