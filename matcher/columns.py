"""
What goes in: people as columns of codes, and criteria as small tables of integers.

A code is an index into a list that only the caller knows (organisations, sectors,
regions ...); -1 means "no answer" wherever a column allows it. An unanswered
question earns 0 points, and where the criterion is also a limit it fails the limit:
nothing that was not said can be proved to hold. The exceptions are `unit`, `person`
and `supervisors`, which can only forbid a pair.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int8]
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
U8 = NDArray[np.uint8]
Flags = NDArray[np.bool_]

TOPIC_WORDS = 4
"""Topics are bits in this many 64-bit words: at most 256 topics."""

SENIORITY_SPAN = 60
"""Seniority gaps are clipped to -60 .. +60 (years or grades) before the table is read."""

INDIVIDUAL, GROUP, BOTH = 0, 1, 2
ANY_REGION, SAME_REGION, OTHER_REGION = 0, 1, 2
FREE, SAME_REQUIRED, CROSS_REQUIRED = 0, 1, 2
BY_EXPERIENCE, BY_GRADE = 0, 1
NO_BOUND = -32768

MAX_SCORE = 23_000
"""No pair may be able to earn more: sums stay well inside int16, with room for failed limits."""

CRITERIA = (
    "topics",
    "languages",
    "overlap",
    "sector",
    "organisation",
    "seniority",
    "mode",
    "region",
    "gender",
    "wishes",
)
"""The order of every row of contributions."""

LIMITS = (
    "capacity",
    "person",
    "organisation",
    "supervisor",
    "exclusion",
    "forbidden",
    "gender",
    "languages",
    "overlap",
    "seniority",
    "mode",
    "topics",
    "score",
)
"""The order in which limits are counted: bit k of a failure mask is LIMITS[k]."""


class Mentees(NamedTuple):
    """One row per mentee (n). In reverse mentoring the mentee is still the one whose wants are matched."""

    key: U64
    """uint64[n], unique on this side: a stable id of the card; decides ties and nothing else."""
    person: I32
    """int32[n], -1 unknown: who she is, the same code on both sides."""
    supervisors: I32
    """int32[n, D], D >= 0, padded -1: person codes of her supervisor line, any order."""
    organisation: I32
    """int32[n], -1 no answer."""
    unit: I32
    """int32[n], -1 unknown: the smallest unit, with codes unique over all organisations."""
    wanted: I16
    """int16[n, R], R >= 0: topics wanted, most important first, padded -1 at the end, none twice."""
    languages: U8
    """uint8[n, L]: level per language: 0 none, 1 basic, 2 working, 3 fluent, 4 native."""
    zone: I16
    """int16[n], -1 no answer: row of `Pool.zones`."""
    sector: I16
    """int16[n], -1 no answer: row of `Criteria.sector_points`."""
    experience: I16
    """int16[n], years, -1 no answer."""
    grade: I16
    """int16[n], rank of the grade, higher is more senior, -1 no answer."""
    mode: I8
    """int8[n], -1 no answer, 0 individual, 1 group, 2 both."""
    region: I16
    """int16[n], -1 no answer."""
    region_wish: I8
    """int8[n], -1 no answer, 0 any, 1 the same region, 2 another region."""
    gender: I8
    """int8[n], -1 no answer."""
    gender_wish: I8
    """int8[n], -1 any, else the code wanted."""


class Mentors(NamedTuple):
    """One row per mentor (m). Columns of the same name mean what they mean for mentees."""

    key: U64
    person: I32
    supervisors: I32
    organisation: I32
    unit: I32
    offered: U64
    """uint64[m, 4]: bit (t & 63) of word (t >> 6) is set when she offers topic t."""
    languages: U8
    zone: I16
    sector: I16
    experience: I16
    grade: I16
    mode: I8
    region: I16
    gender: I8
    gender_wish: I8
    capacity: I32
    """int32[m], 0 or more: places that she has left in this run; 0 is never offered."""


class Pool(NamedTuple):
    """Everything about people that a run may know."""

    mentees: Mentees
    mentors: Mentors
    zones: I16
    """
    int16[Z, 3], minutes: offset from UTC (multiple of 15, -720 .. 840), start and end of the working
    window in local time (0 <= start < 1440, start < end <= start + 1440). One row per distinct
    combination; the caller chooses the offset of the date on which the cycle begins.
    """
    exclusions: I32
    """int32[k, 2]: (mentee row, mentor row); a name on either side's list, or an earlier pair, is one row."""
    wishes: I32
    """int32[k, 3]: (mentee row, mentor row, rank from 0): mentors that a mentee named herself; no pair twice."""


class Criteria(NamedTuple):
    """
    Points per criterion, and hard limits. Points are int16 and never negative.

    The score of a pair is the plain sum of its contributions, at most `max_score(criteria)`, which must
    not exceed 23,000. For people, show `round(100 * score / max_score(criteria))`.
    """

    topic_points: I16
    """int16[R'], R' >= R: points for the topic wanted first, second ..., when the mentor offers it."""
    language_points: I16
    """int16[5] by the best level that both have in one language (the lower of the two levels)."""
    overlap_points: I16
    """int16[25] by whole hours in which both working windows overlap."""
    sector_points: I16
    """int16[S, S], mentee's sector by mentor's: same line of work, same group, unrelated."""
    organisation_points: I16
    """int16[2]: another organisation, the same."""
    seniority_points: I16
    """int16[121] by gap + 60, the gap being `seniority_sign` * (mentor - mentee), clipped to -60 .. 60."""
    mode_points: I16
    """int16[3, 3], mentee's mode by mentor's."""
    region_points: I16
    """int16[3, 2], mentee's wish (any, same, other) by (another region, the same)."""
    gender_points: I16
    """int16[2]: wish of the mentee not met, met. No wish earns 0."""
    wish_points: I16
    """int16[W], W above every rank in `Pool.wishes`: points for a mentor named first, second ..."""
    seniority_measure: int = BY_EXPERIENCE
    """BY_EXPERIENCE (years) or BY_GRADE."""
    seniority_sign: int = 1
    """1, or -1 for reverse mentoring."""
    organisation_rule: int = FREE
    """FREE, SAME_REQUIRED or CROSS_REQUIRED."""
    supervisor_rule: bool = True
    """Neither may stand in the other's supervisor line."""
    unit_rule: bool = False
    """Both must come from different units."""
    gender_rule: bool = False
    """Wishes of both sides must hold."""
    language_minimum: int = 0
    """Least level of the best shared language, 0 .. 4; 0 is no limit."""
    overlap_minimum: int = 0
    """Least whole hours of overlap, 0 .. 24; 0 is no limit."""
    seniority_minimum: int = NO_BOUND
    """Least signed gap, NO_BOUND for none."""
    seniority_maximum: int = NO_BOUND
    """Greatest signed gap, NO_BOUND for none."""
    mode_rule: bool = False
    """Individual only never meets group only."""
    topics_minimum: int = 0
    """Least number of wanted topics that the mentor offers; 0 is no limit."""


class Quotas(NamedTuple):
    """Most places per organisation; a column of length 0 sets no quota on that side."""

    mentees: I32
    """int32[O], -1 none: most mentees of organisation o who may be matched."""
    mentors: I32
    """int32[O], -1 none: most places with mentors of organisation o that may be used."""
