"""The scan of small pools, in numpy, straight from the definitions of scores and limits."""

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.limits import failures
from matcher.scan.layout import Packed
from matcher.scoring import scene

BLOCK = 128
"""Mentees at a time."""


def every_pair(packed: Packed, rows: I32) -> tuple[Flags, I32]:
    """Legal, with the least score that is looked for, bool[r, m] and score int32[r, m] of the mentees `rows`, mentors in the caller's order."""
    facts = scene(packed.pool, packed.criteria)
    shape = (len(packed.row_of), len(packed.lane_of))
    legal, score = np.zeros(shape, np.bool_), np.zeros(shape, np.int32)
    for start in range(0, shape[0], BLOCK):
        block = slice(start, min(start + BLOCK, shape[0]))
        mask, score[block] = failures(facts, block, packed.forbidden)
        legal[block] = (mask == 0) & (score[block] >= packed.rules.least)
    return legal[rows], score[rows]


def best_entries(legal: Flags, value: I64, place: I32, cut: I64, keep: int) -> I64:
    """
    int64[r, keep], greatest first, 0 at the end: entries as in `keeping` of the legal pairs above cut int64[r].

    value int64[r, p]; place int32[p] decides ties.
    """
    entries = ((value + 32768) << 32) | (0xFFFFFFFF - place.astype(np.int64))[None, :]
    entries = np.where(legal & (value > cut[:, None]), entries, 0)
    wide = np.zeros((len(value), max(keep, value.shape[1])), np.int64)
    wide[:, : value.shape[1]] = entries
    best: I64 = -np.sort(-wide, axis=1)[:, :keep]
    return best
