"""Reasons for many people at once: why each is left and how many are possible, without what would change it."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I8, I64, LIMITS, Flags
from matcher.given import Given
from matcher.results import Change, Unmatched
from matcher.scan.counting import possible_of
from matcher.scan.fewer import with_mentors, with_places
from matcher.scan.layout import Packed
from matcher.scan.waiting import open_to
from matcher.scoring import Scene
from matcher.unanswered import without_answer

REASONS = (*LIMITS, "nobody", "quota", "full", "taken")
NOBODY, QUOTA, FULL, TAKEN = range(len(LIMITS), len(REASONS))
CAPACITY = LIMITS.index("capacity")


class Brief(NamedTuple):
    """By person."""

    people: I64
    """int64[p]: rows of the pool, ascending."""
    reason: I8
    """int8[p]: place in `REASONS`."""
    unanswered: Flags
    possible: I64


def mentees_left(
    x: Given, packed: Packed, people: I64, has_room: Flags, by_quota: Flags, threads: int, known: I64
) -> Brief:
    """
    `has_room` bool[m]; `by_quota` bool[n]: left in favour of others of her organisation.

    `known` int64[p]: how many are possible for each, -1 where nobody has counted them yet.
    """
    rows, count = packed.row_of[people], known.copy()
    unknown = np.flatnonzero(known < 0)
    count[unknown] = open_to(packed, "mentees", rows[unknown], threads=threads)
    limit = np.full(len(people), -1, np.int8)
    # What stands in the way takes longer to say, and is asked for those alone who have nobody.
    lost = np.flatnonzero(count == 0)
    if len(lost):
        limit[lost] = possible_of(packed, people[lost].astype(np.int32), "mentees", threads=threads).limit
    is_quota = by_quota[people]
    if len(x.quotas.mentors):
        rooms = np.where(has_room, x.pool.mentors.capacity, 0).astype(np.int32)
        is_quota |= open_to(with_places(packed, rooms), "mentees", rows, threads=threads) > 0
    return told(x, "mentees", people, count, coded(count, limit, np.where(is_quota, QUOTA, FULL)))


def mentors_left(x: Given, packed: Packed, people: I64, is_left: Flags, threads: int, known: I64) -> Brief:
    """`is_left` bool[n]: mentees without a mentor, who can only be possible for her where a quota forbids it."""
    count, limit = known.copy(), np.full(len(people), -1, np.int8)
    unknown = np.flatnonzero(known < 0)
    if len(unknown):
        count[unknown] = open_to(with_mentors(packed, people[unknown]), "mentors", threads=threads)
    lost = np.flatnonzero(count == 0)
    if len(lost):
        few, asked = with_mentors(packed, people[lost]), np.arange(len(lost), dtype=np.int32)
        limit[lost] = possible_of(few, asked, "mentors", threads=threads).limit
    is_quota = np.zeros(len(people), np.bool_)
    if is_left.any() and (len(x.quotas.mentees) or len(x.quotas.mentors)):
        few, left = with_mentors(packed, people), packed.row_of[is_left]
        is_quota = open_to(few, "mentors", left, threads=threads) > 0
    reason = coded(count, limit, np.where(is_quota, QUOTA, TAKEN))
    reason[x.pool.mentors.capacity[people] == 0] = CAPACITY
    return told(x, "mentors", people, count, reason)


def coded(count: I64, limit: I8, otherwise: I64) -> I8:
    """What binds each: a limit, nobody's being there, or `otherwise` where somebody is possible."""
    found: I8 = np.where(count > 0, otherwise, np.where(limit >= 0, limit, NOBODY)).astype(np.int8)
    return found


def told(x: Given, side: str, people: I64, count: I64, reason: I8) -> Brief:
    none = np.zeros((0, 0), np.int16)
    facts = Scene(x.pool, x.criteria, none.astype(np.bool_), none, none)
    unanswered = np.zeros(len(people), np.bool_)
    for code in np.unique(reason).tolist():
        at = np.flatnonzero(reason == code)
        unanswered[at] = without_answer(facts, side, people[at], REASONS[code])
    return Brief(people, reason, unanswered, count)


def spelled(found: Brief, changes: list[tuple[Change, ...]]) -> list[Unmatched]:
    """`changes` by person."""
    reasons = [REASONS[code] for code in found.reason.tolist()]
    people, unanswered, possible = (
        column.tolist() for column in (found.people, found.unanswered, found.possible)
    )
    columns = zip(people, reasons, unanswered, possible, changes, strict=True)
    return list(map(Unmatched._make, columns))
