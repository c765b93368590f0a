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
from matcher.scan.lanes import lowest_bit
from matcher.scan.wide import add_three, copy_row

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
    bars: I16
    """int16[S, C]: `Behind.surplus`, or the nearest that fits."""
    least: I16
    """int16[S, C / 32]: the least of those of a word who have somebody."""


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
        np.full((steps, CHUNK if rows else 0), -32768, np.int16),
        np.empty((steps, CHUNK_WORDS), np.int16),
    )


@inlined
def add_mask(mask: Words, row: int, times: int, tally: Tally, slot: int) -> None:
    """Adds `times` to the counts of the lanes that stand in mask[row]."""
    digit = 0
    while times >> digit:
        if (times >> digit) & 1:
            add_at(mask, row, digit, tally, slot)
        digit += 1


@inlined
def add_at(mask: Words, row: int, digit: int, tally: Tally, slot: int) -> None:
    """Adds 1 << digit."""
    before, at = tally.masks[slot] >> digit, slot * tally.digits.shape[1] + digit
    tally.masks[slot] += 1 << digit
    copy_row(mask, row, tally.carry, 0)
    while before & 1:
        add_three(tally.digits, at, tally.waiting, at, tally.carry, 0)
        before >>= 1
        at += 1
    copy_row(tally.carry, 0, tally.waiting, at)


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


@lean
def best_of_lanes(
    these: Any, w: int, slot: int, scores: I16, asked: int, rank: int, tally: Tally, behind: Behind
) -> None:
    """Compares a row of this rank, worth scores int16[32] - asked, with who was there for lanes `these` of word w of the chunk."""
    while these != 0:
        bit = lowest_bit(these)
        these &= these - np.uint32(1)
        lane, news = 32 * w + bit, int(scores[bit]) - asked
        is_first = news == behind.surplus[slot, lane] and rank < behind.rank[slot, lane]
        if news > behind.surplus[slot, lane] or is_first:
            behind.surplus[slot, lane], behind.rank[slot, lane] = news, rank
            tally.bars[slot, lane] = nearest(news)
    set_least(w, slot, tally, behind)


@lean
def nearest(value: int) -> Any:
    return np.int16(min(max(value, -32768), 32767))


@lean
def set_least(w: int, slot: int, tally: Tally, behind: Behind) -> None:
    """Sets what a row has to be worth to be looked at for word w."""
    least, empty = 32767, np.uint32(0)
    for bit in range(32):
        if behind.surplus[slot, 32 * w + bit] == NOBODY:
            empty |= np.uint32(1) << np.uint32(bit)
        else:
            least = min(least, int(tally.bars[slot, 32 * w + bit]))
    tally.empty[slot, w], tally.least[slot, w] = empty, least


@lean
def open_tally(tally: Tally, behind: Behind) -> None:
    """Makes the bars of lanes those of what was found before."""
    for slot in range(len(tally.least)):
        for lane in range(CHUNK):
            tally.bars[slot, lane] = nearest(behind.surplus[slot, lane])
        for w in range(CHUNK_WORDS):
            set_least(w, slot, tally, behind)


@lean
def best_of_row(
    these: Any, t: int, slot: int, scores: I16, price: I32, which: int, rank: I32, lane: int, behind: Behind
) -> None:
    """Compares lanes `these` of 32 from `lane` on, worth scores int16[32] - price[which], with who was there for row t."""
    while these != 0:
        bit = lowest_bit(these)
        these &= these - np.uint32(1)
        news, place = int(scores[bit]) - int(price[which, lane + bit]), rank[0, lane + bit]
        is_first = news == behind.surplus[slot, t] and place < behind.rank[slot, t]
        if news > behind.surplus[slot, t] or is_first:
            behind.surplus[slot, t], behind.rank[slot, t] = news, place


assert CHUNK == 32 * CHUNK_WORDS
