"""What a group could be: every mentor with every topic that she offers and language that she speaks."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, U64, Flags
from matcher.errors import LimitReached
from matcher.validation import check_array, first_bad, repeated

MOST_CELLS = 50_000_000
"""Offers times mentees: 400 MB of worths."""

GREATEST = 1 << 30
"""Points of one mentee: totals of a thousand stay exact also in float64, filled groups first."""


class GroupPool(NamedTuple):
    """Who could meet in a group. A mentee may join where all of it holds: score, topic, language, and any points."""

    score: I32
    """int32[n, m]: points of mentee and mentor, whatever the topic; below 0 = they may not meet."""
    topic_points: I32
    """int32[n, T]: points more when this is the topic of her group, -1 = she does not want it."""
    offered: Flags
    """bool[m, T]"""
    mentee_speaks: Flags
    """bool[n, L]: well enough to take part."""
    mentor_speaks: Flags
    """bool[m, L]"""
    capacity: I32
    """int32[m]: most mentees that she takes in her one group."""
    mentee_key: U64
    """uint64[n], unique: settles ties and nothing else."""
    mentor_key: U64


class Offers(NamedTuple):
    """S offers, those of one mentor beside each other."""

    mentor: I64
    """int64[S], ascending"""
    topic: I64
    language: I64
    worth: I64
    """int64[S, n]: points of each mentee in such a group, 0 = she may not join."""
    room: I64
    """int64[S], at least `least`"""
    least: int
    mentors: int


def check_groups(pool: GroupPool) -> None:
    """
    Raises:
        InvalidColumn: the first column and row at fault.
    """
    n, m = len(pool.mentee_key), len(pool.mentor_key)
    topics, languages = pool.topic_points.shape[1], pool.mentee_speaks.shape[1]
    check_array("score", pool.score, np.int32, (n, m))
    check_array("topic_points", pool.topic_points, np.int32, (n, topics))
    check_array("offered", pool.offered, np.bool_, (m, topics))
    check_array("mentee_speaks", pool.mentee_speaks, np.bool_, (n, languages))
    check_array("mentor_speaks", pool.mentor_speaks, np.bool_, (m, languages))
    check_array("capacity", pool.capacity, np.int32, (m,))
    first_bad("capacity", pool.capacity < 0, "must be 0 or more")
    first_bad("topic_points", pool.topic_points < -1, "points must be -1 or more")
    for name, points in (("score", pool.score), ("topic_points", pool.topic_points)):
        first_bad(name, points > GREATEST, f"must be at most {GREATEST}")
    for name, key in (("mentee_key", pool.mentee_key), ("mentor_key", pool.mentor_key)):
        check_array(name, key, np.uint64, (len(key),))
        first_bad(name, repeated(key[:, None]), "is the key of an earlier row")


def in_key_order(pool: GroupPool, rows: I64, columns: I64) -> GroupPool:
    return GroupPool(
        pool.score[np.ix_(rows, columns)],
        pool.topic_points[rows],
        pool.offered[columns],
        pool.mentee_speaks[rows],
        pool.mentor_speaks[columns],
        pool.capacity[columns],
        pool.mentee_key[rows],
        pool.mentor_key[columns],
    )


def offers_of(pool: GroupPool, least: int, most: int) -> Offers:
    """
    All offers that at least `least` mentees may join, without those equal to an earlier one of the mentor.

    Raises:
        LimitReached: more than 50 million cells.
    """
    n, m = pool.score.shape
    room = np.minimum(pool.capacity, most)
    found: list[tuple[int, int, int, I64]] = []
    for j in range(m):
        met = pool.score[:, j] >= 0
        seen: set[bytes] = set()
        for topic in np.flatnonzero(pool.offered[j]) if room[j] >= least else ():
            worth = np.where(
                met & (pool.topic_points[:, topic] >= 0),
                pool.score[:, j].astype(np.int64) + pool.topic_points[:, topic],
                0,
            )
            for language in np.flatnonzero(pool.mentor_speaks[j]):
                here = np.where(pool.mentee_speaks[:, language], worth, 0)
                if int((here > 0).sum()) >= least and here.tobytes() not in seen:
                    seen.add(here.tobytes())
                    found.append((j, int(topic), int(language), here))
            if len(found) * n > MOST_CELLS:
                raise LimitReached("offers times mentees", len(found) * n, MOST_CELLS)
    codes = np.array([f[:3] for f in found], np.int64).reshape(len(found), 3)
    worths = np.array([f[3] for f in found], np.int64).reshape(len(found), n)
    room_of = room[codes[:, 0]].astype(np.int64)
    return Offers(codes[:, 0], codes[:, 1], codes[:, 2], worths, room_of, least, m)
