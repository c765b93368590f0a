"""
What is the most that any of 32 neighbouring lanes could earn: a bound for all of them at the price of one.

Lanes are sorted by class, so 32 neighbours are much alike, and for most mentees no word of them comes near
what she has already. A word whose bound does not pass her cut is left out, and no pair is lost by it. The
same step that scores 32 lanes bounds 32 words.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16
from matcher.compiling import lean
from matcher.scan.bits import CHUNK_WORDS, Words
from matcher.scan.seeing import Views

GROUPS = CHUNK_WORDS // 32
"""Words of a chunk, 32 at a time."""


class Summits(NamedTuple):
    """Of the classes of a tile, over one chunk: points at most, and whether a limit lets any lane of the word pass."""

    sight_most: I16
    """int16[a, C / 32]"""
    sight_any: Words
    """uint32[a, C / 1024]"""
    work_most: I16
    work_any: Words
    circle_any: Words
    """uint32[c, 3, C / 1024]: any lane passes; has the same organisation; has one that is known."""


def summits_of(views: Views) -> Summits:
    a, b, c = len(views.sight_points), len(views.work_points), len(views.circle_held)
    return Summits(
        np.empty((a, CHUNK_WORDS), np.int16),
        np.empty((a, GROUPS), np.uint32),
        np.empty((b, CHUNK_WORDS), np.int16),
        np.empty((b, GROUPS), np.uint32),
        np.empty((c, 3, GROUPS), np.uint32),
    )


@lean
def climb(views: Views, summits: Summits) -> None:
    """Fills the summits from the views of the same chunk."""
    highest(views.sight_points, summits.sight_most)
    highest(views.work_points, summits.work_most)
    for k in range(len(views.sight_points)):
        for g in range(GROUPS):
            some = 0
            for w in range(32):
                held = views.sight_held[k, 0, 32 * g + w] & views.sight_held[k, 1, 32 * g + w]
                some |= (1 if held != 0 else 0) << w
            summits.sight_any[k, g] = some
    for k in range(len(views.work_points)):
        for g in range(GROUPS):
            some = 0
            for w in range(32):
                some |= (1 if views.work_held[k, 0, 32 * g + w] != 0 else 0) << w
            summits.work_any[k, g] = some
    for k in range(len(views.circle_held)):
        for g in range(GROUPS):
            some, same, known = 0, 0, 0
            for w in range(32):
                held = views.circle_held[k, 0, 32 * g + w] & views.circle_held[k, 1, 32 * g + w]
                some |= (1 if held != 0 else 0) << w
                same |= (1 if views.circle_held[k, 2, 32 * g + w] != 0 else 0) << w
                known |= (1 if views.circle_held[k, 3, 32 * g + w] != 0 else 0) << w
            summits.circle_any[k, 0, g] = some
            summits.circle_any[k, 1, g] = same
            summits.circle_any[k, 2, g] = known


@lean
def highest(points: I16, most: I16) -> None:
    """most int16[k, C / 32] of points int16[k, C]."""
    for k in range(len(points)):
        for w in range(most.shape[1]):
            best = points[k, 32 * w]
            for b in range(1, 32):
                best = max(best, points[k, 32 * w + b])
            most[k, w] = best


@lean
def highest_of_words(values: I16, most: I16) -> None:
    """most int16[W] of values int16[32 * W]."""
    for w in range(len(most)):
        best = values[32 * w]
        for b in range(1, 32):
            best = max(best, values[32 * w + b])
        most[w] = best
