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
from matcher.recounting.pausing import Pause, tell

Pairs = I64
"""int64[k, 2]"""

MENTORS = 4096
"""Of a block: its rows of points (8 KiB each) stay in the second cache."""

MENTEES = 8192
"""Of a block: 34 million pairs, some hundredths of a second."""

ROOM = 4096
"""Suspects of a block that are noted before they are judged."""

PIECES = 64
"""So many times that room is filled at once: where every pair is suspected, they would fill the memory."""

NO_PAIR = 23_001
"""A price above every score."""

FAR = 1 << 40
"""Prices beyond count as this: so far away no sum of them overflows."""

Judge = Callable[[I64, I64], bool]
"""Hears suspected pairs (rows i, j); answers whether to go on."""


class Prices(NamedTuple):
    """Each pair is compared with mentee[i] + mentor[j], quotas included, and with least[j]: it must score more than both."""

    mentee: I64
    mentor: I64
    skipped: Flags
    """bool[n]: mentees whom a lock keeps."""
    least: I64 | None = None


class Part(NamedTuple):
    """Some mentees by some mentors, whose prices fit into 16 bits when they are counted from `base`."""

    mentees: I64
    mentors: I64
    base: int


def sweep(s: Facts, prices: Prices, judge: Judge, threads: int, pause: Pause = None) -> None:
    """
    Hands every pair that passes the limits of the answers and scores more than its prices to `judge`.

    Prices may be any integers. Mentors whom she named herself are not counted here: these pairs are few, and looked at
    one by one elsewhere.
    """
    parts = parts_of(s, prices)
    tables, rules = tables_of(s), rules_of(s.criteria)
    whole, done = sum(len(part.mentees) * len(part.mentors) for part in parts), 0
    with ThreadPoolExecutor(threads) as workers:
        for part in parts:
            shifted = counted_from(part.base, prices)
            tiles = [part.mentees[at : at + MENTEES] for at in range(0, len(part.mentees), MENTEES)]
            sides = []
            for rows in tiles:
                sides.append(mentee_side(s, shifted.mentee, rows))
                tell(pause, done / whole)
            for begin in range(0, len(part.mentors), MENTORS):
                here = part.mentors[begin : begin + MENTORS]
                look = partial(suspects, mentor_block(s, shifted, here), tables, rules)
                begun = [np.zeros(2, np.int64) for _ in tiles]
                found_in = workers.map(look, sides, begun)
                for rows, side, at, found in zip(tiles, sides, begun, found_in, strict=True):
                    left = found
                    while left:
                        if not all(judge(rows[pairs[:, 0]], here[pairs[:, 1]]) for pairs in left):
                            return
                        left = look(side, at)
                        tell(pause, done / whole)
                    done += len(rows) * len(here)
                    tell(pause, done / whole)


def parts_of(s: Facts, prices: Prices) -> list[Part]:
    """Every pair that could score more than its prices is in one of them. Mentees who answer alike stand together."""
    e = s.pool.mentees
    order = np.lexsort((e.organisation, e.sector, e.zone))
    order = order[~prices.skipped[order]].astype(np.int64)
    is_open = s.pool.mentors.capacity > 0
    if prices.least is not None:
        is_open &= prices.least < c.MAX_SCORE
    price = np.clip(prices.mentor, -FAR, FAR)
    found = []
    for mentors in bands(price, np.flatnonzero(is_open)):
        base = int(price[mentors].min())
        within_reach = order[np.clip(prices.mentee, -2 * FAR, 2 * FAR)[order] < c.MAX_SCORE - base]
        if len(within_reach):
            found.append(Part(within_reach, mentors, base))
    return found


def bands(price: I64, mentors: I64) -> list[I64]:
    """These mentors, in as few parts as can be, of which no two prices are further apart than any score."""
    left = mentors[np.argsort(price[mentors], kind="stable")]
    found = []
    while len(left):
        count = int(np.searchsorted(price[left], price[left[0]] + NO_PAIR, side="right"))
        found.append(np.sort(left[:count]))
        left = left[count:]
    return found


def counted_from(base: int, prices: Prices) -> Prices:
    """
    The same prices, as far as they can matter beside mentors whose price is `base` to `base` + NO_PAIR.

    A mentee's price below -NO_PAIR lets every score pass, whatever such a mentor's is, and one above NO_PAIR none.
    """
    return prices._replace(
        mentee=np.clip(np.clip(prices.mentee, -2 * FAR, 2 * FAR) + base, -NO_PAIR - 1, NO_PAIR),
        mentor=np.clip(np.clip(prices.mentor, -FAR, FAR) - base, 0, NO_PAIR),
    )


def suspects(block: Block, tables: Tables, rules: Rules, side: Side, at: I64) -> list[Pairs]:
    """
    Places within side and block, in pieces; none when all have been given.

    at int64[2]: the pair with which to go on, moved on.
    """
    if at[0] == len(side.price):
        return []
    width = len(block.price)
    a, b, d = len(side.sights), len(side.works), len(side.circles)
    shared = Shared(*points_and_flags(a, width), *points_and_flags(b, width), *points_and_flags(d, width))
    share(block, side, tables, rules, shared)
    scratch = Scratch(np.empty(width, np.int16), *(np.empty(width, np.uint8) for _ in range(3)))
    found: list[Pairs] = []
    while at[0] < len(side.price) and len(found) < PIECES:
        pairs = np.empty((ROOM, 2), np.int32)
        count = sift(block, side, shared, tables, rules, scratch, at, pairs)
        if count:
            found.append(pairs[:count].astype(np.int64))
    return found


def points_and_flags(count: int, width: int) -> tuple[I16, U8]:
    return np.empty((count, width), np.int16), np.empty((count, width), np.uint8)


def mentor_block(s: Facts, prices: Prices, here: I64) -> Block:
    """`here` int64[C]: rows of mentors. Of the prices 0 to NO_PAIR are told apart."""
    m = s.pool.mentors
    years = m.experience if s.criteria.seniority_measure == c.BY_EXPERIENCE else m.grade
    codes = (m.capacity, m.zone, m.mode, m.region, m.sector, years, m.organisation, m.gender, m.gender_wish)
    bits = np.unpackbits(m.offered[here].astype("<u8").view(np.uint8), axis=1, bitorder="little")
    offered = np.zeros((bits.shape[1] + 1, len(here)), np.uint8)
    offered[:-1] = bits.T
    price = np.clip(prices.mentor[here], 0, NO_PAIR)
    bar = price[:0] if prices.least is None else np.clip(prices.least[here], -1, NO_PAIR) - price
    return Block(
        price.astype(np.int16),
        bar.astype(np.int16),
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
