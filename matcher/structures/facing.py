"""
One person before everybody on the other side: points and failed limits of each pair, as plain loops.

A value is points + limits << 16 (see `crowds`). Each limit of answers comes from one table only, so adding is as good
as setting bits. Loops go over slices, never over `first + j`: only so does the compiler do many others at a time.
"""

from typing import Any

import numpy as np

from matcher.columns import CROSS_REQUIRED, FREE, I16, I32, NO_BOUND, SAME_REQUIRED, SENIORITY_SPAN, U8
from matcher.compiling import lean
from matcher.scan.bits import Words
from matcher.structures.closeness import part, place_among
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
CAPACITY, OTHERS = FAILS["capacity"], FAILS["organisation"]
GENDERS, SENIORITY, TOPICS = FAILS["gender"], FAILS["seniority"], FAILS["topics"]


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
    best_levels(mine.levels, i, theirs.levels, first, level)
    add_classes(theirs.kind, first, seen, t.levels, level, value)
    if r.has_topics:
        add_topics(mine, i, is_mentee, theirs, first, t, value)
    if r.topics > 0:
        count_topics(mine, i, theirs.has, first, r.topics, value, level)
    part(mine.close, i, first, value)
    add_listed(mine, i, first, value)


@lean
def best_levels(hers: U8, i: int, theirs: U8, first: int, best: U8) -> None:
    """The best of the levels in one language that both have."""
    best[:] = 0
    for language in range(len(hers)):
        known = hers[language, i]
        if known > 0:
            others = theirs[language, first : first + len(best)]
            for j in range(len(best)):
                lower = others[j] if others[j] < known else known
                best[j] = lower if lower > best[j] else best[j]


@lean
def add_classes(kind: Words, first: int, seen: I32, points: I32, level: U8, value: I32) -> None:
    """What each of the others is by class, and by the best level."""
    none, basic, fair, good, native = points[0], points[1], points[2], points[3], points[4]
    end = first + len(value)
    sight, work, circle = kind[0, first:end], kind[1, first:end], kind[2, first:end]
    for j in range(len(value)):
        value[j] = seen[0, sight[j]] + seen[1, work[j]] + seen[2, circle[j]]
    for j in range(len(value)):
        # A chain of choices is done for many at a time, which looking up in a table is not.
        more = none
        more = basic if level[j] == 1 else more
        more = fair if level[j] == 2 else more
        more = good if level[j] == 3 else more
        value[j] += native if level[j] == 4 else more


@lean
def add_topics(
    mine: Crowd, i: int, is_mentee: bool, theirs: Crowd, first: int, t: Tables, value: I32
) -> None:
    """Four topics in one go: the last row, which is nobody's, stands for those that are missing."""
    begin, end, stop = mine.topic_start[i], mine.topic_start[i + 1], first + len(value)
    there, nobody = theirs.by_topic, len(theirs.by_topic) - 1
    for k in range(begin, end, 4):
        a = there[mine.topic[k], first:stop]
        b = there[mine.topic[k + 1] if k + 1 < end else nobody, first:stop]
        c = there[mine.topic[k + 2] if k + 2 < end else nobody, first:stop]
        d = there[mine.topic[k + 3] if k + 3 < end else nobody, first:stop]
        if is_mentee:
            w, x = rank_points(t, k - begin), rank_points(t, k + 1 - begin)
            y, z = rank_points(t, k + 2 - begin), rank_points(t, k + 3 - begin)
            for j in range(len(value)):
                value[j] += w * a[j] + x * b[j] + y * c[j] + z * d[j]
        else:
            for j in range(len(value)):
                value[j] += np.int32(a[j]) + np.int32(b[j]) + np.int32(c[j]) + np.int32(d[j])


@lean
def rank_points(t: Tables, rank: int) -> Any:
    return t.topic[rank] if rank < len(t.topic) else np.int32(0)


@lean
def count_topics(mine: Crowd, i: int, there: I16, first: int, least: int, value: I32, met: U8) -> None:
    """there [256, n]: above 0 where the other wants, or offers, the topic."""
    met[:] = 0
    for k in range(mine.topic_start[i], mine.topic_start[i + 1]):
        others = there[mine.topic[k], first : first + len(met)]
        for j in range(len(met)):
            met[j] += others[j] > 0
    for j in range(len(met)):
        value[j] |= TOPICS if met[j] < least else 0


@lean
def add_listed(mine: Crowd, i: int, first: int, value: I32) -> None:
    end = mine.listed_start[i + 1]
    at = place_among(mine.listed, mine.listed_start[i], end, first)
    while at < end and mine.listed[at] < first + len(value):
        value[mine.listed[at] - first] += mine.listed_value[at]
        at += 1
