"""Did a person leave open what a limit asks?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.columns import BY_EXPERIENCE, Flags
from matcher.scoring import Scene


def has_no_answer(s: Scene, side: str, row: int, reason: str) -> bool:
    """`side` is "mentees" or "mentors"; False for reasons that ask her nothing."""
    return bool(without_answer(s, side, slice(row, row + 1), reason)[0])


def without_answer(s: Scene, side: str, rows: Any, reason: str) -> Flags:
    """bool[k]: the same of several, for one reason."""
    people = s.pool.mentees if side == "mentees" else s.pool.mentors
    flags: Flags
    if reason in ("topics", "score"):
        if side == "mentees":
            flags = ~(s.pool.mentees.wanted[rows] >= 0).any(axis=1)
        else:
            flags = ~s.pool.mentors.offered[rows].any(axis=1)
        return flags
    if reason == "languages":
        flags = ~people.languages[rows].any(axis=1)
        return flags
    asked: dict[str, NDArray[Any]] = {
        "organisation": people.organisation,
        "overlap": people.zone,
        "seniority": people.experience if s.criteria.seniority_measure == BY_EXPERIENCE else people.grade,
        "mode": people.mode,
        "gender": people.gender,
    }
    if reason not in asked:
        return np.zeros(len(people.key[rows]), np.bool_)
    flags = asked[reason][rows] < 0
    return flags
