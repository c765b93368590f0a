"""Numbers for answers: the distinct ones in ascending order, found by counting where they lie close together."""

from typing import Any

import numpy as np

from matcher.columns import I32, I64

SPREAD = 4
"""Counted are numbers that lie within so many times as many as there are; others are sorted, which takes ten times as long."""


def numbered(codes: Any) -> I64:
    """int64[n]: the place of each code among the distinct ones, as `numpy.unique` tells its inverse; codes are of any integer type."""
    if not len(codes):
        return np.zeros(0, np.int64)
    low, high = int(codes.min()), int(codes.max())
    if high - low > SPREAD * len(codes):
        number: I64 = np.unique(codes, return_inverse=True)[1].astype(np.int64)
        return number
    place = codes.astype(np.int64) - low
    is_there = np.zeros(high - low + 1, np.bool_)
    is_there[place] = True
    counted: I64 = (np.cumsum(is_there) - 1)[place]
    return counted


def first_of_each(number: I64) -> I64:
    """int64[k]: where each of the numbers 0 .. k - 1 stands first; all of them occur."""
    first = np.empty(int(number.max(initial=-1)) + 1, np.int64)
    # Of several the last that is written stays.
    first[number[::-1]] = np.arange(len(number))[::-1]
    return first


def inverse(order: I32) -> I32:
    """int32[n]: where each of the numbers 0 .. n - 1 stands; each occurs once."""
    back = np.empty(len(order), np.int32)
    back[order] = np.arange(len(order), dtype=np.int32)
    return back
