"""What a run of groups gives back, and the reasons that only groups have."""

from typing import NamedTuple

import numpy as np

from matcher.columns import CRITERIA, I16, I32, I64, Criteria, Pool
from matcher.large import taking
from matcher.results import Unmatched, Waterfall
from matcher.structures.groups import Group

TOPICS = CRITERIA.index("topics")
TOO_FEW_PLACES = "places"
"""The reason of a mentor who has fewer places than a group needs."""


class GroupMatching(NamedTuple):
    """
    Groups of a pool, those in them with their scores, and what nothing can beat.

    `bound` - `total` is 0 when the groups are proved best. `price` recounts `price_bound`, a bound that anybody can
    check; where `bound` is lower, a complete search of what is left has shown it.
    """

    groups: tuple[Group, ...]
    """By the mentor's row; values without what locks add."""
    mentee: I32
    """int32[p], ascending."""
    mentor: I32
    topic: I16
    """int16[p]: of her group."""
    language: I16
    score: I16
    contributions: I16
    """int16[p, len(CRITERIA)], each row adds up to the score."""
    total: int
    bound: int
    price: I64
    price_bound: int
    least: int
    most: int
    pairs_possible: int
    waterfall: Waterfall
    unmatched_mentees: tuple[Unmatched, ...]
    unmatched_mentors: tuple[Unmatched, ...]
    locked_pairs: I32
    forbidden_pairs: I32
    apart_pairs: I32
    """int32[k, 2]: mentees (rows) who are never in one group."""
    mentee_quota: I32
    """int32[O], as given: most mentees of an organisation; empty without quotas."""
    mentor_quota: I32
    digest: str
    version: str


def parts_in_groups(pool: Pool, criteria: Criteria, rows: I64, mentors: I64, topic: I16) -> I16:
    """int16[p, len(CRITERIA)]: contributions, of topics that of the group alone."""
    parts = taking.parts_of_pairs(pool, criteria, rows.astype(np.int32), mentors.astype(np.int32))
    wanted = pool.mentees.wanted[rows] == topic[:, None]
    ranked = criteria.topic_points[: wanted.shape[1]]
    parts[:, TOPICS] = np.where(wanted, ranked, 0).sum(axis=1)
    return parts
