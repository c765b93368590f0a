"""A run of any size: candidates, optimum with proof over all pairs, explanations."""

from typing import NamedTuple

import numpy as np

from matcher import repairing
from matcher.assembling import Findings
from matcher.columns import I32, I64
from matcher.duals import Prices
from matcher.given import Given
from matcher.large.case import Case, Setting, Tell
from matcher.large.floor import stand_ins
from matcher.large.next_best import next_best
from matcher.large.pricing import Proved, each_of, optimum_of
from matcher.large.reasons import margins_of_pairs, unmatched_mentees, unmatched_mentors
from matcher.large.shortcuts import shortest_way
from matcher.large.taking import failed_of_pairs, parts_of_pairs
from matcher.locks import check_locked, price_locked
from matcher.quotas import Floor, RealPrices, floor, real_prices
from matcher.results import Waterfall
from matcher.scan.counting import count_left
from matcher.scan.layout import Packed
from matcher.scan.lists import Lists
from matcher.scan.packing import pack
from matcher.scan.scanning import top_mentors
from matcher.scan.tiling import Crew
from matcher.solve.margins import Margins
from matcher.solve.solving import Solution
from matcher.tables import max_score
from matcher.watching import Watch


class Opening(NamedTuple):
    """What every run begins with."""

    packed: Packed
    first: Lists
    """The best mentors of everybody, whatever locks and quotas say."""
    left: tuple[int, ...]
    ground: Floor
    locked_score: I32


def find(x: Given, watch: Watch, threads: int, crew: Crew | None = None) -> Findings:
    """
    Raises:
        LockedRefused: a locked pair cannot stand.
    """
    begun = opening(x, watch, threads, crew)
    proved = optimum(x, begun, threads, watch)
    real = prices_of(x, begun.ground, proved.solution, begun.locked_score)
    return findings(case_of(x, begun, begun.ground, proved, threads, watch), begun, real)


def opening(x: Given, watch: Watch, threads: int, crew: Crew | None) -> Opening:
    """
    Raises:
        LockedRefused: a locked pair cannot stand.
    """
    failed, locked_score = failed_of_pairs(x.pool, x.criteria, x.forbidden, x.locked)
    check_locked(x, failed.tolist())
    watch("reading", 1)
    packed = pack(x.pool, x.criteria, x.forbidden)
    if crew is not None:
        packed = packed._replace(others=crew(packed))
    first = top_mentors(
        packed,
        None,
        each_of(len(x.pool.mentees.key)),
        above=0,
        is_scattered=True,
        threads=threads,
        pause=lambda done: watch("scoring", 0.5 * done),
    )
    counted = count_left(packed, threads=threads, pause=lambda done: watch("scoring", 0.5 + 0.5 * done))
    ground = floor(x.pool, x.locked, x.quotas, max_score(x.criteria))
    return Opening(packed, first, tuple(counted.left.tolist()), ground, locked_score)


def optimum(x: Given, begun: Opening, threads: int, tell: Tell) -> Proved:
    """The greatest total."""
    edges = stand_ins(begun.ground, x.pool)
    return optimum_of(begun.packed, begun.ground, edges, begun.first, threads, tell)


def prices_of(x: Given, f: Floor, solution: Solution, locked_weight: I32) -> RealPrices:
    real = real_prices(f, Prices(solution.mentee_price, solution.mentor_price), x.pool, x.quotas)
    return price_locked(real, x, locked_weight)


def case_of(
    x: Given,
    begun: Opening,
    f: Floor,
    proved: Proved,
    threads: int,
    tell: Tell,
    lift: int = 0,
    least: int = 1,
) -> Case:
    match = real_match(proved.solution.match, f.mentees, f.mentors)
    match[x.locked[:, 0]] = x.locked[:, 1]
    margins = Margins(
        proved.graph,
        proved.solution,
        f.capacity,
        watch=lambda done: tell("explaining", 0.3 * done),
        near=proved.near,
    )
    setting = Setting(x, f, match, begun.packed, threads, tell, lift, least)
    return Case(setting, proved, margins)


def findings(case: Case, begun: Opening, real: RealPrices) -> Findings:
    """Everything told, in the scores that people have."""
    setting = case.setting
    pool, packed, match = setting.given.pool, setting.packed, setting.match
    rows = np.flatnonzero(match >= 0)
    parts = parts_of_pairs(pool, setting.given.criteria, rows.astype(np.int32), match[rows])
    lost, is_exact = margins_of_pairs(case)
    return Findings(
        match,
        parts.sum(axis=1, dtype=np.int32),
        parts,
        lost[rows],
        is_exact[rows],
        real,
        Waterfall(len(packed.row_of) * len(packed.lane_of), begun.left),
        next_best(case, begun.first),
        unmatched_mentees(case),
        unmatched_mentors(case),
    )


def force(x: Given, mentee: int, mentor: int, points: int) -> tuple[bool, int | None]:
    """Whether a legal pair is matched, and the points lost when it is forced; None when locks or quotas leave no way."""
    packed = pack(x.pool, x.criteria, x.forbidden)
    ground = floor(x.pool, x.locked, x.quotas, max_score(x.criteria))
    first = top_mentors(packed, None, each_of(len(x.pool.mentees.key)), above=0, is_scattered=True)
    proved = optimum_of(packed, ground, stand_ins(ground, x.pool), first, 1, Watch(None, None))
    is_matched = bool(proved.solution.match[mentee] == mentor) or [mentee, mentor] in x.locked.tolist()
    if is_matched or not ground.free[mentee]:
        return is_matched, 0 if is_matched else None
    return False, price_of(x, packed, ground, proved, mentee, mentor, points)


def price_of(
    x: Given, packed: Packed, ground: Floor, proved: Proved, mentee: int, mentor: int, points: int
) -> int | None:
    """Points lost when a pair is forced that does not stand; None when locks or quotas leave no way."""
    solution = proved.solution
    margins = Margins(proved.graph, solution, ground.capacity, near=proved.near)
    found = margins.forced(np.array([[mentee, mentor]], np.int32), np.array([points], np.int32))
    lost = int(found.points[0])
    if not found.is_exact[0]:
        cost = int(solution.mentee_price[mentee] + solution.mentor_price[mentor]) - points
        way = shortest_way(
            packed, ground, solution, margins, mentor, int(solution.match[mentee]), lost - cost
        )
        if way is None:
            match = real_match(solution.match, ground.mentees, ground.mentors)
            rows = np.flatnonzero(match >= 0).astype(np.int32)
            real = real_prices(ground, Prices(solution.mentee_price, solution.mentor_price), x.pool, x.quotas)
            return repairing.force(x, Optimum(rows, match[rows], *real), mentee, mentor, points)[1]
        lost = way + cost
    return None if lost + points > ground.steep // 2 else lost


class Optimum(NamedTuple):
    """As `repairing.Optimum`, without locked pairs."""

    mentee: I32
    mentor: I32
    mentee_price: I64
    mentor_price: I64
    mentee_quota_price: I64
    mentor_quota_price: I64


def real_match(match: I32, mentees: int, mentors: int) -> I32:
    """Without stand-ins: whoever sits with one is not matched."""
    real = match[:mentees].copy()
    real[real >= mentors] = -1
    return real
