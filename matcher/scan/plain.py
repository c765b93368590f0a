"""The same step as `lanes`, in plain numba: the reference, and the way out where LLVM's vectors fail."""

from typing import Any

from matcher.columns import I16
from matcher.compiling import kernel, lean
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


@lean
def worth_in_turn(
    a: I16,
    at_a: Any,
    b: I16,
    at_b: Any,
    c: I16,
    at_c: Any,
    words: tuple[int, ...],
    gains: tuple[int, ...],
    cut: int,
    out: I16,
    at_out: int,
) -> Any:
    """As `lanes.worth_in_lanes`, lane by lane; sums in 64 bits never saturate, the comparison is the same."""
    above = 0
    row_a, first_a = at_a // a.shape[1], at_a % a.shape[1]
    row_b, first_b = at_b // b.shape[1], at_b % b.shape[1]
    for lane in range(32):
        total = a[row_a, first_a + lane] + b[row_b, first_b + lane]
        for k in range(len(words)):
            total += gains[k] * ((words[k] >> lane) & 1)
        out[at_out + lane] = total
        above |= (1 if total + c[at_c + lane] > cut else 0) << lane
    return above
