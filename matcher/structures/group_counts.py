"""What limits leave of a large pool in which groups are made, counted mentee by mentee."""

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
from matcher.structures.facing import POINTS, SPAN, face, see
from matcher.structures.peer_counts import SCORE, count_first, count_none
from matcher.structures.peering import tiles


class Left(NamedTuple):
    waterfall: Waterfall
    mentees: I64
    """int64[n]: with how many mentors each could be."""
    mentors: I64


def count_left(s: Scenery, threads: int, tell: Tell) -> Left:
    n, m = len(s.mentees.person), len(s.mentors.person)
    possible = np.zeros(n, np.int64)
    # One count of all mentors for each thread, whichever it is: one for each task would take gigabytes.
    counts = [np.zeros(m, np.int64) for _ in range(max(threads, 1))]

    def fill(at: slice) -> I64:
        taken = np.zeros(len(LIMITS) + 1, np.int64)
        there = counts.pop()
        count_rows(s, np.arange(at.start, at.stop), *room_for(s), taken, possible[at], there)
        counts.append(there)
        return taken

    found = in_order([partial(fill, at) for at in tiles(n)], threads, tell)
    taken = sum(found, np.zeros(len(LIMITS) + 1, np.int64))
    there = sum(counts, np.zeros(m, np.int64))
    return Left(Waterfall(n * m, tuple((n * m - np.cumsum(taken[:-1])).tolist())), possible, there)


def room_for(s: Scenery) -> tuple[I32, I32, U8]:
    widest = max(
        len(table) for side in (s.mentees, s.mentors) for table in (side.sights, side.works, side.circles)
    )
    return np.empty((3, widest), np.int32), np.empty(SPAN, np.int32), np.empty(SPAN, np.uint8)


def failed_with(s: Scenery, side: str, row: int) -> Mask:
    """uint16[k]: the limits between one of `side` ("mentees" or "mentors") and everybody on the other."""
    mine, theirs = (s.mentees, s.mentors) if side == "mentees" else (s.mentors, s.mentees)
    seen, value, level = room_for(s)
    failed = np.zeros(len(theirs.person), np.uint16)
    see(mine, row, side == "mentees", theirs, s.tables, s.rules, seen)
    for first in range(0, len(failed), SPAN):
        width = min(SPAN, len(failed) - first)
        face(
            mine, row, side == "mentees", theirs, first, s.tables, s.rules, seen, value[:width], level[:width]
        )
        nothing = np.where(value[:width] & POINTS == 0, SCORE, 0)
        failed[first : first + width] = (value[:width] >> SHIFT) | nothing
    return failed


@lean
def count_rows(
    s: Scenery, rows: I64, seen: I32, value: I32, level: U8, taken: I64, possible: I64, there: I64
) -> None:
    """taken int64[limits + 1]: pairs by their first failed limit. possible int64[k], there int64[m]."""
    m = len(there)
    for k in range(len(rows)):
        see(s.mentees, rows[k], True, s.mentors, s.tables, s.rules, seen)
        for first in range(0, m, SPAN):
            width = min(SPAN, m - first)
            face(
                s.mentees,
                rows[k],
                True,
                s.mentors,
                first,
                s.tables,
                s.rules,
                seen,
                value[:width],
                level[:width],
            )
            fail(value[:width])
            count_first(value[:width], taken)
            add_possible(value[:width], there[first : first + width])
            possible[k] += count_none(value[:width])


@lean
def fail(value: I32) -> None:
    """Values of `facing` become the limits that they fail."""
    for j in range(len(value)):
        value[j] = (value[j] >> SHIFT) | (SCORE if value[j] & POINTS == 0 else 0)


@lean
def add_possible(failed: I32, there: I64) -> None:
    for j in range(len(failed)):
        there[j] += 1 if failed[j] == 0 else 0
