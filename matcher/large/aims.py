"""
People first, or the worst off first, in pools of any size.

How many can be matched at all is an optimum of its own, in which each pair weighs 1; its prices are 0 and 1 and
mark who is short of whom. They also say how prices of the greatest total change when people go before points: by a
lift for each who is short. So one optimum begins where the two others end, and little is left to mend.
"""

from typing import NamedTuple

import numpy as np

from matcher.assembling import Findings
from matcher.columns import I32, MAX_SCORE
from matcher.duals import Prices
from matcher.errors import LimitReached, LockedRefused
from matcher.given import Given
from matcher.large.pricing import Proved
from matcher.large.running import Opening, case_of, findings, opening, optimum, prices_of, real_match
from matcher.large.taking import parts_of_pairs
from matcher.large.weighing import Ground, floor_of, optimum_at, people_in
from matcher.locks import check_locked
from matcher.modes.running import WORST_OFF
from matcher.modes.stages import Weighing, claim_of
from matcher.quotas import RealPrices, floor
from matcher.results import Claim
from matcher.scan.tiling import Crew
from matcher.solve.graph import Graph, chosen, rows_of
from matcher.tables import max_score
from matcher.watching import Watch

ANY = 1
"""The least score of a legal pair: a floor that keeps nobody out."""

MOST_LIFT = 1 << 24
"""Beside it, what a stand-in is worth still fits into 28 bits. Larger than the points of a small pool it need not be."""


class Stage(NamedTuple):
    how: Weighing
    proved: Proved


class Run(NamedTuple):
    """What the stages of a run are made from."""

    x: Given
    ground: Ground
    plain: Proved
    """The greatest total."""
    score: I32
    """int32[p]: of its pairs, locked ones left out."""
    known: Graph
    """Candidates of real people with their scores, rows as in the floor."""
    best: I32
    """int32[n]: the highest score that each mentee could have, 0 without any."""


def find(x: Given, mode: int, watch: Watch, threads: int, crew: Crew | None = None) -> tuple[Findings, Claim]:
    """
    `mode` is PEOPLE or WORST_OFF.

    Raises:
        LockedRefused: a locked pair cannot stand.
        LimitReached: to place the last people takes exchanges that lose more points than any lift weighs.
    """
    begun = opening(x, watch, threads, crew)
    run = run_of(x, begun, threads, watch)
    stages = stages_of(run, mode, watch)
    how, proved = stages[-1]
    f = floor_of(run.ground, how)
    case = case_of(x, begun, f, proved, threads, watch, how.lift, how.floor)
    plain = prices_of(x, begun.ground, run.plain.solution, begun.locked_score)
    paid = [(stage.how, paid_in(run, stage, begun.locked_score)) for stage in stages]
    claim = claim_of(mode, paid, x.pool)
    return findings(case, begun, plain), beside_most_points(claim, run)


def beside_most_points(claim: Claim, run: Run) -> Claim:
    """With what the greatest total would have meant."""
    lowest = int(run.score.min(initial=MAX_SCORE)) if len(run.score) else 0
    return claim._replace(plain_pairs=len(run.score) + len(run.x.locked), plain_lowest=lowest)


def run_of(x: Given, begun: Opening, threads: int, watch: Watch) -> Run:
    """The greatest total takes the first half of the solving."""
    plain = optimum(x, begun, threads, lambda phase, done: watch(phase, 0.5 * done))
    first = begun.first
    beyond = np.where(first.length == first.score.shape[1], first.score[:, -1], 0).astype(np.int32)
    ground = Ground(
        x.pool, begun.packed, begun.ground, max_score(x.criteria), beyond, threads,
        lambda _done: watch("solving", 0.5),
    )  # fmt: skip
    f = begun.ground
    rows = rows_of(plain.graph)
    is_real = (rows < f.mentees) & (plain.graph.indices < f.mentors)
    match = real_match(plain.solution.match, f.mentees, f.mentors)
    who = np.flatnonzero(match >= 0).astype(np.int32)
    score = parts_of_pairs(x.pool, x.criteria, who, match[who]).sum(axis=1, dtype=np.int32)
    best = np.where(f.free, first.score[:, 0], 0).astype(np.int32)
    return Run(x, ground, plain, score, chosen(plain.graph, rows, is_real), best)


def stages_of(run: Run, mode: int, watch: Watch) -> list[Stage]:
    """The last is the result; those before prove how many people there can be."""
    first = counted(run, ANY, run.plain.solution.match)
    watch("solving", 0.6)
    most, floor, stages = people_in(run.ground.floor, first.proved.solution.match), ANY, [first]
    at_floor = first
    if mode == WORST_OFF and most:
        at_floor, above = highest_floor(run, first, most, watch)
        floor = at_floor.how.floor
        stages.append(above)
    elif mode == WORST_OFF:
        stages.append(counted(run, ANY + 1, first.proved.solution.match))
    watch("solving", 0.9)
    last = points_at(run, at_floor, lift_of(run), floor)
    if people_in(run.ground.floor, last.proved.solution.match) < most:
        raise LimitReached("lift", most * run.ground.most + 1, last.how.lift)
    return [*stages, last]


def lift_of(run: Run) -> int:
    """More than twice all points, as far as that can be: a difference in points is never taken for people."""
    return min(2 * int(run.score.sum(dtype=np.int64)) + 1, MOST_LIFT)


def counted(run: Run, floor: int, match: I32) -> Stage:
    """The most people whom pairs of at least this score can match; `match` is where to begin."""
    how = Weighing(True, 1, floor)
    none = np.zeros(len(run.plain.solution.mentor_price), np.int64)
    start = Prices(none[:0], none)
    return Stage(how, optimum_at(run.ground, how, run.known, start, match, is_canonical=False))


def highest_floor(run: Run, first: Stage, most: int, watch: Watch) -> tuple[Stage, Stage]:
    """
    The greatest least score with which as many people as ever are matched, and the score above it, with which they are not.
    """
    f = run.ground.floor
    low, above = first, None
    # Fewer than so many have any pair as good as that.
    high = int(np.sort(run.best)[-most]) + 1
    while above is None or above.how.floor - low.how.floor > 1:
        watch("solving", 0.6 + 0.3 / max(high - low.how.floor, 1))
        middle = (low.how.floor + high) // 2 if high - low.how.floor > 1 else high
        tried = counted(run, middle, low.proved.solution.match)
        if people_in(f, tried.proved.solution.match) == most:
            low = tried
        else:
            above, high = tried, middle
    return low, above


def points_at(run: Run, counting: Stage, lift: int, floor: int) -> Stage:
    """People first, then points, among pairs of at least this score; `counting` the most people among them."""
    how = Weighing(False, lift, floor)
    plain, people = run.plain.solution, counting.proved.solution
    start = Prices(
        plain.mentee_price + lift * people.mentee_price, plain.mentor_price + lift * people.mentor_price
    )
    return Stage(how, optimum_at(run.ground, how, run.known, start, plain.match, is_canonical=True))


def paid_in(run: Run, stage: Stage, locked_score: I32) -> RealPrices:
    how = stage.how
    weight = how.lift + (np.zeros_like(locked_score) if how.is_counting else locked_score)
    return prices_of(run.x, floor_of(run.ground, how), stage.proved.solution, weight)


def force(
    x: Given, mode: int, mentee: int, mentor: int, points: int, threads: int = 1
) -> tuple[bool, int | None]:
    """
    Whether a legal pair of this score is matched, and what forcing it costs, as in `NextBest.margin`.

    None: locks, quotas or the floor leave no way.
    """
    watch = Watch(None, None)
    begun = opening(x, watch, threads, None)
    run = run_of(x, begun, threads, watch)
    stages = stages_of(run, mode, watch)
    how, proved = stages[-1]
    f = floor_of(run.ground, how)
    case = case_of(x, begun, f, proved, threads, watch, how.lift, how.floor)
    if case.setting.match[mentee] == mentor:
        return True, 0
    if points < how.floor or not f.free[mentee]:
        return False, None
    weight = points + how.lift
    found = case.margins.forced(np.array([[mentee, mentor]], np.int32), np.array([weight], np.int32))
    lost = int(found.points[0])
    if lost + weight > f.steep // 2:
        return False, None
    return False, lost if found.is_exact[0] else lost_by_lock(run, begun, stages[-1], mentee, mentor, points)


def lost_by_lock(run: Run, begun: Opening, last: Stage, mentee: int, mentor: int, points: int) -> int | None:
    """The same by solving it all anew with the pair locked."""
    locked = np.append(run.x.locked, np.array([[mentee, mentor]], np.int32), axis=0)
    x = run.x._replace(locked=locked)
    try:
        check_locked(x, [0] * len(locked))
    except LockedRefused:
        return None
    ground = floor(x.pool, locked, x.quotas, run.ground.most)
    other = run_of(x, begun._replace(ground=ground), run.ground.threads, Watch(None, None))
    people = counted(other, last.how.floor, other.plain.solution.match)
    points_there = points_at(other, people, last.how.lift, last.how.floor)
    return worth(run, last) - worth(other, points_there) - last.how.lift - points


def worth(run: Run, stage: Stage) -> int:
    """Lifts and points of all pairs but the locked ones."""
    f = run.ground.floor
    match = real_match(stage.proved.solution.match, f.mentees, f.mentors)
    rows = np.flatnonzero(match >= 0).astype(np.int32)
    parts = parts_of_pairs(run.x.pool, run.x.criteria, rows, match[rows])
    return int(parts.sum(dtype=np.int64)) + stage.how.lift * len(rows)
