"""
Realistic pools of any size from a seed: what the matcher is measured on, and what to try it with.

Shares are those of large mentoring programmes as far as they publish them: most people work in a
common language, topics and organisations are popular very unevenly, mentors are some grades ahead,
and one person in ten asks for a gender or names people she knows.
"""

from typing import Any, NamedTuple

import numpy as np

from matcher.columns import CROSS_REQUIRED, I16, TOPIC_WORDS, Criteria, Mentees, Mentors, Pool
from matcher.tables import standard_criteria

TOPICS, SECTORS, ORGANISATIONS, LANGUAGES, REGIONS = 256, 20, 15, 24, 6
WANTED, OFFERED = 5, 14
"""Topics that a mentee wants, and a mentor offers, at most."""

PLACES = (0.60, 0.20, 0.10, 0.05, 0.05)
"""Shares of mentors with 1, 2 ... 5 places: 1.75 on average."""

OFFSETS = (-480, -300, -180, 0, 60, 120, 180, 240, 330, 420, 480, 540)
"""Minutes from UTC, six regions of two zones each."""


class Shape(NamedTuple):
    """`ratio`: mentees for each mentor. `is_one_to_one`: every mentor has one place."""

    ratio: float
    is_one_to_one: bool


SHAPES = {
    "loose": Shape(1.0, False),  # 1.75 places for each mentee
    "tight": Shape(1.7, False),  # 1.03 places
    "one-to-one": Shape(1.0, True),  # as many places as mentees: the hardest
}


def sample(people: int, shape: str = "loose", seed: int = 1) -> tuple[Pool, Criteria]:
    """
    A pool with `people` mentees, and criteria with every kind of limit.

    Raises:
        KeyError: no such shape in `SHAPES`.
    """
    ratio, is_one_to_one = SHAPES[shape]
    draw = np.random.default_rng([seed, people, int(10 * ratio), is_one_to_one])
    mentors = max(1, round(people / ratio)) if people else 0
    home = draw.integers(0, SECTORS, TOPICS)
    mentee, mentor = side(draw, people, 0, 3.6), side(draw, mentors, people, 6.0)
    wanted = topics(draw, mentee["sector"], home, WANTED)
    offered = topics(draw, mentor["sector"], home, OFFERED)
    places = np.ones(mentors) if is_one_to_one else draw.choice(np.arange(1, 6), mentors, p=PLACES)
    known = np.flatnonzero(draw.random(people) < 0.1) if mentors else np.zeros(0, np.int64)
    pool = Pool(
        Mentees(**mentee, wanted=wanted, region_wish=draw.integers(-1, 2, people).astype(np.int8)),
        Mentors(**mentor, offered=as_bits(offered), capacity=places.astype(np.int32)),
        zones=zones(),
        exclusions=pairs(draw, np.arange(people), mentors, 2),
        wishes=ranked(pairs(draw, known, mentors, 3)),
    )
    criteria = standard_criteria(
        sector_group=tuple(code % 5 for code in range(SECTORS)),
        window=(1, 4),
        fall_off=500,
        seniority_measure=1,
        organisation_rule=CROSS_REQUIRED,
        unit_rule=True,
        gender_rule=True,
        language_minimum=2,
        overlap_minimum=1,
        seniority_minimum=1,
    )
    return pool, criteria


def sample_peers(people: int, seed: int = 1) -> tuple[Pool, Criteria]:
    """A pool of `people` who give and learn, everybody on both sides, and criteria with every kind of limit that peers have."""
    draw = np.random.default_rng([seed, people, 7])
    home = draw.integers(0, SECTORS, TOPICS)
    columns = side(draw, people, 0, 4.8)
    wanted = topics(draw, columns["sector"], home, WANTED)
    offered = topics(draw, columns["sector"], home, OFFERED)
    pool = Pool(
        Mentees(**columns, wanted=wanted, region_wish=draw.integers(-1, 2, people).astype(np.int8)),
        Mentors(**columns, offered=as_bits(offered), capacity=np.ones(people, np.int32)),
        zones=zones(),
        exclusions=pairs(draw, np.arange(people), people, 2),
        wishes=np.zeros((0, 3), np.int32),
    )
    criteria = standard_criteria(
        sector_group=tuple(code % 5 for code in range(SECTORS)),
        window=(-1, 1),
        seniority_measure=1,
        unit_rule=True,
        gender_rule=True,
        language_minimum=2,
        overlap_minimum=1,
    )
    return pool, criteria


def side(draw: Any, count: int, first: int, grade: float) -> dict[str, Any]:
    """The columns that both sides have."""
    organisation = uneven(draw, ORGANISATIONS, 0.8, count)
    unit = organisation * 100_000 + draw.integers(0, max(2, count // 600 + 1), count)
    zone = uneven(draw, len(OFFSETS), 0.6, count)
    gender = draw.choice(3, count, p=(0.52, 0.45, 0.03))
    grades = np.clip(np.rint(draw.normal(grade, 1.4, count)), 1, 9)
    return {
        "key": (np.arange(first, first + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)),
        "person": np.arange(first, first + count, dtype=np.int32),
        "supervisors": draw.integers(-1, first + count, (count, 2)).astype(np.int32),
        "organisation": organisation.astype(np.int32),
        "unit": unit.astype(np.int32),
        "languages": spoken(draw, zone // 2, count),
        "zone": zone.astype(np.int16),
        "sector": uneven(draw, SECTORS, 0.7, count).astype(np.int16),
        "experience": (2 * grades + draw.integers(0, 4, count)).astype(np.int16),
        "grade": grades.astype(np.int16),
        "mode": draw.choice(3, count, p=(0.55, 0.15, 0.30)).astype(np.int8),
        "region": (zone // 2).astype(np.int16),
        "gender": gender.astype(np.int8),
        "gender_wish": np.where(draw.random(count) < 0.1, gender, -1).astype(np.int8),
    }


def uneven(draw: Any, codes: int, steepness: float, count: int) -> Any:
    """Codes whose popularity falls as 1 / rank ** steepness (Zipf)."""
    share = 1.0 / np.arange(1, codes + 1) ** steepness
    return draw.choice(codes, count, p=share / share.sum())


def spoken(draw: Any, region: Any, count: int) -> Any:
    """uint8[count, LANGUAGES]: a mother tongue, mostly of the region, and the common languages of work."""
    level = np.zeros((count, LANGUAGES), np.uint8)
    local = 6 + (region * 3 + draw.integers(0, 3, count)) % (LANGUAGES - 6)
    mother = np.where(draw.random(count) < 0.75, local, uneven(draw, 6, 0.8, count))
    level[np.arange(count), mother] = 4
    for language, share, most in ((0, 0.88, 4), (1, 0.28, 4), (2, 0.18, 4), (3, 0.06, 3)):
        learned = np.where(draw.random(count) < share, draw.integers(2, most + 1, count), 0)
        level[:, language] = np.maximum(level[:, language], learned)
    return level


def topics(draw: Any, sector: Any, home: Any, most: int) -> I16:
    """int16[n, most], padded -1, none twice: two in three from one's own sector."""
    count = len(sector)
    drawn = uneven(draw, TOPICS, 0.9, count * most).reshape(count, most)
    for code in range(SECTORS):
        own = np.flatnonzero(home == code)
        here = (draw.random((count, most)) < 0.65) & (sector == code)[:, None]
        if len(own):
            drawn[here] = own[uneven(draw, len(own), 0.9, int(here.sum()))]
    for rank in range(1, most):
        again = (drawn[:, :rank] == drawn[:, rank : rank + 1]).any(axis=1)
        drawn[again, rank] = -1
    drawn[np.arange(most) >= draw.integers(min(3, most), most + 1, count)[:, None]] = -1
    order = np.argsort(drawn < 0, axis=1, kind="stable")
    packed: I16 = np.take_along_axis(drawn, order, axis=1).astype(np.int16)
    return packed


def as_bits(offered: I16) -> Any:
    """uint64[m, 4] of codes, -1 left out."""
    bits = np.zeros((len(offered), TOPIC_WORDS), np.uint64)
    row, place = np.nonzero(offered >= 0)
    code = offered[row, place].astype(np.int64)
    np.bitwise_or.at(bits, (row, code >> 6), np.uint64(1) << (code & 63).astype(np.uint64))
    return bits


def zones() -> I16:
    """Working windows of nine to five, and of shifts in every third zone."""
    windows = [(540, 1020) if at % 3 else (480, 1080) for at in range(len(OFFSETS))]
    return np.array([(offset, *window) for offset, window in zip(OFFSETS, windows, strict=True)], np.int16)


def pairs(draw: Any, mentees: Any, mentors: int, each: int) -> Any:
    """int32[k, 2]: `each` different mentors drawn for every one of `mentees`."""
    if not mentors:
        return np.zeros((0, 2), np.int32)
    rows = np.repeat(mentees, each)
    cols = draw.integers(0, mentors, len(rows))
    _, first = np.unique(rows * np.int64(mentors) + cols, return_index=True)
    return np.column_stack([rows, cols])[np.sort(first)].astype(np.int32)


def ranked(named: Any) -> Any:
    """int32[k, 3]: each mentee's pairs in their order, ranks from 0."""
    begins = np.searchsorted(named[:, 0], named[:, 0], side="left")
    return np.column_stack([named, np.arange(len(named)) - begins]).astype(np.int32)
