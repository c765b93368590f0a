"""A few people of a large pool, or a few pairs: a pool of their own, whose rows are looked up."""

from typing import NamedTuple

import numpy as np

from matcher.columns import CRITERIA, I16, I32, I64, Criteria, Mentees, Mentors, Pool
from matcher.limits import Mask, failures
from matcher.scoring import Scene, contributions, scene

PAIRS_AT_ONCE = 1 << 14


class Part(NamedTuple):
    """Every pair of the part: row a is person `rows[a]`, column b is `columns[b]` of the whole pool."""

    scene: Scene
    mask: Mask
    score: I32
    rows: I64
    columns: I64


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
    """int16[p, len(CRITERIA)]: contributions of any pairs, each told from its two people alone."""
    found = np.zeros((len(mentees), len(CRITERIA)), np.int16)
    none = np.zeros((0, 3), np.int32)
    for begin in range(0, len(mentees), PAIRS_AT_ONCE):
        i, j = mentees[begin : begin + PAIRS_AT_ONCE], mentors[begin : begin + PAIRS_AT_ONCE]
        couples = Pool(
            Mentees._make(column[i] for column in pool.mentees),
            Mentors._make(column[j] for column in pool.mentors),
            pool.zones,
            none[:, :2],
            none,
        )
        # Nobody has wishes here: of n x n pairs only n are met, too few for a table of ranks.
        facts = pairless(couples, criteria)
        here = np.arange(len(i))
        found[begin : begin + PAIRS_AT_ONCE] = np.stack(contributions(facts, here, here), axis=1)
    found[:, CRITERIA.index("wishes")] = wish_points(pool, criteria, mentees, mentors)
    return found


def pairless(pool: Pool, criteria: Criteria) -> Scene:
    """Without wishes, and so without a table of all pairs."""
    count = len(pool.mentees.key), len(pool.mentors.key)
    nobody = Mentees._make(column[:0] for column in pool.mentees)
    facts = scene(pool._replace(mentees=nobody, wishes=pool.wishes[:0]), criteria)
    return facts._replace(pool=pool, wish_rank=np.broadcast_to(np.int16(-1), count))


def wish_points(pool: Pool, criteria: Criteria, mentees: I32, mentors: I32) -> I16:
    """int16[p]: what each pair earns because she named the mentor."""
    width = np.int64(max(len(pool.mentors.key), 1))
    named = pool.wishes[:, 0] * width + pool.wishes[:, 1]
    order = np.argsort(named, kind="stable")
    asked = mentees * width + mentors
    at = np.searchsorted(named[order], asked)
    # Should a pair be named twice, the last one counts, as in `scene`.
    last = np.searchsorted(named[order], asked, side="right") - 1
    rank = np.append(pool.wishes[order, 2], -1)[np.where(last >= at, last, len(order))]
    points: I16 = np.append(criteria.wish_points, np.int16(0))[rank]
    return points


def failed_of_pairs(pool: Pool, criteria: Criteria, forbidden: I32, pairs: I32) -> tuple[I64, I32]:
    """Mask of failed limits and score of each pair, whatever the limits say; for a few pairs only."""
    failed, score = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.int32)
    for k, (i, j) in enumerate(pairs.tolist()):
        part = part_of(pool, criteria, forbidden, np.array([i]), np.array([j]))
        failed[k], score[k] = int(part.mask[0, 0]), int(part.score[0, 0])
    return failed, score
