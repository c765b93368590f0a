"""Reasons for many people at once: why each is left and how many are possible, without what would change it."""

import numpy as np

from matcher.columns import I8, I32, I64, LIMITS, Flags, Mentees, Pool
from matcher.given import Given
from matcher.large.taking import among
from matcher.results import Unmatched
from matcher.scan.counting import possible_of
from matcher.scan.packing import pack
from matcher.scan.waiting import open_to
from matcher.scoring import Scene
from matcher.unanswered import without_answer


def mentees_left(
    x: Given, people: I64, has_room: Flags, by_quota: Flags, threads: int, known: I64
) -> list[Unmatched]:
    """
    `has_room` bool[m]; `by_quota` bool[n]: left in favour of others of her organisation.

    `known` int64[p]: how many are possible for each, -1 where nobody has counted them yet.
    """
    open_to_all = possible(x, x.pool, people, "mentees", threads, known)
    is_quota = by_quota[people]
    if len(x.quotas.mentors):
        rooms = x.pool.mentors._replace(
            capacity=np.where(has_room, x.pool.mentors.capacity, 0).astype(np.int32)
        )
        is_quota = is_quota | (count_of(x, x.pool._replace(mentors=rooms), people, "mentees", threads) > 0)
    reasons = named(*open_to_all, np.where(is_quota, "quota", "full"))
    return told(x, "mentees", people, reasons, open_to_all[0])


def mentors_left(x: Given, people: I64, is_left: Flags, threads: int, known: I64) -> list[Unmatched]:
    """`is_left` bool[n]: mentees without a mentor, who can only be possible for her where a quota forbids it."""
    open_to_all = possible(x, x.pool, people, "mentors", threads, known)
    is_quota = np.zeros(len(people), np.bool_)
    if is_left.any() and (len(x.quotas.mentees) or len(x.quotas.mentors)):
        few = rows_of(x, np.flatnonzero(is_left))
        is_quota = count_of(few, few.pool, people, "mentors", threads) > 0
    reasons = named(*open_to_all, np.where(is_quota, "quota", "taken"))
    closed = x.pool.mentors.capacity[people] == 0
    reasons = ["capacity" if is_closed else reason for reason, is_closed in zip(reasons, closed, strict=True)]
    return told(x, "mentors", people, reasons, open_to_all[0])


def possible(x: Given, pool: Pool, people: I64, side: str, threads: int, known: I64) -> tuple[I64, I8]:
    """How many are possible for each of `people`, and what binds those who have nobody."""
    count, limit = known.copy(), np.full(len(people), -1, np.int8)
    unknown = np.flatnonzero(known < 0)
    count[unknown] = count_of(x, pool, people[unknown], side, threads)
    # What stands in the way takes longer to say, and is asked for those alone who have nobody.
    lost = np.flatnonzero(count == 0)
    if len(lost) and len(pool.mentees.key) and len(pool.mentors.key):
        few, barred = beside(x, pool, people[lost], side)
        asked = np.arange(len(lost), dtype=np.int32)
        limit[lost] = possible_of(pack(few, x.criteria, barred), asked, side, threads=threads).limit
    return count, limit


def count_of(x: Given, pool: Pool, people: I64, side: str, threads: int) -> I64:
    """int64[p]: how many are possible for each of `people`."""
    if not len(people) or not len(pool.mentees.key) or not len(pool.mentors.key):
        return np.zeros(len(people), np.int64)
    few, barred = beside(x, pool, people, side)
    return open_to(pack(few, x.criteria, barred), side, threads=threads)


def beside(x: Given, pool: Pool, people: I64, side: str) -> tuple[Pool, I32]:
    """A pool of these people of one side and everybody of the other, and what is forbidden there."""
    everybody = np.arange(len(pool.mentees.key)), np.arange(len(pool.mentors.key))
    rows, columns = (people, everybody[1]) if side == "mentees" else (everybody[0], people)
    return among(pool, x.forbidden, rows, columns)


def named(count: I64, limit: I8, otherwise: np.ndarray[tuple[int, ...], np.dtype[np.str_]]) -> list[str]:
    """What binds each: a limit, "nobody", or `otherwise` where somebody is possible."""
    return [
        str(other) if many else LIMITS[place] if place >= 0 else "nobody"
        for many, place, other in zip(count.tolist(), limit.tolist(), otherwise, strict=True)
    ]


def rows_of(x: Given, rows: I64) -> Given:
    """The same with some of the mentees only."""
    at = np.full(len(x.pool.mentees.key), -1, np.int32)
    at[rows] = np.arange(len(rows))

    def inside(pairs: I32) -> I32:
        kept = pairs[at[pairs[:, 0]] >= 0].copy()
        kept[:, 0] = at[kept[:, 0]]
        return kept

    pool = x.pool._replace(
        mentees=Mentees._make(column[rows] for column in x.pool.mentees),
        exclusions=inside(x.pool.exclusions),
        wishes=inside(x.pool.wishes),
    )
    return x._replace(pool=pool, forbidden=inside(x.forbidden))


def told(x: Given, side: str, people: I64, reasons: list[str], count: I64) -> list[Unmatched]:
    none = np.zeros((0, 0), np.int16)
    facts = Scene(x.pool, x.criteria, none.astype(np.bool_), none, none)
    names = np.array(reasons)
    unanswered = np.zeros(len(people), np.bool_)
    for reason in np.unique(names).tolist():
        at = np.flatnonzero(names == reason)
        unanswered[at] = without_answer(facts, side, people[at], reason)
    return [
        Unmatched(person, reason, is_open, many, ())
        for person, reason, is_open, many in zip(
            people.tolist(), reasons, unanswered.tolist(), count.tolist(), strict=True
        )
    ]
