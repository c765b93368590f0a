"""The garbage collector rests while a process starts, and only then."""

import gc

import pytest

from infra import garbage


def test_it_collects_again_once_all_is_loaded() -> None:
    try:
        garbage.wait_until_loaded()
        assert not gc.isenabled()
    finally:
        garbage.spare_what_is_loaded()
    assert gc.isenabled()


def test_it_rests_until_the_last_of_those_who_work_on_many_rows() -> None:
    with garbage.uncollected():
        with pytest.raises(ValueError, match="broken off"), garbage.uncollected():
            raise ValueError("broken off")
        assert not gc.isenabled()
    assert gc.isenabled()
