"""Counted or sorted, the numbers of answers are those of numpy's own `unique`."""

import numpy as np
import pytest

from matcher.scan.numbering import first_of_each, inverse, numbered

KINDS = (np.int8, np.int16, np.int32, np.int64)


@pytest.mark.parametrize("kind", KINDS)
def test_close_and_scattered_codes_alike(kind):
    rng = np.random.default_rng(7)
    for size in (0, 1, 2, 30, 400):
        for most in (1, 5, 120, int(np.iinfo(kind).max)):
            codes = rng.integers(-min(most, 3), most, size).astype(kind)
            _, first, number = np.unique(codes, return_index=True, return_inverse=True)
            assert numbered(codes).tolist() == number.tolist()
            assert first_of_each(numbered(codes)).tolist() == first.tolist()


def test_the_widest_codes_do_not_overflow():
    ends = np.array([np.iinfo(np.int64).max, np.iinfo(np.int64).min, 0])
    assert numbered(ends).tolist() == [2, 0, 1]
    assert numbered(np.array([127, -128, 0, 127] * 100, np.int8))[:4].tolist() == [2, 0, 1, 2]


def test_where_each_number_stands():
    order = np.array([2, 0, 1], np.int32)
    assert inverse(order).tolist() == [1, 2, 0]
