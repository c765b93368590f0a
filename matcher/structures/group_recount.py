"""
A second opinion on groups: legality, scores and sizes once more, and the bound that their prices prove.

Nothing is taken from the code that makes groups; `recounting.pairs` says what a pair is worth. A bound below the
one that the prices prove came from a search of all that was left, which only a new run could repeat.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from matcher.columns import CRITERIA, Criteria, Pool
from matcher.digest import digest
from matcher.recounting.pairs import Facts, facts, legal, points_of
from matcher.results import Certificate
from matcher.structures.group_results import GroupMatching
from matcher.validation import check_pool

MOST_VIOLATIONS = 100

SMALL, MANY_POINTS = 1_000, 400_000
"""Up to so many on a side a kept pair is worth more than all others together; beyond, so many points more."""

Row = np.ndarray[Any, np.dtype[Any]]


def certify_groups(pool: Pool, criteria: Criteria, found: GroupMatching) -> Certificate:
    """
    Recount groups: everybody once, all pairs legal, one topic and one language for each, sizes, places, scores, locks.

    `bound` is the one that the prices prove, so `total` <= `found.bound` <= `bound`.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    check_pool(pool, criteria)
    checked = len(pool.mentees.key) * len(pool.mentors.key)
    faults = list(shape_faults(pool, found))
    if faults:
        return Certificate(False, 0, 0, 0, tuple(faults))
    s = facts(pool, criteria, found.forbidden_pairs)
    if found.digest != digest(pool, criteria):
        faults.append("other_input")
    faults += member_faults(s, found)
    faults += group_faults(pool, found)
    faults += quota_faults(pool, found)
    bound = price_bound(s, found)
    total = int(found.score.sum(dtype=np.int64))
    if total != found.total:
        faults.append(f"wrong_total: {found.total} {total}")
    if bound != found.price_bound or not total <= found.bound <= bound:
        faults.append(f"not_bounded: {total} {found.bound} {bound}")
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


def shape_faults(pool: Pool, x: GroupMatching) -> Iterator[str]:
    n, m, count = len(pool.mentees.key), len(pool.mentors.key), len(x.mentee)
    if not len(x.mentor) == len(x.topic) == len(x.language) == len(x.score) == len(x.contributions) == count:
        yield "columns_differ"
    if len(set(x.mentee.tolist())) != count:
        yield "mentee_twice"
    for name, rows, end in (("mentee", x.mentee, n), ("mentor", x.mentor, m)):
        if count and (rows.min() < 0 or rows.max() >= end):
            yield f"row_out_of_range: {name}"
    if len(x.price) != n or (x.price < 0).any() or not 1 <= x.least <= x.most:
        yield "prices_missing"
    if count and (x.topic.min() < 0 or x.language.min() < 0):
        yield "group_without_topic"


def member_faults(s: Facts, x: GroupMatching) -> Iterator[str]:
    """What is wrong with single people in their groups."""
    i, j = x.mentee.astype(np.int64), x.mentor.astype(np.int64)
    parts = points_in_group(s, i, j, x.topic.astype(np.int64))
    score, allowed = parts.sum(axis=0), may_meet(s, i, j)
    mentees, mentors = s.pool.mentees, s.pool.mentors
    offers = offered(s.pool, j, x.topic.astype(np.int64))
    wants = (mentees.wanted[i] == x.topic[:, None]).any(axis=1)
    level = max(1, s.criteria.language_minimum)
    speak = (mentees.languages[i, x.language] >= level) & (mentors.languages[j, x.language] >= level)
    for name, bad in (
        ("illegal_pair", ~allowed | (score <= 0)),
        ("wrong_topic", ~(offers & wants)),
        ("wrong_language", ~speak),
        ("wrong_score", score != x.score),
        ("wrong_contributions", (x.contributions != parts.T).any(axis=1)),
    ):
        for at in np.flatnonzero(bad).tolist():
            yield f"{name}: {i[at]} {j[at]}"


def group_faults(pool: Pool, x: GroupMatching) -> Iterator[str]:
    """Sizes, places, one topic and language each, locks, and the list of groups itself."""
    seen = {}
    for j in np.unique(x.mentor).tolist():
        here = x.mentor == j
        size = int(here.sum())
        if not x.least <= size <= min(x.most, int(pool.mentors.capacity[j])):
            yield f"wrong_size: {j} {size}"
        if len(set(zip(x.topic[here].tolist(), x.language[here].tolist(), strict=True))) != 1:
            yield f"topics_differ: {j}"
        seen[j] = (tuple(x.mentee[here].tolist()), int(x.score[here].sum(dtype=np.int64)))
    listed = {group.mentor: (group.mentees, group.value) for group in x.groups}
    if listed != seen or len(listed) != len(x.groups):
        yield "groups_differ"
    group = dict(zip(x.mentee.tolist(), x.mentor.tolist(), strict=True))
    for a, b in x.apart_pairs.tolist():
        if a != b and a in group and group[a] == group.get(b):
            yield f"apart_broken: {a} {b}"
    pairs = set(zip(x.mentee.tolist(), x.mentor.tolist(), strict=True))
    for i, j in x.locked_pairs.tolist():
        if (i, j) not in pairs:
            yield f"lock_broken: {i} {j}"


def quota_faults(pool: Pool, x: GroupMatching) -> Iterator[str]:
    for side, quota, organisation in (
        ("mentee", x.mentee_quota, pool.mentees.organisation[x.mentee]),
        ("mentor", x.mentor_quota, pool.mentors.organisation[x.mentor]),
    ):
        for code, most in enumerate(quota.tolist()):
            used = int((organisation == code).sum())
            if 0 <= most < used:
                yield f"quota_broken: {side} {code} {used}"


def may_meet(s: Facts, i: Row, j: Row) -> Row:
    """A legal pair, and with the mode rule both in a group."""
    allowed: Row = legal(s, i, j)
    if s.criteria.mode_rule:
        allowed = allowed & (s.pool.mentees.mode[i] > 0) & (s.pool.mentors.mode[j] > 0)
    return allowed


def offered(pool: Pool, j: Row, topic: Row) -> Row:
    words = pool.mentors.offered[j, topic // 64]
    has: Row = (words >> (topic % 64).astype(np.uint64)) & np.uint64(1) > 0
    return has


def points_in_group(s: Facts, i: Row, j: Row, topic: Row) -> Row:
    """int64[criteria, k]: of topics, those of the group's."""
    parts = points_of(s, i, j)
    parts[CRITERIA.index("topics")] = 0
    for rank in range(s.pool.mentees.wanted.shape[1]):
        parts[0] += (s.pool.mentees.wanted[i, rank] == topic) * int(s.criteria.topic_points[rank])
    return parts


def price_bound(s: Facts, x: GroupMatching) -> int:
    """
    All prices, and for each mentor what her best group gains at them (Fisher 1981); of an organisation with a quota only as
    many of either as it allows.

    Locked mentees may be with their mentor alone, and are there in every set that counts; what the search added to
    keep them is in their prices, so it is added here and taken off again.
    """
    pool, n = s.pool, len(s.pool.mentees.key)
    lock = np.full(n, -1, np.int64)
    lock[x.locked_pairs[:, 0]] = x.locked_pairs[:, 1]
    bonus = lock_bonus(s) if len(x.locked_pairs) else 0
    is_small = max(n, len(pool.mentors.key)) <= SMALL
    gains = (every_gain if is_small else swept_gains)(s, x, lock, bonus)
    value = most_of(x.price, pool.mentees.organisation, x.mentee_quota.tolist())
    leaders = [-1 if places < 0 else places // x.least for places in x.mentor_quota.tolist()]
    value += most_of(gains, pool.mentors.organisation, leaders)
    return value - bonus * len(x.locked_pairs)


def swept_gains(s: Facts, x: GroupMatching, lock: Row, bonus: int) -> Row:
    from matcher.recounting.groups import Asked, best_gains  # compiled kernels: loaded when they are worth it

    room = np.minimum(s.pool.mentors.capacity.astype(np.int64), x.most)
    return best_gains(s, Asked(x.price.astype(np.int64), lock, bonus, x.least, room))


def every_gain(s: Facts, x: GroupMatching, lock: Row, bonus: int) -> Row:
    """int64[m]: what the best group of each mentor gains at the prices."""
    pool, wishes = s.pool, wishes_by_topic(s)
    level = max(1, s.criteria.language_minimum)
    gains = np.zeros(len(pool.mentors.key), np.int64)
    i = np.arange(len(pool.mentees.key))
    topics = np.array(sorted(wishes), np.int64)
    for j in np.flatnonzero(np.minimum(pool.mentors.capacity, x.most) >= x.least).tolist():
        here = np.full(len(i), j)
        rest = points_in_group(s, i, here, np.full(len(i), -2)).sum(axis=0)
        open_to = may_meet(s, i, here) & ((lock < 0) | (lock == j))
        room = min(x.most, int(pool.mentors.capacity[j]))
        best = 0
        for topic in topics[offered(pool, np.full(len(topics), j), topics)].tolist():
            rows, more = wishes[topic]
            points = rest[rows] + more + bonus * (lock[rows] == j)
            able = open_to[rows] & (points > 0)
            net = points - x.price[rows]
            for language in np.flatnonzero(pool.mentors.languages[j] >= level).tolist():
                speaks = pool.mentees.languages[rows, language] >= level
                best = max(best, best_gain(net[able & speaks], x.least, room))
        gains[j] = best
    return gains


def wishes_by_topic(s: Facts) -> dict[int, tuple[Row, Row]]:
    """Of each topic who wants it, and the points that it earns her as the topic of her group."""
    wanted = s.pool.mentees.wanted
    points = s.criteria.topic_points[: wanted.shape[1]].astype(np.int64)
    return {
        topic: (
            np.flatnonzero((wanted == topic).any(axis=1)),
            ((wanted == topic) * points).sum(axis=1)[(wanted == topic).any(axis=1)],
        )
        for topic in np.unique(wanted[wanted >= 0]).tolist()
    }


def most_of(values: Row, organisation: Row, allowed: list[int]) -> int:
    """The sum of all values, of an organisation with a quota only of so many, the highest."""
    total = 0
    for code in np.unique(organisation).tolist():
        mine = sorted(values[organisation == code].tolist(), reverse=True)
        limit = allowed[code] if 0 <= code < len(allowed) else -1
        total += sum(mine if limit < 0 else mine[:limit])
    return int(total)


def best_gain(net: Row, least: int, room: int) -> int:
    """What the best of these add: the first `least` in any case, then whoever adds anything, up to the room."""
    if len(net) < least:
        return 0
    # In a large pool only the few best are put in order.
    top = np.sort(net if len(net) <= room else np.partition(net, len(net) - room)[-room:])[::-1]
    more = top[least:room]
    return int(top[:least].sum() + more[more > 0].sum())


def lock_bonus(s: Facts) -> int:
    """What a kept pair was worth to the search: more than all that the others could earn; in a large pool, in one group."""
    if max(len(s.pool.mentees.key), len(s.pool.mentors.key)) > SMALL:
        return MANY_POINTS
    n, m = len(s.pool.mentees.key), len(s.pool.mentors.key)
    ranked = [int(p) for p in s.criteria.topic_points[: s.pool.mentees.wanted.shape[1]]]
    most_topic = max(
        (p for rank, p in enumerate(ranked) if (s.pool.mentees.wanted[:, rank] >= 0).any()), default=-1
    )
    most = 0
    for j in range(m):
        i = np.arange(n)
        rest = points_in_group(s, i, np.full(n, j), np.full(n, -2)).sum(axis=0)
        open_to = may_meet(s, i, np.full(n, j))
        most = max(most, int(rest[open_to].max(initial=0)))
    return (most + max(most_topic, 0)) * n + 1
