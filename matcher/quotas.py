"""
Locked pairs and quotas as an ordinary market.

A quota of q among the n mentees of an organisation is a stand-in mentor with n - q places
that only they may take and that must all be taken: whoever sits there is not matched. A
quota on mentors' places is, the other way round, stand-in mentees that must sit on places
of that organisation. Both stay within one assignment, so the optimum stays exact.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, U64, Flags, Pool, Quotas
from matcher.duals import Market, Prices
from matcher.errors import LimitReached
from matcher.solving import mixed

MOST_STAND_INS = 4_000
"""Stand-in mentees: rows of the dense market."""


class Floor(NamedTuple):
    """Who is in the market that is solved, and what there is to be had: real people first, stand-ins after them."""

    capacity: I64
    """int64[m + stand-in mentors]"""
    mentee_key: U64
    mentor_key: U64
    mentees: int
    mentors: int
    free: Flags
    """bool[n]: mentees whom no lock keeps."""
    mentee_quota: tuple[tuple[int, int, int], ...]
    """(organisation, places left in the quota, column of its stand-in)"""
    mentor_quota: tuple[tuple[int, int], ...]
    """(organisation, places left in the quota)"""
    stand_in_of: I64
    """int64[stand-in mentees]: their organisation."""
    steep: int
    """What a stand-in's place is worth: more than any exchange of real pairs."""


def floor(pool: Pool, locked: I32, quotas: Quotas, most: int) -> Floor:
    """Take locked mentees and their places out of the market, and put stand-ins for quotas in.

    `most` is the greatest score that any pair could have, also one that a limit forbids today.
    """
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    free = np.ones(n, np.bool_)
    free[locked[:, 0]] = False
    capacity = pool.mentors.capacity - np.bincount(locked[:, 1], minlength=m)
    columns, mentee_quota = mentee_stand_ins(pool.mentees.organisation, free, quotas.mentees, locked[:, 0])
    counts, mentor_quota = mentor_stand_ins(pool.mentors.organisation, capacity, quotas.mentors, locked[:, 1])
    of = np.repeat([o for o, _ in mentor_quota], counts).astype(np.int64)
    return Floor(
        np.concatenate([capacity, columns]).astype(np.int64),
        np.append(pool.mentees.key, stand_in_keys(of, counts)),
        np.append(pool.mentors.key, stand_in_keys(np.array([o for o, _ in mentee_quota], np.int64), None)),
        n,
        m,
        free,
        tuple((o, left, m + k) for k, (o, left) in enumerate(mentee_quota)),
        mentor_quota,
        of,
        8 * most + 1,
    )


def dense_market(f: Floor, pool: Pool, worth: I64) -> Market:
    """All pairs of the floor, `worth` int64[n, m] being those of real people."""
    rows = np.zeros((len(f.stand_in_of), len(f.capacity)), np.int64)
    rows[:, : f.mentors] = f.steep * (f.stand_in_of[:, None] == pool.mentors.organisation)
    beside = np.zeros((f.mentees, len(f.mentee_quota)), np.int64)
    for column, (organisation, _, _) in enumerate(f.mentee_quota):
        beside[f.free & (pool.mentees.organisation == organisation), column] = f.steep
    real = np.hstack([np.where(f.free[:, None], worth, 0), beside])
    return Market(np.vstack([real, rows]), f.capacity)


def mentee_stand_ins(
    organisation: I32, free: Flags, quota: I32, locked: I32
) -> tuple[I64, tuple[tuple[int, int], ...]]:
    """Places of each stand-in mentor, and (organisation, left) of each quota that could bind."""
    places, kept = [], []
    for o in np.flatnonzero(quota >= 0):
        left = int(quota[o]) - int((organisation[locked] == o).sum())
        spare = int((free & (organisation == o)).sum()) - left
        if spare > 0:
            places.append(spare)
            kept.append((int(o), left))
    return np.array(places, np.int64), tuple(kept)


def mentor_stand_ins(
    organisation: I32, capacity: I64, quota: I32, locked: I32
) -> tuple[I64, tuple[tuple[int, int], ...]]:
    """Number of stand-in mentees for each quota that could bind, and (organisation, left)."""
    counts, kept = [], []
    for o in np.flatnonzero(quota >= 0):
        left = int(quota[o]) - int((organisation[locked] == o).sum())
        spare = int(capacity[organisation == o].sum()) - left
        if spare > 0:
            counts.append(spare)
            kept.append((int(o), left))
    if sum(counts) > MOST_STAND_INS:
        raise LimitReached("places above the quotas", sum(counts), MOST_STAND_INS)
    return np.array(counts, np.int64), tuple(kept)


def stand_in_keys(organisation: I64, counts: I64 | None) -> U64:
    """Keys that depend on organisation and number alone, far from the keys of people."""
    number = np.arange(len(organisation))
    if counts is not None:
        number = number - np.repeat(np.cumsum(counts) - counts, counts)
    return mixed(mixed(organisation.astype(np.uint64)) + number.astype(np.uint64))


class RealPrices(NamedTuple):
    """Prices of people, and of the quotas: for a legal pair they add up to its score or more."""

    mentee: I64
    mentor: I64
    mentee_quota: I64
    mentor_quota: I64


def real_prices(f: Floor, prices: Prices, pool: Pool, quotas: Quotas) -> RealPrices:
    """Split off what a place is dearer because of a quota: the price of that quota."""
    mentee, mentor = prices.mentee[: f.mentees].copy(), prices.mentor[: f.mentors].copy()
    mentee_quota, mentor_quota = (np.zeros(len(q), np.int64) for q in quotas)
    for organisation, _, column in f.mentee_quota:
        mentee_quota[organisation] = f.steep - prices.mentor[column]
        mentee[f.free & (pool.mentees.organisation == organisation)] -= mentee_quota[organisation]
    for organisation, _ in f.mentor_quota:
        here = (pool.mentors.organisation == organisation) & (f.capacity[: f.mentors] > 0)
        mentor_quota[organisation] = mentor[here].min()
        mentor[here] -= mentor_quota[organisation]
    return RealPrices(mentee, mentor, mentee_quota, mentor_quota)
