"""
Limits that stand between few: same person, supervisor line, unit, exclusions, forbidden pairs.

For each value that bars (a unit, a person, a row of the exclusions) the lanes that it concerns are
listed once; a mentee names the lists that concern her. So nothing grows with mentees x mentors even
when everybody sits in one unit.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.columns import I32, I64, LIMITS, Criteria, Pool

PERSON, SUPERVISOR = LIMITS.index("person"), LIMITS.index("supervisor")
EXCLUSION, FORBIDDEN = LIMITS.index("exclusion"), LIMITS.index("forbidden")

Codes = NDArray[np.signedinteger]


class Barred(NamedTuple):
    limit: I64
    """int64[Q]: place in `LIMITS` of each column of `lists`, ascending."""
    lists: I32
    """int32[n, Q], storage rows: which list, 0 (the empty one) for none."""
    start: I64
    """int64[lists + 1]"""
    lane: I32
    """int32[...], ascending within a list."""


class Directory:
    """Collects lists; equal values of one kind share theirs."""

    def __init__(self) -> None:
        self.sizes: list[I64] = [np.zeros(1, np.int64)]
        self.lanes: list[I32] = [np.zeros(0, np.int32)]
        self.count = 1

    def add(self, value: Codes, lane: Codes) -> I64:
        """Lists by value of the pairs (value, lane) with value >= 0; returns the values, ascending."""
        known = value >= 0
        # Both in one number: sorted so, they take a tenth of the time.
        pairs: I64 = np.sort((value[known].astype(np.int64) << 32) | lane[known])
        values: I64
        values, sizes = np.unique(pairs >> 32, return_counts=True)
        self.sizes.append(sizes.astype(np.int64))
        self.lanes.append((pairs & 0x7FFFFFFF).astype(np.int32))
        self.count += len(values)
        return values

    def look_up(self, values: I64, asked: Codes) -> I32:
        """int32[...]: the list of each value asked, among those just added; 0 for none."""
        if not len(values):
            return np.zeros(len(asked), np.int32)
        at = np.minimum(np.searchsorted(values, asked), len(values) - 1)
        first = self.count - len(values)
        return np.where(values[at] == asked, first + at, 0).astype(np.int32)


def barred(pool: Pool, criteria: Criteria, forbidden: I32, mentee_at: I32, mentor_at: I32) -> Barred:
    e, m = pool.mentees, pool.mentors
    book, columns, limits = Directory(), [], []
    lanes = np.arange(len(mentor_at))
    persons = book.add(m.person[mentor_at], lanes)
    columns.append(book.look_up(persons, e.person[mentee_at]))
    limits.append(PERSON)
    if criteria.supervisor_rule:
        for level in range(e.supervisors.shape[1]):
            columns.append(book.look_up(persons, e.supervisors[mentee_at, level]))
            limits.append(SUPERVISOR)
        line = m.supervisors[mentor_at]
        below = book.add(line.ravel(), np.repeat(lanes, line.shape[1]))
        columns.append(book.look_up(below, e.person[mentee_at]))
        limits.append(SUPERVISOR)
    if criteria.unit_rule:
        units = book.add(m.unit[mentor_at], lanes)
        columns.append(book.look_up(units, e.unit[mentee_at]))
        limits.append(SUPERVISOR)
    lane_of = np.argsort(mentor_at)
    for limit, pairs in ((EXCLUSION, pool.exclusions), (FORBIDDEN, forbidden)):
        rows = book.add(pairs[:, 0], lane_of[pairs[:, 1]])
        columns.append(book.look_up(rows, mentee_at))
        limits.append(limit)
    # Columns that bar nobody cost every row a look, so they go.
    used = [k for k, column in enumerate(columns) if column.any()]
    lists = np.stack([columns[k] for k in used], axis=1) if used else np.zeros((len(mentee_at), 0), np.int32)
    start = np.append(0, np.cumsum(np.concatenate(book.sizes))).astype(np.int64)
    kinds = np.array([limits[k] for k in used], np.int64)
    return Barred(kinds, np.ascontiguousarray(lists), start, np.concatenate(book.lanes))
