"""
A second opinion, written apart from the solver.

Nothing of scoring, limits or prices is imported from the engine, so that a mistake there
cannot vouch for itself. What is believed is only the columns, the tables, and arithmetic.
"""

from collections.abc import Callable, Iterator

import numpy as np

from matcher.columns import I64, Criteria, Pool
from matcher.digest import digest
from matcher.recounting.pairs import Facts, facts, legal, points_of
from matcher.results import Certificate, Matching
from matcher.validation import check_pool

MOST_VIOLATIONS = 100

SMALL = 1_000
"""Up to this many a side every pair is written out in numpy; beyond, compiled loops find whom to suspect."""

PAIRS_AT_ONCE = 1 << 16


def certify(
    pool: Pool,
    criteria: Criteria,
    matching: Matching,
    *,
    threads: int = 1,
    pause: Callable[[float], None] | None = None,
) -> Certificate:
    """
    Recount a matching: every pair legal, every score right, no capacity or quota exceeded, and the
    prices a bound on all pairs, matched or not. When total == bound, no better matching exists.

    `pause` hears the share done, and may raise to stop. Looking ends with the hundredth pair that beats its prices.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    check_pool(pool, criteria)
    faults: list[str] = list(check_shape(pool, matching))
    if faults:
        return Certificate(False, 0, 0, 0, tuple(faults))
    s = facts(pool, criteria, matching.forbidden_pairs)
    if matching.digest != digest(pool, criteria):
        faults.append("other_input")
    locked = {(int(i), int(j)) for i, j in matching.locked_pairs}
    total, wrong = check_pairs(s, matching, locked)
    faults += wrong
    faults += check_prices(s, matching, threads, pause)
    faults += check_places(pool, matching, locked)
    bound = dual_bound(pool, matching)
    if total != matching.total:
        faults.append(f"wrong_total: {matching.total} {total}")
    if bound != total:
        faults.append(f"not_proved: {total} {bound}")
    checked = len(pool.mentees.key) * len(pool.mentors.key)
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


def check_pairs(s: Facts, x: Matching, locked: set[tuple[int, int]]) -> tuple[int, list[str]]:
    """The total recounted, and what is wrong with single pairs."""
    i, j = x.mentee.astype(np.int64), x.mentor.astype(np.int64)
    parts = points_of(s, i, j)
    score, allowed = parts.sum(axis=0), legal(s, i, j)
    faults = []
    for at in np.flatnonzero(~allowed | (score <= 0)).tolist():
        if not allowed[at] or (int(i[at]), int(j[at])) not in locked:
            faults.append(f"illegal_pair: {i[at]} {j[at]}")
    for at in np.flatnonzero(score != x.score).tolist():
        faults.append(f"wrong_score: {i[at]} {j[at]} {x.score[at]} {score[at]}")
    for at in np.flatnonzero((x.contributions != parts.T).any(axis=1)).tolist():
        faults.append(f"wrong_contributions: {i[at]} {j[at]}")
    return int(score.sum()), faults


def check_prices(
    s: Facts, x: Matching, threads: int, pause: Callable[[float], None] | None
) -> list[str]:
    """Pairs of mentees who are not locked that score more than all their prices together."""
    mentee, mentor = with_quotas(s.pool, x)
    skipped = np.zeros(len(mentee), np.bool_)
    skipped[x.locked_pairs[:, 0]] = True
    faults = [f"price_negative: mentee {i}" for i in np.flatnonzero((x.mentee_price < 0) & ~skipped)]

    def judge(i: I64, j: I64) -> bool:
        open_to = i[~skipped[i]], j[~skipped[i]]
        beats = points_of(s, *open_to).sum(axis=0) > mentee[open_to[0]] + mentor[open_to[1]]
        i, j = open_to[0][beats], open_to[1][beats]
        stands = legal(s, i, j)
        faults.extend(f"bound_broken: {a} {b}" for a, b in zip(i[stands], j[stands], strict=True))
        return len(faults) < MOST_VIOLATIONS

    if max(len(mentee), len(mentor)) <= SMALL:
        for i, j in everybody(len(mentee), len(mentor)):
            judge(i, j)
        return faults
    from matcher.recounting.sweeping import Prices, sweep  # compiled kernels: loaded when they are worth it

    judge(*s.pool.wishes[:, :2].T.astype(np.int64))
    sweep(s, Prices(mentee, mentor, skipped), judge, threads, pause)
    return sorted(set(faults))


def everybody(n: int, m: int) -> Iterator[tuple[I64, I64]]:
    """All pairs, some rows at a time."""
    step = max(1, PAIRS_AT_ONCE // max(m, 1))
    for at in range(0, n, step):
        rows = np.arange(at, min(at + step, n))
        yield np.repeat(rows, m), np.tile(np.arange(m), len(rows))


def with_quotas(pool: Pool, x: Matching) -> tuple[I64, I64]:
    """int64[n] and int64[m]: what mentees and mentors pay together with the quotas of their organisations."""
    found = []
    for price, quota_price, organisation in (
        (x.mentee_price, x.mentee_quota_price, pool.mentees.organisation),
        (x.mentor_price, x.mentor_quota_price, pool.mentors.organisation),
    ):
        paid, known = price.astype(np.int64), (organisation >= 0) & (len(quota_price) > 0)
        paid[known] += quota_price[organisation[known]]
        found.append(paid)
    return found[0], found[1]


def check_shape(pool: Pool, x: Matching) -> list[str]:
    """Faults that make everything else meaningless."""
    n, m = len(pool.mentees.key), len(pool.mentors.key)
    faults = []
    count = len(x.mentee)
    if not len(x.mentor) == len(x.score) == len(x.contributions) == count:
        faults.append("columns_differ")
    if len(set(x.mentee.tolist())) != count:
        faults.append("mentee_twice")
    for name, rows, end in (("mentee", x.mentee, n), ("mentor", x.mentor, m)):
        if count and (rows.min() < 0 or rows.max() >= end):
            faults.append(f"row_out_of_range: {name}")
    if len(x.mentee_price) != n or len(x.mentor_price) != m:
        faults.append("prices_missing")
    return faults


def check_places(pool: Pool, x: Matching, locked: set[tuple[int, int]]) -> list[str]:
    """Capacities, locks, quotas, signs of prices."""
    faults = []
    pairs = set(zip(x.mentee.tolist(), x.mentor.tolist(), strict=True))
    faults += [f"lock_broken: {i} {j}" for i, j in sorted(locked - pairs)]
    used = np.bincount(x.mentor, minlength=len(pool.mentors.key))
    for j in np.flatnonzero(used > pool.mentors.capacity).tolist():
        faults.append(f"over_capacity: {j} {used[j]} {pool.mentors.capacity[j]}")
    faults += [f"price_negative: mentor {j}" for j in np.flatnonzero(x.mentor_price < 0)]
    for side, quota, price, people, rows in (
        ("mentees", x.mentee_quota, x.mentee_quota_price, pool.mentees, x.mentee),
        ("mentors", x.mentor_quota, x.mentor_quota_price, pool.mentors, x.mentor),
    ):
        for o in range(len(quota)):
            inside = int((people.organisation[rows] == o).sum())
            if 0 <= quota[o] < inside:
                faults.append(f"over_quota: {side} {o} {inside} {int(quota[o])}")
            if price[o] < 0 or (quota[o] < 0 and price[o] != 0):
                faults.append(f"wrong_quota_price: {side} {o}")
    return faults


def dual_bound(pool: Pool, x: Matching) -> int:
    """Sum of prices over mentees, places and quotas, in Python integers."""
    value = sum(x.mentee_price.tolist())
    value += sum(p * k for p, k in zip(x.mentor_price.tolist(), pool.mentors.capacity.tolist(), strict=True))
    for price, quota in ((x.mentee_quota_price, x.mentee_quota), (x.mentor_quota_price, x.mentor_quota)):
        value += sum(p * max(q, 0) for p, q in zip(price.tolist(), quota.tolist(), strict=True))
    return int(value)
