"""
Some mentees by some mentors: the points of each pair, as plain loops.

C mentors stand in a block, t mentees in a side. Flags are uint8, 0 or 1; points are int16, as no pair may earn
more than 23,000 and no price counts for more than 23,001.
"""

from typing import NamedTuple

import numpy as np

from matcher import columns as c
from matcher.columns import I16, I32, I64, U8
from matcher.compiling import kernel

SPAN = c.SENIORITY_SPAN
SAME, CROSS, NO_BOUND = c.SAME_REQUIRED, c.CROSS_REQUIRED, c.NO_BOUND


class Tables(NamedTuple):
    """Tables of `Criteria`; where a code may be -1, with a last row and column of zeros."""

    topics: I16
    levels: I16
    overlap: I16
    """int16[26], the last 0."""
    sector: I16
    organisation: I16
    seniority: I16
    mode: I16
    meets: U8
    """uint8[4, 4]: by the limit "mode"."""
    region: I16
    gender: I16
    hours: I16


class Rules(NamedTuple):
    organisation: int
    supervisor: int
    unit: int
    gender: int
    languages: int
    overlap: int
    lowest: int
    highest: int
    sign: int
    topics: int


class Block(NamedTuple):
    price: I16
    """int16[C]"""
    bar: I16
    """int16[C]: what points minus price must exceed besides; none where nothing else is asked."""
    codes: I32
    """int32[10, C]: capacity, zone, mode, region, sector, years or grade, organisation, gender, gender wish, unit."""
    levels: U8
    """uint8[L, C]"""
    offered: U8
    """uint8[257, C], the last 0."""
    person: I32
    supervisors: I32
    """int32[C, D]"""


CAPACITY, ZONE, MODE, REGION, SECTOR, YEARS, ORGANISATION, GENDER, GENDER_WISH, UNIT = range(10)


class Side(NamedTuple):
    price: I16
    """int16[t]"""
    sight: I32
    """int32[t]: row of `sights`."""
    sights: I32
    """int32[a, 4]: zone, mode, region, region wish."""
    work: I32
    works: I32
    """int32[b, 2]: sector, years or grade."""
    circle: I32
    circles: I32
    """int32[d, 3]: organisation, gender, gender wish."""
    wanted: I16
    """int16[t, R]: 256 for no topic."""
    levels: U8
    """uint8[t, L]"""
    unit: I32
    person: I32
    supervisors: I32


class Shared(NamedTuple):
    """What everybody with the same answers sees of a block: points int16[.., C] and flags uint8[.., C]."""

    sight: I16
    sees: U8
    work: I16
    works: U8
    circle: I16
    meets: U8


class Scratch(NamedTuple):
    total: I16
    """int16[C]: points minus the mentor's price."""
    holds: U8
    best: U8
    met: U8


@kernel
def share(block: Block, side: Side, tables: Tables, rules: Rules, out: Shared) -> None:
    for k in range(len(side.sights)):
        see(block.codes, side.sights[k], tables, rules, out.sight[k], out.sees[k])
    for k in range(len(side.works)):
        compare(block.codes, side.works[k], tables, rules, out.work[k], out.works[k])
    for k in range(len(side.circles)):
        meet(block.codes, side.circles[k], tables, rules, out.circle[k], out.meets[k])


@kernel
def see(codes: I32, answers: I32, tables: Tables, rules: Rules, points: I16, holds: U8) -> None:
    """Overlap, mode and region; whether she has a place, and the limits of overlap and mode."""
    zone, mode, region, wish = answers
    for j in range(len(points)):
        hours = tables.hours[zone, codes[ZONE, j]]
        here = codes[REGION, j]
        points[j] = tables.overlap[hours] + tables.mode[mode, codes[MODE, j]]
        if wish >= 0 and region >= 0 and here >= 0:
            points[j] += tables.region[wish, 1 if region == here else 0]
        in_time = rules.overlap == 0 or hours >= rules.overlap
        holds[j] = codes[CAPACITY, j] > 0 and in_time and tables.meets[mode, codes[MODE, j]] == 1


@kernel
def compare(codes: I32, answers: I32, tables: Tables, rules: Rules, points: I16, holds: U8) -> None:
    """Sector and seniority, and its bounds."""
    sector, years = answers
    for j in range(len(points)):
        points[j] = tables.sector[sector, codes[SECTOR, j]]
        is_known = years >= 0 and codes[YEARS, j] >= 0
        gap = min(max((codes[YEARS, j] - years) * rules.sign, -SPAN), SPAN)
        if is_known:
            points[j] += tables.seniority[gap + SPAN]
        high = rules.lowest == NO_BOUND or (is_known and gap >= rules.lowest)
        low = rules.highest == NO_BOUND or (is_known and gap <= rules.highest)
        holds[j] = high and low


@kernel
def meet(codes: I32, answers: I32, tables: Tables, rules: Rules, points: I16, holds: U8) -> None:
    """Organisation and gender, and their rules."""
    organisation, gender, wish = answers
    for j in range(len(points)):
        theirs = codes[ORGANISATION, j]
        is_known = organisation >= 0 and theirs >= 0
        is_same = organisation == theirs
        points[j] = tables.organisation[1 if is_same else 0] if is_known else 0
        if wish >= 0 and codes[GENDER, j] >= 0:
            points[j] += tables.gender[1 if codes[GENDER, j] == wish else 0]
        is_right = rules.organisation == c.FREE
        is_right = is_right or (is_known and is_same and rules.organisation == SAME)
        is_right = is_right or (is_known and not is_same and rules.organisation == CROSS)
        hers = wish < 0 or codes[GENDER, j] == wish
        other = codes[GENDER_WISH, j] < 0 or codes[GENDER_WISH, j] == gender
        holds[j] = is_right and (rules.gender == 0 or (hers and other))


@kernel
def count_row(
    block: Block, side: Side, shared: Shared, tables: Tables, rules: Rules, i: int, out: Scratch
) -> bool:
    """Fills `total` and `holds` of mentee i; answers whether a mentor holds and has more than her price."""
    a, b, d = side.sight[i], side.work[i], side.circle[i]
    for j in range(len(out.total)):
        out.total[j] = shared.sight[a, j] + shared.work[b, j] + shared.circle[d, j] - block.price[j]
        out.holds[j] = shared.sees[a, j] & shared.works[b, j] & shared.meets[d, j]
    add_topics(block.offered, side.wanted[i], tables.topics, rules.topics, out)
    add_level(block.levels, side.levels[i], tables.levels, rules.languages, out)
    if len(block.bar) > 0:
        return is_any_above_both(out.total, out.holds, block.bar, side.price[i])
    return is_any_above(out.total, out.holds, side.price[i])


@kernel
def is_any_above(total: I16, holds: U8, price: int) -> bool:
    found = np.uint8(0)
    for j in range(len(total)):
        found |= holds[j] & np.uint8(total[j] > price)
    return bool(found)


@kernel
def is_any_above_both(total: I16, holds: U8, bar: I16, price: int) -> bool:
    found = np.uint8(0)
    for j in range(len(total)):
        found |= holds[j] & np.uint8(total[j] > price) & np.uint8(total[j] > bar[j])
    return bool(found)


@kernel
def add_topics(offered: U8, wanted: I16, points: I16, least: int, out: Scratch) -> None:
    """Points of the topics that she wants and they offer, and the least number of them."""
    for r in range(len(wanted)):
        gain = points[r]
        if gain > 0 and wanted[r] < len(offered) - 1:
            theirs = offered[wanted[r]]
            for j in range(len(theirs)):
                out.total[j] += (
                    gain if theirs[j] != 0 else 0
                )  # a product would be widened, and ten times as slow
    if least > 0:
        out.met[:] = 0
        for r in range(len(wanted)):
            for j in range(len(out.met)):
                out.met[j] += offered[wanted[r], j]
        for j in range(len(out.met)):
            out.holds[j] &= 1 if out.met[j] >= least else 0


@kernel
def add_level(theirs: U8, hers: U8, points: I16, least: int, out: Scratch) -> None:
    """Points of the best level in one language that both have, and the least level."""
    best = out.best
    best[:] = 0
    for language in range(len(hers)):
        level = hers[language]
        if level > 0:
            known = theirs[language]
            for j in range(len(best)):
                lower = known[j] if known[j] < level else level
                best[j] = lower if lower > best[j] else best[j]
    for level in range(len(points)):
        gain = points[level]
        if gain > 0:
            for j in range(len(best)):
                out.total[j] += gain if best[j] == level else 0
    if least > 0:
        for j in range(len(best)):
            out.holds[j] &= 1 if best[j] >= least else 0


@kernel
def are_apart(block: Block, side: Side, rules: Rules, i: int, j: int) -> bool:
    """Two people, of two units and not in each other's line, as far as the rules ask."""
    hers, theirs = side.person[i], block.person[j]
    if hers >= 0 and hers == theirs:
        return False
    if rules.unit != 0 and side.unit[i] >= 0 and side.unit[i] == block.codes[UNIT, j]:
        return False
    if rules.supervisor != 0:
        for k in range(side.supervisors.shape[1]):
            if theirs >= 0 and side.supervisors[i, k] == theirs:
                return False
        for k in range(block.supervisors.shape[1]):
            if hers >= 0 and block.supervisors[j, k] == hers:
                return False
    return True


@kernel
def sift(
    block: Block, side: Side, shared: Shared, tables: Tables, rules: Rules, out: Scratch, at: I64, pairs: I32
) -> int:
    """
    Writes pairs (int32[room, 2]: places in side and block) that hold, score more than both prices and clear the bar.

    at int64[2]: the pair with which to go on, moved on. Returns how many; `room` when it has to be called again.
    """
    count = 0
    while at[0] < len(side.price):
        i = at[0]
        if count_row(block, side, shared, tables, rules, i, out):
            for j in range(at[1], len(out.total)):
                is_above = out.total[j] > side.price[i] and (
                    len(block.bar) == 0 or out.total[j] > block.bar[j]
                )
                if out.holds[j] == 1 and is_above and are_apart(block, side, rules, i, j):
                    if count == len(pairs):
                        at[1] = j
                        return count
                    pairs[count, 0], pairs[count, 1] = i, j
                    count += 1
        at[0], at[1] = i + 1, 0
    return count
