"""The garbage collector rests while a process starts, and only then."""

import gc

from infra import garbage


def test_it_collects_again_once_all_is_loaded() -> None:
    try:
        garbage.wait_until_loaded()
        assert not gc.isenabled()
    finally:
        garbage.spare_what_is_loaded()
    assert gc.isenabled()
