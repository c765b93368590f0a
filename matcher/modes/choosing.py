"""
Four ways to choose among matchings, each exact in what it promises.

Putting people before points is a lift: the same number on every score. At any lift, the optimum has the
greatest total among all matchings of its own size; so once no path can add a person, it is what was
asked for, and a lift far below "more than all scores together" proves it.
"""

from typing import NamedTuple

import numpy as np

from matcher.assigning import assign
from matcher.columns import I32
from matcher.errors import LimitReached
from matcher.modes.graphs import Candidates, at_least, rows_of
from matcher.modes.pausing import Pause
from matcher.modes.reach import Cover, cover_of, most_people
from matcher.results import Assignment

HIGHEST_LIFTED = (1 << 31) - 1
"""Scores are int32."""


class Chosen(NamedTuple):
    """An optimum at a lift, among pairs of at least the floor. `total` and `bound` are without the lift."""

    match: I32
    total: int
    bound: int
    optimum: Assignment
    lift: int
    floor: int
    people: Cover | None
    above: Cover | None


def greatest_total(graph: Candidates) -> Chosen:
    return chosen(assign(*graph), 0, 0, None)


def most_matched(graph: Candidates, plain: Assignment, pause: Pause, floor: int = 0) -> Chosen:
    """
    The greatest number of people, then the greatest total.

    `plain` is the optimum of the same graph: where it already leaves nobody out who could have a place, it
    is the answer and the mode costs nothing.

    Raises:
        LimitReached: scores so great, and chains so long, that no int32 holds the lift; it takes a chain
            of more than 90,000 exchanges at scores of 23,000.
    """
    people = cover_of(graph, plain.match)
    if people is not None:
        return chosen(plain, 0, floor, people)
    most = int(graph.score.max())
    # One more person moves at most everybody else: past this, she is always worth it.
    enough = min(len(graph.indptr) - 1, int(graph.capacity.sum(dtype=np.int64))) * most + 1
    highest = HIGHEST_LIFTED - most
    lift = most
    while lift <= highest:
        pause()
        found = assign(*graph._replace(score=(graph.score + np.int32(lift)).astype(np.int32)))
        people = cover_of(graph, found.match)
        if people is not None:
            return chosen(found, lift, floor, people)
        assert lift < enough
        lift = highest if lift < highest < 16 * lift else 16 * lift
    raise LimitReached("lift", enough, highest)


def highest_floor(graph: Candidates, plain: Assignment, pause: Pause) -> Chosen:
    """
    Worst-off first: of all matchings of the greatest number of people, those whose lowest score is
    greatest; of these, the greatest total.
    """
    scores = np.unique(graph.score)
    count = int((most_people(graph) >= 0).sum())
    if count == 0:
        return most_matched(graph, plain, pause)
    # Lowest and highest + 1 place in `scores` of the floor that is looked for.
    low, high, above = 0, ceiling(graph, scores, count), None
    if int((plain.match >= 0).sum()) == count:
        low = int(np.searchsorted(scores, least_score(graph, plain.match)))
    while high - low > 1:
        pause()
        middle = (low + high) // 2
        if int((most_people(at_least(graph, int(scores[middle]))) >= 0).sum()) == count:
            low = middle
        else:
            high = middle
    if high < len(scores):
        better = at_least(graph, int(scores[high]))
        above = cover_of(better, most_people(better))
    floor = int(scores[low])
    here = at_least(graph, floor)
    found = most_matched(here, assign(*here) if floor > scores[0] else plain, pause, floor)
    return found._replace(people=cover_of(graph, found.match), above=above)


def least_score(graph: Candidates, match: I32) -> int:
    """Of the pairs in a matching, 0 without one."""
    used = graph.score[match[rows_of(graph)] == graph.indices]
    return int(used.min()) if len(used) else 0


def ceiling(graph: Candidates, scores: I32, count: int) -> int:
    """A place in `scores` that is too high: fewer than `count` mentees have any score as good."""
    best = np.zeros(len(graph.indptr) - 1, np.int32)
    some = np.diff(graph.indptr) > 0
    best[some] = np.maximum.reduceat(graph.score, graph.indptr[:-1][some])
    reachable = np.partition(best, len(best) - count)[len(best) - count]
    return int(np.searchsorted(scores, reachable, side="right"))


def chosen(found: Assignment, lift: int, floor: int, people: Cover | None) -> Chosen:
    lifted = lift * int((found.match >= 0).sum())
    return Chosen(found.match, found.total - lifted, found.bound - lifted, found, lift, floor, people, None)
