"""Did a person leave open what a limit asks?"""

from typing import Any

from numpy.typing import NDArray

from matcher.columns import BY_EXPERIENCE
from matcher.scoring import Scene


def has_no_answer(s: Scene, side: str, row: int, reason: str) -> bool:
    """`side` is "mentees" or "mentors"; False for reasons that ask her nothing."""
    people = s.pool.mentees if side == "mentees" else s.pool.mentors
    if reason in ("topics", "score"):
        if side == "mentees":
            return not (s.pool.mentees.wanted[row] >= 0).any()
        return not s.pool.mentors.offered[row].any()
    if reason == "languages":
        return not people.languages[row].any()
    asked: dict[str, NDArray[Any]] = {
        "organisation": people.organisation,
        "overlap": people.zone,
        "seniority": people.experience if s.criteria.seniority_measure == BY_EXPERIENCE else people.grade,
        "mode": people.mode,
        "gender": people.gender,
    }
    return reason in asked and bool(asked[reason][row] < 0)
