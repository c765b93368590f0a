"""
Thirty-two numbers beside thirty-two others, in the processor's vectors; and the same in turn.

Written in LLVM's own vectors as in `lanes`, and for the same reason. Places in arrays are counted from their beginning, whatever their shape, because a slice costs more than the comparison.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from matcher.columns import I16, I64
from matcher.compiling import inlined
from matcher.scan.bits import Words
from matcher.scan.lanes import VECTOR, WIDTH, Step

WORD, LONG = ir.IntType(32), ir.IntType(64)
WORDS = ir.VectorType(WORD, WIDTH)


def hopeful_code(
    typing: Any, mask: Any, at: Any, width: Any, count: Any, empty: Any, slot: Any, most: Any, asked: Any, place: Any, table: Any, more: Any
) -> Any:  # fmt: skip
    """
    Which of 32 words from the number `at` on may hold somebody better, by any of the first `count` masks uint32[.., width].

    Those that meet empty[slot[k]], uint32[.., width] too; or are there at all and have, at the same number of their rows,
    most - asked[k] >= table[place[k] + more ..], all int16; the difference may saturate.
    """
    long = types.int64
    signature = types.uint32(mask, long, long, long, empty, slot, most, asked, place, table, long)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        step = Step(context, builder, signature, arguments)
        zero, points = ir.Constant(WORDS, [0] * WIDTH), step.load(6, arguments[1])
        found = cgutils.alloca_once_value(builder, ir.Constant(WORD, 0))  # type: ignore[no-untyped-call]  # numba's are bare
        with cgutils.for_range(builder, arguments[3]) as loop:
            k = loop.index
            row = builder.mul(builder.load(step.pointer(5, k)), arguments[2])
            people = words_at(step, 0, builder.add(builder.mul(k, arguments[2]), arguments[1]))
            unmet = words_at(step, 4, builder.add(row, arguments[1]))
            first = builder.icmp_unsigned("!=", builder.and_(people, unmet), zero)
            here = builder.add(arguments[1], arguments[10])
            bar = step.load(9, builder.add(builder.load(step.pointer(8, k)), here))
            left = less(step, points, step.spread(builder.load(step.pointer(7, k))))
            better = builder.and_(
                builder.icmp_unsigned("!=", people, zero), builder.icmp_signed(">=", left, bar)
            )
            here = builder.bitcast(builder.or_(first, better), WORD)
            builder.store(builder.or_(builder.load(found), here), found)
        return builder.load(found)

    return signature, code


def words_at(step: Step, array: int, at: Any) -> Any:
    found = step.builder.load(step.builder.bitcast(step.pointer(array, at), WORDS.as_pointer()))
    found.align = 4
    return found


def less(step: Step, one: Any, other: Any) -> Any:
    """one - other, or the nearest that fits."""
    name, kind = "llvm.ssub.sat.v32i16", ir.FunctionType(VECTOR, [VECTOR, VECTOR])
    known = step.builder.module.globals.get(name)
    return step.builder.call(known or ir.Function(step.builder.module, kind, name), [one, other])


def better_code(
    typing: Any, mask: Any, at_mask: Any, width: Any, count: Any, scores: Any, asked: Any, place: Any, table: Any, at: Any
) -> Any:  # fmt: skip
    """
    Lanes of a word that are in one of `count` masks, uint32 every `width` from at_mask on, and have there
    scores - asked[k] >= table[place[k] + at ..], all int16 but `place`; the difference may saturate.
    """
    long = types.int64
    signature = types.uint32(mask, long, long, long, scores, asked, place, table, long)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        step = Step(context, builder, signature, arguments)
        points = step.load(4, ir.Constant(LONG, 0))
        found = cgutils.alloca_once_value(builder, ir.Constant(WORD, 0))  # type: ignore[no-untyped-call]  # numba's are bare
        with cgutils.for_range(builder, arguments[3]) as loop:
            k = loop.index
            left = less(step, points, step.spread(builder.load(step.pointer(5, k))))
            bar = step.load(7, builder.add(builder.load(step.pointer(6, k)), arguments[8]))
            is_better = builder.bitcast(builder.icmp_signed(">=", left, bar), WORD)
            mine = builder.load(step.pointer(0, builder.add(arguments[1], builder.mul(k, arguments[2]))))
            builder.store(builder.or_(builder.load(found), builder.and_(mine, is_better)), found)
        return builder.load(found)

    return signature, code


better_in_lanes = cast("Callable[..., Any]", intrinsic(better_code))
hopeful_in_lanes = cast("Callable[..., Any]", intrinsic(hopeful_code))


@inlined
def better(
    is_wide: bool, mask: Words, w: int, count: int, scores: I16, asked: I16, place: I64, table: I16, at: int
) -> Any:
    """
    Lanes of word w that are in one of the first masks uint32[count, W] with scores - asked[k] >= table[place[k] + at ..].

    scores int16[32]; table int16[.., ..], its places counted from its beginning; the difference may saturate.
    """
    if is_wide:
        return better_in_lanes(mask, w, mask.shape[1], count, scores, asked, place, table, at)
    found = np.uint32(0)
    for k in range(count):
        for bit in range(32):
            here = place[k] + at + bit
            bar = table[here // table.shape[1], here % table.shape[1]]
            left = min(int(scores[bit]) - int(asked[k]), 32767)
            found |= np.uint32(((mask[k, w] >> np.uint32(bit)) & 1) if left >= bar else 0) << np.uint32(bit)
    return found


@inlined
def hopeful(
    is_wide: bool, mask: Words, first: int, count: int, empty: Words, slot: I64, most: I16, asked: I16, place: I64, table: I16,
    more: int,
) -> Any:  # fmt: skip
    """
    Which of 32 words from `first` on may hold somebody better, by any of the first masks uint32[count, W].

    Those meet empty[slot[k]], who have nobody yet, or are there at all with most - asked[k] >= table[place[k] + more ..].
    """
    if is_wide:
        return hopeful_in_lanes(
            mask, first, mask.shape[1], count, empty, slot, most, asked, place, table, more
        )
    found = np.uint32(0)
    for k in range(count):
        for w in range(first, first + 32):
            here = place[k] + more + w
            bar = table[here // table.shape[1], here % table.shape[1]]
            is_better = mask[k, w] != 0 and min(int(most[w]) - int(asked[k]), 32767) >= bar
            if is_better or (mask[k, w] & empty[slot[k], w]) != 0:
                found |= np.uint32(1) << np.uint32(w - first)
    return found
