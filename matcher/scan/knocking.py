"""
What stands between people who found nobody and everybody else: one pass, for all who are left at once.

Of every person, door and step (`standing`) it is kept how many wait behind it, and the best of them by
score - asking, the points by which she would be worth more than what she would have to give up. Counts need only
bits; and 32 pairs are scored only where a bound says that one of them may be better than who was found already.
"""

import numpy as np

from matcher.columns import I64
from matcher.compiling import inlined, kernel
from matcher.scan.barring import Barred
from matcher.scan.behind import (
    Behind,
    Tally,
    add_mask,
    count_in,
    open_tally,
    pour,
)  # fmt: skip
from matcher.scan.bits import CHUNK_WORDS
from matcher.scan.earning import first_wishes
from matcher.scan.layout import Classes, Lanes, Rows, Rules, Tables
from matcher.scan.seeing import Marks, Sheet, Tile, Views, look, set_marks
from matcher.scan.seeking import PLACE, PRICE, Asking, Bench, bound_words, find_best
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
    part_by_doors,
    put,
)  # fmt: skip
from matcher.scan.summits import GROUPS, Summits, climb


@kernel
def weigh_doors_of_lanes(
    is_wide: bool,
    tile: Tile,
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
    """Adds the pairs of the tile and the chunk of lanes at `begin` to what is behind the doors of its lanes."""
    see_all(tile, views, summits, short, marks, lanes, classes, tables, rules, barred, begin, lobby)
    wish = first_wishes(tile, rows, begin)
    open_tally(tally, behind)
    for t in range(len(tile.row)):
        count = part_row(
            t, tile, views, short, marks, page, rows, classes, tables, rules, barred, begin, wish, steps, lobby, bench,
        )  # fmt: skip
        count = part_the_rest_of_lanes(t, asking, steps, lobby, bench, count)
        for g in range(GROUPS):
            bound_words(is_wide, True, tile, t, g, summits, rows, lanes, tables, begin, asking, wish, bench)
            find_best(
                is_wide, True, tile, t, g, count, views, page, rows, tables, begin, asking, wish, lobby, bench, tally, behind,
            )  # fmt: skip
        for k in range(count):
            add_mask(lobby.mask, k, tally, lobby.slot[k])
    pour(tally, behind.people)


@kernel
def weigh_doors_of_rows(
    is_wide: bool,
    tile: Tile,
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
    """Adds the pairs of the tile and the chunk of lanes at `begin` to what is behind the doors of its rows."""
    see_all(tile, views, summits, short, marks, lanes, classes, tables, rules, barred, begin, lobby)
    wish = first_wishes(tile, rows, begin)
    near_lanes(asking, begin, lobby)
    for t in range(len(tile.row)):
        count = part_row(
            t, tile, views, short, marks, page, rows, classes, tables, rules, barred, begin, wish, steps, lobby, bench,
        )  # fmt: skip
        count = part_the_rest_of_row(steps, lobby, bench, count)
        for g in range(GROUPS):
            bound_words(is_wide, False, tile, t, g, summits, rows, lanes, tables, begin, asking, wish, bench)
            find_best(
                is_wide, False, tile, t, g, count, views, page, rows, tables, begin, asking, wish, lobby, bench, tally, behind,
            )  # fmt: skip
        for k in range(count):
            behind.people[lobby.slot[k], t] += count_in(lobby.mask, k)


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
def part_row(
    t: int,
    tile: Tile,
    views: Views,
    short: Short,
    marks: Marks,
    page: Sheet,
    rows: Rows,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    begin: int,
    wish: I64,
    steps: Steps,
    lobby: Lobby,
    bench: Bench,
) -> int:
    """Masks of the lanes that one door each keeps from row t; returns how many."""
    find_legal(t, tile, views, short, marks, page, rows, tables, barred, begin, wish, lobby)
    count_doors(t, tile, views, page, rows, rules, lobby)
    count = part_by_doors(t, tile, views, short, page, classes, rules, steps, lobby)
    for k in range(count):
        bench.which[k] = PRICE
    return count


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
    bench.which[count] = PLACE
    count = put(lobby.mask, lobby.slot, lobby.alone, lobby.planes.everybody, lobby.planes.open, place, count)
    bench.which[count] = PRICE
    return put(lobby.mask, lobby.slot, lobby.free, lobby.planes.everybody, lobby.planes.nobody, none, count)


@inlined
def part_the_rest_of_row(steps: Steps, lobby: Lobby, bench: Bench, count: int) -> int:
    """The same where lanes can be had, or cannot; and of those who lack nothing what one more place with them would do."""
    here, near, open_ = lobby.alone, lobby.near, lobby.planes.open
    place, none = steps.begin[BY_CAPACITY], steps.begin[NONE]
    # Of those who lack a place no mask needs `open` and a second one, so they are put aside first.
    for w in range(CHUNK_WORDS):
        lobby.legal[w] = here[w] & ~open_[w]
    bench.which[count] = PLACE
    count = put(lobby.mask, lobby.slot, lobby.legal, near[PLACE], lobby.planes.nobody, place, count)
    bench.which[count] = PLACE
    count = put(lobby.mask, lobby.slot, lobby.legal, lobby.planes.everybody, near[PLACE], place + 1, count)
    for kind in range(2):
        bench.which[count] = kind
        count = put(
            lobby.mask, lobby.slot, lobby.free, near[kind], lobby.planes.nobody, none + 2 * kind, count
        )
        bench.which[count] = kind
        count = put(
            lobby.mask, lobby.slot, lobby.free, lobby.planes.everybody, near[kind], none + 2 * kind + 1, count
        )
    return count
