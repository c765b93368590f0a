"""Words of 32 bits over the lanes: bit b of word w is lane 32 * w + b."""

import numpy as np
from numpy.typing import NDArray

from matcher.columns import Flags

Words = NDArray[np.uint32]

CHUNK = 2048
"""Lanes worked on at a time: a row of points (4 KiB) and its bits stay in the first cache."""

CHUNK_WORDS = CHUNK // 32


def as_words(flags: Flags, width: int) -> Words:
    """uint32[width / 32] of bool[count], count <= width."""
    whole = np.zeros(width, np.bool_)
    whole[: len(flags)] = flags
    words: Words = np.packbits(whole, bitorder="little").view("<u4").astype(np.uint32)
    return words
