"""
What is kept of those who stand before a door: how many they are, and who of them would be worth most.

Lanes are counted by a binary counter of masks: what two masks carry is added to what two others carried, so a mask
costs about one full addition of 32 lanes an instruction, however many there are (carry-save addition: Wallace 1964).
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.compiling import inlined, lean
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.lanes import bits_in, lowest_bit

NOBODY = -(1 << 31)
"""Less than any surplus."""

LAST = (1 << 31) - 1


class Behind(NamedTuple):
    """Of every door and step; people are the rows or the lanes of a task."""

    people: I32
    """int32[S, p]"""
    surplus: I32
    """int32[S, p]: the greatest score - asking, NOBODY without any."""
    rank: I32
    """int32[S, p]: of those with the greatest the lowest rank."""


class Tally(NamedTuple):
    """Counts of lanes, in the making."""

    masks: I64
    """int64[S]: how many were added."""
    digits: Words
    """uint32[S, D, C / 32]: digit d of the counts."""
    waiting: Words
    """uint32[S, D, C / 32]: what the first of two additions carried to digit d; there where bit d of `masks` stands."""
    carry: Words
    """uint32[C / 32]: scratch."""
    empty: Words
    """uint32[S, C / 32]: lanes that have nobody yet."""
    least: I32
    """int32[S, C / 32]: the least surplus among the others of a word."""


def nobody(people: int, steps: int) -> Behind:
    shape = (steps, people)
    return Behind(np.zeros(shape, np.int32), np.full(shape, NOBODY, np.int32), np.full(shape, LAST, np.int32))


def tally_of(steps: int, rows: int) -> Tally:
    """For so many rows at most."""
    shape = (steps, int(rows).bit_length() + 1, CHUNK_WORDS)
    return Tally(
        np.zeros(steps, np.int64),
        np.zeros(shape, np.uint32),
        np.empty(shape, np.uint32),
        np.empty(CHUNK_WORDS, np.uint32),
        np.zeros((steps, CHUNK_WORDS), np.uint32),
        np.full((steps, CHUNK_WORDS), LAST, np.int32),
    )


@inlined
def add_mask(mask: Words, row: int, tally: Tally, slot: int) -> None:
    """Adds 1 to the counts of the lanes that stand in mask[row]."""
    before, digit, carry = tally.masks[slot], 0, tally.carry
    for w in range(CHUNK_WORDS):
        carry[w] = mask[row, w]
    while before & 1:
        for w in range(CHUNK_WORDS):
            one, two, three = tally.digits[slot, digit, w], tally.waiting[slot, digit, w], carry[w]
            either = one ^ two
            tally.digits[slot, digit, w] = either ^ three
            carry[w] = (one & two) | (either & three)
        before >>= 1
        digit += 1
    for w in range(CHUNK_WORDS):
        tally.waiting[slot, digit, w] = carry[w]
    tally.masks[slot] += 1


@lean
def pour(tally: Tally, people: I32) -> None:
    """Adds all counts to people int32[S, C] and begins anew."""
    for slot in range(len(people)):
        for digit in range(tally.digits.shape[1]):
            here = (tally.masks[slot] >> digit) & 1
            for w in range(CHUNK_WORDS):
                one = tally.digits[slot, digit, w]
                two = tally.waiting[slot, digit, w] if here else np.uint32(0)
                if one | two:
                    for bit in range(32):
                        twice = ((one >> np.uint32(bit)) & 1) + ((two >> np.uint32(bit)) & 1)
                        people[slot, 32 * w + bit] += twice << digit
                    tally.digits[slot, digit, w] = 0
        tally.masks[slot] = 0


@inlined
def count_in(mask: Words, row: int) -> Any:
    total = np.int32(0)
    for w in range(CHUNK_WORDS):
        total += bits_in(mask[row, w])
    return total


@lean
def best_of_lanes(
    these: Any,
    w: int,
    slot: int,
    surplus: I32,
    which: int,
    first: int,
    rank: int,
    tally: Tally,
    behind: Behind,
) -> None:
    """
    A row of this rank is no worse for lanes `these` of word w of the chunk than who was there; of equals the lower rank stays.

    surplus int32[2, ..], from `first` on.
    """
    while these != 0:
        bit = lowest_bit(these)
        these &= these - np.uint32(1)
        lane, news = 32 * w + bit, surplus[which, first + bit]
        if news > behind.surplus[slot, lane] or rank < behind.rank[slot, lane]:
            behind.surplus[slot, lane], behind.rank[slot, lane] = news, rank
    set_least(w, slot, tally, behind)


@lean
def set_least(w: int, slot: int, tally: Tally, behind: Behind) -> None:
    """Sets what a row has to be worth to be looked at for word w."""
    least, empty = LAST, np.uint32(0)
    for bit in range(32):
        surplus = behind.surplus[slot, 32 * w + bit]
        empty |= np.uint32(1 if surplus == NOBODY else 0) << np.uint32(bit)
        least = min(least, LAST if surplus == NOBODY else int(surplus))
    tally.empty[slot, w], tally.least[slot, w] = empty, least


@lean
def open_tally(tally: Tally, behind: Behind) -> None:
    """Makes the bars of lanes those of what was found before."""
    for slot in range(len(tally.least)):
        for w in range(CHUNK_WORDS):
            set_least(w, slot, tally, behind)


@lean
def best_of_row(
    these: Any, t: int, slot: int, surplus: I32, which: int, first: int, rank: I32, lane: int, behind: Behind
) -> None:
    """Lanes `these` of 32 from `lane` on are no worse for row t than who was there; rank int32[1, lanes]."""
    while these != 0:
        bit = lowest_bit(these)
        these &= these - np.uint32(1)
        news, place = surplus[which, first + bit], rank[0, lane + bit]
        is_first = news == behind.surplus[slot, t] and place < behind.rank[slot, t]
        if news > behind.surplus[slot, t] or is_first:
            behind.surplus[slot, t], behind.rank[slot, t] = news, place


@inlined
def spread(value: Any, out: I32) -> None:
    """out int32[1, ..]"""
    for k in range(out.shape[1]):
        out[0, k] = value


@inlined
def surplus_of(scores: I16, price: I32, which: int, lane: int, step: int, first: int, out: I32) -> None:
    """out[which] from `first` on: 32 scores - price[which] from `lane` on, or of that one alone where step is 0."""
    for k in range(32):
        out[which, first + k] = np.int32(scores[k]) - price[which, lane + step * k]


assert CHUNK == 32 * CHUNK_WORDS
