"""How far a matching is from stable, in pools of any size: nothing of mentees by mentors is kept."""

import numpy as np

from matcher.columns import Criteria, Pool, Quotas
from matcher.modes.greedy import bars_of_pairs, room_of
from matcher.results import Matching
from matcher.scan.exceeding import count_exceeding
from matcher.scan.packing import pack
from matcher.scan.spreading import Pause


def blocking_pairs(
    pool: Pool, criteria: Criteria, matching: Matching, *, threads: int = 1, pause: Pause | None = None
) -> int:
    """Pairs of which both would rather have each other, as far as locks and quotas let them. Scores are believed."""
    room = room_of(pool, matching.locked_pairs, Quotas(matching.mentee_quota, matching.mentor_quota))
    held = matching.score.astype(np.int32)
    bar = bars_of_pairs(pool, matching.mentee, matching.mentor, held, room)
    return count_exceeding(
        pack(pool, criteria, matching.forbidden_pairs),
        bar.mentee.astype(np.int64),
        np.zeros(len(bar.mentor), np.int64),
        bar.mentor.astype(np.int64),
        threads=threads,
        pause=pause,
    )
