"""What limits leave of a large pool of peers: pairs, and how many others each person has."""

from functools import partial
from typing import Any, NamedTuple

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
    """int32[n], or int32[0] where it was not asked: then each pair is looked at once instead of twice."""


def count_left(
    s: Scenery, asked: int, kind: int, threads: int, tell: Tell | None, *, of_each: bool = False
) -> Left:
    """`asked`: the limits that count, as a mask of `LIMITS`."""
    n = len(s.mentees.person)
    possible = np.zeros(n if of_each else 0, np.int32)

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
def fail(there: I32, back: I32, kind: int, asked: int) -> None:
    """there[j]: the limits, of those asked, that the two fail."""
    for j in range(len(there)):
        failed = (there[j] | back[j]) >> SHIFT
        is_nothing = kind == MUTUAL and ((there[j] & POINTS) == 0 or (back[j] & POINTS) == 0)
        there[j] = (failed | (SCORE if is_nothing else 0)) & asked


@lean
def count_first(failed: I32, taken: I64) -> None:
    """taken int64[limits + 1]: how many fail each limit first, and none."""
    left: Any = len(failed)
    for at in range(len(taken) - 1):
        bit, upto, count = np.int32(1 << at), np.int32((2 << at) - 1), np.int32(0)
        for j in range(len(failed)):
            count += np.int32(1) if failed[j] & upto == bit else np.int32(0)
        taken[at] += count
        left = left - count
    taken[len(taken) - 1] += left


@lean
def count_none(failed: I32) -> Any:
    count = np.int32(0)
    for j in range(len(failed)):
        count += np.int32(1) if failed[j] == 0 else np.int32(0)
    return count


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
    """taken int64[limits + 1]: pairs by their first failed limit, each pair once. possible int32[k], none where not asked."""
    n = len(s.mentees.person)
    see_rows(s, rows, seen)
    for first in range(0, n, SPAN):
        width = min(SPAN, n - first)
        for k in range(len(rows)):
            i = rows[k]
            after = min(max(i + 1 - first, 0), width)
            if after == width and len(possible) == 0:
                continue
            both_ways(s, i, first, seen[k], there[:width], back[:width], level[:width])
            fail(there[:width], back[:width], kind, asked)
            count_first(there[after:width], taken)
            if len(possible) > 0:
                own = 1 if 0 <= i - first < width and there[i - first] == 0 else 0
                possible[k] += count_none(there[:width]) - own


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
        fail(there[:width], back[:width], kind, asked)
        here = failed[first : first + width]
        for j in range(width):
            here[j] = there[j]
