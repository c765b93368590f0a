"""
What stands between people who found nobody and everybody else: one pass, for all who are left at once.

Of every person, door and step (`standing`) it is kept how many wait behind it, and the best of them by
score - asking, the points by which she would be worth more than what she would have to give up. Counts need only
bits, and only once for mentees whom the limits treat alike (`alike`); 32 pairs are scored only where a bound says that
one of them may be better than who was found already.
"""

import numpy as np

from matcher.columns import Flags
from matcher.compiling import inlined, kernel
from matcher.scan.barring import Barred
from matcher.scan.behind import Behind, Tally, add_mask, open_tally, pour
from matcher.scan.bits import CHUNK_WORDS
from matcher.scan.earning import first_wishes
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import Marks, Sheet, Tile, Views, look, set_marks
from matcher.scan.seeking import PLACE, PRICE, Asking, Bench, bound_words, find_best, prepare
from matcher.scan.shortness import Short, measure_short
from matcher.scan.standing import (
    BY_CAPACITY,
    FAR,
    NONE,
    Lobby,
    Steps,
    count_doors,
    enter,
    find_legal,
    is_like_others,
    part_by_doors,
    put,
    put_back,
    see_earning,
    set_aside,
)
from matcher.scan.summits import GROUPS, Summits, climb
from matcher.scan.wide import copy_row, count_row, cut_row


@kernel
def weigh_doors(
    is_wide: bool,
    by_lane: bool,
    tile: Tile,
    is_new: Flags,
    views: Views,
    summits: Summits,
    short: Short,
    marks: Marks,
    page: Sheet,
    rows: Rows,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    begin: int,
    steps: Steps,
    asking: Asking,
    lobby: Lobby,
    bench: Bench,
    tally: Tally,
    behind: Behind,
) -> None:
    """
    Adds the pairs of the tile and the chunk of lanes at `begin` to what is behind the doors of its lanes, or of its rows.

    `is_new` bool[t]: where a group of rows begins whom the limits treat alike, and who can be had alike.
    """
    see_all(tile, views, summits, short, marks, lanes, classes, tables, rules, barred, begin, lobby)
    wish = first_wishes(tile, rows, begin)
    if by_lane:
        open_tally(tally, behind)
    else:
        near_lanes(asking, begin, lobby)
    count, alike, is_at_hand = 0, 0, False
    for t in range(len(tile.row)):
        is_like = is_like_others(t, tile, short, marks, barred, begin, lobby.planes)
        see_earning(t, tile, views, rows, lobby)
        if is_new[t] or not is_like or not is_at_hand:
            add_masks(by_lane, count, alike, lobby, tally)
            if is_like:
                copy_row(lobby.planes.real, 0, lobby.legal, 0)
            else:
                find_legal(t, tile, views, short, marks, rows, tables, barred, begin, wish, lobby)
            count = part(
                by_lane, t, tile, views, short, page, rows, classes, rules, steps, asking, lobby, bench
            )
            alike, is_at_hand = 0, is_like
        alike += 1
        aside = set_aside(t, tile, marks, barred, begin, count, lobby) if is_like else 0
        count_people(by_lane, t, count, aside, lobby, behind)
        prepare(by_lane, t, count, asking, lobby, bench, behind)
        for g in range(GROUPS):
            bound_words(is_wide, tile, t, g, summits, rows, lanes, tables, begin, wish, bench)
            find_best(
                is_wide, by_lane, tile, t, g, count, views, rows, tables, begin, asking, wish, lobby, bench, tally, behind,
            )  # fmt: skip
        put_back(aside, lobby)
    add_masks(by_lane, count, alike, lobby, tally)
    if by_lane:
        pour(tally, behind.people)


@inlined
def see_all(
    tile: Tile,
    views: Views,
    summits: Summits,
    short: Short,
    marks: Marks,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    begin: int,
    lobby: Lobby,
) -> None:
    """What holds for all rows of the tile."""
    set_marks(barred, tile, begin, marks)
    look(tile, classes, lanes, tables, rules, begin, views)
    climb(views, summits)
    measure_short(tile, views, classes, lanes, tables, rules, begin, short)
    enter(lanes, begin, lobby)


@inlined
def part(
    by_lane: bool,
    t: int,
    tile: Tile,
    views: Views,
    short: Short,
    page: Sheet,
    rows: Rows,
    classes: Classes,
    rules: Rules,
    steps: Steps,
    asking: Asking,
    lobby: Lobby,
    bench: Bench,
) -> int:
    """Masks of the lanes of lobby.legal that one door each keeps from row t, or none; returns how many."""
    count_doors(t, tile, views, page, rows, rules, lobby)
    count = part_by_doors(t, tile, views, short, page, classes, rules, steps, lobby)
    for k in range(count):
        bench.which[k] = PRICE
    if by_lane:
        return part_the_rest_of_lanes(t, asking, steps, lobby, bench, count)
    count = part_the_rest_of_row(steps, lobby, bench, count)
    for k in range(count):
        lobby.people[k] = count_row(lobby.mask, k)
    return count


@inlined
def add_masks(by_lane: bool, count: int, alike: int, lobby: Lobby, tally: Tally) -> None:
    """Counts the lanes of all masks once for each of the rows that were alike."""
    if by_lane:
        for k in range(count):
            add_mask(lobby.mask, k, alike, tally, lobby.slot[k])


@inlined
def count_people(by_lane: bool, t: int, count: int, aside: int, lobby: Lobby, behind: Behind) -> None:
    """Of lanes, takes off those that were set aside (`add_masks` counts them with the others); of row t, counts them all."""
    for k in range(0 if by_lane else count):
        behind.people[lobby.slot[k], t] += lobby.people[k]
    for k in range(aside):
        mask, lane = lobby.aside[k]
        behind.people[lobby.slot[mask], lane if by_lane else t] -= 1


@inlined
def near_lanes(asking: Asking, begin: int, lobby: Lobby) -> None:
    for kind in range(2):
        for w in range(CHUNK_WORDS):
            word = np.uint32(0)
            for bit in range(32):
                if asking.price[kind, begin + 32 * w + bit] < FAR:
                    word |= np.uint32(1) << np.uint32(bit)
            lobby.near[kind, w] = word


@inlined
def part_the_rest_of_lanes(
    t: int, asking: Asking, steps: Steps, lobby: Lobby, bench: Bench, count: int
) -> int:
    """Masks of those who lack a place and of those who lack nothing: a row can be had, or cannot."""
    place = steps.begin[BY_CAPACITY] + (1 if asking.price[PLACE, t] >= FAR else 0)
    none = steps.begin[NONE] + (1 if asking.price[PRICE, t] >= FAR else 0)
    planes = lobby.planes
    bench.which[count] = PLACE
    count = put(lobby, lobby.alone, planes.everybody, 0, planes.open, 0, place, count)
    bench.which[count] = PRICE
    return put(lobby, lobby.free, planes.everybody, 0, planes.nobody, 0, none, count)


@inlined
def part_the_rest_of_row(steps: Steps, lobby: Lobby, bench: Bench, count: int) -> int:
    """The same where lanes can be had, or cannot; and of those who lack nothing what one more place with them would do."""
    near, planes = lobby.near, lobby.planes
    place, none = steps.begin[BY_CAPACITY], steps.begin[NONE]
    # Of those who lack a place no mask needs `open` and a second one, so they are put aside first.
    cut_row(lobby.alone, 0, planes.everybody, 0, planes.open, 0, lobby.legal, 0)
    bench.which[count] = PLACE
    count = put(lobby, lobby.legal, near, PLACE, planes.nobody, 0, place, count)
    bench.which[count] = PLACE
    count = put(lobby, lobby.legal, planes.everybody, 0, near, PLACE, place + 1, count)
    for kind in range(2):
        bench.which[count] = kind
        count = put(lobby, lobby.free, near, kind, planes.nobody, 0, none + 2 * kind, count)
        bench.which[count] = kind
        count = put(lobby, lobby.free, planes.everybody, 0, near, kind, none + 2 * kind + 1, count)
    return count
