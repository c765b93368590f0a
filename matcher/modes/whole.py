"""
A mode over all pairs of a pool at once, with locks and quotas, explained like any other result.

People go first by a lift: the same number of points on every pair, greater than twice all that scores could
add up to. So a difference in points and a difference in people can never be mistaken for each other, and
everything that explains a plain optimum explains this one too, in lifted points.
"""

import numpy as np

from matcher import dense
from matcher.assembling import Findings
from matcher.columns import CRITERIA, I32, I64, MAX_SCORE, Criteria, Pool, Quotas
from matcher.dense import Solved
from matcher.explaining import Outcome, next_best, unmatched_mentees, unmatched_mentors
from matcher.forcing import FAR, distances, without
from matcher.given import Given
from matcher.limits import BIT
from matcher.modes.greedy import Bars, bars, bars_of_pairs, blocking, room_of, stable
from matcher.modes.running import STABLE, WORST_OFF
from matcher.modes.stages import Ground, Stage, Weighing, claim_of, lowered, people_at, solved
from matcher.results import Claim, Matching, NextBest
from matcher.scoring import contributions, scene
from matcher.tables import max_score
from matcher.watching import Watch

ANY = 1
"""The least score of a legal pair: a floor that keeps nobody out."""


def find(x: Given, mode: int, watch: Watch) -> tuple[Findings, Claim]:
    """
    `mode` is any but SCORE.

    Raises:
        LockedRefused: a locked pair cannot stand.
    """
    plain = dense.solve(x, lambda phase, done: watch(phase, 0.5 * done if phase == "solving" else done))
    rows = np.flatnonzero((plain.match >= 0) & plain.floor.free)
    lowest = int(plain.score[rows, plain.match[rows]].min(initial=MAX_SCORE)) if len(rows) else 0
    if mode == STABLE:
        found, claim = find_stable(x, plain, watch)
    else:
        run, stages = lifted(x, plain, mode, watch)
        outcome, margin = priced(x, run, stages[-1].weighing, watch)
        found = findings(plain, outcome, margin, stages[-1].weighing)
        claim = claim_of(mode, [(stage.weighing, stage.real) for stage in stages], x.pool)
    return found, claim._replace(plain_pairs=int((plain.match >= 0).sum()), plain_lowest=lowest)


def lifted(x: Given, plain: Solved, mode: int, watch: Watch) -> tuple[Solved, list[Stage]]:
    """The run solved anew with people first, and the stages that prove it; points in it are lifted."""
    score = np.where(plain.mask == 0, plain.score, 0).astype(np.int32)
    g = Ground(x, score, plain.floor, max_score(x.criteria))
    locked_score = plain.score[x.locked[:, 0], x.locked[:, 1]]
    rows = np.flatnonzero((plain.match >= 0) & plain.floor.free)
    lift = 2 * int(plain.score[rows, plain.match[rows]].sum(dtype=np.int64)) + 1
    stages = [solved(g, Weighing(True, 1, ANY), locked_score)]
    watch("solving", 0.6)
    floor = ANY
    if mode == WORST_OFF:
        floor = highest_floor(g, watch)
        stages.append(solved(g, Weighing(True, 1, floor + 1), locked_score))
    last = solved(g, Weighing(False, lift, floor), locked_score, is_canonical=True)
    match = last.match[: last.floor.mentees].copy()
    match[match >= last.floor.mentors] = -1
    match[x.locked[:, 0]] = x.locked[:, 1]
    watch("solving", 1)
    run = plain._replace(
        score=(plain.score + np.int32(lift)).astype(np.int32),
        floor=last.floor,
        market=last.market,
        floor_match=last.match,
        match=match,
        prices=last.prices,
    )
    return run, [*stages, last]


def highest_floor(g: Ground, watch: Watch) -> int:
    """The greatest score that all pairs but the locked ones can reach while as many people as ever are matched."""
    scores = np.unique(g.score[(g.score > 0) & g.floor.free[:, None]])
    count = people_at(g, ANY)
    if count == 0:
        return ANY
    low, high = 0, len(scores)
    while high - low > 1:
        watch("solving", 0.6 + 0.3 / (high - low))
        middle = (low + high) // 2
        if people_at(g, int(scores[middle])) == count:
            low = middle
        else:
            high = middle
    return int(scores[low])


def priced(x: Given, run: Solved, how: Weighing, watch: Watch) -> tuple[Outcome, I32]:
    """The lifted run for the explanations, and int32[n]: what each pair's loss would cost."""
    near = distances(run.market, run.prices, run.floor_match, lambda done: watch("explaining", 0.7 * done))
    ask = dense.asking_scores(run, near)
    below = run.score < how.floor + how.lift
    # A pair below the floor may stand only where it places one person more.
    ask[below & (run.mask == 0)] = FAR
    ask[below & (run.mask != 0)] = np.minimum(ask[below & (run.mask != 0)] + how.lift // 2, FAR)
    outcome = outcome_of(
        x, run, ask, dense.held_back(run.prices.mentee[: len(run.match)], x.locked),
        run.prices.mentor[: run.floor.mentors],
    )  # fmt: skip
    lost = without(run.market, run.prices, run.floor_match, near)[: len(run.match)]
    return outcome, np.minimum(lost, 2 * run.floor.steep).astype(np.int32)


def find_stable(x: Given, plain: Solved, watch: Watch) -> tuple[Findings, Claim]:
    """Pairs from the highest score down. What would not change what stands is told by bars instead of prices."""
    legal = plain.mask == 0
    match = stable_match(x, plain, watch)
    bar = bars(x.pool, plain.score, match, room_of(x.pool, x.locked, x.quotas))
    watch("explaining", 0)
    ask = np.maximum(bar.mentee[:, None], bar.mentor).astype(np.int32)
    wants = legal & (plain.score > bar.mentee[:, None])
    value = np.where(wants, plain.score, 0).max(axis=0, initial=0).astype(np.int64)
    run = plain._replace(match=match)
    outcome = outcome_of(x, run, ask, bar.mentee.astype(np.int64), value)
    opened = (plain.mask == BIT["capacity"]) & (plain.score > bar.mentee[:, None])
    first = np.where(opened, plain.score, 0).max(axis=0, initial=0).astype(np.int64)
    outcome = outcome._replace(by_quota=kept_by_own_quota(x, match, bar), first_place=first)
    found = findings(plain, outcome, np.full(len(match), -1, np.int32), Weighing(False, 0, ANY))
    best = found.next_best._replace(margin=np.full_like(found.next_best.margin, -1))
    return found._replace(next_best=best), claim_of(STABLE, [], x.pool)


def stable_match(x: Given, plain: Solved, watch: Watch) -> I32:
    """int32[n], with locked pairs."""
    room = room_of(x.pool, x.locked, x.quotas)
    match = stable(
        x.pool, plain.mask == 0, plain.score, room, lambda done: watch("solving", 0.5 + 0.5 * done)
    )
    match[x.locked[:, 0]] = x.locked[:, 1]
    return match


def kept_by_own_quota(x: Given, match: I32, bar: Bars) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """bool[n]: unmatched, and her organisation's quota is used up."""
    return (
        (match < 0)
        & (bar.mentee > 0)
        & np.isin(x.pool.mentees.organisation, np.flatnonzero(x.quotas.mentees >= 0))
    )


def outcome_of(x: Given, run: Solved, ask: I32, mentee_price: I64, mentor_price: I64) -> Outcome:
    return Outcome(
        run.scene,
        run.mask,
        run.score,
        ask,
        run.match,
        mentee_price,
        mentor_price,
        x.locked,
        (run.floor_match[: run.floor.mentees] >= run.floor.mentors) & (run.match < 0),
        np.isin(x.pool.mentors.organisation, np.flatnonzero(x.quotas.mentors >= 0)),
    )


def findings(plain: Solved, outcome: Outcome, margin: I32, how: Weighing) -> Findings:
    """All in the scores that people have: the lift is taken off again."""
    rows = np.flatnonzero(outcome.match >= 0)
    cols = outcome.match[rows]
    return Findings(
        outcome.match,
        plain.score[rows, cols],
        np.stack(contributions(plain.scene, rows, cols), axis=1).reshape(len(rows), len(CRITERIA)),
        margin[rows],
        np.ones(len(rows), np.bool_),
        plain.real,
        dense.waterfall(plain.mask),
        unlifted(next_best(outcome), plain.score),
        tuple(lowered(one, how) for one in unmatched_mentees(outcome)),
        tuple(lowered(one, how) for one in unmatched_mentors(outcome)),
    )


def unlifted(best: NextBest, score: I32) -> NextBest:
    if not score.size:
        return best
    rows = np.arange(len(best.mentor))[:, None]
    return best._replace(score=np.where(best.mentor >= 0, score[rows, best.mentor], 0).astype(np.int16))


def force(x: Given, mode: int, mentee: int, mentor: int) -> tuple[bool, int | None]:
    """
    Whether a pair is matched in this mode, and what forcing it costs, as in `NextBest.margin`.

    None: locks, quotas or the floor leave no way; in the stable mode there is no such price.
    """
    watch = Watch(None, None)
    plain = dense.solve(x, watch)
    if mode == STABLE:
        is_matched = bool(stable_match(x, plain, watch)[mentee] == mentor)
        return is_matched, 0 if is_matched else None
    run, stages = lifted(x, plain, mode, watch)
    if run.match[mentee] == mentor:
        return True, 0
    outcome, _ = priced(x, run, stages[-1].weighing, watch)
    ask = int(outcome.ask[mentee, mentor])
    return False, None if ask == FAR else ask - int(run.score[mentee, mentor])


def blocking_pairs(pool: Pool, criteria: Criteria, matching: Matching) -> int:
    """Pairs of which both would rather have each other, as far as locks and quotas let them."""
    room = room_of(pool, matching.locked_pairs, Quotas(matching.mentee_quota, matching.mentor_quota))
    held = matching.score.astype(np.int32)
    mask, score = dense.score_all(scene(pool, criteria), matching.forbidden_pairs, Watch(None, None))
    return blocking(mask == 0, score, bars_of_pairs(pool, matching.mentee, matching.mentor, held, room))
