"""One person against everybody on the other side: who fits best, and how many each limit takes away."""

from typing import NamedTuple

import numpy as np

from matcher import dense
from matcher.columns import I32, I64, Criteria, Flags, Pool
from matcher.errors import InvalidColumn
from matcher.given import Given, Pairs, given
from matcher.large.taking import Part, part_of
from matcher.limits import BIT, Mask
from matcher.results import Waterfall
from matcher.scoring import contributions
from matcher.structures.mutual import balanced, both_ways, must_be_one_pool


class Searched(NamedTuple):
    """
    `best` are the rows of those who pass every limit, highest score first, equals by key. For every row of the other
    side, `score` int32[m], `parts` int32[m, len(CRITERIA)] adding up to it, and `mask` uint16[m], the limits that it
    fails. The waterfall counts the others, without herself where all are of one pool.
    """

    best: I64
    score: I32
    parts: I32
    mask: Mask
    waterfall: Waterfall


def search_mentors(pool: Pool, criteria: Criteria, mentee: int, *, forbidden: Pairs = ()) -> Searched:
    """
    All mentors for one mentee, scored and limited as a run scores and limits them.

    Raises:
        InvalidColumn: the input is not what its description says, or no such row.
    """
    x = _checked(pool, criteria, forbidden, mentee, len(pool.mentees.key))
    part = _part(x, np.array([mentee]), np.arange(len(pool.mentors.key)))
    zero = np.zeros(1, np.int64)
    return _searched(part.mask[0], _parts(part, zero, part.columns), pool.mentors.key)


def search_mentees(pool: Pool, criteria: Criteria, mentor: int, *, forbidden: Pairs = ()) -> Searched:
    """
    All mentees for one mentor, likewise.

    Raises:
        InvalidColumn: the input is not what its description says, or no such row.
    """
    x = _checked(pool, criteria, forbidden, mentor, len(pool.mentors.key))
    part = _part(x, np.arange(len(pool.mentees.key)), np.array([mentor]))
    return _searched(part.mask[:, 0], _parts(part, part.rows, np.zeros(1, np.int64)), pool.mentees.key)


def search_peers(pool: Pool, criteria: Criteria, one: int, *, forbidden: Pairs = ()) -> Searched:
    """
    All others of one pool as partners: both directions count, as in `propose_mutual`.

    Raises:
        InvalidColumn: the input is not what its description says, or no such row.
    """
    must_be_one_pool(pool)
    x = _checked(pool, criteria, both_ways(forbidden), one, len(pool.mentees.key))
    everybody = np.arange(len(pool.mentees.key))
    there, back = _part(x, np.array([one]), everybody), _part(x, everybody, np.array([one]))
    zero = np.zeros(1, np.int64)
    parts = balanced(
        _parts(there, zero, everybody).astype(np.int64), _parts(back, everybody, zero).astype(np.int64)
    )
    # Either direction has to come to something alone, and what both come to is what counts.
    nothing = np.where(parts.sum(axis=1) > 0, np.uint16(0), np.uint16(BIT["score"]))
    mask = there.mask[0] | back.mask[:, 0] | nothing
    others: Flags = everybody != one
    return _searched(mask, parts, pool.mentees.key, others)


def _checked(pool: Pool, criteria: Criteria, forbidden: Pairs, row: int, count: int) -> Given:
    x = given(pool, criteria, (), forbidden, None)
    if not 0 <= row < count:
        raise InvalidColumn("person", row, "row out of range")
    return x


def _part(x: Given, rows: I64, columns: I64) -> Part:
    return part_of(x.pool, x.criteria, x.forbidden, rows, columns)


def _parts(part: Part, i: I64, j: I64) -> I32:
    """int32[m, len(CRITERIA)] of the pairs of one person with all others."""
    found: I32 = np.stack(np.broadcast_arrays(*contributions(part.scene, i, j)), axis=-1).astype(np.int32)
    return found


def _searched(mask: Mask, parts: I32, keys: object, others: Flags | None = None) -> Searched:
    score: I32 = parts.sum(axis=1).astype(np.int32)
    looked: Flags = np.ones(len(mask), np.bool_) if others is None else others
    possible = np.flatnonzero((mask == 0) & looked)
    order = np.lexsort((np.asarray(keys)[possible], -score[possible].astype(np.int64)))
    left = dense.waterfall(mask[looked].reshape(1, -1))
    return Searched(possible[order], score, parts, mask, left)
