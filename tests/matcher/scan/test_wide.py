"""Steps over 2,048 bits at once beside the same in numpy."""

from typing import Any

import numpy as np

from matcher.compiling import kernel
from matcher.scan.wide import add_three, close_row, copy_row, count_row, cut_row, join_all, lacks


@kernel
def every_step(a: Any, b: Any, c: Any, which: Any, out: Any) -> Any:
    copy_row(a, 1, out, 0)
    join_all(a, which, 1, 2, 2, out, 1)
    is_any = cut_row(a, 0, b, 1, c, 2, out, 2)
    is_short = lacks(a, 0, b, 0, c, 0)
    is_lacking = lacks(a, 0, b, 0, a, 0)
    nobody = cut_row(a, 0, b, 0, b, 0, out, 3)
    close_row(a, 2, b, 2, c, 2)
    add_three(a, 0, b, 0, c, 0)
    return is_any, is_short, is_lacking, nobody, count_row(out, 1)


def test_every_step_over_a_row() -> None:
    draw = np.random.default_rng(1)
    a, b, c = (draw.integers(0, 1 << 32, (3, 64), dtype=np.uint64).astype(np.uint32) for _ in range(3))
    before = a.copy(), b.copy(), c.copy()
    out, which = np.zeros((4, 64), np.uint32), np.array([0, 2, 1, 0, 0], np.int32)
    told = every_step(a, b, c, which, out)
    x, y, z = before
    assert np.array_equal(out[0], x[1]) and np.array_equal(out[1], x[2] | x[0])
    assert np.array_equal(out[2], x[0] & y[1] & ~z[2]) and not out[3].any()
    assert told == (True, True, False, False, int(np.bitwise_count(out[1]).sum()))
    assert np.array_equal(b[2], y[2] | ~x[2]) and np.array_equal(c[2], z[2] | (y[2] & ~x[2]))
    either = x[0] ^ y[0]
    assert np.array_equal(a[0], either ^ z[0]) and np.array_equal(c[0], (x[0] & y[0]) | (either & z[0]))
    for changed, old, rows in ((a, x, [1, 2]), (b, y, [0, 1]), (c, z, [1])):
        assert np.array_equal(changed[rows], old[rows])
