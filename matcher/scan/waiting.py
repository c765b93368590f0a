"""Who waits behind which door, for many people of one side: tasks over `knocking`."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, NO_BOUND, SENIORITY_SPAN, Flags
from matcher.scan.alike import by_limits
from matcher.scan.behind import LAST, Behind, nobody, tally_of
from matcher.scan.bits import CHUNK, CHUNK_WORDS
from matcher.scan.classes import SENIORITY
from matcher.scan.engines import has_vectors
from matcher.scan.knocking import weigh_doors
from matcher.scan.layout import TOPICS_A_STEP, Packed, Rules
from matcher.scan.numbering import inverse
from matcher.scan.reaching import count_open
from matcher.scan.seeing import Tile, marks_of, sheet, tile_of, views_of
from matcher.scan.seeking import Asking, Bench
from matcher.scan.shortness import short_of
from matcher.scan.spreading import Pause, in_order
from matcher.scan.standing import (
    BY_CAPACITY,
    BY_LANGUAGES,
    BY_OVERLAP,
    BY_SENIORITY,
    BY_TOPICS,
    DOORS,
    FAR,
    NONE,
    Steps,
    lobby_of,
)
from matcher.scan.summits import summits_of
from matcher.scan.tallying import DEPTH

ROWS = 2048
"""Mentees of a task."""

MANY_ROWS, MANY_CLASSES = 1 << 17, 2048
"""As long as their classes are not too many, all rows of a tile share what was computed for these: 5 KiB each."""

ROWS_ASKED, SPANS = 8192, 4
"""Mentees of a task who ask themselves, and the parts in which it goes through the mentors."""


class Waiting(NamedTuple):
    """For each step, and each person asked about, in their order."""

    people: I32
    """int32[S, p]"""
    surplus: I64
    """int64[S, p]: score - asking of the best, `NOBODY` without one."""
    best: I32
    """int32[S, p]: row of the best, -1 without one."""


def steps_of(rules: Rules) -> Steps:
    """
    As many for each limit as it could be short of.

    Of those who lack a place, or nothing, the first step is for those who can be had and the second for the others;
    the third and the fourth of the latter are the same, asked for one more place.
    """
    width = np.ones(DOORS, np.int64)
    width[BY_LANGUAGES], width[BY_OVERLAP] = max(rules.languages, 1), max(rules.overlap, 1)
    width[BY_TOPICS] = max(rules.topics, 1)
    if rules.lowest_gap != NO_BOUND:
        width[BY_SENIORITY] = max(width[BY_SENIORITY], rules.lowest_gap + SENIORITY_SPAN)
    if rules.highest_gap != NO_BOUND:
        width[BY_SENIORITY] += max(0, SENIORITY_SPAN - rules.highest_gap)
    width[BY_CAPACITY], width[NONE] = 2, 4
    return Steps(np.append(0, np.cumsum(width)[:-1]), int(width.sum()))


def before_mentors(
    packed: Packed,
    lanes: I32,
    price: I64,
    place: I64,
    *,
    threads: int = 1,
    is_wide: bool | None = None,
    pause: Pause | None = None,
) -> Waiting:
    """Mentors `lanes` of the packed pool; price and place int64[n] ask for mentees, by their rows."""
    steps = steps_of(packed.rules)
    asked = np.stack([price[packed.mentee_at], place[packed.mentee_at]]).astype(np.int32)
    everybody = np.arange(len(packed.row_of), dtype=np.int32)
    order, is_new = by_limits(packed, everybody, *(asked >= FAR))
    tiles = tiles_of(packed, everybody[order], is_new)
    begins = np.unique(lanes // CHUNK) * CHUNK
    found = nobody(packed.lanes.codes.shape[1], steps.total)
    askings = [asking_of(asked[:, tile.row], packed.mentee_rank[None, tile.row]) for tile, _ in tiles]

    def of_chunk(begin: int) -> None:
        here = nobody(CHUNK, steps.total)
        for (tile, is_new), asking in zip(tiles, askings, strict=True):
            knock(packed, True, tile, is_new, range(begin, begin + 1), asking, steps, here, is_wide)
        for whole, part in zip(found, here, strict=True):
            whole[:, begin : begin + CHUNK] = part

    tasks: list[Callable[[], None]] = [partial(of_chunk, int(begin)) for begin in begins]
    in_order(tasks, threads, pause)
    person_at = packed.mentee_at[inverse(packed.mentee_rank)]
    return read(Behind._make(column[:, lanes] for column in found), person_at)


def before_mentees(
    packed: Packed,
    rows: I32,
    price: I64,
    place: I64,
    *,
    threads: int = 1,
    is_wide: bool | None = None,
    pause: Pause | None = None,
) -> Waiting:
    """Mentees `rows` (storage rows); price and place int64[m] ask for mentors, by their rows."""
    steps = steps_of(packed.rules)
    width = packed.lanes.codes.shape[1]
    of_lane = np.zeros((3, width), np.int32)
    of_lane[:, : len(price)] = price[packed.mentor_at], place[packed.mentor_at], packed.mentor_rank
    asking = asking_of(of_lane[:2], of_lane[2:])
    order, is_new = by_limits(packed, rows)
    parts = [slice(at, at + ROWS_ASKED) for at in range(0, len(order), ROWS_ASKED)]
    span = -(-width // CHUNK // SPANS) * CHUNK
    found = nobody(len(rows), steps.total)

    def of_part(part: slice, first: int) -> Behind:
        here = nobody(len(order[part]), steps.total)
        begins, at = range(first, min(first + span, width), CHUNK), 0
        for tile, begin_group in tiles_of(packed, rows[order[part]], is_new[part]):
            some = Behind._make(np.ascontiguousarray(column[:, at : at + len(tile.row)]) for column in here)
            knock(packed, False, tile, begin_group, begins, asking, steps, some, is_wide)
            for whole, column in zip(here, some, strict=True):
                whole[:, at : at + len(tile.row)] = column
            at += len(tile.row)
        return here

    asked = [(part, first) for part in parts for first in range(0, width, span)]
    tasks: list[Callable[[], Behind]] = [partial(of_part, *one) for one in asked]
    for (part, _), here in zip(asked, in_order(tasks, threads, pause), strict=True):
        add(found, order[part], here)
    return read(found, packed.mentor_at[inverse(packed.mentor_rank)])


def tiles_of(packed: Packed, rows: I32, is_new: Flags) -> list[tuple[Tile, Flags]]:
    """Tiles of many of these storage rows, fewer where every row may have classes of its own; `is_new` shared out likewise."""
    step = MANY_ROWS if max(len(values) for values in packed.classes) <= MANY_CLASSES else ROWS
    parts = [slice(at, at + step) for at in range(0, len(rows), step)]
    return [(tile_of(packed.rows, rows[part]), is_new[part]) for part in parts]


def asking_of(price: I32, rank: I32) -> Asking:
    price = np.ascontiguousarray(price)
    nearest = np.clip(price, -32768, 32767).astype(np.int16)
    whole = nearest[:, : nearest.shape[1] // 32 * 32]
    return Asking(price, rank, nearest, whole.reshape(2, -1, 32).min(axis=2))


def knock(
    packed: Packed, by_lane: bool, tile: Tile, is_new: Flags, begins: range, asking: Asking, steps: Steps, behind: Behind,
    is_wide: bool | None,
) -> None:  # fmt: skip
    """The tile and the chunks that begin at `begins`."""
    views, width = views_of(tile), packed.lanes.codes.shape[1]
    kinds = max(len(np.unique(packed.lanes.codes[SENIORITY])), 1)
    tables, masks = packed.tables, steps.total + 1
    gains = np.concatenate([tables.topics[:TOPICS_A_STEP], tables.levels, tables.circle])
    bench = Bench(
        np.empty(CHUNK_WORDS, np.int16), np.empty(32, np.int16), np.empty((1, 32), np.int16), np.zeros(width, np.int16),
        np.repeat(gains[:, None], 32, axis=1), np.empty(masks, np.int64), np.empty(masks, np.int16),
        np.empty(masks, np.int64), np.empty(masks, np.int64),
    )  # fmt: skip
    tally = tally_of(steps.total, len(tile.row) if by_lane else 0)
    for begin in begins:
        weigh_doors(
            has_vectors() if is_wide is None else is_wide, by_lane, tile, is_new, views, summits_of(views),
            short_of(tile, packed.rules, kinds), marks_of(tile, packed.barred),
            sheet(packed.rules, packed.rows.wanted.shape[1]), packed.rows, packed.lanes, packed.classes, packed.tables,
            packed.rules, packed.barred, begin, steps, asking, lobby_of(steps, packed.lanes, packed.criteria.language_points), bench,
            tally, behind,
        )  # fmt: skip


def add(found: Behind, part: I64, here: Behind) -> None:
    """Takes in what was found for some of the people in one part of the others."""
    found.people[:, part] += here.people
    surplus, rank = found.surplus[:, part], found.rank[:, part]
    is_better = (here.surplus > surplus) | ((here.surplus == surplus) & (here.rank < rank))
    found.surplus[:, part] = np.where(is_better, here.surplus, surplus)
    found.rank[:, part] = np.where(is_better, here.rank, rank)


def open_to(
    packed: Packed, side: str, rows: I32 | None = None, *, threads: int = 1, pause: Pause | None = None
) -> I64:
    """
    How many of the other side pass every limit with each person, "mentees" or "mentors".

    `rows` int32[r]: of mentees only these storage rows, whether they are told about or counted; None: all.
    """
    rows = packed.row_of if rows is None else rows
    order = np.argsort(rows, kind="stable")
    tiles = [rows[order[at : at + ROWS]] for at in range(0, len(rows), ROWS)]
    width, by_lane = packed.lanes.codes.shape[1], side == "mentors"

    def of_tile(tile: I32) -> tuple[I64, I64]:
        of_rows, of_lanes = np.zeros(len(tile), np.int64), np.zeros((1, width), np.int64)
        seen = tile_of(packed.rows, tile)
        for begin in range(0, width, CHUNK):
            count_open(
                has_vectors(), by_lane, seen, views_of(seen), marks_of(seen, packed.barred),
                sheet(packed.rules, packed.rows.wanted.shape[1]), packed.rows, packed.lanes, packed.classes,
                packed.tables, packed.rules, packed.barred, begin, np.zeros(max(len(tile), width), np.int16),
                np.zeros((1, DEPTH, CHUNK_WORDS), np.uint32), of_rows, of_lanes,
            )  # fmt: skip
        return of_rows, of_lanes[0]

    parts = in_order([partial(of_tile, tile) for tile in tiles], threads, pause)
    if by_lane:
        whole = np.zeros(width, np.int64)
        for _, of_lanes in parts:
            whole += of_lanes
        return whole[packed.lane_of]
    found = np.zeros(len(rows), np.int64)
    found[order] = np.concatenate([found[:0], *(of_rows for of_rows, _ in parts)])
    return found


def read(found: Behind, person_at: I32) -> Waiting:
    """`person_at` int32[others]: row of the person of each rank."""
    is_any = found.rank < LAST
    best = np.full(found.rank.shape, -1, np.int32)
    best[is_any] = person_at[found.rank[is_any]]
    return Waiting(found.people, found.surplus.astype(np.int64), best)
