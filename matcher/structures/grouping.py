"""
A run of groups: from a pool and its criteria to groups with their topic, scores, bound and reasons.

In a group a mentee gets the points of every criterion but topics as in any pair, and of topics those of
the one topic of her group.
"""

from collections.abc import Callable

import numpy as np

from matcher import dense
from matcher.columns import BOTH, GROUP, I32, I64, Criteria, Flags, Pool, Quotas
from matcher.digest import VERSION, digest
from matcher.errors import LimitReached, LockedRefused
from matcher.explaining import binding_limit
from matcher.given import Given, Pairs, given
from matcher.limits import BIT, Mask
from matcher.locks import check_locked
from matcher.modes.graphs import order_of
from matcher.modes.pausing import pause_of
from matcher.results import Unmatched
from matcher.scoring import Scene, scene, topic_points
from matcher.structures.group_quotas import leaving, limits_of, proved
from matcher.structures.group_results import TOO_FEW_PLACES, GroupMatching, parts_in_groups
from matcher.structures.groups import LEAST, MOST, Groups, check_sizes, make_groups
from matcher.structures.offers import GroupPool
from matcher.structures.parting import BY_TOPIC, mentee_pairs, parted
from matcher.unanswered import has_no_answer
from matcher.watching import Watch

MOST_IN_GROUPS = 100_000
"""People on a side: so many have been measured. Each mentor with places looks at everybody some ten times."""

SMALL = 300
"""Up to so many on a side all pairs are kept at once, and no compiled kernel is waited for."""


def propose_groups(
    pool: Pool,
    criteria: Criteria,
    *,
    least: int = LEAST,
    most: int = MOST,
    locked: Pairs = (),
    forbidden: Pairs = (),
    apart: Pairs = (),
    quotas: Quotas | None = None,
    progress: Callable[[str, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 1,
) -> GroupMatching:
    """
    Groups of one mentor and `least` to `most` mentees with one topic and one language, of the greatest total.

    A mentor leads at most one, and takes at most as many as she has places. With the mode rule, whoever wants to
    meet alone only is in none. `quotas` hold for the people in groups; whom they leave out is searched for, and the
    bound knows them. `locked` mentees are in the group of their mentor; the topic is open. `apart` are two
    mentees each who are never in one group: where they would be, the one with fewer points goes elsewhere, and
    the bound is that of all groups, with and without such. `threads` change nothing but the time.

    Raises:
        InvalidColumn: the input is not what its description says.
        LimitReached: more than 100,000 on a side.
        LockedRefused: a locked pair cannot stand, breaks a quota, or no group was found that keeps it (limit "group").
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    watch("reading", 0)
    check_sizes(least, most)
    x = given(pool, criteria, locked, forbidden, quotas)
    for what, people in (("mentees", pool.mentees), ("mentors", pool.mentors)):
        if len(people.key) > MOST_IN_GROUPS:
            raise LimitReached(what, len(people.key), MOST_IN_GROUPS)
    if max(len(pool.mentees.key), len(pool.mentors.key)) > SMALL:
        from matcher.structures.grouping_large import (
            groups_of_many,
        )  # compiled kernels: only where they are worth it

        return groups_of_many(x, (least, most), apart, threads, watch)
    facts = scene(pool, criteria)
    watch("reading", 1)
    mask, points = dense.score_all(facts, x.forbidden, watch)
    mask |= np.where(alone_only(pool, criteria), np.uint16(BIT["mode"]), np.uint16(0))
    check_locked(x, mask[x.locked[:, 0], x.locked[:, 1]].tolist())
    watch("solving", 0)
    plain = group_pool(facts, (mask & ~np.uint16(BIT["score"])) == 0, points)
    bonus = kept_bonus(plain, x.locked)
    kept = with_locks(plain, x.locked, bonus)
    strangers = mentee_pairs(apart, len(pool.mentees.key))
    limits = limits_of(pool.mentees.organisation, pool.mentors.organisation, x.quotas)
    free = kept._replace(score=kept.score.copy())
    found = first = make_groups(kept, least=least, most=most, cancelled=lambda: stopped(watch))
    while out := [*parted(found, strangers, x.locked), *leaving(found, limits, x.locked, least)]:
        for mentees, mentors in out:
            kept.score[np.ix_(mentees, mentors)] = -1
        found = make_groups(kept, least=least, most=most, cancelled=lambda: stopped(watch))
    found = found._replace(bound=first.bound, price=first.price, price_bound=first.price_bound)
    if (limits.mentees >= 0).any() or (limits.places >= 0).any():
        rows, columns = (order_of(name, key, len(key)) for name, key in (
            ("mentee_key", free.mentee_key), ("mentor_key", free.mentor_key)))  # fmt: skip
        bound, price = proved(
            free, rows, columns, limits, (least, most), first.price, found.value,
            pause_of(lambda: stopped(watch)),
        )  # fmt: skip
        found = found._replace(bound=min(bound, first.bound), price=price, price_bound=bound)
    watch("explaining", 0)
    matching = told(x, facts, mask, found, (least, most), bonus)._replace(apart_pairs=strangers)
    watch("proving", 1)
    return matching


def stopped(watch: Watch) -> bool:
    watch("solving", 0.5)
    return False


def alone_only(pool: Pool, criteria: Criteria) -> Flags:
    """bool[n, m]: with the mode rule, pairs of which one wants to meet alone, or has not said."""
    if not criteria.mode_rule:
        return np.zeros((len(pool.mentees.key), len(pool.mentors.key)), np.bool_)
    open_to = [np.isin(people.mode, (GROUP, BOTH)) for people in (pool.mentees, pool.mentors)]
    alone: Flags = ~(open_to[0][:, None] & open_to[1])
    return alone


def group_pool(s: Scene, legal: Flags, points: I32) -> GroupPool:
    """Scores without topics, and points by topic."""
    n, m = legal.shape
    i, j = np.arange(n)[:, None], np.arange(m)
    rest = points - topic_points(s, i, j)
    wanted, level = s.pool.mentees.wanted, max(1, s.criteria.language_minimum)
    topics = max(int(wanted.max(initial=-1)) + 1, 0)
    worth = np.full((n, topics), -1, np.int32)
    for rank in range(wanted.shape[1]):
        rows = np.flatnonzero(wanted[:, rank] >= 0)
        worth[rows, wanted[rows, rank]] = s.criteria.topic_points[rank]
    return GroupPool(
        np.where(legal, rest, -1).astype(np.int32),
        worth,
        s.offers[:, :topics].copy(),
        s.pool.mentees.languages >= level,
        s.pool.mentors.languages >= level,
        s.pool.mentors.capacity,
        s.pool.mentees.key,
        s.pool.mentors.key,
    )


def kept_bonus(plain: GroupPool, locked: I32) -> int:
    """More than all that the others could earn, so that whatever keeps a lock beats what does not; 0 without locks."""
    if not len(locked):
        return 0
    most = int(plain.score.max(initial=0)) + int(plain.topic_points.max(initial=0))
    return most * len(plain.mentee_key) + 1


def with_locks(plain: GroupPool, locked: I32, bonus: int) -> GroupPool:
    """Locked mentees may be with their mentor alone, and are worth it."""
    score = plain.score.copy()
    i, j = locked.T
    kept = score[i, j] + np.int32(bonus)
    score[i] = -1
    score[i, j] = kept
    return plain._replace(score=score)


def told(x: Given, s: Scene, mask: Mask, found: Groups, sizes: tuple[int, int], bonus: int) -> GroupMatching:
    """
    Raises:
        LockedRefused: a locked pair is in no group.
    """
    n = len(x.pool.mentees.key)
    match = np.full(n, -1, np.int64)
    topic, language = np.full(n, -1, np.int16), np.full(n, -1, np.int16)
    for group in found.groups:
        inside = list(group.mentees)
        match[inside], topic[inside], language[inside] = group.mentor, group.topic, group.language
    for i, j in x.locked.tolist():
        if match[i] != j:
            raise LockedRefused(i, j, BY_TOPIC)
    rows = np.flatnonzero(match >= 0)
    parts = parts_in_groups(x.pool, x.criteria, rows, match[rows], topic[rows])
    is_locked = np.zeros(n, np.bool_)
    is_locked[x.locked[:, 0]] = True
    extra = bonus * len(x.locked)
    return GroupMatching(
        tuple(
            group._replace(value=group.value - bonus * int(is_locked[list(group.mentees)].sum()))
            for group in found.groups
        ),
        rows.astype(np.int32),
        match[rows].astype(np.int32),
        topic[rows],
        language[rows],
        parts.sum(axis=1).astype(np.int16),
        parts,
        found.value - extra,
        found.bound - extra,
        found.price,
        found.price_bound - extra,
        *sizes,
        int((mask == 0).sum()),
        dense.waterfall(mask),
        tuple(left_mentees(s, mask, match)),
        tuple(left_mentors(x, s, mask, match, sizes[0])),
        x.locked,
        x.forbidden,
        np.zeros((0, 2), np.int32),
        x.quotas.mentees,
        x.quotas.mentors,
        digest(x.pool, x.criteria),
        VERSION,
    )


def left_mentees(s: Scene, mask: Mask, match: I64) -> list[Unmatched]:
    """Nobody possible: the limit that binds. Else no group of somebody possible has a place, a topic and a language for her."""
    found = []
    for i in np.flatnonzero(match < 0).tolist():
        possible = int((mask[i] == 0).sum())
        reason = BY_TOPIC if possible else binding_limit(mask[i])
        found.append(Unmatched(i, reason, has_no_answer(s, "mentees", i, reason), possible, ()))
    return found


def left_mentors(x: Given, s: Scene, mask: Mask, match: I64, least: int) -> list[Unmatched]:
    found = []
    for j in sorted(set(range(mask.shape[1])) - set(match.tolist())):
        possible = int((mask[:, j] == 0).sum())
        reason = BY_TOPIC if possible else binding_limit(mask[:, j])
        if x.pool.mentors.capacity[j] < least:
            reason = TOO_FEW_PLACES if x.pool.mentors.capacity[j] else "capacity"
        found.append(Unmatched(j, reason, has_no_answer(s, "mentors", j, reason), possible, ()))
    return found
