"""How many pairs each limit leaves, and for single people how many are possible and what stands in the way."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from matcher.columns import I8, I32, I64, LIMITS
from matcher.scan.engines import Engine, engine_for
from matcher.scan.layout import Packed
from matcher.scan.spreading import Pause, in_order

FEW = 3
"""Possible mentors below which a mentee is counted as having few."""

ROWS = 2048
"""Of a task: 200 million pairs with 100,000 mentors."""


class Left(NamedTuple):
    left: I64
    """int64[13]: pairs that pass each limit of `LIMITS` and all before it."""
    with_few: int
    """Mentees with fewer than 3 possible mentors."""


class Possible(NamedTuple):
    """For each person asked about."""

    people: I64
    """int64[p]: people of the other side who pass every limit."""
    alone: I64
    """int64[p, 13]: those whom this limit alone forbids."""
    limit: I8
    """
    int8[p]: place in `LIMITS` of the limit that binds: the one that alone forbids the most, else the one at which the
    last falls; -1 when somebody is possible or the other side is empty.
    """


def count_left(
    packed: Packed, *, threads: int = 1, engine: Engine | None = None, pause: Pause | None = None
) -> Left:
    """The waterfall over all mentees x mentors."""
    if (engine or engine_for(packed)) == "numpy":
        rows = np.arange(len(packed.row_of), dtype=np.int32)
        of_rows, _ = tallied(packed, rows, False, threads, "numpy", pause)
        return Left(of_rows[0].sum(axis=0), int((of_rows[0, :, -1] < FEW).sum()))
    from matcher.scan.leaving import remaining_of

    total, possible = remaining_of(packed, threads=threads, pause=pause)
    return Left(total, int((possible < FEW).sum()))


def possible_of(
    packed: Packed,
    people: I32,
    side: str,
    *,
    threads: int = 1,
    engine: Engine | None = None,
    pause: Pause | None = None,
) -> Possible:
    """For the mentees or mentors `people`, as `side` says. For whom she would be best see `top_mentors`, k = 1."""
    if side == "mentees":
        of_rows, _ = tallied(packed, people, False, threads, engine, pause)
        left, alone = of_rows
        others = len(packed.lane_of)
    elif side == "mentors":
        rows = np.arange(len(packed.row_of), dtype=np.int32)
        _, of_lanes = tallied(packed, rows, True, threads, engine, pause)
        left, alone = of_lanes[:, :, packed.lane_of[people]].transpose(0, 2, 1)
        others = len(rows)
    else:
        raise ValueError(f"side must be mentees or mentors, not {side}")
    falls = (left == 0).argmax(axis=1)
    limit = np.where(alone.any(axis=1), alone.argmax(axis=1), falls)
    is_bound = (left[:, -1] == 0) & (others > 0)
    return Possible(left[:, -1], alone, np.where(is_bound, limit, -1).astype(np.int8))


def tallied(
    packed: Packed, rows: I32, by_lane: bool, threads: int, engine: Engine | None, pause: Pause | None
) -> tuple[I64, I64]:
    """int64[2, r, 13] of the mentees `rows`, and int64[2, 13, lanes] if `by_lane`: (left, alone)."""
    stored = packed.row_of[rows]
    width = packed.lanes.codes.shape[1] if by_lane else 0
    of_lanes = np.zeros((2, len(LIMITS), width), np.int64)
    of_rows = np.zeros((2, len(rows), len(LIMITS)), np.int64)
    if (engine or engine_for(packed)) == "numpy":
        return tallied_in_numpy(packed, rows, of_rows, of_lanes)
    from matcher.scan.tasks import tally_of_rows

    order = np.argsort(stored, kind="stable")
    tiles = [order[at : at + ROWS] for at in range(0, len(order), ROWS)]
    tasks: list[Callable[[], tuple[I64, I64]]] = [
        partial(tally_of_rows, packed, stored[tile], by_lane) for tile in tiles
    ]
    for tile, (found, lanes) in zip(tiles, in_order(tasks, threads, pause), strict=True):
        of_rows[:, tile] = found
        of_lanes += lanes
    return of_rows, of_lanes


def tallied_in_numpy(packed: Packed, rows: I32, of_rows: I64, of_lanes: I64) -> tuple[I64, I64]:
    """From the masks of all pairs."""
    from matcher.limits import failures
    from matcher.scoring import scene

    facts = scene(packed.pool, packed.criteria)
    mask = failures(facts, slice(0, len(packed.row_of)), packed.forbidden)[0][rows][:, packed.mentor_at]
    for k in range(len(LIMITS)):
        both = ((mask & ((2 << k) - 1)) == 0, mask == 1 << k)
        for what, flags in enumerate(both):
            of_rows[what, :, k] = flags.sum(axis=1)
            if of_lanes.shape[2]:
                of_lanes[what, k, : mask.shape[1]] = flags.sum(axis=0)
    return of_rows, of_lanes
