"""
What a class of mentees sees over one chunk of lanes: points, and bits of the limits that hold.

Built once for a tile of rows and a chunk of lanes and used by all rows of the class, so memory does
not grow with the number of classes in the pool.
"""

from matcher.columns import CROSS_REQUIRED, I16, I32, NO_BOUND, SAME_REQUIRED, SENIORITY_SPAN
from matcher.compiling import kernel
from matcher.scan.bits import Words
from matcher.scan.layout import Rules, Tables

START, LENGTH, MODE, REGION, SECTOR, SENIORITY, ORGANISATION, GENDER, GENDER_WISH = range(9)
"""Rows of `Lanes.codes`."""


@kernel
def overlap_hours(start: int, length: int, other_start: int, other_length: int) -> int:
    """
    Whole hours in which two daily windows overlap, -1 when one is unknown (length -1).

    Starts are minutes of a day (0 .. 1439), so the second window, which returns every day, can only
    meet the first as it begins on the same day or the day before, counted from the first's start.
    """
    if length < 0 or other_length < 0:
        return -1
    gap = (other_start - start) % 1440
    tonight = min(length, gap + other_length) - gap
    before = min(length, gap - 1440 + other_length)
    return (max(tonight, 0) + max(before, 0)) // 60


@kernel
def sight_rows(
    classes: I32, used: I32, codes: I32, first: int, tables: Tables, rules: Rules, points: I16, held: Words
) -> None:
    """
    Points of overlap, mode and region; bits where the limits of overlap and mode hold.

    classes int32[a, 5]; used int32[k] rows of it; codes int32[9, lanes]; points int16[k, C] and held
    uint32[k, 2, C / 32] are written for lanes first .. first + C.
    """
    for k in range(len(used)):
        start, length, mode, region, wish = classes[used[k]]
        for w in range(held.shape[2]):
            in_time, in_mode = 0, 0
            for b in range(32):
                lane = first + 32 * w + b
                hours = overlap_hours(start, length, codes[START, lane], codes[LENGTH, lane])
                theirs = codes[MODE, lane]
                total = tables.mode[mode, theirs]
                if hours >= 0:
                    total += tables.overlap[hours]
                if wish >= 0 and codes[REGION, lane] >= 0:
                    total += tables.region[wish, 1 if codes[REGION, lane] == region else 0]
                points[k, 32 * w + b] = total
                is_apart = mode < 0 or theirs < 0 or (mode + theirs == 1)
                in_time |= (1 if rules.overlap == 0 or hours >= rules.overlap else 0) << b
                in_mode |= (0 if rules.mode != 0 and is_apart else 1) << b
            held[k, 0, w] = in_time
            held[k, 1, w] = in_mode


@kernel
def work_rows(
    classes: I32, used: I32, codes: I32, first: int, tables: Tables, rules: Rules, points: I16, held: Words
) -> None:
    """
    Points of sector, seniority and gender, and of having no language in common (all others are steps
    above that); bits where the bounds of seniority hold. Shapes as in `sight_rows`; held uint32[k, 1, C / 32].
    """
    for k in range(len(used)):
        sector, seniority, wish = classes[used[k]]
        for w in range(held.shape[2]):
            in_bounds = 0
            for b in range(32):
                lane = first + 32 * w + b
                total = tables.nobody + tables.sector[sector, codes[SECTOR, lane]]
                theirs = codes[SENIORITY, lane]
                is_known = seniority >= 0 and theirs >= 0
                gap = rules.gap_sign * (theirs - seniority)
                gap = min(max(gap, -SENIORITY_SPAN), SENIORITY_SPAN)
                if is_known:
                    total += tables.seniority[gap + SENIORITY_SPAN]
                if wish >= 0 and codes[GENDER, lane] >= 0:
                    total += tables.gender[1 if codes[GENDER, lane] == wish else 0]
                points[k, 32 * w + b] = total
                holds = rules.lowest_gap == NO_BOUND or (is_known and gap >= rules.lowest_gap)
                holds = holds and (rules.highest_gap == NO_BOUND or (is_known and gap <= rules.highest_gap))
                in_bounds |= (1 if holds else 0) << b
            held[k, 0, w] = in_bounds


@kernel
def circle_rows(classes: I32, used: I32, codes: I32, first: int, rules: Rules, held: Words) -> None:
    """
    Bits where the rules of organisation and of gender hold, and where the organisations are the same
    and where both are known. classes int32[c, 3]; held uint32[k, 4, C / 32].
    """
    for k in range(len(used)):
        organisation, gender, wish = classes[used[k]]
        for w in range(held.shape[2]):
            in_rule, in_wish, same, known = 0, 0, 0, 0
            for b in range(32):
                lane = first + 32 * w + b
                theirs = codes[ORGANISATION, lane]
                is_known = organisation >= 0 and theirs >= 0
                is_same = is_known and organisation == theirs
                is_right = rules.organisation == SAME_REQUIRED and is_same
                is_right = is_right or (rules.organisation == CROSS_REQUIRED and is_known and not is_same)
                is_right = is_right or rules.organisation == 0
                hers = wish < 0 or wish == codes[GENDER, lane]
                other = codes[GENDER_WISH, lane]
                holds = rules.gender == 0 or (hers and (other < 0 or other == gender))
                in_rule |= (1 if is_right else 0) << b
                in_wish |= (1 if holds else 0) << b
                same |= (1 if is_same else 0) << b
                known |= (1 if is_known else 0) << b
            held[k, 0, w] = in_rule
            held[k, 1, w] = in_wish
            held[k, 2, w] = same
            held[k, 3, w] = known
