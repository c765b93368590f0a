"""Why somebody has no match, what would change that, and who else would do."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, I64, LIMITS, U64, Flags
from matcher.forcing import FAR
from matcher.limits import BIT, Mask
from matcher.results import NEXT_BEST, Change, NextBest, Unmatched
from matcher.scoring import Scene
from matcher.solving import mixed
from matcher.unanswered import has_no_answer
from matcher.widening import RELAXABLE, amounts

MOST_CHANGES = 3


class Outcome(NamedTuple):
    """A solved run as the explanations see it: arrays over all pairs of people, without stand-ins."""

    scene: Scene
    mask: Mask
    score: I32
    ask: I32
    match: I32
    mentee_price: I64
    """int64[n], FAR for locked mentees: nobody can have them."""
    mentor_price: I64
    locked: I32
    by_quota: Flags
    """bool[n]: unmatched in favour of others of her organisation, whose quota is used up."""
    kept_by_quota: Flags
    """bool[m]: a quota rules the places of the mentor's organisation, so that one more is of no use."""
    first_place: I64 | None = None
    """int64[m]: the score to come up to for a first place with each mentor; None: it follows from prices."""


class Places(NamedTuple):
    """What is known of every mentor when a mentee's line is read."""

    has_room: Flags
    value: I64
    """int64[m]: what one more place with each mentor would add to the total."""
    kept_by_quota: Flags


class Line(NamedTuple):
    """One person's row against everybody on the other side."""

    mask: Mask
    score: I32
    ask: I32
    i: I64
    j: I64
    """Rows of the pairs; one of the two is the same throughout."""
    order: I64
    """Of equally good others the one with the lower number is named."""


def next_best(run: Outcome) -> NextBest:
    """The three best other mentors of each mentee: by score, then by key."""
    n = len(run.mask)
    mentor = np.full((n, NEXT_BEST), -1, np.int32)
    points = np.zeros((n, NEXT_BEST), np.int16)
    margin = np.full((n, NEXT_BEST), -1, np.int32)
    order = order_of(run.scene.pool.mentors.key)
    pinned = set(run.locked[:, 0].tolist())
    for i in range(n):
        price = run.ask[i] - run.score[i]
        others = np.flatnonzero((run.mask[i] == 0) & (run.ask[i] < FAR))
        others = others[others != run.match[i]]
        if i in pinned or not len(others):
            continue
        best = others[np.lexsort((order[others], -run.score[i, others]))[:NEXT_BEST]]
        mentor[i, : len(best)] = best
        points[i, : len(best)] = run.score[i, best]
        margin[i, : len(best)] = price[best]
    return NextBest(mentor, points, margin, np.ones_like(margin, np.bool_))


def order_of(key: U64) -> I64:
    """int64[n]: everybody's place in the order of hashed keys, which does not depend on how rows are sorted."""
    order = np.empty(len(key), np.int64)
    order[np.argsort(mixed(key))] = np.arange(len(key))
    return order


def unmatched_mentees(run: Outcome) -> tuple[Unmatched, ...]:
    """A reason for every mentee without a mentor."""
    places = Places(places_left(run) > 0, place_values(run), run.kept_by_quota)
    m = len(run.scene.pool.mentors.key)
    order = order_of(run.scene.pool.mentors.key)
    found = []
    for i in np.flatnonzero(run.match < 0).tolist():
        line = Line(run.mask[i], run.score[i], run.ask[i], np.full(m, i), np.arange(m), order)
        found.append(unmatched_mentee(run.scene, line, i, places, is_by_quota=bool(run.by_quota[i])))
    return tuple(found)


def unmatched_mentee(s: Scene, line: Line, i: int, places: Places, *, is_by_quota: bool) -> Unmatched:
    possible = int((line.mask == 0).sum())
    changes = [*relaxing(s, line, line.j)]
    if possible and (is_by_quota or places.has_room[line.mask == 0].any()):
        reason = "quota"
    elif possible:
        reason = "full"
        near = (line.mask == 0) & ~places.kept_by_quota
        changes += [*one_more_place(line, "place", near, places.value)]
        changes += [*more_points(line, line.j)]
    else:
        reason = binding_limit(line.mask)
    if reason != "quota":
        near = (line.mask == BIT["capacity"]) & ~places.kept_by_quota
        changes += [*one_more_place(line, "capacity", near, places.value)]
    return Unmatched(i, reason, has_no_answer(s, "mentees", i, reason), possible, smallest(changes))


def unmatched_mentors(run: Outcome) -> tuple[Unmatched, ...]:
    """A reason for every mentor without a mentee."""
    n, m = run.mask.shape
    load = np.bincount(run.match[run.match >= 0], minlength=m)
    order = order_of(run.scene.pool.mentees.key)
    found = []
    for j in np.flatnonzero(load == 0).tolist():
        line = Line(run.mask[:, j], run.score[:, j], run.ask[:, j], np.arange(n), np.full(n, j), order)
        told = unmatched_mentor(
            run.scene, line, j, run.match < 0, run.mentee_price, is_kept=bool(run.kept_by_quota[j])
        )
        found.append(told)
    return tuple(found)


def unmatched_mentor(
    s: Scene, line: Line, j: int, is_left: Flags, mentee_price: I64, *, is_kept: bool
) -> Unmatched:
    """`is_left` bool[n]: mentees without a mentor; `is_kept`: a quota rules her places."""
    possible = int((line.mask == 0).sum())
    changes = [*relaxing(s, line, line.i)]
    reason = "taken" if possible else binding_limit(line.mask)
    if is_left[line.mask == 0].any():
        reason = "quota"
    if reason == "taken":
        changes += [*more_points(line, line.i)]
    if s.pool.mentors.capacity[j] == 0:
        reason = "capacity"
        if not is_kept:
            changes += [*first_place(line, mentee_price)]
    return Unmatched(j, reason, has_no_answer(s, "mentors", j, reason), possible, smallest(changes))


def binding_limit(mask: Mask) -> str:
    """
    The limit that stands between a person and everybody.

    The one that alone forbids the most people; when nobody is only one limit away, the one at which the
    last falls, the limits applied in order.
    """
    if not len(mask):
        return "nobody"
    alone = [int((mask == np.uint16(BIT[name])).sum()) for name in LIMITS]
    if max(alone):
        return LIMITS[int(np.argmax(alone))]
    for k in range(len(LIMITS)):
        if (mask & np.uint16((2 << k) - 1)).all():
            return LIMITS[k]
    raise AssertionError("somebody is possible")


def places_left(run: Outcome) -> I64:
    """int64[m]"""
    places = run.scene.pool.mentors.capacity
    return places - np.bincount(run.match[run.match >= 0], minlength=len(places))


def place_values(run: Outcome) -> I64:
    """int64[m]: what one more place with each mentor would add to the total."""
    has_none = run.scene.pool.mentors.capacity == 0
    if run.first_place is not None:
        return np.where(has_none, run.first_place, run.mentor_price)
    gain = np.where(run.mask == BIT["capacity"], run.score - run.mentee_price[:, None], 0)
    return np.where(has_none, gain.max(axis=0, initial=0), run.mentor_price)


def relaxing(s: Scene, line: Line, others: I64) -> Iterator[Change]:
    """For each limit that alone forbids somebody: the least relaxing that matches her, else that opens a pair."""
    for name in RELAXABLE:
        near = np.flatnonzero(line.mask == BIT[name])
        if not len(near):
            continue
        need = amounts(s, name, line.i[near], line.j[near])
        near, need = near[need > 0], need[need > 0]
        if not len(near):
            continue
        wins = line.score[near] > line.ask[near]
        amount = int(need[wins].min() if wins.any() else need.min())
        opened = near[need <= amount]
        surplus = line.score[opened] - line.ask[opened]
        best = first_of(opened, -surplus, line)
        certain = bool(line.score[best] > line.ask[best])
        yield Change(name, amount, len(opened), int(others[best]), int(line.score[best]), certain)


def first_of(others: I64, lacks: I64 | I32, line: Line) -> int:
    """Of `others` (places in the line) the one who lacks least."""
    return int(others[np.lexsort((line.order[others], lacks))[0]])


def one_more_place(line: Line, what: str, near: Flags, value: I64) -> Iterator[Change]:
    """The mentor whose further place would come nearest to being this mentee's; `amount` is one place."""
    open_to = np.flatnonzero(near)
    if len(open_to):
        best = first_of(open_to, value[open_to] - line.score[open_to], line)
        certain = bool(line.score[best] >= value[best])
        yield Change(what, 1, len(open_to), int(line.j[best]), int(line.score[best]), certain)


def first_place(line: Line, mentee_price: I64) -> Iterator[Change]:
    """For a mentor who offers no place: whom a first place would serve best."""
    near = np.flatnonzero(line.mask == BIT["capacity"])
    if len(near):
        gain = line.score[near] - mentee_price[near]
        best = first_of(near, -gain, line)
        yield Change("capacity", 1, len(near), int(best), int(line.score[best]), bool(gain.max() > 0))


def more_points(line: Line, others: I64) -> Iterator[Change]:
    """The possible pair that is fewest points away from entering every optimum."""
    open_to = np.flatnonzero((line.mask == 0) & (line.ask < FAR))
    if len(open_to):
        short = line.ask[open_to] - line.score[open_to] + 1
        best = first_of(open_to, short, line)
        yield Change("points", int(short.min()), len(open_to), int(others[best]), int(line.score[best]), True)


def smallest(changes: list[Change]) -> tuple[Change, ...]:
    """Those that surely match first; among them, a person's decision before more points; then best score."""
    ranked = sorted(changes, key=lambda c: (not c.certain, c.what == "points", -c.score, c.what))
    return tuple(ranked[:MOST_CHANGES])
