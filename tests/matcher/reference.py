"""The definition of scores, limits and optimum, in plain Python and as obvious as it can be said."""

from functools import cache
from typing import Any

from matcher import CRITERIA, Criteria, Pool

NO_BOUND = -32768


def hours(zones: list[list[int]], a: int, b: int) -> int | None:
    """Whole hours of a day in which both work; None when one of them did not say."""
    if a < 0 or b < 0:
        return None
    first, second = (
        {minute % 1440 for minute in range(start - offset, end - offset)}
        for offset, start, end in (zones[a], zones[b])
    )
    return len(first & second) // 60


def gap(pool: Pool, criteria: Criteria, i: int, j: int) -> int | None:
    name = ("experience", "grade")[criteria.seniority_measure]
    ours, theirs = int(getattr(pool.mentees, name)[i]), int(getattr(pool.mentors, name)[j])
    if ours < 0 or theirs < 0:
        return None
    return max(-60, min(60, criteria.seniority_sign * (theirs - ours)))


def met(pool: Pool, i: int, j: int) -> list[int]:
    """Ranks of the wanted topics that the mentor offers."""
    bits = sum(int(word) << (64 * k) for k, word in enumerate(pool.mentors.offered[j]))
    return [r for r, topic in enumerate(pool.mentees.wanted[i].tolist()) if topic >= 0 and bits >> topic & 1]


def level(pool: Pool, i: int, j: int) -> int:
    both = zip(pool.mentees.languages[i].tolist(), pool.mentors.languages[j].tolist(), strict=True)
    return max((min(pair) for pair in both), default=0)


def contributions(pool: Pool, criteria: Criteria, i: int, j: int) -> dict[str, int]:
    e, m, c = pool.mentees, pool.mentors, criteria
    points = dict.fromkeys(CRITERIA, 0)
    points["topics"] = sum(int(c.topic_points[r]) for r in met(pool, i, j))
    points["languages"] = int(c.language_points[level(pool, i, j)])
    shared = hours(pool.zones.tolist(), int(e.zone[i]), int(m.zone[j]))
    if shared is not None:
        points["overlap"] = int(c.overlap_points[shared])
    if e.sector[i] >= 0 and m.sector[j] >= 0:
        points["sector"] = int(c.sector_points[e.sector[i], m.sector[j]])
    if e.organisation[i] >= 0 and m.organisation[j] >= 0:
        points["organisation"] = int(c.organisation_points[int(e.organisation[i] == m.organisation[j])])
    step = gap(pool, c, i, j)
    if step is not None:
        points["seniority"] = int(c.seniority_points[step + 60])
    if e.mode[i] >= 0 and m.mode[j] >= 0:
        points["mode"] = int(c.mode_points[e.mode[i], m.mode[j]])
    if e.region[i] >= 0 and m.region[j] >= 0 and e.region_wish[i] >= 0:
        points["region"] = int(c.region_points[e.region_wish[i], int(e.region[i] == m.region[j])])
    if e.gender_wish[i] >= 0 and m.gender[j] >= 0:
        points["gender"] = int(c.gender_points[int(e.gender_wish[i] == m.gender[j])])
    for a, b, rank in pool.wishes.tolist():
        if (a, b) == (i, j):
            points["wishes"] = int(c.wish_points[rank])
    return points


def failed(pool: Pool, criteria: Criteria, i: int, j: int) -> list[str]:
    """Limits of the pair that do not hold, without "forbidden"."""
    e, m, c = pool.mentees, pool.mentors, criteria
    shared = hours(pool.zones.tolist(), int(e.zone[i]), int(m.zone[j]))
    step = gap(pool, c, i, j)
    organisations = int(e.organisation[i]), int(m.organisation[j])
    in_line = (m.person[j] >= 0 and m.person[j] in e.supervisors[i]) or (
        e.person[i] >= 0 and e.person[i] in m.supervisors[j]
    )
    found = {
        "capacity": m.capacity[j] == 0,
        "person": e.person[i] >= 0 and e.person[i] == m.person[j],
        "organisation": c.organisation_rule != 0
        and (min(organisations) < 0 or (organisations[0] == organisations[1]) != (c.organisation_rule == 1)),
        "supervisor": (c.supervisor_rule and in_line)
        or (c.unit_rule and e.unit[i] >= 0 and e.unit[i] == m.unit[j]),
        "exclusion": [i, j] in pool.exclusions.tolist(),
        "gender": c.gender_rule
        and (
            (e.gender_wish[i] >= 0 and e.gender_wish[i] != m.gender[j])
            or (m.gender_wish[j] >= 0 and m.gender_wish[j] != e.gender[i])
        ),
        "languages": level(pool, i, j) < c.language_minimum,
        "overlap": c.overlap_minimum > 0 and (shared is None or shared < c.overlap_minimum),
        "seniority": (c.seniority_minimum != NO_BOUND and (step is None or step < c.seniority_minimum))
        or (c.seniority_maximum != NO_BOUND and (step is None or step > c.seniority_maximum)),
        "mode": c.mode_rule and (min(e.mode[i], m.mode[j]) < 0 or {int(e.mode[i]), int(m.mode[j])} == {0, 1}),
        "topics": len(met(pool, i, j)) < c.topics_minimum,
        "score": sum(contributions(pool, c, i, j).values()) <= 0,
    }
    return [name for name, fails in found.items() if fails]


def worth(pool: Pool, criteria: Criteria, forbidden: Any = ()) -> list[list[int]]:
    """Score of every legal pair, 0 for the others."""
    barred = {tuple(pair) for pair in forbidden}
    return [
        [
            0
            if failed(pool, criteria, i, j) or (i, j) in barred
            else sum(contributions(pool, criteria, i, j).values())
            for j in range(len(pool.mentors.key))
        ]
        for i in range(len(pool.mentees.key))
    ]


def best_total(
    worths: list[list[int]],
    capacity: list[int],
    *,
    locked: Any = (),
    scores: Any = None,
    orgs: Any = None,
    quotas: Any = None,
) -> int | None:
    """
    The greatest total by trying everything; None when the locks cannot hold.

    `scores` gives locked pairs their points (default `worths`); `orgs` is (mentees', mentors')
    organisations and `quotas` most places for each, -1 = none.
    """
    pins = dict(locked)
    n, m = len(worths), len(capacity)
    limit_e, limit_m = quotas if quotas is not None else ([], [])

    def left_after(limits: tuple[int, ...], organisation: int) -> tuple[int, ...] | None:
        if organisation < 0 or organisation >= len(limits) or limits[organisation] < 0:
            return limits
        if limits[organisation] == 0:
            return None
        return (*limits[:organisation], limits[organisation] - 1, *limits[organisation + 1 :])

    @cache
    def best(i: int, places: tuple[int, ...], of_e: tuple[int, ...], of_m: tuple[int, ...]) -> int | None:
        if i == n:
            return 0
        totals = [] if i in pins else [best(i + 1, places, of_e, of_m)]
        for j in [pins[i]] if i in pins else range(m):
            points = (scores or worths)[i][j] if i in pins else worths[i][j]
            if places[j] == 0 or (points <= 0 and i not in pins):
                continue
            next_e = left_after(of_e, orgs[0][i]) if orgs else of_e
            next_m = left_after(of_m, orgs[1][j]) if orgs else of_m
            if next_e is None or next_m is None:
                continue
            rest = best(i + 1, (*places[:j], places[j] - 1, *places[j + 1 :]), next_e, next_m)
            totals.append(None if rest is None else rest + points)
        return max((t for t in totals if t is not None), default=None)

    return best(0, tuple(capacity), tuple(limit_e), tuple(limit_m))
