"""One run: check, score, solve, explain, prove."""

from collections.abc import Callable

from matcher import dense
from matcher.assembling import Findings, assemble
from matcher.columns import Criteria, Pool, Quotas
from matcher.errors import InvalidColumn, LimitReached
from matcher.given import Given, Pairs, given
from matcher.modes import whole
from matcher.modes.running import MODES, SCORE, STABLE
from matcher.results import NO_CLAIM, Claim, Matching
from matcher.scan.tiling import Crew
from matcher.watching import Watch

SMALL = 1_000
"""Up to this many a side all pairs are kept at once, and no compiled kernel is waited for."""

MOST_A_SIDE = 300_000
"""Beyond this nothing has been tried."""


def propose(
    pool: Pool,
    criteria: Criteria,
    *,
    locked: Pairs = (),
    forbidden: Pairs = (),
    quotas: Quotas | None = None,
    progress: Callable[[str, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 1,
    mode: int = SCORE,
    crew: Crew | None = None,
) -> Matching:
    """
    The best matching over all legal pairs, with proof and reasons.

    Best is what the `mode` says: SCORE the greatest total; PEOPLE the most people, then the greatest total; WORST_OFF
    the most people, then the highest lowest score, then the greatest total; STABLE no two who would both rather have
    each other. Whatever the mode, `bound` is the greatest total of all, so `bound` - `total` is what the mode costs.

    `locked` pairs stand whatever they score, but must pass every limit except "score"; `forbidden` pairs
    are the limit "forbidden". `progress(phase, percent)` hears the phases reading, scoring, solving,
    explaining, proving with rising per cents. The result is the same for any number of `threads`, and
    for any `crew`: others who answer parts of the scans of a large pool (docs/decisions/0009-tiles.md).

    Raises:
        InvalidColumn: the input is not what its description says; names column and row.
        LimitReached: more than 300,000 on a side.
        LockedRefused: a locked pair cannot stand.
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    watch("reading", 0)
    x = given(pool, criteria, locked, forbidden, quotas)
    if mode not in MODES:
        raise InvalidColumn("mode", -1, f"{mode} is not in 0..{len(MODES) - 1}")
    for what, people in (("mentees", pool.mentees), ("mentors", pool.mentors)):
        if len(people.key) > MOST_A_SIDE:
            raise LimitReached(what, len(people.key), MOST_A_SIDE)
    if mode == SCORE:
        found, claim = greatest_total(x, watch, max(threads, 1), crew), NO_CLAIM
    else:
        found, claim = of_mode(x, mode, watch, max(threads, 1), crew)
    watch("proving", 0)
    matching = assemble(x, found, claim)
    watch("proving", 1)
    return matching


def greatest_total(x: Given, watch: Watch, threads: int, crew: Crew | None) -> Findings:
    if is_small(x):
        return dense.find(x, watch)
    from matcher.large.running import find  # compiled kernels: loaded when they are worth it

    return find(x, watch, threads, crew)


def of_mode(x: Given, mode: int, watch: Watch, threads: int, crew: Crew | None) -> tuple[Findings, Claim]:
    """`mode` is any but SCORE."""
    if is_small(x):
        return whole.find(x, mode, watch)
    from matcher.large import aims, steady

    if mode == STABLE:
        return steady.find(x, watch, threads, crew)
    return aims.find(x, mode, watch, threads, crew)


def is_small(x: Given) -> bool:
    return max(len(x.pool.mentees.key), len(x.pool.mentors.key)) <= SMALL
