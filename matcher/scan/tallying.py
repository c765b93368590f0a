"""
How many pairs each limit leaves and how many it alone forbids, by bits: 32 pairs an instruction or more.

No score is summed: points are never negative, so a pair scores something when one of its criteria does.
"""

from typing import NamedTuple

import numpy as np

from matcher.columns import I16, I64, LIMITS
from matcher.compiling import inlined, kernel, lean
from matcher.scan.barring import Barred
from matcher.scan.bits import CHUNK, CHUNK_WORDS, Words
from matcher.scan.lanes import bits_in
from matcher.scan.layout import NO_TOPIC, Classes, Lanes, Rows, Rules, Tables
from matcher.scan.masks import Planes, best_levels, copy, join, planes_of, take_planes
from matcher.scan.seeing import Marks, Sheet, Tile, Views, clear, count_topics, look, set_marks

CAPACITY, ORGANISATION, GENDER, LANGUAGES, OVERLAP, SENIORITY, MODE, TOPICS, SCORE = (
    LIMITS.index(name)
    for name in (
        "capacity", "organisation", "gender", "languages", "overlap", "seniority", "mode", "topics", "score",
    )
)  # fmt: skip
COUNTS = len(LIMITS)
DEPTH = 8
MOST_TALLIED = (1 << DEPTH) - 1


class Ballot(NamedTuple):
    """What the limits say of one row and one chunk, and what has been counted of its lanes."""

    holds: Words
    """uint32[13, C / 32]"""
    left: Words
    """uint32[13, C / 32]: passes this limit and all before it."""
    alone: Words
    """uint32[13, C / 32]: fails this limit and no other."""
    twice: Words
    """uint32[2, C / 32]: fails a limit, fails two."""
    pays: Words
    """uint32[2, a or b, C / 32]: classes of sight and of work that earn something."""
    tally: Words
    """uint32[2, 13, DEPTH, C / 32]: counts of lanes, bit-sliced, of `left` and `alone`."""
    planes: Planes


def ballot(tile: Tile, lanes: Lanes) -> Ballot:
    classes = max(len(tile.sights), len(tile.works))
    shape = (COUNTS, CHUNK_WORDS)
    return Ballot(
        np.zeros(shape, np.uint32),
        np.zeros(shape, np.uint32),
        np.zeros(shape, np.uint32),
        np.zeros((2, CHUNK_WORDS), np.uint32),
        np.zeros((2, classes, CHUNK_WORDS), np.uint32),
        np.zeros((2, COUNTS, DEPTH, CHUNK_WORDS), np.uint32),
        planes_of(lanes),
    )


@kernel
def tally_tile(
    by_lane: bool,
    tile: Tile,
    views: Views,
    marks: Marks,
    page: Sheet,
    vote: Ballot,
    rows: Rows,
    lanes: Lanes,
    classes: Classes,
    tables: Tables,
    rules: Rules,
    barred: Barred,
    level_points: I16,
    first: int,
    last: int,
    of_rows: I64,
    of_lanes: I64,
) -> None:
    """
    Adds to of_rows int64[2, t, 13] and, if `by_lane`, to of_lanes int64[2, 13, lanes]: pairs left after each
    limit, and pairs that it alone forbids. level_points int16[5]; lanes first .. last - 1 by whole chunks.
    """
    set_marks(barred, tile, first, marks)
    wish, planes = rows.wish_start[tile.row], vote.planes
    for begin in range(first, last, CHUNK):
        look(tile, classes, lanes, tables, rules, begin, views)
        paying(views.sight_points, 0, vote.pays[0])
        paying(views.work_points, tables.nobody, vote.pays[1])
        take_planes(lanes, begin, planes)
        tallied = 0
        for t in range(len(tile.row)):
            row, levels, holds = tile.row[t], page.levels[0], vote.holds
            circle, sight = views.circle_held[tile.circle[t]], views.sight_held[tile.sight[t]]
            best_levels(rows.speaks, row, planes, levels)
            for k in range(COUNTS):
                copy(planes.everybody, holds[k])
            copy(planes.open, holds[CAPACITY])
            copy(circle[0], holds[ORGANISATION])
            copy(circle[1], holds[GENDER])
            copy(sight[0], holds[OVERLAP])
            copy(sight[1], holds[MODE])
            copy(views.work_held[tile.work[t], 0], holds[SENIORITY])
            if rules.languages > 0:
                copy(levels[rules.languages - 1], holds[LANGUAGES])
            if rules.topics > 0:
                count_topics(rows.wanted[row], planes.topics, 0, page.counted)
                copy(page.counted[rules.topics], holds[TOPICS])
            for column in range(marks.lane.shape[1]):
                if marks.lane[t, column] < begin + CHUNK:
                    clear(barred, row, column, begin, t, marks, holds[barred.limit[column]])
            scoring(
                vote.pays[0, tile.sight[t]], vote.pays[1, tile.work[t]], levels, level_points, circle,
                tables.circle, holds[SCORE],
            )  # fmt: skip
            scoring_topics(rows.wanted, row, planes, tables.topics, holds[SCORE])
            while wish[t] < rows.wish_start[row + 1] and rows.wish_lane[wish[t]] < begin + CHUNK:
                lane = rows.wish_lane[wish[t]] - begin
                if lane >= 0 and rows.wish_points[wish[t]] > 0:
                    holds[SCORE, lane >> 5] |= 1 << (lane & 31)
                wish[t] += 1
            separate(planes.real, holds, vote.left, vote.alone, vote.twice)
            count_words(vote.left, of_rows[0, t])
            count_words(vote.alone, of_rows[1, t])
            if by_lane:
                add_bits(vote.left, vote.tally[0])
                add_bits(vote.alone, vote.tally[1])
                tallied += 1
                if tallied == MOST_TALLIED or t == len(tile.row) - 1:
                    for what in range(2):
                        pour(vote.tally[what], begin, of_lanes[what])
                    tallied = 0


@lean
def paying(points: I16, least: int, out: Words) -> None:
    """out uint32[k, C / 32]: where points int16[k, C] are more than `least`."""
    for k in range(len(points)):
        for w in range(out.shape[1]):
            word = 0
            for bit in range(32):
                word |= (1 if points[k, 32 * w + bit] > least else 0) << bit
            out[k, w] = word


@inlined
def scoring(
    sight: Words, work: Words, levels: Words, level_points: I16, circle: Words, gains: I16, out: Words
) -> None:
    """out uint32[C / 32]: lanes with which sight, work, the best common level or the organisations earn something."""
    for w in range(len(out)):
        out[w] = sight[w] | work[w]
    for level in range(5):
        if level_points[level] == 0:
            continue
        # The points are of exactly this level.
        for w in range(len(out)):
            here = levels[level - 1, w] if level > 0 else ~levels[0, w]
            out[w] |= here & ~levels[level, w] if 0 < level < 4 else here
    for w in range(len(out)):
        if gains[1] > 0:
            out[w] |= circle[3, w] & ~circle[2, w]
        if gains[0] + gains[1] > 0:
            out[w] |= circle[2, w]


@inlined
def scoring_topics(wanted: I16, row: int, planes: Planes, gains: I16, out: Words) -> None:
    """Adds the lanes that offer a topic of the row which earns something."""
    for r in range(wanted.shape[1]):
        if wanted[row, r] < NO_TOPIC and gains[r] > 0:
            join(planes.topics[wanted[row, r]], out)


@inlined
def separate(real: Words, holds: Words, left: Words, alone: Words, twice: Words) -> None:
    """left and alone uint32[13, C / 32] from holds; `twice` uint32[2, C / 32] is scratch."""
    for w in range(len(real)):
        twice[0, w] = 0
        twice[1, w] = 0
    for k in range(len(holds)):
        for w in range(len(real)):
            fails = real[w] & ~holds[k, w]
            twice[1, w] |= twice[0, w] & fails
            twice[0, w] |= fails
            left[k, w] = real[w] & ~twice[0, w]
            alone[k, w] = fails
    for k in range(len(holds)):
        for w in range(len(real)):
            alone[k, w] &= ~twice[1, w]


@inlined
def count_words(words: Words, out: I64) -> None:
    """out int64[13] += bits of words uint32[13, C / 32]."""
    for k in range(len(words)):
        total = 0
        for w in range(words.shape[1]):
            total += bits_in(words[k, w])
        out[k] += total


@inlined
def add_bits(words: Words, tally: Words) -> None:
    """Adds 1 to the counts of all lanes that stand: tally uint32[13, DEPTH, C / 32] counts in binary, a plane a digit."""
    for k in range(len(words)):
        for digit in range(DEPTH):
            carries = np.uint32(0)
            for w in range(words.shape[1]):
                carry = tally[k, digit, w] & words[k, w]
                tally[k, digit, w] ^= words[k, w]
                words[k, w] = carry
                carries |= carry
            if carries == 0:
                break


@lean
def pour(tally: Words, begin: int, out: I64) -> None:
    """Adds the counts to out int64[13, lanes] and sets them back to 0."""
    for k in range(tally.shape[0]):
        for digit in range(DEPTH):
            for w in range(tally.shape[2]):
                word = tally[k, digit, w]
                if word != 0:
                    for bit in range(32):
                        out[k, begin + 32 * w + bit] += ((word >> bit) & 1) << digit
                    tally[k, digit, w] = 0
