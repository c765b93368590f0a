"""Three ways to the same bits, and the one place where one is chosen."""

from functools import cache
from typing import Literal

from matcher.scan.layout import Packed

Engine = Literal["numpy", "plain", "lanes"]

SMALL = 1_000
"""A side: below, numpy is done before a kernel is loaded."""


def engine_for(packed: Packed) -> Engine:
    if max(len(packed.row_of), len(packed.lane_of)) <= SMALL:
        return "numpy"
    return "lanes" if has_vectors() else "plain"


@cache
def has_vectors() -> bool:
    """The processor adds at least 16 int16 at a time, so that LLVM need not take its vectors apart."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    return any(features.get(name, False) for name in ("avx512bw", "avx2", "neon"))
