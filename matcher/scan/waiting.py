"""Who waits behind which door, for many people of one side: tasks over `doors`."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, NO_BOUND, SENIORITY_SPAN
from matcher.scan.bits import CHUNK, CHUNK_WORDS
from matcher.scan.doors import (
    BY_CAPACITY,
    BY_LANGUAGES,
    BY_OVERLAP,
    BY_SENIORITY,
    BY_TOPICS,
    DOORS,
    NOBODY,
    NONE,
    Asking,
    Behind,
    Short,
    Steps,
    weigh_doors,
)
from matcher.scan.engines import has_vectors
from matcher.scan.layout import Packed, Rules
from matcher.scan.reaching import count_open
from matcher.scan.seeing import marks_of, sheet, tile_of, views_of
from matcher.scan.spreading import Pause, in_order
from matcher.scan.tallying import DEPTH

ROWS = 2048
"""Mentees of a task."""


class Waiting(NamedTuple):
    """For each step, and each person asked about, in their order."""

    people: I32
    """int32[S, p]"""
    surplus: I64
    """int64[S, p]: score - asking of the best, `NOBODY` >> 32 without one."""
    best: I32
    """int32[S, p]: row of the best, -1 without one."""


def steps_of(rules: Rules) -> Steps:
    """As many for each limit as it could be short of; for capacity and for none at all, see `note` in `doors`."""
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
    packed: Packed, lanes: I32, price: I64, place: I64, *, threads: int = 1, pause: Pause | None = None
) -> Waiting:
    """Mentors `lanes` of the packed pool; price and place int64[n] ask for mentees, by their rows."""
    steps = steps_of(packed.rules)
    at = packed.mentee_at
    asking = Asking(price[at].astype(np.int32), place[at].astype(np.int32), packed.mentee_rank)
    begins = np.unique(lanes // CHUNK) * CHUNK
    tasks: list[Callable[[], Behind]] = [partial(of_lanes, packed, asking, steps, int(b)) for b in begins]
    width = packed.lanes.codes.shape[1]
    found = nobody(width, steps.total)
    for begin, part in zip(begins, in_order(tasks, threads, pause), strict=True):
        found.people[:, begin : begin + CHUNK], found.best[:, begin : begin + CHUNK] = part
    return read(
        Behind(found.people[:, lanes], found.best[:, lanes]), packed.mentee_at[np.argsort(packed.mentee_rank)]
    )


def before_mentees(
    packed: Packed, rows: I32, price: I64, place: I64, *, threads: int = 1, pause: Pause | None = None
) -> Waiting:
    """Mentees `rows` (storage rows); price and place int64[m] ask for mentors, by their rows."""
    steps = steps_of(packed.rules)
    width = packed.lanes.codes.shape[1]
    of_lane = np.zeros((3, width), np.int32)
    of_lane[:, : len(price)] = price[packed.mentor_at], place[packed.mentor_at], packed.mentor_rank
    asking = Asking(*of_lane)
    order = np.argsort(rows, kind="stable")
    tiles = [order[at : at + ROWS] for at in range(0, len(order), ROWS)]
    tasks: list[Callable[[], Behind]] = [
        partial(of_rows, packed, asking, steps, rows[tile]) for tile in tiles
    ]
    found = nobody(len(rows), steps.total)
    for tile, part in zip(tiles, in_order(tasks, threads, pause), strict=True):
        found.people[:, tile], found.best[:, tile] = part
    return read(found, packed.mentor_at[np.argsort(packed.mentor_rank)])


def open_to(packed: Packed, side: str, *, threads: int = 1, pause: Pause | None = None) -> I64:
    """How many of the other side pass every limit with each person of the packed pool, "mentees" or "mentors"."""
    rows = np.arange(len(packed.row_of), dtype=np.int32)
    tiles = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]
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
    found = np.concatenate([of_rows for of_rows, _ in parts])
    return found[packed.row_of]


def nobody(people: int, steps: int) -> Behind:
    return Behind(np.zeros((steps, people), np.int32), np.full((steps, people), NOBODY, np.int64))


def of_lanes(packed: Packed, asking: Asking, steps: Steps, begin: int) -> Behind:
    found = nobody(CHUNK, steps.total)
    for at in range(0, len(packed.row_of), ROWS):
        rows = np.arange(at, min(at + ROWS, len(packed.row_of)), dtype=np.int32)
        here = Asking._make(column[rows] for column in asking)
        pass_by(packed, True, rows, begin, here, steps, found)
    return found


def of_rows(packed: Packed, asking: Asking, steps: Steps, rows: I32) -> Behind:
    found = nobody(len(rows), steps.total)
    for begin in range(0, packed.lanes.codes.shape[1], CHUNK):
        pass_by(packed, False, rows, begin, asking, steps, found)
    return found


def pass_by(
    packed: Packed, by_lane: bool, rows: I32, begin: int, asking: Asking, steps: Steps, found: Behind
) -> None:
    tile = tile_of(packed.rows, rows)
    weigh_doors(
        has_vectors(), by_lane, tile, views_of(tile), marks_of(tile, packed.barred),
        sheet(packed.rules, packed.rows.wanted.shape[1]), packed.rows, packed.lanes, packed.classes, packed.tables,
        packed.rules, packed.barred, begin, np.zeros(packed.lanes.codes.shape[1], np.int16),
        np.zeros(len(rows), np.int16),
        Short(np.empty((len(tile.sights), CHUNK), np.uint8), np.empty((len(tile.works), CHUNK), np.uint8)),
        np.empty((DOORS, CHUNK_WORDS), np.uint32), asking, steps, found,
    )  # fmt: skip


def read(found: Behind, person_at: I32) -> Waiting:
    """`person_at` int32[others]: row of the person of each rank."""
    is_any = found.best > NOBODY
    rank = np.where(is_any, 0xFFFFFFFF - (found.best & 0xFFFFFFFF), 0)
    best = np.where(is_any, np.append(person_at, -1)[rank], -1) if len(person_at) else np.full(rank.shape, -1)
    return Waiting(found.people, found.best >> 32, best.astype(np.int32))
