"""
A second opinion on what was made of one pool: pairs of peers, and circles.

Nothing is taken from the code that makes them: `recounting.pairs` says what a pair is worth and whether it may be, and the
rules of circles are written out once more, person by person.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from matcher.columns import BOTH, CROSS_REQUIRED, GROUP, I32, I64, Criteria, Flags, Pool
from matcher.digest import digest
from matcher.recounting.pairs import Facts, facts, place_in, points_of, too_close, unsuited
from matcher.results import Certificate
from matcher.structures.circling import CircleMatching
from matcher.structures.mutual import MutualMatching
from matcher.validation import check_pool

MOST_VIOLATIONS = 100
HALF_HOUR = 30
ROWS = 64
"""People whose pairs are looked at together."""


def certify_mutual(pool: Pool, criteria: Criteria, found: MutualMatching) -> Certificate:
    """
    Recount pairs of one pool: everybody once, all pairs legal both ways, scores, and the prices of every pair there could be.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    check_pool(pool, criteria)
    n = len(pool.mentees.key)
    checked = n * (n - 1) // 2
    used = [*found.one.tolist(), *found.other.tolist()]
    if len(set(used)) != len(used) or any(not 0 <= i < n for i in used) or len(found.proof.price) != n:
        return Certificate(False, 0, 0, 0, ("pairs_malformed",))
    s = facts(pool, criteria, both(found.forbidden_pairs))
    table, may, is_mutual = worths(s)
    faults = [] if found.digest == digest(pool, criteria) else ["other_input"]
    locked = {tuple(pair) for pair in found.locked_pairs.tolist()}
    total = 0
    for at, pair in enumerate(zip(found.one.tolist(), found.other.tolist(), strict=True)):
        points, parts = int(table[pair]), found.contributions[at]
        if not may[pair] or not (is_mutual[pair] or pair in locked):
            faults.append(f"illegal_pair: {pair[0]} {pair[1]}")
        if int(found.score[at]) != points or int(parts.sum()) != points or (parts < 0).any():
            faults.append(f"wrong_score: {pair[0]} {pair[1]}")
        total += points
    pairs = set(zip(found.one.tolist(), found.other.tolist(), strict=True))
    faults += [f"lock_broken: {a} {b}" for a, b in locked - pairs]
    fixed = [i for pair in sorted(locked) for i in pair]
    bound = mutual_bound(table * (may & is_mutual), found, fixed, faults) + sum(
        int(table[pair]) for pair in sorted(locked)
    )
    if total != found.total or not found.total <= found.bound <= bound:
        faults.append(f"not_bounded: {total} {found.total} {found.bound} {bound}")
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


def mutual_bound(worth: I64, found: MutualMatching, fixed: list[int], faults: list[str]) -> int:
    """What the doubled prices of people and of odd sets of them prove (Edmonds 1965), where they cover every pair."""
    paid = found.proof.price[:, None] + found.proof.price
    value = int(found.proof.price.sum())
    is_sound = bool((found.proof.price >= 0).all())
    for odd in found.proof.odd_sets:
        paid[np.ix_(odd.people, odd.people)] += odd.price
        value += odd.price * (len(odd.people) // 2)
        is_sound &= odd.price >= 0 and len(odd.people) % 2 == 1 == len(odd.people) // len(
            set(odd.people.tolist())
        )
    open_worth = np.maximum(worth, 0)
    open_worth[fixed], open_worth[:, fixed] = 0, 0
    np.fill_diagonal(open_worth, 0)
    if not is_sound or (paid < 2 * open_worth).any():
        faults.append("prices_too_low")
    return value // 2


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
    worth, may = sums(s), may_sit(s, criteria)
    faults = [] if found.digest == digest(pool, criteria) else ["other_input"]
    together = (found.circle[:, None] == found.circle) & (found.circle >= 0)
    np.fill_diagonal(together, False)
    score = np.where(together, worth, 0).sum(axis=1)
    total = int(score.sum()) // 2
    wrong = (score != found.score) | (found.contributions.sum(axis=1) != found.score)
    faults += [f"wrong_score: {i}" for i in np.flatnonzero(wrong).tolist()]
    people = [
        np.flatnonzero(found.circle == k).tolist() for k in range(int(found.circle.max(initial=-1)) + 1)
    ]
    faults += [
        fault
        for k, inside in enumerate(people)
        for fault in circle_faults(pool, criteria, found, k, inside, may)
    ]
    if [list(one.people) for one in found.circles] != people:
        faults.append("circles_differ")
    planned = sorted(found.sizes, reverse=True)
    made = sorted(map(len, people), reverse=True)
    if len(made) > len(planned) or any(one > size for one, size in zip(made, planned, strict=False)):
        faults.append("sizes_differ")
    bound = circle_bound(pool, criteria, worth, may, found)
    if total != found.total or not total <= found.bound <= bound:
        faults.append(f"not_bounded: {total} {found.total} {found.bound} {bound}")
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


def circle_faults(
    pool: Pool, criteria: Criteria, found: CircleMatching, number: int, inside: list[int], may: Flags
) -> Iterator[str]:
    if not found.least <= len(inside) <= found.most:
        yield f"wrong_size: {number} {len(inside)}"
    for a, b in combinations(inside, 2):
        if not may[a, b]:
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


def circle_bound(pool: Pool, criteria: Criteria, worth: I64, may: Flags, found: CircleMatching) -> int:
    """
    All prices times how many others anybody sits with, the price of a pair times all pairs, and what pairs are worth above both.

    Only pairs that some circle could hold are counted: any two who may sit together, with a language and hours.
    """
    level = max(1, criteria.language_minimum)
    speaks = (pool.mentees.languages >= level).astype(np.int64)
    able = may & (speaks @ speaks.T > 0)
    if criteria.overlap_minimum:
        free = np.zeros((len(worth), 1440 // HALF_HOUR), np.int64)
        for zone in np.unique(pool.mentees.zone).tolist():
            rows = np.flatnonzero(pool.mentees.zone == zone)
            minutes = free_minutes(pool, int(rows[0]))
            free[rows] = [all(m + k in minutes for k in range(HALF_HOUR)) for m in range(0, 1440, HALF_HOUR)]
        able &= free @ free.T * HALF_HOUR >= criteria.overlap_minimum * 60
    doubled = np.where(able, 2 * worth, 0)
    price, each = np.maximum(found.price, 0), max(found.pair_price, 0)
    over = np.triu(np.maximum(doubled - price[:, None] - price - each, 0), 1)
    near = max(found.sizes, default=1) - 1
    pairs = sum(size * (size - 1) // 2 for size in found.sizes)
    return (near * int(price.sum()) + pairs * each + int(over.sum())) // 2


def both(pairs: I32) -> I32:
    return np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int32)


def directions(s: Facts) -> Iterator[tuple[I64, I64, I64]]:
    """Blocks of rows: (rows, all columns of each, what the row gets from the column)."""
    n = len(s.pool.mentees.key)
    for start in range(0, n, ROWS):
        rows = np.repeat(np.arange(start, min(start + ROWS, n)), n)
        columns = np.tile(np.arange(n), len(rows) // max(n, 1))
        yield rows, columns, points_of(s, rows, columns).sum(axis=0)


def points(s: Facts) -> I64:
    n = len(s.pool.mentees.key)
    found = np.zeros((n, n), np.int64)
    for rows, columns, block in directions(s):
        found[rows, columns] = block
    return found


def sums(s: Facts) -> I64:
    """int64[n, n]: what any two earn in a circle, both ways."""
    there = points(s)
    both_directions: I64 = there + there.T
    np.fill_diagonal(both_directions, 0)
    return both_directions


def worths(s: Facts) -> tuple[I64, Flags, Flags]:
    """What any two are worth as a pair (of what one gets more, half counts), whether they may be one, and whether both get anything."""
    there = points(s)
    back = there.T
    n = len(there)
    worth = there + back - (np.abs(there - back) + 1) // 2
    may = np.zeros((n, n), np.bool_)
    for rows, columns, _block in directions(s):
        may[rows, columns] = (
            (s.pool.mentors.capacity[columns] > 0) & ~barred(s, rows, columns) & ~unsuited(s, rows, columns)
        )
    return worth, may & may.T, (there > 0) & (back > 0)


def barred(s: Facts, i: I64, j: I64) -> Flags:
    listed: Flags = (place_in(s.pool, s.exclusions, i, j) >= 0) | (place_in(s.pool, s.forbidden, i, j) >= 0)
    return listed | too_close(s, i, j)


def may_sit(s: Facts, criteria: Criteria) -> Flags:
    """bool[n, n]: any two of a circle; its languages, hours and topics are no matter of two."""
    loose = s._replace(
        criteria=criteria._replace(
            language_minimum=0,
            overlap_minimum=0,
            topics_minimum=0,
            seniority_minimum=-32768,
            seniority_maximum=-32768,
        )
    )
    n = len(s.pool.mentees.key)
    may = np.zeros((n, n), np.bool_)
    for rows, columns, _block in directions(s):
        may[rows, columns] = ~barred(s, rows, columns) & ~unsuited(loose, rows, columns)
    here = s.pool.mentors.capacity > 0
    if criteria.mode_rule:
        here = here & np.isin(s.pool.mentees.mode, (GROUP, BOTH))
    return may & may.T & here[:, None] & here
