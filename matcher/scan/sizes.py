"""How much one task takes on."""

import numpy as np

from matcher.scan.layout import Packed

PAIRS_A_TASK = 800_000_000
"""About a tenth of a second on one core."""

MOST_ROWS, FEW_ROWS = 8192, 1024
"""Rows of a task; few when a pool has so many classes that each row may have views of its own (4 KiB each)."""

SAMPLE = 32
"""One lane in so many of the best window tells the threshold."""


def rows_a_task(packed: Packed, width: int) -> int:
    has_many = max(len(values) for values in packed.classes) > FEW_ROWS
    return int(np.clip(PAIRS_A_TASK // max(width, 1), 64, FEW_ROWS if has_many else MOST_ROWS))
