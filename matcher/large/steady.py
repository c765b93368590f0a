"""
Pairs that no two people would both leave for each other, in pools of any size, and what is told of them.

There are no prices here: what stands is told by bars, the score that a pair must exceed for each of its two.
"""

from functools import partial

import numpy as np

from matcher.assembling import Findings
from matcher.columns import I32, I64
from matcher.given import Given
from matcher.large.aims import Run, beside_most_points, run_of
from matcher.large.case import Setting
from matcher.large.next_best import best_others, listed
from matcher.large.running import Opening, opening, prices_of
from matcher.large.stable import stable_of
from matcher.large.taking import parts_of_pairs
from matcher.large.waiters import Groups, mentees_told, mentors_told, shared_out
from matcher.modes.greedy import Bars, bars_of_pairs, room_of
from matcher.modes.running import STABLE
from matcher.modes.stages import claim_of
from matcher.modes.whole import kept_by_own_quota
from matcher.results import Claim, Unmatched, Waterfall
from matcher.scan.fewer import with_places
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.scanning import top_mentees
from matcher.scan.tiling import Crew
from matcher.watching import Watch

LOOKED_AT = 32
"""Of each mentor's best mentees: as a rule one of them would rather have her."""


def find(x: Given, watch: Watch, threads: int, crew: Crew | None = None) -> tuple[Findings, Claim]:
    """
    Raises:
        LockedRefused: a locked pair cannot stand.
    """
    begun = opening(x, watch, threads, crew)
    run = run_of(x, begun, threads, watch)
    match, bar = settled(x, begun, threads, watch)
    s = Setting(x, begun.ground, match, begun.packed, threads, watch)
    return told(s, begun, run, bar), beside_most_points(claim_of(STABLE, [], x.pool), run)


def settled(x: Given, begun: Opening, threads: int, watch: Watch) -> tuple[I32, Bars]:
    """int32[n] with locked pairs, and what everybody would ask for."""
    match = stable_of(x, begun.packed, begun.first, threads, lambda done: watch("solving", 0.5 + 0.5 * done))
    rows = np.flatnonzero(match >= 0).astype(np.int32)
    held = parts_of_pairs(x.pool, x.criteria, rows, match[rows]).sum(axis=1, dtype=np.int32)
    bar = bars_of_pairs(x.pool, rows, match[rows], held, room_of(x.pool, x.locked, x.quotas))
    match[x.locked[:, 0]] = x.locked[:, 1]
    return match, bar


def told(s: Setting, begun: Opening, run: Run, bar: Bars) -> Findings:
    pool, rows = s.given.pool, np.flatnonzero(s.match >= 0)
    parts = parts_of_pairs(pool, s.given.criteria, rows.astype(np.int32), s.match[rows])
    others = best_others(s, begun.first)
    count = len(others.mentee)
    return Findings(
        s.match,
        parts.sum(axis=1, dtype=np.int32),
        parts,
        np.full(len(rows), -1, np.int32),
        np.ones(len(rows), np.bool_),
        prices_of(s.given, begun.ground, run.plain.solution, begun.locked_score),
        Waterfall(len(s.packed.row_of) * len(s.packed.lane_of), begun.left),
        listed(s.floor.mentees, others, np.full(count, -1), np.ones(count, np.bool_)),
        unmatched_mentees(s, bar),
        unmatched_mentors(s, bar),
    )


def unmatched_mentees(s: Setting, bar: Bars) -> tuple[Unmatched, ...]:
    left = np.flatnonzero(s.match < 0)
    fully, _ = shared_out(s.given.pool.mentees.key, left, s.floor.mentors)
    value = wanted(s, bar) if len(fully) else np.zeros(s.floor.mentors, np.int64)
    by_quota = kept_by_own_quota(s.given, s.match, bar)
    return tuple(mentees_told(s, left, by_bar(fully, bar.mentee, bar.mentor), value, by_quota))


def unmatched_mentors(s: Setting, bar: Bars) -> tuple[Unmatched, ...]:
    left = np.flatnonzero(np.bincount(s.match[s.match >= 0], minlength=s.floor.mentors) == 0)
    fully, _ = shared_out(s.given.pool.mentors.key, left, s.floor.mentees)
    return tuple(mentors_told(s, left, by_bar(fully, bar.mentor, bar.mentee), bar.mentee.astype(np.int64)))


def by_bar(people: I64, own: I32, theirs: I32) -> Groups:
    """People with the same bar of their own ask the same of everybody."""
    return [
        (people[own[people] == least], partial(np.maximum, theirs.astype(np.int64), least))
        for least in np.unique(own[people]).tolist()
    ]


def wanted(s: Setting, bar: Bars) -> I64:
    """int64[m]: the highest score of a mentee who would rather have one more place with each mentor, or a bound for it."""

    def best(packed: Packed, mentors: I32 | None) -> I64:
        lists = top_mentees(
            packed,
            mentors,
            LOOKED_AT,
            above=0,
            threads=s.threads,
            pause=lambda done: s.tell("explaining", 0.3 * done),
        )
        return highest(lists, bar)

    places = s.given.pool.mentors.capacity
    value, closed = best(s.packed, None), np.flatnonzero(places == 0).astype(np.int32)
    if len(closed):
        value[closed] = best(with_places(s.packed, np.maximum(places, 1)), closed)
    return value


def highest(lists: Lists, bar: Bars) -> I64:
    """Where nobody of a full list would, those beyond it score no more than its last."""
    would = (lists.person >= 0) & (lists.score > np.append(bar.mentee, 0)[lists.person])
    found = np.where(would.any(axis=1), lists.score[np.arange(len(would)), would.argmax(axis=1)], 0)
    is_full = lists.length == lists.person.shape[1]
    value: I64 = np.where(would.any(axis=1) | ~is_full, found, lists.score[:, -1]).astype(np.int64)
    return value
