"""The three best other mentors of everybody, and what forcing each would cost."""

from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, Flags
from matcher.large.case import Case, Setting
from matcher.large.taking import among
from matcher.results import NEXT_BEST, NextBest
from matcher.scan.layout import at_least
from matcher.scan.lists import Lists
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors

SETTLED = 1 << 22
"""Mentors settled by the searches: some two seconds at most."""


class Others(NamedTuple):
    """By mentee and from best to worst."""

    mentee: I64
    rank: I64
    mentor: I32
    score: I32


def next_best(case: Case, first: Lists) -> NextBest:
    """`first`: the best mentors of everybody, whatever locks and quotas say."""
    s = case.setting
    others = best_others(s, first)
    pairs = np.column_stack([others.mentee, others.mentor]).astype(np.int32)
    weight = others.score + np.int32(s.lift)
    price, is_exact = case.margins.forced(pairs, weight, threads=s.threads, most=SETTLED)
    # Who may be forced moves at most four other pairs: see `asking_scores` of the way for small pools. Above that
    # the searches found no better way than over a stand-in.
    price = np.minimum(price, s.floor.steep // 2 - weight)
    return listed(s.floor.mentees, others, price, is_exact)


def listed(mentees: int, others: Others, price: I64, is_exact: Flags) -> NextBest:
    found = NextBest(
        np.full((mentees, NEXT_BEST), -1, np.int32),
        np.zeros((mentees, NEXT_BEST), np.int16),
        np.full((mentees, NEXT_BEST), -1, np.int32),
        np.ones((mentees, NEXT_BEST), np.bool_),
    )
    mentee, rank, mentor, score = others
    found.mentor[mentee, rank], found.score[mentee, rank] = mentor, score
    found.margin[mentee, rank], found.is_exact[mentee, rank] = price, is_exact
    return found


def best_others(s: Setting, first: Lists) -> Others:
    """
    Up to three of each mentee whom she could have at some price.

    A list may hold none but mentors whom locks and quotas leave no place, or end among equals of whom it does not hold
    the first; then it is made anew without those, and by rank.
    """
    mentee_may, mentor_may = may_be_forced(s)
    first = by_rank(s, first)
    others, is_short = of_lists(s, first, np.flatnonzero(mentee_may), mentor_may)
    if not len(is_short):
        return others
    again = listed_anew(s, is_short, mentor_may)
    width = first.person.shape[1]
    lists = Lists(first.length.copy(), first.person.copy(), first.score.copy())
    lists.length[is_short] = again.length
    lists.person[is_short] = np.pad(again.person, ((0, 0), (0, width)), constant_values=-1)[:, :width]
    lists.score[is_short] = np.pad(again.score, ((0, 0), (0, width)))[:, :width]
    return of_lists(s, lists, np.flatnonzero(mentee_may), mentor_may)[0]


def listed_anew(s: Setting, mentees: I64, mentor_may: Flags) -> Lists:
    """The best of those mentors who may be forced. One more than are wanted: her own is among them."""
    mentors = s.given.pool.mentors
    packed, rows = s.packed, mentees.astype(np.int32)
    if s.least > 1:
        packed = at_least(packed, s.least)
    if (mentors.capacity[~mentor_may] > 0).any():
        few, barred = among(s.given.pool, s.given.forbidden, mentees, np.arange(len(mentors.key)))
        with_room = mentors._replace(capacity=np.where(mentor_may, mentors.capacity, 0).astype(np.int32))
        packed = at_least(pack(few._replace(mentors=with_room), s.given.criteria, barred), s.least)
        rows = np.arange(len(mentees), dtype=np.int32)
    return top_mentors(packed, rows, NEXT_BEST + 1, above=0, threads=s.threads)


def by_rank(s: Setting, lists: Lists) -> Lists:
    """The same, of equals the one of the lower rank first."""
    rank = np.append(s.packed.mentor_rank[s.packed.lane_of], 0)[lists.person]
    order = np.lexsort((rank, -lists.score.astype(np.int32)), axis=1)
    return Lists(
        lists.length,
        np.take_along_axis(lists.person, order, axis=1),
        np.take_along_axis(lists.score, order, axis=1),
    )


def of_lists(s: Setting, lists: Lists, mentees: I64, mentor_may: Flags) -> tuple[Others, I64]:
    """The best others of these mentees, and for whom the list ends too early to tell."""
    person = lists.person[mentees]
    other = (person >= 0) & (person != s.match[mentees, None]) & np.append(mentor_may, False)[person]
    other &= lists.score[mentees] >= s.least
    other &= np.cumsum(other, axis=1) <= NEXT_BEST
    rows, places = np.nonzero(other)
    rank = np.cumsum(other, axis=1)[rows, places] - 1
    score = lists.score[mentees][rows, places].astype(np.int32)
    is_among_equals = other & (lists.score[mentees] == lists.score[mentees, -1:])
    is_short = (other.sum(axis=1) < NEXT_BEST) | is_among_equals.any(axis=1)
    is_short &= (lists.length[mentees] == person.shape[1]) & (lists.score[mentees, -1] >= s.least)
    return Others(mentees[rows], rank, person[rows, places], score), mentees[is_short]


def may_be_forced(s: Setting) -> tuple[Flags, Flags]:
    """
    bool[n] and bool[m]: whom no lock and no quota keeps from every pair.

    Any legal pair of two of them can stand beside the locked ones, as nobody has to be matched.
    """
    pool, floor = s.given.pool, s.floor
    mentee, mentor = floor.free.copy(), floor.capacity[: floor.mentors] > 0
    for organisation, left, _ in floor.mentee_quota:
        if left <= 0:
            mentee[pool.mentees.organisation == organisation] = False
    for organisation, left in floor.mentor_quota:
        if left <= 0:
            mentor[pool.mentors.organisation == organisation] = False
    return mentee, mentor
