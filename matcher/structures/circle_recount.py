"""
A second opinion on circles.

Nothing is taken from the code that makes them: `recounting.pairs` says what a pair is worth and whether it may be, and the
rules of circles are written out once more, person by person.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from matcher.columns import BOTH, CROSS_REQUIRED, GROUP, I32, I64, Criteria, Flags, Pool
from matcher.digest import digest
from matcher.recounting.pairs import Facts, facts, points_of, unsuited
from matcher.results import Certificate
from matcher.structures.circling import CircleMatching
from matcher.structures.peer_recount import MOST_VIOLATIONS, SMALL, barred, both, directions, points
from matcher.validation import check_pool

HALF_HOUR = 30


def certify_circles(pool: Pool, criteria: Criteria, found: CircleMatching) -> Certificate:
    """
    Recount circles: everybody once, sizes, any two legal, a language and hours for all, scores, and the bound of the prices.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    check_pool(pool, criteria)
    n = len(pool.mentees.key)
    checked = n * (n - 1) // 2
    if len(found.circle) != n or len(found.price) != n or len(found.score) != n:
        return Certificate(False, 0, 0, 0, ("circles_malformed",))
    s = facts(pool, criteria, both(found.forbidden_pairs))
    one, other = neighbours(found.circle)
    illegal = set(zip(*(rows[~may_sit_of(s, one, other)].tolist() for rows in (one, other)), strict=True))
    faults = [] if found.digest == digest(pool, criteria) else ["other_input"]
    each = points_of(s, one, other).sum(axis=0) + points_of(s, other, one).sum(axis=0)
    score = np.bincount(one, each, n).astype(np.int64) + np.bincount(other, each, n).astype(np.int64)
    total = int(score.sum()) // 2
    wrong = (score != found.score) | (found.contributions.sum(axis=1) != found.score)
    faults += [f"wrong_score: {i}" for i in np.flatnonzero(wrong).tolist()]
    people: list[list[int]] = [[] for _ in range(int(found.circle.max(initial=-1)) + 1)]
    for i in np.flatnonzero(found.circle >= 0).tolist():
        people[int(found.circle[i])].append(i)
    faults += [
        fault
        for k, inside in enumerate(people)
        for fault in circle_faults(pool, criteria, found, k, inside, illegal)
    ]
    if [list(one.people) for one in found.circles] != people:
        faults.append("circles_differ")
    planned = sorted(found.sizes, reverse=True)
    made = sorted(map(len, people), reverse=True)
    if len(made) > len(planned) or any(one > size for one, size in zip(made, planned, strict=False)):
        faults.append("sizes_differ")
    bound = (circle_bound if n <= SMALL else swept_circle_bound)(s, found)
    if total != found.total or not total <= found.bound <= bound:
        faults.append(f"not_bounded: {total} {found.total} {found.bound} {bound}")
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


def circle_faults(
    pool: Pool,
    criteria: Criteria,
    found: CircleMatching,
    number: int,
    inside: list[int],
    illegal: set[tuple[int, int]],
) -> Iterator[str]:
    if not found.least <= len(inside) <= found.most:
        yield f"wrong_size: {number} {len(inside)}"
    for a, b in combinations(inside, 2):
        if (a, b) in illegal:
            yield f"illegal_pair: {a} {b}"
    level = max(1, criteria.language_minimum)
    if not any(
        all(pool.mentees.languages[i, k] >= level for i in inside)
        for k in range(pool.mentees.languages.shape[1])
    ):
        yield f"no_language: {number}"
    if criteria.overlap_minimum:
        shared = set.intersection(*(free_minutes(pool, i) for i in inside))
        slots = sum(all(m + k in shared for k in range(HALF_HOUR)) for m in range(0, 1440, HALF_HOUR))
        if slots * HALF_HOUR < criteria.overlap_minimum * 60:
            yield f"too_few_hours: {number}"
    if criteria.organisation_rule == CROSS_REQUIRED:
        codes = [int(pool.mentees.organisation[i]) for i in inside]
        if len(set(codes)) != len(codes):
            yield f"organisation_twice: {number}"


def free_minutes(pool: Pool, i: int) -> set[int]:
    """Minutes of the day, by UTC, in which she could meet."""
    zone = int(pool.mentees.zone[i])
    if zone < 0:
        return set()
    offset, start, end = pool.zones[zone].tolist()
    return {minute % 1440 for minute in range(start - offset, end - offset)}


def circle_bound(s: Facts, found: CircleMatching) -> int:
    """
    All prices times how many others anybody sits with, the price of a pair times all pairs, and what pairs are worth above both.

    Only pairs that some circle could hold are counted: any two who may sit together, with a language and hours.
    """
    speaks, free = common_of(s)
    able = may_sit(s) & (speaks @ speaks.T > 0)
    if s.criteria.overlap_minimum:
        able &= free @ free.T * HALF_HOUR >= s.criteria.overlap_minimum * 60
    doubled = np.where(able, 2 * sums(s), 0)
    price, each = np.maximum(found.price, 0), max(found.pair_price, 0)
    over = np.triu(np.maximum(doubled - price[:, None] - price - each, 0), 1)
    return (paid(found) + int(over.sum())) // 2


def swept_circle_bound(s: Facts, found: CircleMatching) -> int:
    """The same in a large pool, from the pairs that are worth more than their prices."""
    from matcher.recounting.peers import sweep_peers  # compiled kernels: loaded when they are worth it

    price, each = np.maximum(found.price, 0), max(found.pair_price, 0)
    speaks, free = common_of(s)
    over: list[int] = []

    def judge(a: I64, b: I64) -> None:
        able = may_sit_of(s, a, b) & (speaks[a] * speaks[b]).any(axis=1)
        if s.criteria.overlap_minimum:
            able &= (free[a] * free[b]).sum(axis=1) * HALF_HOUR >= s.criteria.overlap_minimum * 60
        worth = points_of(s, a, b).sum(axis=0) + points_of(s, b, a).sum(axis=0)
        over.append(int(np.maximum(2 * worth - price[a] - price[b] - each, 0)[able].sum()))

    sweep_peers(of_circles(s), price, each, is_sum=True, judge=judge)
    return (paid(found) + sum(over)) // 2


def paid(found: CircleMatching) -> int:
    near = max(found.sizes, default=1) - 1
    pairs = sum(size * (size - 1) // 2 for size in found.sizes)
    return near * int(np.maximum(found.price, 0).sum()) + pairs * max(found.pair_price, 0)


def common_of(s: Facts) -> tuple[I64, I64]:
    """int64[n, L] and int64[n, half hours of a day], 0 or 1: who speaks what well enough, and is free when."""
    pool = s.pool
    speaks = (pool.mentees.languages >= max(1, s.criteria.language_minimum)).astype(np.int64)
    free = np.zeros((len(pool.mentees.key), 1440 // HALF_HOUR), np.int64)
    for zone in np.unique(pool.mentees.zone).tolist():
        rows = np.flatnonzero(pool.mentees.zone == zone)
        minutes = free_minutes(pool, int(rows[0]))
        free[rows] = [all(m + k in minutes for k in range(HALF_HOUR)) for m in range(0, 1440, HALF_HOUR)]
    return speaks, free


def neighbours(circle: I32) -> tuple[I64, I64]:
    """Any two of a circle, once, the earlier first."""
    found: list[tuple[int, int]] = []
    inside: dict[int, list[int]] = {}
    for i in np.flatnonzero(circle >= 0).tolist():
        mates = inside.setdefault(int(circle[i]), [])
        found += [(mate, i) for mate in mates]
        mates.append(i)
    pairs = np.array(found, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def sums(s: Facts) -> I64:
    """int64[n, n]: what any two earn in a circle, both ways."""
    there = points(s)
    both_directions: I64 = there + there.T
    np.fill_diagonal(both_directions, 0)
    return both_directions


def of_circles(s: Facts) -> Facts:
    """Without the limits that are no matter of two."""
    return s._replace(
        criteria=s.criteria._replace(
            language_minimum=0,
            overlap_minimum=0,
            topics_minimum=0,
            seniority_minimum=-32768,
            seniority_maximum=-32768,
        )
    )


def may_sit_of(s: Facts, one: I64, other: I64) -> Flags:
    """bool[k]: any two of a circle; its languages, hours and topics are no matter of two."""
    loose, here = of_circles(s), s.pool.mentors.capacity > 0
    if s.criteria.mode_rule:
        here = here & np.isin(s.pool.mentees.mode, (GROUP, BOTH))
    may: Flags = here[one] & here[other]
    for a, b in ((one, other), (other, one)):
        may = may & ~barred(s, a, b) & ~unsuited(loose, a, b)
    return may


def may_sit(s: Facts) -> Flags:
    """bool[n, n]: the same of all."""
    n = len(s.pool.mentees.key)
    may = np.zeros((n, n), np.bool_)
    for rows, columns, _block in directions(s):
        may[rows, columns] = may_sit_of(s, rows, columns)
    return may
