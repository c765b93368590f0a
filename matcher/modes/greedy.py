"""
The stable matching of a pool, with quotas, and how far any matching is from stable.

Both sides rank by the same score, so taking pairs from the highest score down, as long as both have room,
is what deferred acceptance comes to: every pair left out is worth less to one of the two than what
stands (Fleiner, "A matroid generalization of the stable matching polytope", 2001, where quotas are rooms too).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags, Pool, Quotas
from matcher.solving import pair_hash

NEVER = 1 << 29
"""A bar that no score reaches; the same as `forcing.FAR`."""

PAUSE_EVERY = 1 << 16


class Room(NamedTuple):
    """What locked pairs leave open."""

    free: Flags
    """bool[n]: mentees whom no lock keeps."""
    places: I64
    mentee_quota: I64
    """int64[O], NEVER = none"""
    mentor_quota: I64


class Bars(NamedTuple):
    """The score that a pair must exceed for this person to want it; 0 = any, NEVER = none will do."""

    mentee: I32
    mentor: I32


def room_of(pool: Pool, locked: I32, quotas: Quotas) -> Room:
    free = np.ones(len(pool.mentees.key), np.bool_)
    free[locked[:, 0]] = False
    left = []
    for quota, organisation in (
        (quotas.mentees, pool.mentees.organisation[locked[:, 0]]),
        (quotas.mentors, pool.mentors.organisation[locked[:, 1]]),
    ):
        used = np.bincount(organisation[organisation >= 0], minlength=len(quota))[: len(quota)]
        left.append(np.where(quota >= 0, quota - used, NEVER).astype(np.int64))
    places = pool.mentors.capacity - np.bincount(locked[:, 1], minlength=len(pool.mentors.key))
    return Room(free, places.astype(np.int64), *left)


def stable(pool: Pool, legal: Flags, score: I32, room: Room, pause: Callable[[float], None]) -> I32:
    """
    int32[n], -1 = unmatched; locked mentees are left out. Of equal scores the pair of the greater hash goes first.

    `legal` bool[n, m] and `score` int32[n, m] are of all pairs.
    """
    n = len(pool.mentees.key)
    i, j = np.nonzero(legal & room.free[:, None])
    drawn = pair_hash(pool.mentees.key, pool.mentors.key, 0)[i, j]
    order = np.lexsort((pool.mentors.key[j], pool.mentees.key[i], -drawn, -score[i, j]))
    match = np.full(n, -1, np.int32)
    places, hers, theirs = room.places.tolist(), room.mentee_quota.tolist(), room.mentor_quota.tolist()
    one, other = pool.mentees.organisation.tolist(), pool.mentors.organisation.tolist()
    taken = [False] * n
    for step, (a, b) in enumerate(zip(i[order].tolist(), j[order].tolist(), strict=True)):
        if step % PAUSE_EVERY == 0:
            pause(step / len(order))
        if taken[a] or places[b] == 0 or not has_room(hers, one[a]) or not has_room(theirs, other[b]):
            continue
        match[a], taken[a] = b, True
        places[b] -= 1
        use(hers, one[a])
        use(theirs, other[b])
    return match


def has_room(quota: list[int], organisation: int) -> bool:
    return not 0 <= organisation < len(quota) or quota[organisation] > 0


def use(quota: list[int], organisation: int) -> None:
    if 0 <= organisation < len(quota):
        quota[organisation] -= 1


def bars(pool: Pool, score: I32, match: I32, room: Room) -> Bars:
    """What each person has, or could get by letting the least of her places, or of her organisation's quota, go."""
    rows = np.flatnonzero((match >= 0) & room.free)
    return bars_of_pairs(pool, rows, match[rows], score[rows, match[rows]], room)


def bars_of_pairs(pool: Pool, mentees: I32 | I64, mentors: I32, held: I32, room: Room) -> Bars:
    """As `bars`, from the matched pairs and what they score, int32[p]; locked pairs among them are passed over."""
    free = room.free[mentees]
    rows, columns, held = mentees[free].astype(np.int64), mentors[free].astype(np.int64), held[free]
    m = len(pool.mentors.key)
    mentee = full_bar(rows, held, pool.mentees.organisation, room.mentee_quota)
    mentee[rows] = held
    mentee[~room.free] = NEVER
    mentor = full_bar(columns, held, pool.mentors.organisation, room.mentor_quota)
    load = np.bincount(columns, minlength=m)
    least = np.full(m, NEVER, np.int32)
    np.minimum.at(least, columns, held)
    is_full = load >= room.places
    mentor[is_full] = least[is_full]
    return Bars(mentee, mentor)


def full_bar(people: I64, held: I32, organisation: I32, quota: I64) -> I32:
    """By person: 0, or the least score among the pairs of her organisation where its quota is used up."""
    bar = np.zeros(len(organisation), np.int32)
    of = organisation[people]
    for o in np.flatnonzero(quota < NEVER):
        mine = held[of == o]
        if len(mine) >= quota[o]:
            bar[organisation == o] = mine.min(initial=NEVER)
    return bar


def blocking(legal: Flags, score: I32, bar: Bars) -> int:
    """Pairs that both would rather have. Ties block nothing."""
    return int((legal & (score > bar.mentee[:, None]) & (score > bar.mentor)).sum())
