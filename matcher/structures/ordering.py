"""A pool in the order of its keys, so that nothing found in it depends on the order in which people came."""

import numpy as np

from matcher.columns import I32, I64, Mentees, Mentors, Pool


def reordered(pool: Pool, rows: I64, columns: I64) -> Pool:
    """New mentee k is old mentee rows[k], new mentor k old mentor columns[k]."""
    return Pool(
        Mentees._make(column[rows] for column in pool.mentees),
        Mentors._make(column[columns] for column in pool.mentors),
        pool.zones,
        moved(pool.exclusions, rows, columns),
        moved(pool.wishes, rows, columns),
    )


def moved(pairs: I32, rows: I64, columns: I64) -> I32:
    """The same pairs (int32[k, 2 or more]: mentee, mentor, ...) by their new rows."""
    found = pairs.copy()
    found[:, 0] = np.argsort(rows)[pairs[:, 0]]
    found[:, 1] = np.argsort(columns)[pairs[:, 1]]
    return found
