"""Progress is heard, and a run can be stopped at every block."""

from typing import Any

import numpy as np
import pytest

from matcher import Cancelled, Criteria, Pool, digest, propose, standard_criteria
from matcher.samples import sample
from tests.matcher import pools

CRITERIA = standard_criteria(sector_group=pools.SECTOR_GROUP)
POOL = pools.pool(np.random.default_rng(1), 300, 200)


LARGE = 1_001  # people on a side: the large way


@pytest.mark.parametrize(
    ("pool", "criteria"), [(POOL, CRITERIA), sample(LARGE, "loose"), sample(LARGE, "one-to-one")]
)
def test_progress_rises_through_all_phases(pool: Pool, criteria: Criteria) -> None:
    heard: list[tuple[str, int]] = []
    propose(pool, criteria, progress=lambda phase, percent: heard.append((phase, percent)))
    phases = list(dict.fromkeys(phase for phase, _ in heard))
    assert phases == ["reading", "scoring", "solving", "explaining", "proving"]
    percents = [percent for _, percent in heard]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert len(heard) == len(set(heard))


def test_a_run_stops_at_the_first_block_after_it_is_cancelled() -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(Cancelled):
        propose(POOL, CRITERIA, cancelled=cancelled)
    assert asked == 4


def changed(value: Any) -> Any:
    """One number more, anywhere."""
    if not isinstance(value, np.ndarray):
        return int(value) + 1
    other = value.copy()
    if other.size:
        other.flat[-1] ^= 1
    return other


def test_the_digest_depends_on_every_column_and_table() -> None:
    pool = pools.pool(np.random.default_rng(1), 9, 9)
    seen = {digest(pool, CRITERIA)}
    for side in ("mentees", "mentors"):
        for name, column in getattr(pool, side)._asdict().items():
            people = getattr(pool, side)._replace(**{name: changed(column)})
            seen.add(digest(pool._replace(**{side: people}), CRITERIA))
    for name in ("zones", "exclusions", "wishes"):
        seen.add(digest(pool._replace(**{name: changed(getattr(pool, name))}), CRITERIA))
    for name, value in CRITERIA._asdict().items():
        seen.add(digest(pool, CRITERIA._replace(**{name: changed(value)})))
    columns = len(pool.mentees) + len(pool.mentors) + 3 + len(CRITERIA)
    assert len(seen) == columns + 1
    assert digest(pool, CRITERIA) == digest(pools.pool(np.random.default_rng(1), 9, 9), CRITERIA)
