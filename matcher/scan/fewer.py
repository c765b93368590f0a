"""A packed pool with some of its mentors only, or with other places: what is packed of mentees stays as it is."""

import numpy as np

from matcher.columns import I32, I64, Mentors, Pool
from matcher.scan.barring import Barred
from matcher.scan.bits import as_words
from matcher.scan.layout import Packed, Rows
from matcher.scan.numbering import inverse
from matcher.scan.packing import pack_lanes, some_of


def with_mentors(packed: Packed, columns: I64) -> Packed:
    """`columns` int64[p]: rows of mentors, each once; in the pool of the answer they have the numbers 0 .. p - 1."""
    at = np.full(len(packed.lane_of), -1, np.int32)
    at[columns] = np.arange(len(columns))
    kept = np.flatnonzero(at[packed.mentor_at] >= 0)
    mentor_at = at[packed.mentor_at[kept]]
    new_lane = np.full(len(packed.lane_of), -1, np.int32)
    new_lane[kept] = np.arange(len(kept))
    pool = some_mentors(packed.pool, columns, at)
    rank = np.empty(len(kept), np.int32)
    rank[np.argsort(packed.mentor_rank[kept])] = np.arange(len(kept))
    return packed._replace(
        pool=pool,
        forbidden=renumbered(packed.forbidden, at),
        lane_of=inverse(mentor_at),
        mentor_at=mentor_at,
        mentor_rank=rank,
        lanes=pack_lanes(pool, packed.criteria, mentor_at),
        rows=some_wishes(packed.rows, new_lane),
        barred=some_barred(packed.barred, new_lane),
        others=None,
    )


def with_places(packed: Packed, capacity: I32) -> Packed:
    """`capacity` int32[m]: other places than theirs; nothing else changes."""
    is_open = as_words(capacity[packed.mentor_at] > 0, packed.lanes.codes.shape[1])
    pool = packed.pool._replace(mentors=packed.pool.mentors._replace(capacity=capacity))
    return packed._replace(
        pool=pool, lanes=packed.lanes._replace(open=is_open, some_open=some_of(is_open)), others=None
    )


def some_mentors(pool: Pool, columns: I64, at: I32) -> Pool:
    """`at` int32[m]: the new number of each mentor, -1 for those who go."""
    return pool._replace(
        mentors=Mentors._make(column[columns] for column in pool.mentors),
        exclusions=renumbered(pool.exclusions, at),
        wishes=renumbered(pool.wishes, at),
    )


def renumbered(pairs: I32, at: I32) -> I32:
    kept = pairs[at[pairs[:, 1]] >= 0].copy()
    kept[:, 1] = at[kept[:, 1]]
    return kept


def some_wishes(rows: Rows, new_lane: I32) -> Rows:
    stays = new_lane[rows.wish_lane] >= 0
    return rows._replace(
        wish_start=left_before(stays)[rows.wish_start],
        wish_lane=new_lane[rows.wish_lane[stays]],
        wish_points=rows.wish_points[stays],
    )


def some_barred(barred: Barred, new_lane: I32) -> Barred:
    stays = new_lane[barred.lane] >= 0
    return barred._replace(start=left_before(stays)[barred.start], lane=new_lane[barred.lane[stays]])


def left_before(stays: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> I64:
    """int64[k + 1]: how many of those before each place stay."""
    return np.append(0, np.cumsum(stays)).astype(np.int64)
