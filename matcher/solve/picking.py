"""Pairs from the best down, each taken where both people have room: for one score of both sides that is a stable matching."""

from typing import NamedTuple

from matcher.columns import I32, I64, Flags
from matcher.compiling import lean

UNSURE = 13
"""Bits of a pair's worth by which lists are not in order: they go by the first 13 of its 26 drawn bits."""


class Room(NamedTuple):
    """What is left of everybody; used up as pairs are taken."""

    wants: Flags
    """bool[n]: mentees who may have somebody, and have nobody yet."""
    places: I64
    """int64[m]"""
    mentee_quota: I64
    """int64[O + 1]; the last is for those whom no quota concerns."""
    mentee_at: I32
    """int32[n]: her place in the quotas."""
    mentor_quota: I64
    mentor_at: I32


class Pairs(NamedTuple):
    worth: I64
    """int64[e]: score, then the 26 bits by which equal scores are put in order."""
    mentee: I32
    mentor: I32


class Frontier(NamedTuple):
    """How far the pairs of each person of one side are known."""

    person: I32
    until: I64
    """int64[p], descending: all pairs of this person with a greater worth >> UNSURE are known."""


@lean
def mentee_is_open(room: Room, i: int) -> bool:
    return bool(room.wants[i]) and bool(room.mentee_quota[room.mentee_at[i]] > 0)


@lean
def mentor_is_open(room: Room, j: int) -> bool:
    return bool(room.places[j] > 0) and bool(room.mentor_quota[room.mentor_at[j]] > 0)


@lean
def take(pairs: Pairs, ours: Frontier, theirs: Frontier, room: Room, match: I32) -> int:
    """
    Takes pairs, best first, into `match`, as long as none that is better can be unknown; answers how many it passed.

    A pair is unknown only where the lists of both its people end before it, and matters only while both are open: so
    the frontier that matters is that of the side which is known further.
    """
    a = b = 0
    for e in range(len(pairs.worth)):
        while a < len(ours.person) and not mentee_is_open(room, ours.person[a]):
            a += 1
        while b < len(theirs.person) and not mentor_is_open(room, theirs.person[b]):
            b += 1
        is_known = a == len(ours.person) or b == len(theirs.person)
        if not is_known and pairs.worth[e] >> UNSURE <= min(ours.until[a], theirs.until[b]):
            return e
        i, j = pairs.mentee[e], pairs.mentor[e]
        if mentee_is_open(room, i) and mentor_is_open(room, j):
            match[i] = j
            room.wants[i] = False
            room.places[j] -= 1
            room.mentee_quota[room.mentee_at[i]] -= 1
            room.mentor_quota[room.mentor_at[j]] -= 1
    return len(pairs.worth)
