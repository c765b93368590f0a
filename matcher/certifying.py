"""
A second opinion, written apart from the solver: slow, plain, one mentee at a time.

Nothing of scoring, limits or prices is imported from the engine, so that a mistake there
cannot vouch for itself. What is believed is only the columns, the tables, and arithmetic.
"""

from typing import Any

import numpy as np

from matcher import columns as c
from matcher.columns import Criteria, Pool
from matcher.digest import digest
from matcher.results import Certificate, Matching
from matcher.validation import check_pool

MOST_VIOLATIONS = 100
Row = np.ndarray[Any, np.dtype[Any]]


def certify(pool: Pool, criteria: Criteria, matching: Matching) -> Certificate:
    """
    Recount a matching: every pair legal, every score right, no capacity or quota exceeded, and the
    prices a bound on all pairs, matched or not. When total == bound, no better matching exists.

    Raises:
        InvalidColumn: pool or criteria are not what their description says.
    """
    check_pool(pool, criteria)
    faults: list[str] = list(check_shape(pool, matching))
    if faults:
        return Certificate(False, 0, 0, 0, tuple(faults))
    partner = dict(zip(matching.mentee.tolist(), range(len(matching.mentee)), strict=True))
    locked = {(int(i), int(j)) for i, j in matching.locked_pairs}
    pinned = {i for i, _ in locked}
    barred = np.zeros(len(pool.mentors.key), np.bool_)
    if matching.digest != digest(pool, criteria):
        faults.append("other_input")
    total = 0
    for i in range(len(pool.mentees.key)):
        parts = points_of_row(pool, criteria, i)
        score = parts.sum(axis=0)
        barred[:] = False
        barred[matching.forbidden_pairs[matching.forbidden_pairs[:, 0] == i, 1]] = True
        legal = legal_row(pool, criteria, i) & ~barred
        if i not in pinned:
            dear = matching.mentee_price[i] + matching.mentor_price + quota_prices(pool, matching, i)
            faults += [f"bound_broken: {i} {j}" for j in np.flatnonzero(legal & (score > dear))]
            faults += [f"price_negative: mentee {i}"] * bool(matching.mentee_price[i] < 0)
        if i not in partner:
            continue
        at = partner[i]
        j = int(matching.mentor[at])
        total += int(score[j])
        if not legal[j] or (score[j] <= 0 and (i, j) not in locked):
            faults.append(f"illegal_pair: {i} {j}")
        if int(matching.score[at]) != int(score[j]):
            faults.append(f"wrong_score: {i} {j} {int(matching.score[at])} {int(score[j])}")
        if (matching.contributions[at] != parts[:, j]).any():
            faults.append(f"wrong_contributions: {i} {j}")
    faults += check_places(pool, matching, locked)
    bound = dual_bound(pool, matching)
    if total != matching.total:
        faults.append(f"wrong_total: {matching.total} {total}")
    if bound != total:
        faults.append(f"not_proved: {total} {bound}")
    checked = len(pool.mentees.key) * len(pool.mentors.key)
    return Certificate(not faults, total, bound, checked, tuple(faults[:MOST_VIOLATIONS]))


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
    for j, places in enumerate(pool.mentors.capacity.tolist()):
        used = int((x.mentor == j).sum())
        if used > places:
            faults.append(f"over_capacity: {j} {used} {places}")
        if x.mentor_price[j] < 0:
            faults.append(f"price_negative: mentor {j}")
    for side, quota, price, people, rows in (
        ("mentees", x.mentee_quota, x.mentee_quota_price, pool.mentees, x.mentee),
        ("mentors", x.mentor_quota, x.mentor_quota_price, pool.mentors, x.mentor),
    ):
        for o in range(len(quota)):
            used = int((people.organisation[rows] == o).sum())
            if 0 <= quota[o] < used:
                faults.append(f"over_quota: {side} {o} {used} {int(quota[o])}")
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


def quota_prices(pool: Pool, x: Matching, i: int) -> Row:
    """What the quotas add to the price of each mentor for mentee i."""
    organisation = pool.mentors.organisation
    added = np.zeros(len(organisation), np.int64)
    if len(x.mentor_quota_price):
        known = organisation >= 0
        added[known] += x.mentor_quota_price[organisation[known]]
    hers = int(pool.mentees.organisation[i])
    if len(x.mentee_quota_price) and hers >= 0:
        added += x.mentee_quota_price[hers]
    return added


def hours_with(pool: Pool, i: int) -> Row:
    """Whole hours shared with each mentor, -1 unknown; minute by minute over one day."""
    hours = np.full(len(pool.mentors.key), -1, np.int64)
    if pool.mentees.zone[i] >= 0:
        day = [working_minutes(zone) for zone in pool.zones.tolist()]
        hers = day[pool.mentees.zone[i]]
        shared = np.array([int((hers & other).sum()) // 60 for other in day])
        known = pool.mentors.zone >= 0
        hours[known] = shared[pool.mentors.zone[known]]
    return hours


def working_minutes(zone: list[int]) -> Row:
    """bool[1440]: minutes of a UTC day inside the working window."""
    offset, start, end = zone
    day = np.zeros(1440, np.bool_)
    day[np.arange(start - offset, end - offset) % 1440] = True
    return day


def level_with(pool: Pool, i: int) -> Row:
    """Best level shared with each mentor."""
    lower = np.minimum(pool.mentors.languages, pool.mentees.languages[i])
    best: Row = lower.max(axis=1, initial=0).astype(np.int64)
    return best


def gap_with(pool: Pool, criteria: Criteria, i: int) -> tuple[Row, Row]:
    """Signed gap to each mentor, and where it is known."""
    years = criteria.seniority_measure == c.BY_EXPERIENCE
    hers = int((pool.mentees.experience if years else pool.mentees.grade)[i])
    theirs = (pool.mentors.experience if years else pool.mentors.grade).astype(np.int64)
    gap = (theirs - hers) * criteria.seniority_sign
    return np.minimum(np.maximum(gap, -c.SENIORITY_SPAN), c.SENIORITY_SPAN), (theirs >= 0) & (hers >= 0)


def offered_of(pool: Pool, topic: int) -> Row:
    """Who offers a topic, 0 or 1."""
    return (pool.mentors.offered[:, topic // 64] >> np.uint64(topic % 64)).astype(np.int64) & 1


def points_of_row(pool: Pool, criteria: Criteria, i: int) -> Row:
    """int64[criteria, m]"""
    e, m = pool.mentees, pool.mentors
    parts = np.zeros((len(c.CRITERIA), len(m.key)), np.int64)
    for rank, topic in enumerate(e.wanted[i].tolist()):
        if topic >= 0:
            parts[0] += offered_of(pool, topic) * int(criteria.topic_points[rank])
    parts[1] = criteria.language_points[level_with(pool, i)]
    hours = hours_with(pool, i)
    parts[2][hours >= 0] = criteria.overlap_points[hours[hours >= 0]]
    if e.sector[i] >= 0:
        told = m.sector >= 0
        parts[3][told] = criteria.sector_points[e.sector[i]][m.sector[told]]
    if e.organisation[i] >= 0:
        parts[4][(m.organisation >= 0) & (m.organisation != e.organisation[i])] = (
            criteria.organisation_points[0]
        )
        parts[4][m.organisation == e.organisation[i]] = criteria.organisation_points[1]
    gap, known = gap_with(pool, criteria, i)
    parts[5][known] = criteria.seniority_points[gap[known] + c.SENIORITY_SPAN]
    if e.mode[i] >= 0:
        told = m.mode >= 0
        parts[6][told] = criteria.mode_points[e.mode[i]][m.mode[told]]
    if e.region[i] >= 0 and e.region_wish[i] >= 0:
        other, same = criteria.region_points[e.region_wish[i]].tolist()
        parts[7][m.region >= 0] = other
        parts[7][m.region == e.region[i]] = same
    if e.gender_wish[i] >= 0:
        parts[8][m.gender >= 0] = criteria.gender_points[0]
        parts[8][m.gender == e.gender_wish[i]] = criteria.gender_points[1]
    for _, j, rank in pool.wishes[pool.wishes[:, 0] == i].tolist():
        parts[9][j] = criteria.wish_points[rank]
    return parts


def legal_row(pool: Pool, criteria: Criteria, i: int) -> Row:
    """bool[m]: the pair passes every limit but "forbidden" and "score"."""
    e, m = pool.mentees, pool.mentors
    bad = m.capacity == 0
    bad |= (m.person == e.person[i]) & (m.person >= 0)
    if criteria.organisation_rule != c.FREE:
        same = m.organisation == e.organisation[i]
        bad |= same if criteria.organisation_rule == c.CROSS_REQUIRED else ~same
        bad |= (m.organisation < 0) | bool(e.organisation[i] < 0)
    if criteria.supervisor_rule:
        line = [code for code in e.supervisors[i].tolist() if code >= 0]
        bad |= np.isin(m.person, line)
        if e.person[i] >= 0:
            bad |= (m.supervisors == e.person[i]).any(axis=1)
    if criteria.unit_rule and e.unit[i] >= 0:
        bad |= m.unit == e.unit[i]
    bad[pool.exclusions[pool.exclusions[:, 0] == i, 1]] = True
    if criteria.gender_rule:
        if e.gender_wish[i] >= 0:
            bad |= m.gender != e.gender_wish[i]
        bad |= (m.gender_wish >= 0) & (m.gender_wish != e.gender[i])
    if criteria.language_minimum:
        bad |= level_with(pool, i) < criteria.language_minimum
    if criteria.overlap_minimum:
        bad |= hours_with(pool, i) < criteria.overlap_minimum
    gap, known = gap_with(pool, criteria, i)
    for bound, outside in (
        (criteria.seniority_minimum, gap < criteria.seniority_minimum),
        (criteria.seniority_maximum, gap > criteria.seniority_maximum),
    ):
        if bound != c.NO_BOUND:
            bad |= outside | ~known
    if criteria.mode_rule:
        meets = {c.INDIVIDUAL: (0, 2), c.GROUP: (1, 2), c.BOTH: (0, 1, 2)}.get(int(e.mode[i]), ())
        bad |= ~np.isin(m.mode, meets)
    if criteria.topics_minimum:
        met = sum(offered_of(pool, topic) for topic in e.wanted[i].tolist() if topic >= 0)
        bad |= met < np.full(len(m.key), criteria.topics_minimum)
    legal: Row = ~bad
    return legal
