"""What comes in is checked once, at the door; everything behind it may trust its columns."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from matcher import columns as c
from matcher.columns import I32, Criteria, Flags, Mentees, Mentors, Pool, Quotas
from matcher.errors import InvalidColumn
from matcher.tables import max_score

CODES: dict[str, Any] = {
    "person": np.int32,
    "organisation": np.int32,
    "unit": np.int32,
    "zone": np.int16,
    "sector": np.int16,
    "experience": np.int16,
    "grade": np.int16,
    "mode": np.int8,
    "region": np.int16,
    "region_wish": np.int8,
    "gender": np.int8,
    "gender_wish": np.int8,
}


def check_array(name: str, array: Any, dtype: Any, shape: tuple[int, ...]) -> None:
    """Type, dtype and shape; -1 in `shape` is any length."""
    if not isinstance(array, np.ndarray):
        raise InvalidColumn(name, -1, f"must be an array, not {type(array).__name__}")
    if array.dtype != np.dtype(dtype):
        raise InvalidColumn(name, -1, f"dtype must be {np.dtype(dtype)}, not {array.dtype}")
    fits = array.ndim == len(shape) and all(w in (-1, h) for w, h in zip(shape, array.shape, strict=True))
    if not fits:
        wanted = ", ".join("any" if size < 0 else str(size) for size in shape)
        raise InvalidColumn(name, -1, f"shape must be ({wanted}), not {array.shape}")


def first_bad(name: str, bad: Flags, problem: str) -> None:
    """Raise for the first True; a bad cell of a table is named by its row."""
    if bad.any():
        row = int(np.argmax(bad.reshape(len(bad), -1).any(axis=1)))
        raise InvalidColumn(name, row, problem)


def check_pool(pool: Pool, criteria: Criteria) -> None:
    """
    Raises:
        InvalidColumn: the first column and row at fault.
    """
    check_criteria(criteria)
    check_zones(pool.zones)
    for side, people in (("mentees", pool.mentees), ("mentors", pool.mentors)):
        check_side(side, people, criteria, len(pool.zones))
    if pool.mentees.languages.shape[1] != pool.mentors.languages.shape[1]:
        raise InvalidColumn("mentors.languages", -1, "must have as many languages as mentees.languages")
    check_wanted(pool.mentees, criteria)
    check_array("mentors.offered", pool.mentors.offered, np.uint64, (len(pool.mentors.key), c.TOPIC_WORDS))
    check_array("mentors.capacity", pool.mentors.capacity, np.int32, (len(pool.mentors.key),))
    first_bad("mentors.capacity", pool.mentors.capacity < 0, "must be 0 or more")
    check_array("exclusions", pool.exclusions, np.int32, (-1, 2))
    check_rows("exclusions", pool.exclusions, pool)
    check_array("wishes", pool.wishes, np.int32, (-1, 3))
    check_rows("wishes", pool.wishes, pool)
    rank = pool.wishes[:, 2]
    first_bad("wishes", (rank < 0) | (rank >= len(criteria.wish_points)), "rank has no wish_points")
    first_bad("wishes", repeated(pool.wishes[:, :2]), "names a pair twice")


def check_side(side: str, people: Mentees | Mentors, criteria: Criteria, zones: int) -> None:
    """Columns that both sides have."""
    count = len(people.key) if isinstance(people.key, np.ndarray) and people.key.ndim == 1 else -1
    check_array(f"{side}.key", people.key, np.uint64, (-1,))
    first_bad(f"{side}.key", repeated(people.key[:, None]), "is the key of an earlier row")
    ends = {
        "zone": zones,
        "sector": len(criteria.sector_points),
        "mode": 3,
        "region_wish": 3,
    }
    for name in people._fields:
        if name not in CODES:
            continue
        column = getattr(people, name)
        check_array(f"{side}.{name}", column, CODES[name], (count,))
        end = ends.get(name)
        bad = column < -1 if end is None else (column < -1) | (column >= end)
        first_bad(f"{side}.{name}", bad, "code out of range")
    check_array(f"{side}.supervisors", people.supervisors, np.int32, (count, -1))
    first_bad(f"{side}.supervisors", people.supervisors < -1, "code out of range")
    check_array(f"{side}.languages", people.languages, np.uint8, (count, -1))
    first_bad(f"{side}.languages", people.languages > 4, "level must be in 0..4")


def check_wanted(mentees: Mentees, criteria: Criteria) -> None:
    wanted = mentees.wanted
    check_array("mentees.wanted", wanted, np.int16, (len(mentees.key), -1))
    if wanted.shape[1] > len(criteria.topic_points):
        raise InvalidColumn(
            "mentees.wanted", -1, f"has more ranks than the {len(criteria.topic_points)} topic_points"
        )
    first_bad("mentees.wanted", (wanted < -1) | (wanted >= 64 * c.TOPIC_WORDS), "code out of range")
    first_bad("mentees.wanted", (wanted[:, 1:] >= 0) & (wanted[:, :-1] < 0), "has a gap before a topic")
    in_order = np.sort(wanted, axis=1)
    first_bad(
        "mentees.wanted",
        (in_order[:, 1:] == in_order[:, :-1]) & (in_order[:, 1:] >= 0),
        "names a topic twice",
    )


def check_zones(zones: Any) -> None:
    check_array("zones", zones, np.int16, (-1, 3))
    offset, start, end = zones.astype(np.int32).T
    first_bad(
        "zones",
        (offset % 15 != 0) | (offset < -720) | (offset > 840),
        "offset must be a quarter hour in -720..840",
    )
    first_bad("zones", (start < 0) | (start >= 1440), "start must be in 0..1439")
    first_bad("zones", (end <= start) | (end > start + 1440), "end must be in start+1..start+1440")


def check_criteria(criteria: Criteria) -> None:
    shapes: dict[str, tuple[int, ...]] = {
        "topic_points": (-1,),
        "language_points": (5,),
        "overlap_points": (25,),
        "sector_points": (-1, -1),
        "organisation_points": (2,),
        "seniority_points": (2 * c.SENIORITY_SPAN + 1,),
        "mode_points": (3, 3),
        "region_points": (3, 2),
        "gender_points": (2,),
        "wish_points": (-1,),
    }
    for name, shape in shapes.items():
        table = getattr(criteria, name)
        check_array(f"criteria.{name}", table, np.int16, shape)
        first_bad(f"criteria.{name}", table < 0, "points must be 0 or more")
    rows, width = criteria.sector_points.shape
    if rows != width:
        raise InvalidColumn("criteria.sector_points", -1, "must be square")
    if max_score(criteria) > c.MAX_SCORE:
        raise InvalidColumn(
            "criteria", -1, f"points add up to {max_score(criteria)}, more than {c.MAX_SCORE}"
        )
    bounds = {*range(-c.SENIORITY_SPAN, c.SENIORITY_SPAN + 1), c.NO_BOUND}
    check_choices(
        ("seniority_measure", criteria.seniority_measure, (c.BY_EXPERIENCE, c.BY_GRADE)),
        ("seniority_sign", criteria.seniority_sign, (1, -1)),
        ("organisation_rule", criteria.organisation_rule, (c.FREE, c.SAME_REQUIRED, c.CROSS_REQUIRED)),
        ("language_minimum", criteria.language_minimum, range(5)),
        ("overlap_minimum", criteria.overlap_minimum, range(25)),
        ("seniority_minimum", criteria.seniority_minimum, bounds),
        ("seniority_maximum", criteria.seniority_maximum, bounds),
        ("topics_minimum", criteria.topics_minimum, range(c.SENIORITY_SPAN)),
    )


def check_choices(*choices: tuple[str, int, Any]) -> None:
    for name, value, allowed in choices:
        if value not in allowed:
            raise InvalidColumn(f"criteria.{name}", -1, f"{value} is not allowed")


def check_rows(name: str, pairs: I32, pool: Pool) -> None:
    """The first two numbers of each row must be a mentee and a mentor of the pool."""
    for place, people in ((0, pool.mentees), (1, pool.mentors)):
        row = pairs[:, place]
        first_bad(name, (row < 0) | (row >= len(people.key)), "row out of range")


def repeated(rows: Any) -> Flags:
    """True for each row, of one number or of two int32 of 0 or more, that equals an earlier one."""
    key = rows[:, 0] if rows.shape[1] == 1 else (rows[:, 0].astype(np.int64) << 32) | rows[:, 1]
    again = np.zeros(len(key), np.bool_)
    # Nearly always there is none, and then nobody need know where each stands first.
    if len(np.unique(key)) < len(key):
        again[:] = True
        again[np.unique(key, return_index=True)[1]] = False
    return again


def pair_rows(name: str, pairs: Iterable[tuple[int, int]] | I32, pool: Pool) -> I32:
    """`locked` and `forbidden` as int32[k, 2], checked."""
    listed = pairs.tolist() if isinstance(pairs, np.ndarray) else [tuple(pair) for pair in pairs]
    try:
        rows = np.array(listed, np.int64).reshape(len(listed), 2)
    except ValueError as reason:
        raise InvalidColumn(name, -1, "must be pairs of row numbers") from reason
    if np.abs(rows).max(initial=0) > np.iinfo(np.int32).max:
        raise InvalidColumn(name, -1, "row out of range")
    narrow = rows.astype(np.int32)
    check_rows(name, narrow, pool)
    return narrow


def check_quotas(quotas: Quotas, pool: Pool) -> None:
    """A quota column is empty or reaches every organisation of its side."""
    for side, column, people in (
        ("mentees", quotas.mentees, pool.mentees),
        ("mentors", quotas.mentors, pool.mentors),
    ):
        check_array(f"quotas.{side}", column, np.int32, (-1,))
        first_bad(f"quotas.{side}", column < -1, "must be -1 or more")
        highest = int(people.organisation.max(initial=-1))
        if len(column) and len(column) <= highest:
            raise InvalidColumn(f"quotas.{side}", -1, f"must reach organisation {highest}")
