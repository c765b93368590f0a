"""
A pool laid out for the scan.

Mentors stand as lanes (columns of bits and codes), mentees as rows; both are sorted by what they answered, so that
neighbours share what was computed and one bound does for many. A lower rank, the place among hashed keys,
is the stated winner of a tie, whatever the order of input. Answers that no criterion asks for are
left out, which makes classes few.
"""

from collections.abc import Sequence

import numpy as np

from matcher.columns import (
    ANY_REGION,
    BY_EXPERIENCE,
    FREE,
    I16,
    I32,
    I64,
    NO_BOUND,
    Criteria,
    Pool,
)
from matcher.scan.barring import Codes, barred
from matcher.scan.bits import CHUNK, Words, as_words
from matcher.scan.layout import (
    LANE_CODES,
    NO_TOPIC,
    TOPICS_A_STEP,
    Classes,
    Lanes,
    Packed,
    Rows,
    Rules,
    Tables,
)
from matcher.scan.numbering import first_of_each, inverse, numbered
from matcher.solving import mixed


def pack(pool: Pool, criteria: Criteria, forbidden: I32) -> Packed:
    """`pool`, `criteria` and `forbidden` int32[k, 2] must have been checked."""
    mentor_by_key = np.argsort(mixed(pool.mentors.key)).astype(np.int32)
    mentor_at = mentor_by_key[np.lexsort([code[mentor_by_key] for code in likeness(pool, criteria)])]
    lane_of = inverse(mentor_at)
    by_key = np.argsort(mixed(pool.mentees.key)).astype(np.int32)
    classes, (sight, work, circle) = classify(pool, criteria)
    mentee_at = by_key[np.lexsort((circle[by_key], sight[by_key], work[by_key]))]
    row_of = inverse(mentee_at)
    return Packed(
        pool,
        criteria,
        forbidden,
        row_of,
        mentee_at,
        lane_of,
        mentor_at,
        inverse(mentor_by_key)[mentor_at],
        inverse(by_key)[mentee_at],
        pack_lanes(pool, criteria, mentor_at),
        Rows(
            sight[mentee_at],
            work[mentee_at],
            circle[mentee_at],
            wanted(pool, mentee_at),
            spoken(pool.mentees.languages[mentee_at]),
            tongues(pool.mentees.languages[mentee_at]),
            *wishes(pool, criteria, row_of, lane_of),
        ),
        classes,
        tables(criteria),
        rules(criteria),
        barred(pool, criteria, forbidden, mentee_at, mentor_at),
    )


def likeness(pool: Pool, criteria: Criteria) -> list[Codes]:
    """Answers of mentors by which lanes are sorted, that of most weight last."""
    m, c = pool.mentors, criteria
    start, length = windows(pool, m.zone)
    answers = (
        (c.gender_points.any() or c.gender_rule, m.gender),
        (c.organisation_points.any(), m.organisation),
        (c.mode_points.any() or c.mode_rule, m.mode),
        (c.region_points.any(), m.region),
        (asks_overlap(c), length),
        (asks_overlap(c), start),
        (asks_seniority(c), seniority(pool, c, "mentors")),
        (c.sector_points.any(), m.sector),
    )
    return [codes for is_asked, codes in answers if is_asked] or [np.zeros(len(m.key), np.int8)]


def wanted(pool: Pool, mentee_at: I32) -> I16:
    """int16[n, R]: see `Rows.wanted`."""
    named = pool.mentees.wanted[mentee_at].astype(np.int16)
    codes = np.full((len(named), max(named.shape[1], TOPICS_A_STEP)), NO_TOPIC, np.int16)
    codes[:, : named.shape[1]] = np.where(named < 0, NO_TOPIC, named)
    return codes


def classify(pool: Pool, criteria: Criteria) -> tuple[Classes, list[I32]]:
    """The distinct answers, and for each mentee the number of hers."""
    e, c = pool.mentees, criteria
    nothing = np.full(len(e.key), -1, np.int32)
    start, length = windows(pool, e.zone) if asks_overlap(c) else (nothing * 0, nothing)
    region_wish = e.region_wish.astype(np.int32) if c.region_points.any() else nothing
    # Whoever would meet any region is the same to all, where that pays the same here and there.
    is_indifferent = bool(c.region_points[ANY_REGION, 0] == c.region_points[ANY_REGION, 1] == 0)
    no_region = (region_wish < 0) | (e.region < 0) | ((region_wish == ANY_REGION) & is_indifferent)
    sight = (
        start,
        length,
        e.mode if c.mode_points.any() or c.mode_rule else nothing,
        np.where(no_region, -1, e.region),
        np.where(no_region, -1, region_wish),
    )
    work = (
        e.sector if c.sector_points.any() else nothing,
        seniority(pool, c, "mentees") if asks_seniority(c) else nothing,
        e.gender_wish if c.gender_points.any() else nothing,
    )
    circle = (
        e.organisation if c.organisation_rule != FREE or c.organisation_points.any() else nothing,
        e.gender if c.gender_rule else nothing,
        e.gender_wish if c.gender_rule else nothing,
    )
    answers: list[Sequence[Codes]] = [sight, work, circle]
    found = [distinct(columns) for columns in answers]
    return Classes(*(values for values, _ in found)), [number for _, number in found]


def distinct(columns: Sequence[Codes]) -> tuple[I32, I32]:
    """int32[k, width] and for each row its number; one column after the other, so that codes stay narrow."""
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        code = numbered(column)
        number = numbered(number * (int(code.max(initial=0)) + 1) + code)
    first = first_of_each(number)
    values = np.stack([column[first] for column in columns], axis=1).astype(np.int32)
    return values, number.astype(np.int32)


def asks_overlap(criteria: Criteria) -> bool:
    return bool(criteria.overlap_points.any()) or criteria.overlap_minimum > 0


def asks_seniority(criteria: Criteria) -> bool:
    bounds = (criteria.seniority_minimum, criteria.seniority_maximum)
    return bool(criteria.seniority_points.any()) or bounds != (NO_BOUND, NO_BOUND)


def windows(pool: Pool, zone: I16) -> tuple[I32, I32]:
    """Start of the working window in minutes of a UTC day, 0 .. 1439, and its length; -1 without an answer."""
    edges = np.append(pool.zones.astype(np.int32), np.array([[0, 0, -1]], np.int32), axis=0)
    start, length = (edges[:, 1] - edges[:, 0]) % 1440, edges[:, 2] - edges[:, 1]
    return start[zone], length[zone]


def seniority(pool: Pool, criteria: Criteria, side: str) -> I16:
    name = "experience" if criteria.seniority_measure == BY_EXPERIENCE else "grade"
    column: I16 = getattr(getattr(pool, side), name)
    return column


def pack_lanes(pool: Pool, criteria: Criteria, mentor_at: I32) -> Lanes:
    m = pool.mentors
    count, width = len(mentor_at), -(-max(len(mentor_at), 1) // CHUNK) * CHUNK
    start, length = windows(pool, m.zone)
    years = seniority(pool, criteria, "mentors")
    columns: list[Codes] = [start, length, m.mode, m.region, m.sector, years]
    columns += [m.organisation, m.gender, m.gender_wish]
    genders = m.gender if criteria.gender_points.any() else np.zeros_like(m.gender)
    seen = ((start, length, m.mode, m.region), (m.sector, years, genders))
    columns += [distinct(answers)[1] for answers in seen]
    codes = np.full((len(LANE_CODES), width), -1, np.int32)
    for k, column in enumerate(columns):
        codes[k, :count] = column[mentor_at]
    languages = m.languages.shape[1]
    levels = np.zeros((4 * languages + 1, width // 32), np.uint32)
    for row in range(4 * languages):
        levels[row] = as_words(m.languages[mentor_at, row // 4] > row % 4, width)
    topics = np.zeros((NO_TOPIC + 1, width // 32), np.uint32)
    for topic in range(NO_TOPIC):
        word = m.offered[mentor_at, topic >> 6]
        topics[topic] = as_words((word >> np.uint64(topic & 63)) & np.uint64(1) == 1, width)
    is_open = as_words(m.capacity[mentor_at] > 0, width)
    return Lanes(
        as_words(np.ones(count, np.bool_), width),
        is_open,
        topics,
        levels,
        some_of(is_open),
        np.stack([some_of(row) for row in topics]),
        np.stack([some_of(row) for row in levels]),
        codes,
    )


def some_of(words: Words) -> Words:
    """uint32[W / 32]: which words are not empty."""
    return as_words(words != 0, len(words))


def tongues(levels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> I32:
    """int32[n, T, 4]: see `Rows.tongues`."""
    count, languages = levels.shape
    row, language = np.nonzero(levels)
    place = np.arange(len(row)) - np.searchsorted(row, row)
    out = np.full((count, int(place.max(initial=-1)) + 1, 4), 4 * languages, np.int32)
    for step in range(4):
        speaks = levels[row, language] > step
        out[row[speaks], place[speaks], step] = 4 * language[speaks] + step
    return out


def spoken(levels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> I32:
    """int32[n, S]: see `Rows.speaks`."""
    row, language = np.nonzero(levels)
    level = levels[row, language].astype(np.int64)
    at = np.repeat(np.arange(len(row)), level)
    step = np.arange(len(at)) - np.repeat(np.cumsum(level) - level, level)
    planes, owner = 4 * language[at] + step, row[at]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    out = np.full((len(levels), int(place.max(initial=-1)) + 1), -1, np.int32)
    out[owner, place] = planes
    return out


def wishes(pool: Pool, criteria: Criteria, row_of: I32, lane_of: I32) -> tuple[I64, I32, I16]:
    row, lane = row_of[pool.wishes[:, 0]], lane_of[pool.wishes[:, 1]]
    order = np.lexsort((lane, row))
    start = np.searchsorted(row[order], np.arange(len(row_of) + 1)).astype(np.int64)
    return start, lane[order], criteria.wish_points[pool.wishes[order, 2]]


def tables(criteria: Criteria) -> Tables:
    c = criteria
    return Tables(
        np.pad(c.topic_points, (0, max(TOPICS_A_STEP - len(c.topic_points), 0))),
        np.diff(c.language_points).astype(np.int16),
        c.overlap_points,
        np.pad(c.sector_points, ((0, 1), (0, 1))),
        np.array([c.organisation_points[1] - c.organisation_points[0], c.organisation_points[0]], np.int16),
        c.seniority_points,
        np.pad(c.mode_points, ((0, 1), (0, 1))),
        c.region_points,
        c.gender_points,
        int(c.language_points[0]),
    )


def rules(criteria: Criteria) -> Rules:
    c = criteria
    return Rules(
        c.organisation_rule,
        int(c.gender_rule),
        c.language_minimum,
        c.overlap_minimum,
        c.seniority_minimum,
        c.seniority_maximum,
        c.seniority_sign,
        int(c.mode_rule),
        c.topics_minimum,
    )
