"""
One person before everybody on the other side: points and failed limits of each pair, as plain loops.

A value is points + limits << 16 (see `crowds`). Each limit of answers comes from one table only, so adding is as good
as setting bits.
"""

from typing import Any

import numpy as np

from matcher.columns import CROSS_REQUIRED, FREE, I16, I32, NO_BOUND, SAME_REQUIRED, SENIORITY_SPAN, U8
from matcher.compiling import lean
from matcher.structures.crowds import (
    FAILS,
    MODE,
    ORGANISATION,
    PLACE,
    REGION,
    REGION_WISH,
    SECTOR,
    YEARS,
    ZONE,
    Crowd,
    Rules,
    Tables,
)

SPAN = 2048
"""People looked at in one go: their values stay in the first cache."""

POINTS = (1 << 16) - 1
CAPACITY, PERSON, OTHERS = FAILS["capacity"], FAILS["person"], FAILS["organisation"]
SUPERVISOR, GENDERS, SENIORITY, TOPICS = (
    FAILS["supervisor"],
    FAILS["gender"],
    FAILS["seniority"],
    FAILS["topics"],
)


@lean
def sight_of(zone: int, mode: int, region: int, wish: int, zone_there: int, mode_there: int, region_there: int, t: Tables) -> int:  # fmt: skip
    """Overlap, mode and region of a mentee with a mentor."""
    value: int = t.overlap[zone, zone_there] + t.mode[mode, mode_there]
    if wish >= 0 and region >= 0 and region_there >= 0:
        value += t.region[wish, 1 if region == region_there else 0]
    return value


@lean
def work_of(sector: int, years: int, sector_there: int, years_there: int, t: Tables, r: Rules) -> int:
    """Sector and seniority, with its bounds."""
    value: int = t.sector[sector, sector_there]
    is_known = years >= 0 and years_there >= 0
    gap = min(max(r.sign * (years_there - years), -SENIORITY_SPAN), SENIORITY_SPAN)
    if is_known:
        value += t.seniority[gap + SENIORITY_SPAN]
    is_low = r.lowest != NO_BOUND and (not is_known or gap < r.lowest)
    is_high = r.highest != NO_BOUND and (not is_known or gap > r.highest)
    return value + (SENIORITY if is_low or is_high else 0)


@lean
def circle_of(me: I32, you: I32, t: Tables, r: Rules) -> Any:
    """Organisation, gender and place. me, you int32[4]: a mentee's organisation, gender, wish and place; a mentor's."""
    value = np.int64(0) if you[3] > 0 else np.int64(CAPACITY)
    is_known, is_same = me[0] >= 0 and you[0] >= 0, me[0] == you[0]
    if is_known:
        value += t.organisation[1 if is_same else 0]
    if me[2] >= 0 and you[1] >= 0:
        value += t.gender[1 if me[2] == you[1] else 0]
    is_right = r.organisation == FREE
    is_right = is_right or (r.organisation == SAME_REQUIRED and is_known and is_same)
    is_right = is_right or (r.organisation == CROSS_REQUIRED and is_known and not is_same)
    is_unmet = (me[2] >= 0 and me[2] != you[1]) or (you[2] >= 0 and you[2] != me[1])
    return value + (0 if is_right else OTHERS) + (GENDERS if r.gender != 0 and is_unmet else 0)


@lean
def see(mine: Crowd, i: int, is_mentee: bool, theirs: Crowd, t: Tables, r: Rules, seen: I32) -> None:
    """seen int32[3, k]: what each class of the others is to her."""
    me = mine.codes[i]
    for k in range(len(theirs.sights)):
        you = theirs.sights[k]
        if is_mentee:
            seen[0, k] = sight_of(me[ZONE], me[MODE], me[REGION], me[REGION_WISH], you[0], you[1], you[2], t)
        else:
            seen[0, k] = sight_of(you[0], you[1], you[2], you[3], me[ZONE], me[MODE], me[REGION], t)
    for k in range(len(theirs.works)):
        sector, years = theirs.works[k]
        if is_mentee:
            seen[1, k] = work_of(me[SECTOR], me[YEARS], sector, years, t, r)
        else:
            seen[1, k] = work_of(sector, years, me[SECTOR], me[YEARS], t, r)
    hers = me[ORGANISATION : PLACE + 1]
    for k in range(len(theirs.circles)):
        if is_mentee:
            seen[2, k] = circle_of(hers, theirs.circles[k], t, r)
        else:
            seen[2, k] = circle_of(theirs.circles[k], hers, t, r)


@lean
def face(
    mine: Crowd, i: int, is_mentee: bool, theirs: Crowd, first: int, t: Tables, r: Rules, seen: I32,
    value: I32, level: U8,
) -> None:  # fmt: skip
    """value int32[k]: of her and the others first .. first + k. level uint8[k] is scratch."""
    count = len(value)
    for j in range(count):
        at = first + j
        value[j] = seen[0, theirs.kind[0, at]] + seen[1, theirs.kind[1, at]] + seen[2, theirs.kind[2, at]]
    add_levels(mine.levels, i, theirs.levels, first, t.levels, value, level)
    add_topics(mine, i, is_mentee, theirs, first, t, value)
    if r.topics > 0:
        count_topics(mine, i, theirs.has, first, r.topics, value, level)
    part(mine, i, theirs, first, r, value)
    add_listed(mine, i, first, value)


@lean
def add_levels(hers: U8, i: int, theirs: U8, first: int, points: I32, value: I32, best: U8) -> None:
    """By the best of the levels in one language that both have."""
    best[:] = 0
    for language in range(len(hers)):
        known = hers[language, i]
        if known > 0:
            others = theirs[language]
            for j in range(len(best)):
                lower = others[first + j] if others[first + j] < known else known
                best[j] = lower if lower > best[j] else best[j]
    for j in range(len(best)):
        value[j] += points[best[j]]


@lean
def add_topics(
    mine: Crowd, i: int, is_mentee: bool, theirs: Crowd, first: int, t: Tables, value: I32
) -> None:
    begin = mine.topic_start[i]
    for k in range(begin, mine.topic_start[i + 1]):
        others = theirs.by_topic[mine.topic[k]]
        gain = t.topic[k - begin] if is_mentee else np.int32(1)
        if gain > 0:
            for j in range(len(value)):
                value[j] += gain * np.int32(others[first + j])


@lean
def count_topics(mine: Crowd, i: int, there: I16, first: int, least: int, value: I32, met: U8) -> None:
    """there [256, n]: above 0 where the other wants, or offers, the topic."""
    met[:] = 0
    for k in range(mine.topic_start[i], mine.topic_start[i + 1]):
        others = there[mine.topic[k]]
        for j in range(len(met)):
            met[j] += others[first + j] > 0
    for j in range(len(met)):
        value[j] |= TOPICS if met[j] < least else 0


@lean
def part(mine: Crowd, i: int, theirs: Crowd, first: int, r: Rules, value: I32) -> None:
    """One person, her line, her unit."""
    person, unit = mine.person[i], mine.unit[i]
    if person >= 0:
        for j in range(len(value)):
            value[j] |= PERSON if theirs.person[first + j] == person else 0
    if r.unit != 0 and unit >= 0:
        for j in range(len(value)):
            value[j] |= SUPERVISOR if theirs.unit[first + j] == unit else 0
    if r.supervisor != 0:
        for d in range(len(mine.supervisors)):
            above = mine.supervisors[d, i]
            if above >= 0:
                for j in range(len(value)):
                    value[j] |= SUPERVISOR if theirs.person[first + j] == above else 0
        for d in range(len(theirs.supervisors) if person >= 0 else 0):
            line = theirs.supervisors[d]
            for j in range(len(value)):
                value[j] |= SUPERVISOR if line[first + j] == person else 0


@lean
def place_of(mine: Crowd, i: int, other: int) -> int:
    """The first listed pair of hers with `other` or somebody after."""
    low: int = mine.listed_start[i]
    high = mine.listed_start[i + 1]
    while low < high:
        middle = (low + high) // 2
        if mine.listed[middle] < other:
            low = middle + 1
        else:
            high = middle
    return low


@lean
def add_listed(mine: Crowd, i: int, first: int, value: I32) -> None:
    end = mine.listed_start[i + 1]
    at = place_of(mine, i, first)
    while at < end and mine.listed[at] < first + len(value):
        value[mine.listed[at] - first] += mine.listed_value[at]
        at += 1
