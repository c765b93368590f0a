"""Mentors whom a mentee named herself: their points come on top of what classes and topics earn."""

from typing import Any

import numpy as np

from matcher.columns import I16, I64
from matcher.compiling import lean
from matcher.scan.layout import Rows


@lean
def wished_words(rows: Rows, wish: I64, t: int, end: int, first: int) -> Any:
    """Which of 32 words from lane `first` on hold a mentor whom the row names: her points come on top of any bound."""
    while wish[t] < end and rows.wish_lane[wish[t]] < first:
        wish[t] += 1
    words, at = np.uint32(0), wish[t]
    while at < end and rows.wish_lane[at] < first + 1024:
        words |= np.uint32(1) << np.uint32((rows.wish_lane[at] - first) >> 5)
        at += 1
    return words


@lean
def grant_wishes(
    rows: Rows, wish: I64, t: int, end: int, first: int, legal: int, shift: I16, cut: int, scores: I16
) -> Any:
    """Adds the points of mentors whom she named to the scores of 32 lanes; answers which count by that."""
    above = np.uint32(0)
    while wish[t] < end and rows.wish_lane[wish[t]] < first:
        wish[t] += 1
    while wish[t] < end and rows.wish_lane[wish[t]] < first + 32:
        lane = rows.wish_lane[wish[t]] - first
        scores[lane] += rows.wish_points[wish[t]]
        if np.int64(scores[lane]) + shift[first + lane] > cut:
            above |= np.uint32(1) << np.uint32(lane)
        wish[t] += 1
    return above & legal
