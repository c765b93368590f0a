"""
Points of all mentees with one mentor after the other, without those of topics, in blocks: for pools of groups in which the
plain code would take an hour. Who is too close, excluded or named is looked up one by one, as there.
"""

from collections.abc import Iterator

import numpy as np

from matcher.columns import I64, Flags
from matcher.recounting.pairs import Facts, too_close
from matcher.recounting.peers import points
from matcher.recounting.sweeping import MENTEES, mentee_side, mentor_block, rules_of, tables_of

MENTORS = 64
"""Of a block: with 20,000 mentees 4 MB."""


def rests(s: Facts) -> Iterator[tuple[int, I64, Flags]]:
    """Each mentor's row, int64[n] points with every mentee but for topics, and who passes every limit but that of no points."""
    n, m = len(s.pool.mentees.key), len(s.pool.mentors.key)
    nothing = np.zeros(max(n, m), np.int64)
    tables, rules = tables_of(s), rules_of(s.criteria)
    tables = tables._replace(topics=np.zeros_like(tables.topics))
    sides = [mentee_side(s, nothing, np.arange(at, min(at + MENTEES, n))) for at in range(0, n, MENTEES)]
    barred = by_mentor(np.concatenate([s.forbidden.cell, s.exclusions.cell]), m)
    named = by_mentor(s.wishes.cell, m)
    rank = s.pool.wishes[s.wishes.at, 2]
    everybody = np.arange(n)
    for begin in range(0, m, MENTORS):
        block = mentor_block(s, nothing, begin, MENTORS)
        parts = [points(block, side, tables, rules) for side in sides]
        for j in range(begin, min(begin + MENTORS, m)):
            total = np.concatenate([part[0][:, j - begin] for part in parts]).astype(np.int64)
            holds = np.concatenate([part[1][:, j - begin] for part in parts]) == 1
            holds &= ~too_close(s, everybody, np.full(n, j))
            holds[barred[1][slice(*barred[0][j : j + 2])]] = False
            at = named[2][slice(*named[0][j : j + 2])]
            total[named[1][slice(*named[0][j : j + 2])]] += s.criteria.wish_points[rank[at]]
            yield j, total, holds


def by_mentor(cells: I64, mentors: int) -> tuple[I64, I64, I64]:
    """Where each mentor's pairs begin, their mentees, and their places among `cells`."""
    order = np.argsort(cells % max(mentors, 1), kind="stable")
    start = np.searchsorted((cells % max(mentors, 1))[order], np.arange(mentors + 1))
    return start.astype(np.int64), cells[order] // max(mentors, 1), order
