"""A few people of a large pool, or a few pairs: a pool of their own, whose rows are looked up."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import CRITERIA, I16, I32, I64, Criteria, Mentees, Mentors, Pool
from matcher.limits import Mask, failures
from matcher.scoring import Scene, contributions, scene

PAIRS_AT_ONCE = 512


class Part(NamedTuple):
    """Every pair of the part: row a is person `rows[a]`, column b is `columns[b]` of the whole pool."""

    scene: Scene
    mask: Mask
    score: I32
    rows: I64
    columns: I64


def some_mentees(pool: Pool, criteria: Criteria, forbidden: I32, rows: I64) -> Part:
    return part_of(pool, criteria, forbidden, rows, np.arange(len(pool.mentors.key)))


def some_mentors(pool: Pool, criteria: Criteria, forbidden: I32, columns: I64) -> Part:
    return part_of(pool, criteria, forbidden, np.arange(len(pool.mentees.key)), columns)


def part_of(pool: Pool, criteria: Criteria, forbidden: I32, rows: I64, columns: I64) -> Part:
    """All pairs are looked at: keep len(rows) * len(columns) to a few millions."""
    few, barred = among(pool, forbidden, rows, columns)
    facts = scene(few, criteria)
    return Part(facts, *failures(facts, slice(0, len(rows)), barred), rows, columns)


def among(pool: Pool, forbidden: I32, rows: I64, columns: I64) -> tuple[Pool, I32]:
    """These mentees and mentors (each once) as a pool, and what is forbidden among them."""
    mentee_at = np.full(len(pool.mentees.key), -1, np.int32)
    mentee_at[rows] = np.arange(len(rows))
    mentor_at = np.full(len(pool.mentors.key), -1, np.int32)
    mentor_at[columns] = np.arange(len(columns))

    def inside(pairs: I32) -> I32:
        here = (mentee_at[pairs[:, 0]] >= 0) & (mentor_at[pairs[:, 1]] >= 0)
        kept = pairs[here].copy()
        kept[:, 0], kept[:, 1] = mentee_at[kept[:, 0]], mentor_at[kept[:, 1]]
        return kept

    few = Pool(
        Mentees._make(column[rows] for column in pool.mentees),
        Mentors._make(column[columns] for column in pool.mentors),
        pool.zones,
        inside(pool.exclusions),
        inside(pool.wishes),
    )
    return few, inside(forbidden)


def parts_of_pairs(pool: Pool, criteria: Criteria, mentees: I32, mentors: I32) -> I16:
    """int16[p, len(CRITERIA)]: contributions of pairs; each mentee stands in one pair."""
    found = np.zeros((len(mentees), len(CRITERIA)), np.int16)
    for begin, end in spans(len(mentees)):
        columns, column = np.unique(mentors[begin:end].astype(np.int64), return_inverse=True)
        few, _ = among(pool, np.zeros((0, 2), np.int32), mentees[begin:end].astype(np.int64), columns)
        parts = contributions(scene(few, criteria), np.arange(end - begin), column)
        found[begin:end] = np.stack(parts, axis=1)
    return found


def failed_of_pairs(pool: Pool, criteria: Criteria, forbidden: I32, pairs: I32) -> tuple[I64, I32]:
    """Mask of failed limits and score of each pair, whatever the limits say; for a few pairs only."""
    failed, score = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.int32)
    for k, (i, j) in enumerate(pairs.tolist()):
        part = part_of(pool, criteria, forbidden, np.array([i]), np.array([j]))
        failed[k], score[k] = int(part.mask[0, 0]), int(part.score[0, 0])
    return failed, score


def spans(count: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, count, PAIRS_AT_ONCE):
        yield begin, min(begin + PAIRS_AT_ONCE, count)
