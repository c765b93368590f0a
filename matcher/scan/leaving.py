"""The waterfall of limits over all pairs: tasks over `remaining`."""

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, LIMITS
from matcher.scan.alike import by_limits
from matcher.scan.bits import CHUNK
from matcher.scan.layout import Packed
from matcher.scan.remaining import count_remaining, ladder
from matcher.scan.seeing import marks_of, sheet, views_of
from matcher.scan.shortness import short_of
from matcher.scan.spreading import Pause, in_order
from matcher.scan.standing import lobby_of
from matcher.scan.waiting import steps_of, tiles_of


class Remaining(NamedTuple):
    total: I64
    """int64[13]: pairs left after each limit of `LIMITS`."""
    possible: I32
    """int32[n]: of each mentee those left at last, by storage row."""


def remaining_of(packed: Packed, *, threads: int = 1, pause: Pause | None = None) -> Remaining:
    """A task for each chunk of lanes, through all mentees; what they find is added up as they end."""
    everybody = np.arange(len(packed.row_of), dtype=np.int32)
    order, is_new = by_limits(packed, everybody)
    tiles = tiles_of(packed, everybody[order], is_new)
    found = Remaining(np.zeros(len(LIMITS), np.int64), np.zeros(len(order), np.int32))
    steps, lock = steps_of(packed.rules), Lock()

    def of_chunk(begin: int) -> None:
        for tile, is_first in tiles:
            views, possible = views_of(tile), np.zeros(len(tile.row), np.int32)
            total = np.zeros(len(LIMITS), np.int64)
            count_remaining(
                tile, is_first, views, short_of(tile, packed.rules, 0), marks_of(tile, packed.barred),
                sheet(packed.rules, packed.rows.wanted.shape[1]), packed.rows, packed.lanes, packed.classes,
                packed.tables, packed.rules, packed.barred, begin,
                lobby_of(steps, packed.lanes, packed.criteria.language_points), ladder(), total, possible,
            )  # fmt: skip
            with lock:
                found.total[:] += total
                found.possible[tile.row] += possible

    begins = range(0, packed.lanes.codes.shape[1], CHUNK)
    tasks: list[Callable[[], None]] = [partial(of_chunk, begin) for begin in begins]
    in_order(tasks, threads, pause)
    return found
