"""The best few of everybody, as people and scores, and how they are read from the entries that kernels keep."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.scan.layout import Packed
from matcher.scan.numbering import inverse

LAST_PLACE = 0xFFFFFFFF
"""The lower half of an entry: see `keeping`."""


class Lists(NamedTuple):
    """
    For each person asked about the best of the other side by score - price, best first; of equals the one
    whose hashed key is lower.
    """

    length: I32
    """int32[r]: how many of the k."""
    person: I32
    """int32[r, k]: rows of the other side, -1 beyond `length`."""
    score: I16
    """int16[r, k]: without the price; 0 beyond `length`."""


def no_lists(people: int, k: int) -> Lists:
    """To be filled."""
    return Lists(
        np.zeros(people, np.int32), np.full((people, k), -1, np.int32), np.zeros((people, k), np.int16)
    )


def mentors_by_rank(packed: Packed, price: I64) -> tuple[I32, I64]:
    """Who has each rank, and her price; one more for no entry."""
    at = inverse(packed.mentor_rank)
    return np.append(packed.mentor_at[at], -1), np.append(price[at], 0)


def mentees_by_rank(packed: Packed, price: I64) -> tuple[I32, I64]:
    """As `mentors_by_rank`."""
    at = inverse(packed.mentee_rank)
    return np.append(packed.mentee_at[at], -1), np.append(price[at], 0)


def read_entries(entries: I64, person_at: I32, price: I64, ranks: int = LAST_PLACE) -> Lists:
    """Arrays by place, the last for no entry; `ranks`: the bits of a place that are the rank."""
    is_entry = entries > 0
    place = np.where(is_entry, (LAST_PLACE - (entries & LAST_PLACE)) & ranks, len(price) - 1)
    score = np.where(is_entry, (entries >> 32) - 32768 + price[place], 0)
    count = is_entry.sum(axis=1)
    return Lists(count.astype(np.int32), person_at[place].astype(np.int32), score.astype(np.int16))
