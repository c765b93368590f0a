"""What a row earns with 32 lanes, and the most that it could earn with any lane of 32 words: one step each."""

from typing import Any

import numpy as np

from matcher.columns import I16, I32
from matcher.compiling import lean
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.lanes import worth_in_lanes
from matcher.scan.layout import TOPICS_A_STEP, Lanes, Rows, Tables
from matcher.scan.plain import worth_in_turn
from matcher.scan.seeing import Tile, Views
from matcher.scan.summits import Summits


@lean
def common_levels(tongues: I32, row: int, levels: Words, word: int) -> tuple[Any, Any, Any, Any]:
    """Four words: where the best level in common is at least 1 .. 4."""
    nobody = np.int32(len(levels) - 1)
    one, two, three, four = np.uint32(0), np.uint32(0), np.uint32(0), np.uint32(0)
    for s in range(tongues.shape[1]):
        if tongues[row, s, 0] == nobody:
            break
        one |= levels[tongues[row, s, 0], word]
        two |= levels[tongues[row, s, 1], word]
        three |= levels[tongues[row, s, 2], word]
        four |= levels[tongues[row, s, 3], word]
    return np.uint32(one), np.uint32(two), np.uint32(three), np.uint32(four)


@lean
def gains_of(tables: Tables) -> tuple[int, ...]:
    """int16 x PLANES, in the order of the words."""
    p, s, c = tables.topics, tables.levels, tables.circle
    return (p[0], p[1], p[2], p[3], p[4], s[0], s[1], s[2], s[3], c[0], c[1])


@lean
def most_of(tables: Tables) -> tuple[int, ...]:
    """A plane that costs points need not stand in the best of 32 lanes."""
    p, s, c = tables.topics, tables.levels, tables.circle
    return (
        gain(p[0]), gain(p[1]), gain(p[2]), gain(p[3]), gain(p[4]),
        gain(s[0]), gain(s[1]), gain(s[2]), gain(s[3]), gain(c[0]), gain(c[1]),
    )  # fmt: skip


@lean
def gain(points: int) -> Any:
    return np.int16(max(points, 0))


@lean
def with_more_topics(
    base: I16, points: I16, at: Any, wanted: I16, row: int, topics: Words, word: int, gains: I16
) -> None:
    """base int16[1, 32]: points from `at` on, and what the topics beyond a step's earn."""
    line, first = at // points.shape[1], at % points.shape[1]
    for lane in range(32):
        total = points[line, first + lane]
        for r in range(TOPICS_A_STEP, wanted.shape[1]):
            total += gains[r] * ((topics[wanted[row, r], word] >> lane) & 1)
        base[0, lane] = total


@lean
def bounded(
    is_wide: bool, tile: Tile, t: int, g: int, group: int, levels: tuple[Any, Any, Any, Any], summits: Summits, rows: Rows,
    lanes: Lanes, tables: Tables, shift_most: I16, cut: Any, most: tuple[int, ...], base: I16, out: I16, at_out: int,
) -> Any:  # fmt: skip
    """
    out[at_out ..] int16[32]: the most that row t could earn with any lane of each word of group `group` of all, g of
    the chunk; answers of which words that + shift_most > cut. Wishes come on top. base int16[1, 32] is scratch.
    """
    row, a, b, c = tile.row[t], tile.sight[t], tile.work[t], tile.circle[t]
    topics, wanted = lanes.some_topics, rows.wanted
    here = (
        topics[wanted[row, 0], group], topics[wanted[row, 1], group], topics[wanted[row, 2], group],
        topics[wanted[row, 3], group], topics[wanted[row, 4], group], levels[0], levels[1], levels[2], levels[3],
        summits.circle_any[c, 1, g], summits.circle_any[c, 2, g],
    )  # fmt: skip
    points, at = summits.work_most, np.int64(b) * CHUNK_WORDS + 32 * g
    if wanted.shape[1] > TOPICS_A_STEP:
        with_more_topics(base, points, at, wanted, row, topics, group, tables.topics)
        points, at = base, np.int64(0)
    at_a = np.int64(a) * CHUNK_WORDS + 32 * g
    if is_wide:
        return worth_in_lanes(
            summits.sight_most, at_a, points, at, shift_most, 32 * group, here, most, cut, out, at_out
        )
    return np.uint32(
        worth_in_turn(
            summits.sight_most, at_a, points, at, shift_most, 32 * group, here, most, cut, out, at_out
        )
    )


@lean
def earned(
    is_wide: bool, tile: Tile, t: int, local: int, word: int, levels: tuple[Any, Any, Any, Any], views: Views, rows: Rows,
    topics: Words, tables: Tables, shift: I16, cut: Any, gains: tuple[int, ...], base: I16, out: I16,
) -> Any:  # fmt: skip
    """
    out int16[32]: points of row t with the lanes of a word, but for wishes; answers of which lanes that + shift > cut.

    It is word `local` of the chunk, and `word` in `topics` and `shift`, which are of all lanes or of the chunk alone. base
    int16[1, 32] is scratch.
    """
    row, a, b, c = tile.row[t], tile.sight[t], tile.work[t], tile.circle[t]
    wanted = rows.wanted
    here = (
        topics[wanted[row, 0], word], topics[wanted[row, 1], word], topics[wanted[row, 2], word],
        topics[wanted[row, 3], word], topics[wanted[row, 4], word], levels[0], levels[1], levels[2], levels[3],
        views.circle_held[c, 2, local], views.circle_held[c, 3, local],
    )  # fmt: skip
    points, at = views.work_points, np.int64(b) * CHUNK + 32 * local
    if wanted.shape[1] > TOPICS_A_STEP:
        with_more_topics(base, points, at, wanted, row, topics, word, tables.topics)
        points, at = base, np.int64(0)
    at_a = np.int64(a) * CHUNK + 32 * local
    if is_wide:
        return worth_in_lanes(
            views.sight_points, at_a, points, at, shift, 32 * word, here, gains, cut, out, 0
        )
    return np.uint32(
        worth_in_turn(views.sight_points, at_a, points, at, shift, 32 * word, here, gains, cut, out, 0)
    )
