"""
All pairs against the prices, for pools of which no row can be written out for everybody.

A block is some mentees by some mentors. Answers that many share are turned into points once a block; what is
left per pair is a dozen additions of small integers in plain loops, which the compiler makes wide by itself.
Whoever beats her prices there is only suspected: `matcher.recounting.pairs` has the last word.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher import columns as c
from matcher.columns import I16, I32, I64, U8, Criteria, Flags
from matcher.recounting.blocks import Block, Rules, Scratch, Shared, Side, Tables, share, sift
from matcher.recounting.pairs import Facts, meets

Pairs = I64
"""int64[k, 2]"""

MENTORS = 4096
"""Of a block: its rows of points (8 KiB each) stay in the second cache."""

MENTEES = 8192
"""Of a block: 34 million pairs, some hundredths of a second."""

ROOM = 4096
"""Suspects of a block that are noted before they are judged."""

NO_PAIR = 23_001
"""A price above every score."""

Judge = Callable[[I64, I64], bool]
"""Hears suspected pairs (rows i, j); answers whether to go on."""


class Prices(NamedTuple):
    """Each pair is compared with mentee[i] + mentor[j], quotas included."""

    mentee: I64
    mentor: I64
    skipped: Flags
    """bool[n]: mentees whom a lock keeps."""


def sweep(
    s: Facts, prices: Prices, judge: Judge, threads: int, pause: Callable[[float], None] | None = None
) -> None:
    """
    Hands every pair that passes the limits of the answers and scores more than its prices to `judge`.

    Mentors whom she named herself are not counted here: these pairs are few, and looked at one by one elsewhere.
    """
    e = s.pool.mentees
    order = np.lexsort((e.organisation, e.sector, e.zone))
    order = order[~prices.skipped[order]].astype(np.int64)
    tiles = [order[at : at + MENTEES] for at in range(0, len(order), MENTEES)]
    sides = [mentee_side(s, prices.mentee, rows) for rows in tiles]
    tables, rules = tables_of(s), rules_of(s.criteria)
    begins = range(0, len(s.pool.mentors.key), MENTORS)
    with ThreadPoolExecutor(threads) as workers:
        for number, begin in enumerate(begins):
            block = mentor_block(s, prices.mentor, begin)
            done = workers.map(partial(suspects, block, tables, rules), sides)
            for tile, (rows, found) in enumerate(zip(tiles, done, strict=True)):
                if not all(judge(rows[pairs[:, 0]], begin + pairs[:, 1]) for pairs in found if len(pairs)):
                    return
                if pause is not None:
                    pause((number + (tile + 1) / len(tiles)) / len(begins))


def suspects(block: Block, tables: Tables, rules: Rules, side: Side) -> list[Pairs]:
    """Places within side and block, in as many pieces as the room for them was filled."""
    width = len(block.price)
    a, b, d = len(side.sights), len(side.works), len(side.circles)
    shared = Shared(*points_and_flags(a, width), *points_and_flags(b, width), *points_and_flags(d, width))
    share(block, side, tables, rules, shared)
    scratch = Scratch(np.empty(width, np.int16), *(np.empty(width, np.uint8) for _ in range(3)))
    found, at = [], np.zeros(2, np.int64)
    while at[0] < len(side.price):
        pairs = np.empty((ROOM, 2), np.int32)
        found.append(pairs[: sift(block, side, shared, tables, rules, scratch, at, pairs)].astype(np.int64))
    return found


def points_and_flags(count: int, width: int) -> tuple[I16, U8]:
    return np.empty((count, width), np.int16), np.empty((count, width), np.uint8)


def mentor_block(s: Facts, price: I64, begin: int, width: int = MENTORS) -> Block:
    m = s.pool.mentors
    here = slice(begin, begin + width)
    years = m.experience if s.criteria.seniority_measure == c.BY_EXPERIENCE else m.grade
    codes = (m.capacity, m.zone, m.mode, m.region, m.sector, years, m.organisation, m.gender, m.gender_wish)
    count = len(m.key[here])
    bits = np.unpackbits(m.offered[here].astype("<u8").view(np.uint8), axis=1, bitorder="little")
    offered = np.zeros((bits.shape[1] + 1, count), np.uint8)
    offered[:-1] = bits.T
    return Block(
        np.clip(price[here], 0, NO_PAIR).astype(np.int16),
        np.stack([column[here].astype(np.int32) for column in (*codes, m.unit)]),
        np.ascontiguousarray(m.languages[here].T),
        offered,
        m.person[here],
        m.supervisors[here],
    )


def mentee_side(s: Facts, price: I64, rows: I64) -> Side:
    e = s.pool.mentees
    years = e.experience if s.criteria.seniority_measure == c.BY_EXPERIENCE else e.grade
    wanted = e.wanted[rows]
    sight, sights = classes((e.zone, e.mode, e.region, e.region_wish), rows)
    work, works = classes((e.sector, years), rows)
    circle, circles = classes((e.organisation, e.gender, e.gender_wish), rows)
    return Side(
        np.clip(price[rows], -NO_PAIR - 1, NO_PAIR).astype(np.int16),
        sight, sights, work, works, circle, circles,
        np.where(wanted < 0, 64 * c.TOPIC_WORDS, wanted).astype(np.int16),
        e.languages[rows], e.unit[rows], e.person[rows], e.supervisors[rows],
    )  # fmt: skip


def classes(columns: Sequence[NDArray[np.signedinteger]], rows: I64) -> tuple[I32, I32]:
    """Distinct combinations of answers: for each row its number, and the combinations."""
    table = np.stack([column[rows].astype(np.int32) for column in columns], axis=1)
    values, number = np.unique(table, axis=0, return_inverse=True)
    return number.ravel().astype(np.int32), values


def tables_of(s: Facts) -> Tables:
    x = s.criteria
    edge = ((0, 1), (0, 1))
    everybody = np.ones((4, 4), np.uint8)
    return Tables(
        x.topic_points, x.language_points, np.append(x.overlap_points, np.int16(0)),
        np.pad(x.sector_points, edge), x.organisation_points, x.seniority_points, np.pad(x.mode_points, edge),
        meets().astype(np.uint8) if x.mode_rule else everybody, x.region_points, x.gender_points, s.hours,
    )  # fmt: skip


def rules_of(x: Criteria) -> Rules:
    return Rules(
        x.organisation_rule, int(x.supervisor_rule), int(x.unit_rule), int(x.gender_rule), x.language_minimum,
        x.overlap_minimum, x.seniority_minimum, x.seniority_maximum, x.seniority_sign, x.topics_minimum,
    )  # fmt: skip
