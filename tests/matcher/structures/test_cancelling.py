"""Whoever asks to stop is heard before the work is done; and nothing is loaded before it is needed."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from matcher import Cancelled
from matcher.modes import MODES, run_mode
from matcher.structures.circles import make_circles
from matcher.structures.groups import make_groups
from matcher.structures.pairs import pair_graph, pair_pool
from tests.matcher.structures import test_circles, test_groups, test_pairs
from tests.matcher.test_assigning import graph


def asked(times: int) -> Any:
    """Answers False so many times, then True."""
    left = iter([False] * times)
    return lambda: next(left, True)


def calls() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    circles, groups = test_circles.pool(rng, 20), test_groups.pool(rng, 20, 6, 4, 2, 9)
    points = np.triu(rng.integers(1, 9, (31, 31)), 1)
    score, key = (points + points.T).astype(np.int32), np.arange(31, dtype=np.uint64)
    csr = (*graph(rng.integers(1, 9, (6, 4))), np.ones(4, np.int32))
    return {
        "circles": lambda cancelled: make_circles(circles, cancelled=cancelled),
        "groups": lambda cancelled: make_groups(groups, cancelled=cancelled),
        "exact pairs": lambda cancelled: pair_pool(score, key, cancelled=cancelled),
        "pairs": lambda cancelled: pair_graph(
            *test_pairs.graph(score), key, most_exact=0, cancelled=cancelled
        ),
        **{
            f"mode {mode.name}": lambda cancelled, code=code: run_mode(code, *csr, cancelled=cancelled)
            for code, mode in MODES.items()
        },
    }


@pytest.mark.parametrize("what", calls())
def test_all_work_stops_when_asked(what: str) -> None:
    run = calls()[what]
    assert run(lambda: False) is not None
    for times in (0, 1):
        with pytest.raises(Cancelled):
            run(asked(times))


def test_numba_is_not_loaded_before_it_is_needed() -> None:
    names = "matcher.modes, matcher.measuring, matcher.structures.pairs, matcher.structures.groups"
    code = f"import sys, {names}, matcher.structures.circles\nprint('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
