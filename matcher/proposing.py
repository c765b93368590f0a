"""One run: check, score, solve, explain, prove."""

from collections.abc import Callable

from matcher import dense
from matcher.assembling import assemble
from matcher.columns import Criteria, Pool, Quotas
from matcher.errors import LimitReached
from matcher.given import Pairs, given
from matcher.results import Matching
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
    crew: Crew | None = None,
) -> Matching:
    """
    The matching of greatest total score over all legal pairs, with proof and reasons.

    `locked` pairs stand whatever they score, but must pass every limit except "score"; `forbidden` pairs
    are the limit "forbidden". `progress(phase, percent)` hears the phases reading, scoring, solving,
    explaining, proving with rising per cents. The result is the same for any number of `threads`, and
    for any `crew`: others who answer parts of the scans of a large pool (docs/decisions/0008-tiles.md).

    Raises:
        InvalidColumn: the input is not what its description says; names column and row.
        LimitReached: more than 300,000 on a side.
        LockedRefused: a locked pair cannot stand.
        Cancelled: `cancelled` answered True.
    """
    watch = Watch(progress, cancelled)
    watch("reading", 0)
    x = given(pool, criteria, locked, forbidden, quotas)
    for what, people in (("mentees", pool.mentees), ("mentors", pool.mentors)):
        if len(people.key) > MOST_A_SIDE:
            raise LimitReached(what, len(people.key), MOST_A_SIDE)
    if max(len(pool.mentees.key), len(pool.mentors.key)) <= SMALL:
        found = dense.find(x, watch)
    else:
        from matcher.large.running import find  # compiled kernels: loaded when they are worth it

        found = find(x, watch, threads, crew)
    watch("proving", 0)
    matching = assemble(x, found)
    watch("proving", 1)
    return matching
