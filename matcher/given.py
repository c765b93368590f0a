"""What a run is given, checked once at the door."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from matcher.columns import I32, Criteria, Pool, Quotas
from matcher.validation import check_pool, check_quotas, pair_rows

Pairs = Iterable[tuple[int, int]] | I32


class Given(NamedTuple):
    """Checked: whoever is handed one may trust its columns."""

    pool: Pool
    criteria: Criteria
    locked: I32
    """int32[k, 2]"""
    forbidden: I32
    quotas: Quotas


def given(pool: Pool, criteria: Criteria, locked: Pairs, forbidden: Pairs, quotas: Quotas | None) -> Given:
    """
    Raises:
        InvalidColumn: the first column and row at fault.
    """
    check_pool(pool, criteria)
    quota = Quotas(np.zeros(0, np.int32), np.zeros(0, np.int32)) if quotas is None else quotas
    check_quotas(quota, pool)
    return Given(
        pool, criteria, pair_rows("locked", locked, pool), pair_rows("forbidden", forbidden, pool), quota
    )
