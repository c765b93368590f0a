"""
A second opinion, written apart from the solver.

Nothing of scoring, limits or prices is imported from the engine, so that a mistake there
cannot vouch for itself. What is believed is only the columns, the tables, and arithmetic.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from matcher.columns import CRITERIA, I64, Criteria, Pool
from matcher.digest import digest
from matcher.recounting.claims import SCORE, Against, claim_faults, paid_by, row_by_row
from matcher.recounting.pairs import Facts, facts, legal, points_of
from matcher.recounting.pausing import Pause, part_of, tell
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
    pause: Pause = None,
) -> Certificate:
    """
    Recount a matching: every pair legal, every score right, no capacity or quota exceeded, and the
    prices a bound on all pairs, matched or not. When total == bound, no better matching exists. What another mode
    than the greatest total claims is recounted too (`claims`).

    `pause` hears the share done, and may raise to stop. Looking ends with the hundredth pair that beats its prices.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    tell(pause, 0)
    check_pool(pool, criteria)
    tell(pause, 0)
    faults: list[str] = list(check_shape(pool, matching))
    if faults:
        return Certificate(False, 0, 0, 0, tuple(faults))
    s = facts(pool, criteria, matching.forbidden_pairs)
    if matching.digest != digest(pool, criteria, matching.claim.mode):
        faults.append("other_input")
    locked = {(int(i), int(j)) for i, j in matching.locked_pairs}
    tell(pause, 0)
    total, wrong = check_pairs(s, matching, locked)
    faults += wrong
    count = 1 if matching.claim.mode == SCORE else 2
    faults += check_prices(s, matching, threads, part_of(pause, 0, count))
    faults += check_places(pool, matching, locked)
    bound = dual_bound(pool, matching)
    if total != matching.total:
        faults.append(f"wrong_total: {matching.total} {total}")
    if bound != total and (bound < total or matching.claim.mode == SCORE):
        faults.append(f"not_proved: {total} {bound}")
    faults += claim_faults(s, matching, against(s.pool, threads), part_of(pause, count - 1, count))
    tell(pause, 1)
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


def check_prices(s: Facts, x: Matching, threads: int, pause: Pause) -> list[str]:
    """Pairs of mentees who are not locked that score more than all their prices together."""
    mentee, mentor = with_quotas(s.pool, x)
    skipped = np.zeros(len(mentee), np.bool_)
    skipped[x.locked_pairs[:, 0]] = True
    faults = [f"price_negative: mentee {i}" for i in np.flatnonzero((x.mentee_price < 0) & ~skipped)]
    # A locked mentee has one pair alone, but that her price must cover: else she could lend to others.
    a, b = x.locked_pairs.T.astype(np.int64)
    short = points_of(s, a, b).sum(axis=0) > mentee[a] + mentor[b]
    faults += [f"lock_not_paid: {i} {j}" for i, j in zip(a[short], b[short], strict=True)]

    def judge(i: I64, j: I64) -> bool:
        open_to = i[~skipped[i]], j[~skipped[i]]
        beats = points_of(s, *open_to).sum(axis=0) > mentee[open_to[0]] + mentor[open_to[1]]
        i, j = open_to[0][beats], open_to[1][beats]
        stands = legal(s, i, j)
        faults.extend(f"bound_broken: {a} {b}" for a, b in zip(i[stands], j[stands], strict=True))
        return len(faults) < MOST_VIOLATIONS

    if is_small(s.pool):
        for i, j in everybody(len(mentee), len(mentor)):
            judge(i, j)
        return faults
    from matcher.recounting.sweeping import Prices, sweep  # compiled kernels: loaded when they are worth it

    judge(*s.pool.wishes[:, :2].T.astype(np.int64))
    sweep(s, Prices(mentee, mentor, skipped), judge, threads, pause)
    return sorted(set(faults))


def is_small(pool: Pool) -> bool:
    return max(len(pool.mentees.key), len(pool.mentors.key)) <= SMALL


def against(pool: Pool, threads: int) -> Against:
    """How pairs are found that speak against a claim."""
    if is_small(pool):
        return row_by_row
    from matcher.recounting.claimed import all_at_once  # compiled, as above

    return partial(all_at_once, threads=threads, most=MOST_VIOLATIONS)


def everybody(n: int, m: int) -> Iterator[tuple[I64, I64]]:
    """All pairs, some rows at a time."""
    step = max(1, PAIRS_AT_ONCE // max(m, 1))
    for at in range(0, n, step):
        rows = np.arange(at, min(at + step, n))
        yield np.repeat(rows, m), np.tile(np.arange(m), len(rows))


def with_quotas(pool: Pool, x: Matching) -> tuple[I64, I64]:
    """int64[n] and int64[m]: what mentees and mentors pay together with the quotas of their organisations."""
    mentee = paid_by(x.mentee_price, x.mentee_quota_price, pool.mentees.organisation)
    return mentee, paid_by(x.mentor_price, x.mentor_quota_price, pool.mentors.organisation)


def check_shape(pool: Pool, x: Matching) -> list[str]:
    """Faults that make everything else meaningless."""
    n, m, count = len(pool.mentees.key), len(pool.mentors.key), len(x.mentee)
    organisations = [1 + int(side.organisation.max(initial=-1)) for side in (pool.mentees, pool.mentors)]
    faults = []
    for name, shape in {
        "mentee": (count,), "mentor": (count,), "score": (count,), "contributions": (count, len(CRITERIA)),
        "mentee_price": (n,), "mentor_price": (m,),
        "mentee_quota_price": x.mentee_quota.shape, "mentor_quota_price": x.mentor_quota.shape,
        "mentee_quota": x.mentee_quota_price.shape, "mentor_quota": x.mentor_quota_price.shape,
        "locked_pairs": (len(x.locked_pairs), 2), "forbidden_pairs": (len(x.forbidden_pairs), 2),
    }.items():  # fmt: skip
        column = getattr(x, name)
        if column.shape != shape:
            faults.append(f"wrong_shape: {name}")
        elif column.dtype.kind != "i" or column.dtype.itemsize > 8:
            faults.append(f"not_integers: {name}")
    for name, quota, least in (
        ("mentee_quota", x.mentee_quota, organisations[0]), ("mentor_quota", x.mentor_quota, organisations[1])
    ):  # fmt: skip
        if quota.ndim != 1 or 0 < len(quota) < least:
            faults.append(f"wrong_shape: {name}")
    if x.locked.shape != (count,) or x.locked.dtype.kind != "b":
        faults.append("wrong_shape: locked")
    return faults or check_rows(x, n, m)


def check_rows(x: Matching, n: int, m: int) -> list[str]:
    faults = []
    rows = {
        "mentee": (x.mentee, n), "mentor": (x.mentor, m),
        "locked_pairs": (x.locked_pairs[:, 0], n), "locked_pairs.mentor": (x.locked_pairs[:, 1], m),
        "forbidden_pairs": (x.forbidden_pairs[:, 0], n), "forbidden_pairs.mentor": (x.forbidden_pairs[:, 1], m),
    }  # fmt: skip
    for name, (row, end) in rows.items():
        if len(row) and (row.min() < 0 or row.max() >= end):
            faults.append(f"row_out_of_range: {name}")
    for name in ("mentee", "locked_pairs"):
        if len(np.unique(rows[name][0])) != len(rows[name][0]):
            faults.append("mentee_twice" if name == "mentee" else f"{name}_twice")
    return faults


def check_places(pool: Pool, x: Matching, locked: set[tuple[int, int]]) -> list[str]:
    """Capacities, locks, quotas, signs of prices."""
    faults = []
    pairs = set(zip(x.mentee.tolist(), x.mentor.tolist(), strict=True))
    faults += [f"lock_broken: {i} {j}" for i, j in sorted(locked - pairs)]
    called = set(x.mentee[x.locked].tolist())
    faults += [f"wrongly_locked: {i}" for i in sorted(called ^ {i for i, _ in locked & pairs})]
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
