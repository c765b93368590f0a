"""The best few of everybody, and all pairs above given prices: the faces of the scan."""

from functools import partial
from typing import Literal, NamedTuple

import numpy as np

from matcher.columns import I16, I32, I64
from matcher.scan.asking import Ask
from matcher.scan.bits import CHUNK
from matcher.scan.dense import best_entries, every_pair
from matcher.scan.engines import Engine, engine_for
from matcher.scan.layout import Packed
from matcher.scan.lists import (
    LAST_PLACE,
    Lists,
    mentees_by_rank,
    mentors_by_rank,
    no_lists,
    read_entries,
)
from matcher.scan.sizes import rows_a_task
from matcher.scan.spreading import Pause, in_order

ABOVE_NOBODY = -32768
HIGHEST_PRICE = 32766
"""Prices above it count as it: no score comes near."""

MOST_SLACK = 9000
"""Keeps every comparison inside int16 (23,000 - 32,766 < -9,000)."""


class Edges(NamedTuple):
    """Legal pairs that beat the prices; grouped by row, best score - mentor's price first."""

    row: I32
    column: I32
    score: I16
    bound: I64
    """int64[r]: every legal pair of the row that is not here has score - mentor's price of at most this."""


def top_mentors(
    packed: Packed,
    rows: I32 | None,
    k: int,
    *,
    mentor_price: I64 | None = None,
    above: I64 | int | None = None,
    columns: tuple[int, int] | None = None,
    is_scattered: bool = False,
    is_tight: bool = False,
    threads: int = 1,
    engine: Engine | None = None,
    pause: Pause | None = None,
) -> Lists:
    """
    The k best legal mentors of the mentees `rows` (None: all) with score - price > above.

    `above` is one bound or one for each row. `columns` are lanes [first, last), the first a multiple of
    2,048. Prices are 0 or more. `is_scattered`: of equals the first is not the same for all mentees, but goes by
    a hash of both keys (and is answered by kernels alone). `is_tight`: few pairs lie above the bounds, so no
    better ones need be looked for first.
    """
    rows = everybody(packed.row_of) if rows is None else rows
    price = lane_prices(packed, mentor_price)
    cut = np.broadcast_to(np.asarray(ABOVE_NOBODY if above is None else above, np.int64), rows.shape)
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k}")
    if packed.others is not None and columns is None:
        ask = asked("mentees", rows, k, price[packed.lane_of], cut)._replace(is_scattered=is_scattered)
        if (found := packed.others(ask, pause)) is not None:
            return Lists._make(found)
    first, last = lane_range(packed, columns)
    chosen = engine or engine_for(packed)
    if chosen == "numpy" and not is_scattered:
        legal, score = every_pair(packed, rows)
        at = packed.mentor_at[first:last]
        entries = best_entries(
            legal[:, at], score[:, at] - price[first:last], packed.mentor_rank[first:last], cut, k
        )
        return read_entries(entries, *mentors_by_rank(packed, price))
    return scan_rows(
        packed, rows, k, price, cut, (first, last), is_scattered, is_tight, chosen, threads, pause
    )


def scan_rows(
    packed: Packed,
    rows: I32,
    k: int,
    price: I64,
    cut: I64,
    span: tuple[int, int],
    is_scattered: bool,
    is_tight: bool,
    engine: Engine,
    threads: int,
    pause: Pause | None,
) -> Lists:
    """By tiles of rows near each other in storage; each task reads its own, so that entries never stand all at once."""
    from matcher.scan.keeping import RANKS
    from matcher.scan.tasks import best_of_rows, search

    stored = packed.row_of[rows]
    step = rows_a_task(packed, span[1] - span[0])
    question = search(packed, k, price, span, is_wide=engine == "lanes", is_scattered=is_scattered)
    ranks = (1 << RANKS) - 1 if is_scattered else LAST_PLACE
    narrow = np.clip(cut, ABOVE_NOBODY, 32767).astype(np.int16)
    persons, prices = mentors_by_rank(packed, price)
    lists = no_lists(len(rows), k)

    def fill(tile: I64, is_sampled: bool) -> I64:
        entries, is_short = best_of_rows(packed, stored[tile], question, narrow[tile], is_sampled)
        part = read_entries(entries, persons, prices, ranks)
        lists.length[tile], lists.person[tile], lists.score[tile] = part
        return tile[is_short]

    left: I64 = np.argsort(stored, kind="stable")
    for is_sampled in (not is_tight, False):
        tiles = [left[at : at + step] for at in range(0, len(left), step)]
        short = in_order([partial(fill, tile, is_sampled) for tile in tiles], threads, pause)
        left = np.concatenate([left[:0], *short])
    return lists


def top_mentees(
    packed: Packed,
    columns: I32 | None,
    k: int,
    *,
    mentee_price: I64 | None = None,
    above: I64 | int | None = None,
    rows: I32 | None = None,
    is_scattered: bool = False,
    threads: int = 1,
    engine: Engine | None = None,
    pause: Pause | None = None,
) -> Lists:
    """
    The k best legal mentees, of `rows`, of the mentors `columns` (None: all) with score - price > above.

    `is_scattered`: as in `top_mentors`; no other process is asked then.
    """
    columns = everybody(packed.lane_of) if columns is None else columns
    rows = everybody(packed.row_of) if rows is None else rows
    price = checked_prices("mentee_price", mentee_price, len(packed.row_of))[packed.mentee_at]
    cut = np.broadcast_to(np.asarray(ABOVE_NOBODY if above is None else above, np.int64), columns.shape)
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k}")
    if packed.others is not None and not is_scattered and len(rows) == len(packed.row_of):
        ask = asked("mentors", columns, k, price[packed.row_of], cut)
        if (found := packed.others(ask, pause)) is not None:
            return Lists._make(found)
    chosen = engine or engine_for(packed)
    stored = np.sort(packed.row_of[rows])
    if chosen == "numpy" and not is_scattered:
        at = packed.mentee_at[stored]
        legal, score = every_pair(packed, at)
        value = score.T[columns] - price[stored]
        entries = best_entries(legal.T[columns], value, packed.mentee_rank[stored], cut, k)
        return read_entries(entries, *mentees_by_rank(packed, price))
    return scan_columns(packed, stored, columns, k, price, cut, is_scattered, chosen, threads, pause)


def scan_columns(
    packed: Packed,
    stored: I32,
    columns: I32,
    k: int,
    price: I64,
    cut: I64,
    is_scattered: bool,
    engine: Engine,
    threads: int,
    pause: Pause | None,
) -> Lists:
    """By chunks of lanes; each task reads its own, so that entries never stand all at once."""
    from matcher.scan.keeping import RANKS
    from matcher.scan.tasks import best_of_lanes, crowd

    lane = packed.lane_of[columns]
    order = np.argsort(lane, kind="stable")
    bar = np.full(packed.lanes.codes.shape[1], 32767, np.int64)
    bar[lane] = np.clip(cut, ABOVE_NOBODY, 32767)
    persons, prices = mentees_by_rank(packed, price)
    lists = no_lists(len(columns), k)

    people = crowd(packed, stored, price.astype(np.int16), is_scattered=is_scattered)
    ranks = (1 << RANKS) - 1 if is_scattered else LAST_PLACE

    def fill(begin: int) -> None:
        here = order[slice(*np.searchsorted(lane[order], (begin, begin + CHUNK)))]
        found = best_of_lanes(packed, people, k, bar, begin, engine == "lanes")
        part = read_entries(found[lane[here] - begin], persons, prices, ranks)
        lists.length[here], lists.person[here], lists.score[here] = part

    begins = np.unique(lane // CHUNK) * CHUNK
    in_order([partial(fill, int(begin)) for begin in begins], threads, pause)
    return lists


def over(
    packed: Packed,
    rows: I32 | None,
    mentee_price: I64,
    mentor_price: I64,
    *,
    slack: int = 0,
    inclusive: bool = False,
    most: int = 16,
    threads: int = 1,
    engine: Engine | None = None,
    pause: Pause | None = None,
) -> Edges:
    """
    All legal pairs of `rows` with score > mentee's price + mentor's price - slack (`inclusive`: >=).

    Of a row with more than `most` the best are given; its `bound` then is the value of the last. None
    found by slack 0 on all rows proves that the prices cover every pair.
    """
    if not 0 <= slack <= MOST_SLACK:
        raise ValueError(f"slack must be in 0..{MOST_SLACK}, not {slack}")
    rows = everybody(packed.row_of) if rows is None else rows
    cut = mentee_price[rows].astype(np.int64) - slack - inclusive
    lists = top_mentors(
        packed, rows, most, mentor_price=mentor_price, above=cut, is_tight=True, threads=threads, engine=engine,
        pause=pause,
    )  # fmt: skip
    is_edge = np.arange(most) < lists.length[:, None]
    row = np.repeat(rows, lists.length).astype(np.int32)
    column, score = lists.person[is_edge], lists.score[is_edge]
    bound = cut.copy()
    full = lists.length == most
    price = np.clip(mentor_price, 0, HIGHEST_PRICE)
    bound[full] = lists.score[full, most - 1] - price[lists.person[full, most - 1]]
    return Edges(row, column, score, bound)


def asked(side: Literal["mentees", "mentors"], people: I32, k: int, price: I64, cut: I64) -> Ask:
    """Bounds that lie beyond every score are as good as the nearest that fits."""
    above = np.clip(cut, ABOVE_NOBODY, 32767).astype(np.int16)
    return Ask(side, people, k, price.astype(np.int16), above)


def everybody(numbers: I32) -> I32:
    return np.arange(len(numbers), dtype=np.int32)


def lane_range(packed: Packed, columns: tuple[int, int] | None) -> tuple[int, int]:
    first, last = (0, len(packed.lane_of)) if columns is None else columns
    if first % CHUNK or not 0 <= first <= last <= len(packed.lane_of):
        raise ValueError(
            f"columns ({first}, {last}) must lie in the lanes and begin at a multiple of {CHUNK}"
        )
    return first, last


def checked_prices(name: str, price: I64 | None, count: int) -> I64:
    if price is None:
        return np.zeros(count, np.int64)
    if len(price) != count or (price < 0).any():
        raise ValueError(f"{name} must hold {count} prices of 0 or more")
    clipped: I64 = np.minimum(price, HIGHEST_PRICE).astype(np.int64)
    return clipped


def lane_prices(packed: Packed, mentor_price: I64 | None) -> I64:
    return checked_prices("mentor_price", mentor_price, len(packed.lane_of))[packed.mentor_at]
