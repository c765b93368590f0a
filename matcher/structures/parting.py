"""Mentees who are never in one group: who leaves where a run has put them together all the same."""

import numpy as np

from matcher.columns import I32, I64
from matcher.errors import LockedRefused
from matcher.given import Pairs
from matcher.structures.groups import Groups
from matcher.validation import first_bad

BY_TOPIC = "group"
"""The reason of somebody whom nothing forbids, but no topic and language brings together with enough others."""


def mentee_pairs(apart: Pairs, n: int) -> I32:
    """
    Raises:
        InvalidColumn: not two rows of mentees.
    """
    pairs = np.array([tuple(pair) for pair in apart], np.int32).reshape(-1, 2)
    first_bad("apart", (pairs < 0) | (pairs >= n), "row out of range")
    return pairs


def parted(found: Groups, apart: I32, locked: I32) -> list[tuple[I64, I64]]:
    """The same as `clashes`, as rows and columns of a table."""
    return [(np.array([i]), np.array([j])) for i, j in clashes(found, apart, locked)]


def clashes(found: Groups, apart: I32, locked: I32) -> list[tuple[int, int]]:
    """
    (mentee, mentor): who leaves a group in which somebody is from whom she is kept apart; locked mentees stay.

    Raises:
        LockedRefused: both are locked to the same mentor.
    """
    kept = set(locked[:, 0].tolist())
    leaving = []
    for a, b in apart.tolist():
        if a != b and found.group[a] >= 0 and found.group[a] == found.group[b]:
            mentor = found.groups[int(found.group[a])].mentor
            goes = min((a, b), key=lambda i: (i in kept, int(found.points[i]), i))
            if goes in kept:
                raise LockedRefused(goes, mentor, BY_TOPIC)
            leaving.append((goes, mentor))
    return leaving
