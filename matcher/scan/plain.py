"""The same step as `lanes`, in plain numba: the reference, and the way out where LLVM's vectors fail."""

from matcher.columns import I16
from matcher.compiling import kernel
from matcher.scan.bits import Words
from matcher.scan.lanes import PLANES


@kernel
def scores_in_turn(
    a: I16,
    row_a: int,
    b: I16,
    row_b: int,
    c: I16,
    first: int,
    bits: Words,
    points: I16,
    cut: int,
    legal: Words,
    found: Words,
    scores: I16,
    row: int,
) -> None:
    """As `lanes.scores_in_lanes`, lane by lane; sums in 64 bits never saturate, the comparison is the same."""
    for w in range(bits.shape[1]):
        above = 0
        for bit in range(32):
            lane = 32 * w + bit
            total = a[row_a, lane] + b[row_b, lane]
            for k in range(PLANES):
                total += points[k] * ((bits[k, w] >> bit) & 1)
            scores[row, lane] = total
            above |= (1 if total + c[first + lane] > cut else 0) << bit
        found[row, w] = legal[row, w] & above


@kernel
def add_plane(row: I16, words: Words, points: int) -> None:
    """row int16[C] += points where a bit of words uint32[C / 32] stands."""
    for w in range(len(words)):
        word = words[w]
        for bit in range(32):
            row[32 * w + bit] += points * ((word >> bit) & 1)
