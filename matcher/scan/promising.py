"""
Where to look first: whoever finds good pairs early passes over most of the others by their bounds.

Lanes and rows are both sorted by what was answered, so the lanes that suit a tile of rows best stand together, and
few of them tell where.
"""

import numpy as np

from matcher.columns import I32, I64
from matcher.compiling import lean
from matcher.scan.bits import CHUNK
from matcher.scan.classes import working
from matcher.scan.layout import Packed, Rules, Tables
from matcher.scan.seeing import Tile

APART = 64
"""Lanes between two that are looked at."""

WINDOW = 16
"""The best sixteenth of the chunks is where a class of rows begins."""


def best_first(packed: Packed, tile: Tile, first: int, last: int) -> tuple[I64, int]:
    """
    Beginnings of the chunks of the lanes first .. last - 1: the best window of each class of work, then the others.

    And how many of the first these windows are together.
    """
    begins = np.arange(first, last, CHUNK, dtype=np.int64)
    promise = np.zeros((len(tile.works), packed.lanes.codes.shape[1] // CHUNK), np.int64)
    add_points(packed.classes.work[tile.works], packed.lanes.codes, packed.tables, packed.rules, promise)
    width = max(len(begins) // WINDOW, 1)
    sums = np.cumsum(np.pad(promise[:, begins // CHUNK], ((0, 0), (1, 0))), axis=1)
    at = (sums[:, width:] - sums[:, :-width]).argmax(axis=1) if len(begins) else np.zeros(0, np.int64)
    is_best = np.isin(np.arange(len(begins)), at[:, None] + np.arange(width))
    return np.concatenate([begins[is_best], begins[~is_best]]), int(is_best.sum())


def suiting(packed: Packed, tile: Tile) -> I64:
    """int64[chunks]: how well the rows of a tile suit the lanes of each chunk, by points of work."""
    promise = np.zeros((len(tile.works), packed.lanes.codes.shape[1] // CHUNK), np.int64)
    add_points(packed.classes.work[tile.works], packed.lanes.codes, packed.tables, packed.rules, promise)
    people = np.bincount(tile.work, minlength=len(tile.works))
    found: I64 = people @ promise // len(tile.row)
    return found


@lean
def add_points(used: I32, codes: I32, tables: Tables, rules: Rules, promise: I64) -> None:
    """promise int64[k, chunks]: points of work of the classes used int32[k, 3] with some lanes of each chunk."""
    for k in range(len(used)):
        sector, seniority, wish = used[k]
        for lane in range(0, codes.shape[1], APART):
            points, holds = working(sector, seniority, wish, codes, lane, tables, rules)
            promise[k, lane // CHUNK] += points * holds
