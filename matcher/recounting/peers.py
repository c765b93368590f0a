"""
All pairs of one pool, both ways, against prices: for pools of which no table of all pairs could be held.

As in `sweeping`, plain loops only find whom to suspect: pairs that pass the limits of the answers and are worth more than
their prices. `matcher.recounting.pairs` then has the last word on each of them, one by one.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from matcher.columns import I16, I32, I64, U8
from matcher.compiling import kernel
from matcher.recounting.blocks import Block, Rules, Scratch, Shared, Side, Tables, count_row, share
from matcher.recounting.pairs import Facts
from matcher.recounting.sweeping import (
    Prices,
    mentee_side,
    mentor_block,
    points_and_flags,
    rules_of,
    tables_of,
)

PEOPLE = 2048
"""Of a block: both directions of two blocks take 24 MB."""

AT_ONCE = 1 << 18
"""Suspects that are judged together."""

Judge = Callable[[I64, I64], None]


def sweep_peers(s: Facts, price: I64, each: int, *, is_sum: bool, judge: Judge, threads: int = 2) -> None:
    """
    Hands every pair (rows a < b) that may be worth more than half of price[a] + price[b] + each to `judge`, once.

    `is_sum`: a pair is worth what both directions earn together; else half of what one gets more is taken off.
    """
    begins = range(0, len(price), PEOPLE)
    nothing = np.zeros(len(price), np.int64)
    tables, rules = tables_of(s), rules_of(s.criteria)
    sides = [mentee_side(s, nothing, np.arange(b, min(b + PEOPLE, len(price)))) for b in begins]
    free = Prices(nothing, nothing, nothing > 0)
    blocks = [mentor_block(s, free, np.arange(b, min(b + PEOPLE, len(price)))) for b in begins]
    named = named_pairs(s)

    def suspects(at: tuple[int, int]) -> Any:
        a, b = at
        there, there_holds = points(blocks[b], sides[a], tables, rules)
        back, back_holds = (there, there_holds) if a == b else points(blocks[a], sides[b], tables, rules)
        first, second = price[begins[a] : begins[a] + PEOPLE], price[begins[b] : begins[b] + PEOPLE]
        found = np.zeros((1 << 16, 2), np.int32)
        while True:
            count = above(there, there_holds, back, back_holds, first, second, each, is_sum, a == b, found)
            if count <= len(found):
                return found[:count].astype(np.int64) + np.array([begins[a], begins[b]])
            found = np.zeros((count, 2), np.int32)

    tasks = [(a, b) for a in range(len(begins)) for b in range(a, len(begins))]
    with ThreadPoolExecutor(threads) as workers:
        for at in range(0, len(tasks), 2 * threads):
            for pairs in workers.map(suspects, tasks[at : at + 2 * threads]):
                fresh = pairs[~np.isin(pairs[:, 0] * len(price) + pairs[:, 1], named)]
                for begin in range(0, len(fresh), AT_ONCE):
                    judge(*fresh[begin : begin + AT_ONCE].T)
    if len(named):
        judge(named // len(price), named % len(price))


def named_pairs(s: Facts) -> I64:
    """Pairs a < b as cells: whoever named somebody is looked at whatever the loops say, which do not count it."""
    one, other = s.pool.wishes[:, 0].astype(np.int64), s.pool.wishes[:, 1].astype(np.int64)
    low, high = np.minimum(one, other), np.maximum(one, other)
    cells: I64 = np.unique((low * len(s.pool.mentees.key) + high)[low < high])
    return cells


def points(block: Block, side: Side, tables: Tables, rules: Rules) -> tuple[I16, U8]:
    """int16[t, C] and uint8[t, C]: what each of the side earns with each of the block, and whether the answers allow it."""
    width = len(block.price)
    counts = (len(side.sights), len(side.works), len(side.circles))
    shared = Shared._make(column for count in counts for column in points_and_flags(count, width))
    share(block, side, tables, rules, shared)
    scratch = Scratch(np.empty(width, np.int16), *(np.empty(width, np.uint8) for _ in range(3)))
    found = np.empty((len(side.price), width), np.int16), np.empty((len(side.price), width), np.uint8)
    fill(block, side, shared, tables, rules, scratch, *found)
    return found


@kernel
def fill(
    block: Block,
    side: Side,
    shared: Shared,
    tables: Tables,
    rules: Rules,
    out: Scratch,
    total: I16,
    holds: U8,
) -> None:
    for i in range(len(total)):
        count_row(block, side, shared, tables, rules, i, out)
        total[i, :] = out.total
        holds[i, :] = out.holds


@kernel
def above(
    there: I16, there_holds: U8, back: I16, back_holds: U8, first: I64, second: I64, each: int, is_sum: bool,
    is_same: bool, found: I32,
) -> int:  # fmt: skip
    """there [a, b], back [b, a]. Writes places as far as there is room; answers how many there are."""
    count = 0
    for a in range(len(there)):
        for b in range(a + 1 if is_same else 0, there.shape[1]):
            if there_holds[a, b] & back_holds[b, a] == 0:
                continue
            x, y = np.int64(there[a, b]), np.int64(back[b, a])
            if not is_sum and (x <= 0 or y <= 0):
                continue
            worth = x + y if is_sum else x + y - (abs(x - y) + 1) // 2
            if 2 * worth > first[a] + second[b] + each:
                if count < len(found):
                    found[count, 0], found[count, 1] = a, b
                count += 1
    return count
