"""How a pool is laid out for the scan: the arrays that every kernel is given."""

from typing import NamedTuple

from matcher.columns import I16, I32, I64, TOPIC_WORDS, Criteria, Pool
from matcher.scan.asking import Others
from matcher.scan.barring import Barred
from matcher.scan.bits import Words

NO_TOPIC = 64 * TOPIC_WORDS
TOPICS_A_STEP = 5
"""`Rows.wanted` and `Tables.topics` are at least so wide."""


class Lanes(NamedTuple):
    """
    Mentors sorted by what they answered, so that neighbours are alike, then by hashed key; padded to whole chunks
    with lanes that nobody may have.
    """

    real: Words
    """uint32[W]: the lane is a mentor."""
    open: Words
    """uint32[W]: she offers a place."""
    topics: Words
    """uint32[257, W]: offers the topic; the last row is empty."""
    levels: Words
    """uint32[4 * L + 1, W]: row 4 * language + level - 1: speaks it at this level or better; the last row is empty."""
    some_open: Words
    """uint32[W / 32]: of which words any lane is open; the same for topics and levels."""
    some_topics: Words
    some_levels: Words
    codes: I32
    """int32[11, 32 * W]: see `LANE_CODES`."""


LANE_CODES = (
    "zone_start",
    "zone_length",
    "mode",
    "region",
    "sector",
    "seniority",
    "organisation",
    "gender",
    "gender_wish",
    "sight",
    "work",
)
"""The last two number what the classes of that name look at; all are -1 for no answer and beyond the last mentor."""


class Rows(NamedTuple):
    """Mentees in storage order: by classes, then by hashed key."""

    sight: I32
    """int32[n]: row of `Classes.sight`."""
    work: I32
    circle: I32
    wanted: I16
    """int16[n, R]: 256 for no topic."""
    speaks: I32
    """int32[n, S]: rows of `Lanes.levels`, for each language the levels up to hers; -1 at the end."""
    tongues: I32
    """int32[n, T, 4]: the same by language; the empty row where her level ends, and after her last language."""
    wish_start: I64
    """int64[n + 1]"""
    wish_lane: I32
    """int32[k], ascending in each row."""
    wish_points: I16


class Classes(NamedTuple):
    """Distinct combinations of answers; all mentees of a class see the same row over the lanes."""

    sight: I32
    """int32[a, 5]: zone start, zone length, mode, region, region wish: when, how and where they meet."""
    work: I32
    """int32[b, 3]: sector, seniority, gender wish."""
    circle: I32
    """int32[c, 3]: organisation, gender, gender wish: whom the rules let her meet."""


class Tables(NamedTuple):
    """Points, widened by a border of zeros where a code may be -1 (index -1 finds it)."""

    topics: I16
    levels: I16
    """int16[4]: points gained at level 1 .. 4 over the level below; may be negative."""
    overlap: I16
    sector: I16
    circle: I16
    """int16[2]: points gained where both organisations are the same over others; points of others."""
    seniority: I16
    mode: I16
    region: I16
    gender: I16
    nobody: int
    """Points of a pair without a common language."""


class Rules(NamedTuple):
    organisation: int
    gender: int
    languages: int
    overlap: int
    lowest_gap: int
    highest_gap: int
    gap_sign: int
    mode: int
    topics: int
    least: int = 1
    """Pairs that score less are not found by `scanning`; nothing else asks for it."""


class Packed(NamedTuple):
    """What every task of a run is given; arrays only, but for `others`."""

    pool: Pool
    criteria: Criteria
    forbidden: I32
    row_of: I32
    """int32[n]: storage row of a mentee."""
    mentee_at: I32
    lane_of: I32
    """int32[m]: lane of a mentor."""
    mentor_at: I32
    mentor_rank: I32
    """int32[m], by lane: place in the order of hashed keys; lower wins ties."""
    mentee_rank: I32
    """int32[n], by storage row: place in the order of hashed keys; lower wins ties."""
    lanes: Lanes
    rows: Rows
    classes: Classes
    tables: Tables
    rules: Rules
    barred: Barred
    others: Others | None = None
    """Whoever has this pool at hand too and answers parts of its scans."""


def at_least(packed: Packed, least: int) -> Packed:
    """The same pool, in which scans find no pair that scores less; they are done here alone."""
    return packed._replace(rules=packed.rules._replace(least=least), others=None)
