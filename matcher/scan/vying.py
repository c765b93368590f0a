"""
Thirty-two numbers of 32 bits beside thirty-two others, in the processor's vectors; and the same in turn.

Written in LLVM's own vectors as in `lanes`, and for the same reason. Arrays are int32 but for masks; places in them are
counted from their beginning, whatever their shape, because a slice costs more than the comparison.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from matcher.columns import I32
from matcher.compiling import inlined
from matcher.scan.bits import Words
from matcher.scan.lanes import WIDTH

WORD = ir.IntType(32)
LONG = ir.IntType(64)
VECTOR = ir.VectorType(WORD, WIDTH)


def vector(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    found = builder.load(builder.bitcast(builder.gep(data, [at]), VECTOR.as_pointer()))
    found.align = 4
    return found


def hopeful_code(
    typing: Any,
    mask: Any,
    at_mask: Any,
    empty: Any,
    at_empty: Any,
    value: Any,
    at_value: Any,
    least: Any,
    at_least: Any,
) -> Any:
    """Which of 32 words of a mask meet `empty`, or are there at all and have a value that is at least `least`."""
    at = types.int64
    signature = types.uint32(mask, at, empty, at, value, at, least, at)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, unmet, values, bars = (
            vector(context, builder, signature.args[k], arguments[k], arguments[k + 1]) for k in (0, 2, 4, 6)
        )
        zero = ir.Constant(VECTOR, [0] * WIDTH)
        some = builder.icmp_signed("!=", words, zero)
        first = builder.icmp_signed("!=", builder.and_(words, unmet), zero)
        better = builder.and_(some, builder.icmp_signed(">=", values, bars))
        return builder.bitcast(builder.or_(first, better), WORD)

    return signature, code


def at_least_code(typing: Any, a: Any, at_a: Any, b: Any, at_b: Any) -> Any:
    """Where 32 of a are no less than 32 of b."""
    at = types.int64
    signature = types.uint32(a, at, b, at)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        ours, theirs = (
            vector(context, builder, signature.args[k], arguments[k], arguments[k + 1]) for k in (0, 2)
        )
        return builder.bitcast(builder.icmp_signed(">=", ours, theirs), WORD)

    return signature, code


at_least_in_lanes = cast("Callable[[Any, int, Any, int], Any]", intrinsic(at_least_code))
hopeful_in_lanes = cast("Callable[[Any, int, Any, int, Any, int, Any, int], Any]", intrinsic(hopeful_code))


@inlined
def at_least(is_wide: bool, a: I32, row_a: int, first_a: int, b: I32, row_b: int, first_b: int) -> Any:
    """Where 32 of a[row_a] from `first_a` on are no less than 32 of b[row_b]."""
    if is_wide:
        return at_least_in_lanes(a, row_a * a.shape[1] + first_a, b, row_b * b.shape[1] + first_b)
    found = 0
    for k in range(32):
        found |= (1 if a[row_a, first_a + k] >= b[row_b, first_b + k] else 0) << k
    return np.uint32(found)


@inlined
def hopeful_words(
    is_wide: bool, mask: Words, row: int, empty: Words, slot: int, value: I32, which: int, least: I32, row_least: int,
    first: int,
) -> Any:  # fmt: skip
    """
    Which of 32 words of mask[row] from `first` on may hold somebody better.

    Those meet empty[slot], who have nobody yet, or are there at all with a value[which] of at least least[row_least].
    """
    width = mask.shape[1]
    if is_wide:
        return hopeful_in_lanes(
            mask, row * width + first, empty, slot * width + first, value, which * width + first, least,
            row_least * width + first,
        )  # fmt: skip
    some = 0
    for w in range(first, first + 32):
        is_first = (mask[row, w] & empty[slot, w]) != 0
        is_better = mask[row, w] != 0 and value[which, w] >= least[row_least, w]
        some |= (1 if is_first or is_better else 0) << (w - first)
    return np.uint32(some)
