"""What speaks against a result: pairs that would rather have each other, and pairs that beat their prices."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Criteria, Pool
from matcher.errors import LimitReached
from matcher.limits import failures
from matcher.modes.graphs import Candidates, edited, rows_of
from matcher.results import Matching
from matcher.scoring import scene
from matcher.stable import count_blocking_pairs

BLOCK = 128
"""Mentees whose pairs are scored at a time."""

MOST_DENSE = 1_000
"""A side: up to here the legal pairs are listed; beyond, they are counted by compiled kernels."""


class Against(NamedTuple):
    """Pairs that speak against a result, and among how many they were counted."""

    pairs: int
    blocking: int
    violating: int


def legal_pairs(pool: Pool, criteria: Criteria, forbidden: I32) -> Candidates:
    """
    All pairs that pass every limit.

    Raises:
        LimitReached: more than 1,000 on a side.
    """
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    for what, found in (("mentees", n), ("mentors", m)):
        if found > MOST_DENSE:
            raise LimitReached(what, found, MOST_DENSE)
    facts = scene(pool, criteria)
    count, columns, scores = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for start in range(0, n, BLOCK):
        mask, points = failures(facts, slice(start, min(start + BLOCK, n)), forbidden)
        i, j = np.nonzero(mask == 0)
        count.append((mask == 0).sum(axis=1))
        columns.append(j.astype(np.int32))
        scores.append(points[i, j])
    indptr = np.cumsum(np.concatenate(count), dtype=np.int64)
    return Candidates(indptr, np.concatenate(columns), np.concatenate(scores), pool.mentors.capacity)


def blocking_pairs(graph: Candidates, matching: Matching) -> int:
    here = edited(graph, matching.locked_pairs, matching.forbidden_pairs)
    match = np.full(len(graph.indptr) - 1, -1, np.int32)
    free = ~matching.locked
    match[matching.mentee[free]] = matching.mentor[free]
    return count_blocking_pairs(*here.open, match)


def violating_pairs(graph: Candidates, matching: Matching, pool: Pool) -> int:
    """Edges of mentees who are not locked that score more than all their prices together."""
    i, j = rows_of(graph), graph.indices
    paid = matching.mentee_price[i] + matching.mentor_price[j]
    for price, organisation in (
        (matching.mentee_quota_price, pool.mentees.organisation[i]),
        (matching.mentor_quota_price, pool.mentors.organisation[j]),
    ):
        if len(price):
            paid += np.where(organisation >= 0, price[organisation], 0)
    locked = np.zeros(len(pool.mentees.key), np.bool_)
    locked[matching.locked_pairs[:, 0]] = True
    return int(((graph.score > paid) & ~locked[i]).sum())


def counted_in_blocks(pool: Pool, criteria: Criteria, matching: Matching, threads: int) -> Against:
    """The same over all pairs of a large pool, by compiled kernels, with nothing of n x m kept."""
    from matcher.scan.exceeding import MOST, count_exceeding
    from matcher.scan.packing import pack
    from matcher.scan.waiting import open_to

    packed = pack(pool, criteria, matching.forbidden_pairs)
    locked = matching.locked_pairs[:, 0]
    free = ~matching.locked
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    has, least = np.zeros(n, np.int64), np.full(m, MOST, np.int64)
    has[matching.mentee] = matching.score
    has[locked] = MOST
    np.minimum.at(least, matching.mentor[free], matching.score[free].astype(np.int64))
    places = pool.mentors.capacity - np.bincount(matching.locked_pairs[:, 1], minlength=m)
    least[np.bincount(matching.mentor[free], minlength=m) < places] = 0
    blocking = count_exceeding(packed, has, np.zeros(m, np.int64), least, threads=threads)
    mentee = with_quota(matching.mentee_price, matching.mentee_quota_price, pool.mentees.organisation)
    mentor = with_quota(matching.mentor_price, matching.mentor_quota_price, pool.mentors.organisation)
    mentee[locked] = MOST
    violating = count_exceeding(packed, mentee, mentor, np.zeros(m, np.int64), threads=threads)
    possible = int(open_to(packed, "mentees", threads=threads).sum())
    return Against(possible, blocking, violating)


def with_quota(price: I64, quota_price: I64, organisation: I32) -> I64:
    return (
        price + np.where(organisation >= 0, quota_price[organisation], 0)
        if len(quota_price)
        else price.copy()
    )
