"""How far a matching is from one in which nobody would rather swap."""

from collections.abc import Callable

from matcher.columns import Criteria, Pool
from matcher.modes import whole
from matcher.results import Matching

SMALL = 1_000
"""Up to this many a side all pairs are kept at once."""


def blocking_pairs(
    pool: Pool,
    criteria: Criteria,
    matching: Matching,
    *,
    threads: int = 1,
    pause: Callable[[float], None] | None = None,
) -> int:
    """Pairs of which both would rather have each other, as far as locks and quotas let them; `pause` hears the share done."""
    if max(len(pool.mentees.key), len(pool.mentors.key)) <= SMALL:
        return whole.blocking_pairs(pool, criteria, matching)
    from matcher.large import blocking  # compiled kernels: loaded when they are worth it

    return blocking.blocking_pairs(pool, criteria, matching, threads=threads, pause=pause)
