"""
Points and limits of pairs, slow and plain: one pair of rows (i, j) for each place of two arrays.

What is believed is only the columns, the tables, and arithmetic.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher import columns as c
from matcher.columns import I16, I32, I64, Criteria, Flags, Pool

Row = np.ndarray[Any, np.dtype[Any]]


class Listed(NamedTuple):
    """A list of pairs, to be looked up."""

    cell: I64
    """int64[k], ascending: mentee row * mentors + mentor row."""
    at: I64
    """int64[k]: place in the list."""


class Facts(NamedTuple):
    """A checked pool with what is looked up in it again and again."""

    pool: Pool
    criteria: Criteria
    hours: I16
    """int16[Z + 1, Z + 1]: whole hours shared; -1 in the last row and column, where "no answer" points."""
    exclusions: Listed
    forbidden: Listed
    wishes: Listed


def facts(pool: Pool, criteria: Criteria, forbidden: I32) -> Facts:
    m = len(pool.mentors.key)
    lists = (listed(pairs, m) for pairs in (pool.exclusions, forbidden, pool.wishes))
    return Facts(pool, criteria, hours_between(pool.zones), *lists)


def listed(pairs: I32, mentors: int) -> Listed:
    cell = pairs[:, 0].astype(np.int64) * mentors + pairs[:, 1]
    at = np.argsort(cell, kind="stable")
    return Listed(cell[at], at)


def points_of(s: Facts, i: I64, j: I64) -> I64:
    """int64[criteria, k]"""
    pool, criteria = s.pool, s.criteria
    e, m = pool.mentees, pool.mentors
    parts = np.zeros((len(c.CRITERIA), len(i)), np.int64)
    for rank in range(e.wanted.shape[1]):
        parts[0] += offers(pool, e.wanted[i, rank], j) * int(criteria.topic_points[rank])
    parts[1] = criteria.language_points[best_level(pool, i, j)]
    hours = s.hours[e.zone[i], m.zone[j]]
    parts[2][hours >= 0] = criteria.overlap_points[hours[hours >= 0]]
    told = (e.sector[i] >= 0) & (m.sector[j] >= 0)
    parts[3][told] = criteria.sector_points[e.sector[i][told], m.sector[j][told]]
    told = (e.organisation[i] >= 0) & (m.organisation[j] >= 0)
    same = (e.organisation[i] == m.organisation[j])[told].astype(np.int64)
    parts[4][told] = criteria.organisation_points[same]
    gap, known = gap_of(pool, criteria, i, j)
    parts[5][known] = criteria.seniority_points[gap[known] + c.SENIORITY_SPAN]
    told = (e.mode[i] >= 0) & (m.mode[j] >= 0)
    parts[6][told] = criteria.mode_points[e.mode[i][told], m.mode[j][told]]
    told = (e.region[i] >= 0) & (m.region[j] >= 0) & (e.region_wish[i] >= 0)
    same = (e.region[i] == m.region[j])[told].astype(np.int64)
    parts[7][told] = criteria.region_points[e.region_wish[i][told], same]
    told = (e.gender_wish[i] >= 0) & (m.gender[j] >= 0)
    met = (e.gender_wish[i] == m.gender[j])[told].astype(np.int64)
    parts[8][told] = criteria.gender_points[met]
    at = place_in(pool, s.wishes, i, j)
    parts[9][at >= 0] = criteria.wish_points[pool.wishes[at[at >= 0], 2]]
    return parts


def legal(s: Facts, i: I64, j: I64) -> Flags:
    """bool[k]: the pair passes every limit but "score"."""
    has_place = s.pool.mentors.capacity[j] > 0
    listed_apart = (place_in(s.pool, s.exclusions, i, j) >= 0) | (place_in(s.pool, s.forbidden, i, j) >= 0)
    passes: Flags = has_place & ~listed_apart & ~too_close(s, i, j) & ~unsuited(s, i, j)
    return passes


def too_close(s: Facts, i: I64, j: I64) -> Flags:
    """The same person, in the other's supervisor line, of the same unit."""
    e, m = s.pool.mentees, s.pool.mentors
    bad: Flags = (m.person[j] == e.person[i]) & (m.person[j] >= 0)
    if s.criteria.supervisor_rule:
        for level in range(e.supervisors.shape[1]):
            bad |= (e.supervisors[i, level] == m.person[j]) & (m.person[j] >= 0)
        for level in range(m.supervisors.shape[1]):
            bad |= (m.supervisors[j, level] == e.person[i]) & (e.person[i] >= 0)
    if s.criteria.unit_rule:
        bad |= (m.unit[j] == e.unit[i]) & (e.unit[i] >= 0)
    return bad


def unsuited(s: Facts, i: I64, j: I64) -> Flags:
    """A limit on answers does not hold."""
    e, m, criteria = s.pool.mentees, s.pool.mentors, s.criteria
    bad: Flags = np.zeros(len(i), np.bool_)
    if criteria.organisation_rule != c.FREE:
        same = m.organisation[j] == e.organisation[i]
        bad |= same if criteria.organisation_rule == c.CROSS_REQUIRED else ~same
        bad |= (m.organisation[j] < 0) | (e.organisation[i] < 0)
    if criteria.gender_rule:
        bad |= (e.gender_wish[i] >= 0) & (m.gender[j] != e.gender_wish[i])
        bad |= (m.gender_wish[j] >= 0) & (m.gender_wish[j] != e.gender[i])
    if criteria.language_minimum:
        bad |= best_level(s.pool, i, j) < criteria.language_minimum
    if criteria.overlap_minimum:
        bad |= s.hours[e.zone[i], m.zone[j]] < criteria.overlap_minimum
    gap, known = gap_of(s.pool, criteria, i, j)
    if criteria.seniority_minimum != c.NO_BOUND:
        bad |= (gap < criteria.seniority_minimum) | ~known
    if criteria.seniority_maximum != c.NO_BOUND:
        bad |= (gap > criteria.seniority_maximum) | ~known
    if criteria.mode_rule:
        bad |= ~meets()[e.mode[i], m.mode[j]]
    if criteria.topics_minimum:
        bad |= sum(offers(s.pool, topic[i], j) for topic in e.wanted.T) < np.full(
            len(i), criteria.topics_minimum
        )
    return bad


def meets() -> Flags:
    """bool[4, 4], the last row and column for no answer: who may meet by the limit "mode"."""
    table = np.zeros((4, 4), np.bool_)
    for one, others in {
        c.INDIVIDUAL: (c.INDIVIDUAL, c.BOTH),
        c.GROUP: (c.GROUP, c.BOTH),
        c.BOTH: (c.INDIVIDUAL, c.GROUP, c.BOTH),
    }.items():
        table[one, list(others)] = True
    return table


def hours_between(zones: I16) -> I16:
    """int16[Z + 1, Z + 1]: counted minute by minute over one day."""
    day = np.zeros((len(zones), 1440), np.float64)
    for at, (offset, start, end) in enumerate(zones.tolist()):
        day[at, np.arange(start - offset, end - offset) % 1440] = 1
    hours = np.full((len(zones) + 1, len(zones) + 1), -1, np.int16)
    # float64 holds these whole numbers exactly, and its product is quick
    hours[:-1, :-1] = (day @ day.T).astype(np.int64) // 60
    return hours


def best_level(pool: Pool, i: I64, j: I64) -> I64:
    """The best level in one language that both have."""
    best = np.zeros(len(i), np.int64)
    for language in range(pool.mentees.languages.shape[1]):
        lower = np.minimum(pool.mentees.languages[i, language], pool.mentors.languages[j, language])
        best = np.maximum(best, lower)
    return best


def gap_of(pool: Pool, criteria: Criteria, i: I64, j: I64) -> tuple[I64, Flags]:
    """Signed gap, and where it is known."""
    years = criteria.seniority_measure == c.BY_EXPERIENCE
    hers = (pool.mentees.experience if years else pool.mentees.grade)[i].astype(np.int64)
    theirs = (pool.mentors.experience if years else pool.mentors.grade)[j].astype(np.int64)
    gap = (theirs - hers) * criteria.seniority_sign
    return np.minimum(np.maximum(gap, -c.SENIORITY_SPAN), c.SENIORITY_SPAN), (theirs >= 0) & (hers >= 0)


def offers(pool: Pool, topic: Row, j: I64) -> I64:
    """Who offers her topic, 0 or 1; 0 for no topic."""
    code = np.maximum(topic, 0).astype(np.int64)
    bit = (pool.mentors.offered[j, code // 64] >> (code % 64).astype(np.uint64)).astype(np.int64) & 1
    return np.where(topic >= 0, bit, 0)


def place_in(pool: Pool, pairs: Listed, i: I64, j: I64) -> I64:
    """Where the pair stands in a list, -1 for nowhere."""
    if not len(pairs.cell):
        return np.full(len(i), -1, np.int64)
    asked = i.astype(np.int64) * len(pool.mentors.key) + j
    at = np.minimum(np.searchsorted(pairs.cell, asked), len(pairs.cell) - 1)
    return np.where(pairs.cell[at] == asked, pairs.at[at], -1)
