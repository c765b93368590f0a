"""What limits leave of a large pool of peers: pairs, and how many others each person has."""

from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, LIMITS, U8
from matcher.compiling import lean
from matcher.limits import Mask
from matcher.results import Waterfall
from matcher.scan.spreading import Pause as Tell
from matcher.scan.spreading import in_order
from matcher.structures.crowds import SHIFT, Scenery
from matcher.structures.facing import POINTS, SPAN, see
from matcher.structures.peering import MUTUAL, both_ways, room_for, see_rows, tiles

EVERY = (1 << len(LIMITS)) - 1
SCORE = 1 << LIMITS.index("score")


class Left(NamedTuple):
    """Pairs after each limit, and how many others each person has."""

    waterfall: Waterfall
    possible: I32
    """int32[n]"""


def count_left(s: Scenery, asked: int, kind: int, threads: int, tell: Tell | None) -> Left:
    """`asked`: the limits that count, as a mask of `LIMITS`."""
    n = len(s.mentees.person)
    possible = np.zeros(n, np.int32)

    def fill(at: slice) -> I64:
        rows, taken = np.arange(at.start, at.stop), np.zeros(len(LIMITS) + 1, np.int64)
        tables, scratch = room_for(s, len(rows))
        count_rows(s, rows, kind, asked, tables, *scratch, taken, possible[at])
        return taken

    taken = sum(
        in_order([partial(fill, at) for at in tiles(n)], threads, tell), np.zeros(len(LIMITS) + 1, np.int64)
    )
    pairs = n * (n - 1) // 2
    return Left(Waterfall(pairs, tuple((pairs - np.cumsum(taken[:-1])).tolist())), possible)


def failed_by(s: Scenery, row: int, asked: int, kind: int) -> Mask:
    """uint16[n]: the limits between her and each of the others."""
    failed = np.zeros(len(s.mentees.person), np.uint16)
    tables, scratch = room_for(s, 1)
    fail_row(s, row, kind, asked, tables, *scratch, failed)
    return failed


@lean
def failed_of(there: int, back: int, kind: int, asked: int) -> int:
    failed = (there | back) >> SHIFT
    if kind == MUTUAL and ((there & POINTS) == 0 or (back & POINTS) == 0):
        failed |= SCORE
    return failed & asked


@lean
def count_rows(
    s: Scenery,
    rows: I64,
    kind: int,
    asked: int,
    seen: I32,
    there: I32,
    back: I32,
    level: U8,
    taken: I64,
    possible: I32,
) -> None:
    """taken int64[limits + 1]: pairs by their first failed limit, each pair once. possible int32[k]."""
    n = len(s.mentees.person)
    see_rows(s, rows, seen)
    for first in range(0, n, SPAN):
        width = min(SPAN, n - first)
        for k in range(len(rows)):
            i = rows[k]
            both_ways(s, i, first, seen[k], there[:width], back[:width], level[:width])
            for j in range(width):
                failed = failed_of(there[j], back[j], kind, asked)
                if first + j != i:
                    possible[k] += failed == 0
                if first + j > i:
                    at = 0
                    while at < len(taken) - 1 and (failed >> at) & 1 == 0:
                        at += 1
                    taken[at] += 1


@lean
def fail_row(
    s: Scenery, i: int, kind: int, asked: int, seen: I32, there: I32, back: I32, level: U8, failed: Mask
) -> None:
    n = len(failed)
    see(s.mentees, i, True, s.mentors, s.tables, s.rules, seen[0, 0])
    see(s.mentors, i, False, s.mentees, s.tables, s.rules, seen[0, 1])
    for first in range(0, n, SPAN):
        width = min(SPAN, n - first)
        both_ways(s, i, first, seen[0], there[:width], back[:width], level[:width])
        for j in range(width):
            failed[first + j] = failed_of(there[j], back[j], kind, asked)
