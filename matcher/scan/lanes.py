"""
One row of mentees against 32 lanes at a time, in the processor's vectors.

numba has no vector types, so the step is written in LLVM's own (fixed vectors of 32 int16), which LLVM turns into
whatever the processor has: one register of AVX-512, two of AVX2, four of SSE or NEON. Adding points where
a bit stands is one masked instruction, which is where the speed comes from.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from matcher.columns import I16
from matcher.compiling import kernel
from matcher.scan.bits import Words

PLANES = 9
"""Masked adds of a step: five topics and four steps of language level, the usual form. More are folded before."""

GAINS = 11
"""Masked adds of `worth_in_lanes`: five topics, four steps of language level, organisations the same and known."""

WIDTH = 32
I16_ = ir.IntType(16)
I32_ = ir.IntType(32)
I64_ = ir.IntType(64)
VECTOR = ir.VectorType(I16_, WIDTH)
BITS = ir.VectorType(ir.IntType(1), WIDTH)


class Step:
    """Builds the instructions of one step; `array` numbers are places in the signature."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.context, self.builder = context, builder
        self.signature, self.arguments = signature, arguments

    def pointer(self, array: int, at: Any) -> Any:
        kind, value = self.signature.args[array], self.arguments[array]
        data = self.context.make_array(kind)(self.context, self.builder, value).data
        return self.builder.gep(data, [at])

    def load(self, array: int, at: Any) -> Any:
        place = self.builder.bitcast(self.pointer(array, at), VECTOR.as_pointer())
        value = self.builder.load(place)
        value.align = 2
        return value

    def store(self, value: Any, array: int, at: Any) -> None:
        place = self.builder.bitcast(self.pointer(array, at), VECTOR.as_pointer())
        self.builder.store(value, place).align = 2

    def spread(self, value: Any) -> Any:
        one = self.builder.insert_element(ir.Constant(VECTOR, ir.Undefined), value, ir.Constant(I32_, 0))
        nowhere = ir.Constant(ir.VectorType(I32_, WIDTH), [0] * WIDTH)
        return self.builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), nowhere)


def step32_code(
    typing: Any,
    a: Any,
    at_a: Any,
    b: Any,
    at_b: Any,
    c: Any,
    at_c: Any,
    bits: Any,
    points: Any,
    cut: Any,
    width: Any,
    word: Any,
    out: Any,
    at_out: Any,
) -> Any:
    """
    Writes the 32 sums a + b + points where bits stand to out, and answers where sum + c > cut.

    a, b, c, out: int16 arrays, each from an offset on; bits uint32[p, width]; points a tuple of PLANES int16;
    word: which 32.
    """
    at = types.int64
    signature = types.uint32(a, at, b, at, c, at, bits, points, types.int16, at, at, out, at)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        step = Step(context, builder, signature, arguments)
        width, word = arguments[9], arguments[10]
        lane = builder.mul(word, ir.Constant(I64_, WIDTH))

        def along(offset: int) -> Any:
            return builder.add(lane, arguments[offset])

        total = builder.add(step.load(0, along(1)), step.load(2, along(3)))
        zero = ir.Constant(VECTOR, [0] * WIDTH)
        for k in range(PLANES):
            at = builder.add(builder.mul(width, ir.Constant(I64_, k)), word)
            here = builder.bitcast(builder.load(step.pointer(6, at)), BITS)
            gain = step.spread(builder.extract_value(arguments[7], k))
            total = builder.add(total, builder.select(here, gain, zero))
        step.store(total, 11, along(12))
        kind = ir.FunctionType(VECTOR, [VECTOR, VECTOR])
        name = "llvm.sadd.sat.v32i16"
        saturating = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        worth = builder.call(saturating, [total, step.load(4, along(5))])
        above = builder.icmp_signed(">", worth, step.spread(arguments[8]))
        return builder.bitcast(above, I32_)

    return signature, code


def worth_in_lanes_code(
    typing: Any,
    a: Any,
    at_a: Any,
    b: Any,
    at_b: Any,
    c: Any,
    at_c: Any,
    words: Any,
    gains: Any,
    cut: Any,
    out: Any,
    at_out: Any,
) -> Any:
    """
    Writes the 32 sums a + b + gains where bits stand to out, and answers where sum + c > cut.

    a, b, c: int16 arrays, each from a number on; words and gains: tuples of GAINS uint32 and int16; out int16[32]. sum + c may
    saturate, which leaves the comparison true.
    """
    at = types.int64
    several: Any = types.UniTuple
    planes = several(types.uint32, GAINS), several(types.int16, GAINS)
    signature = types.uint32(a, at, b, at, c, at, *planes, types.int16, out, at)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        step = Step(context, builder, signature, arguments)
        total = builder.add(step.load(0, arguments[1]), step.load(2, arguments[3]))
        zero = ir.Constant(VECTOR, [0] * WIDTH)
        for k in range(GAINS):
            here = builder.bitcast(builder.extract_value(arguments[6], k), BITS)
            gain = step.spread(builder.extract_value(arguments[7], k))
            total = builder.add(total, builder.select(here, gain, zero))
        step.store(total, 9, arguments[10])
        kind = ir.FunctionType(VECTOR, [VECTOR, VECTOR])
        name = "llvm.sadd.sat.v32i16"
        saturating = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        worth = builder.call(saturating, [total, step.load(4, arguments[5])])
        above = builder.icmp_signed(">", worth, step.spread(arguments[8]))
        return builder.bitcast(above, I32_)

    return signature, code


def points_in_lanes_code(
    typing: Any,
    a: Any,
    at_a: Any,
    b: Any,
    at_b: Any,
    planes: Any,
    width: Any,
    word: Any,
    gains: Any,
    out: Any,
) -> Any:
    """
    Writes the 32 sums a + b + gains[k] where bits of planes[k, word] stand to out.

    a, b: int16 arrays, each from a number on; planes uint32[GAINS, width]; gains int16[GAINS, 32]; out int16[32].
    """
    at = types.int64
    signature = types.void(a, at, b, at, planes, at, at, gains, out)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        step = Step(context, builder, signature, arguments)
        total = builder.add(step.load(0, arguments[1]), step.load(2, arguments[3]))
        zero = ir.Constant(VECTOR, [0] * WIDTH)
        for k in range(GAINS):
            at = builder.add(builder.mul(arguments[5], ir.Constant(I64_, k)), arguments[6])
            here = builder.bitcast(builder.load(step.pointer(4, at)), BITS)
            gain = step.load(7, ir.Constant(I64_, WIDTH * k))
            total = builder.add(total, builder.select(here, gain, zero))
        step.store(total, 8, ir.Constant(I64_, 0))

    return signature, code


def same_in_lanes_code(typing: Any, codes: Any, row: Any, lane: Any, value: Any) -> Any:
    """Where 32 codes of a row of int32[k, lanes] equal a value."""
    signature = types.uint32(codes, types.int64, types.int64, types.int32)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        table = context.make_array(signature.args[0])(context, builder, arguments[0])
        width = builder.extract_value(table.shape, 1)
        at = builder.add(builder.mul(arguments[1], width), arguments[2])
        many = ir.VectorType(I32_, WIDTH)
        theirs = builder.load(builder.bitcast(builder.gep(table.data, [at]), many.as_pointer()))
        theirs.align = 4
        one = builder.insert_element(ir.Constant(many, ir.Undefined), arguments[3], ir.Constant(I32_, 0))
        ours = builder.shuffle_vector(one, ir.Constant(many, ir.Undefined), ir.Constant(many, [0] * WIDTH))
        return builder.bitcast(builder.icmp_signed("==", theirs, ours), I32_)

    return signature, code


def lowest_bit_code(typing: Any, word: Any) -> Any:
    """Place of the lowest bit of a word that is not 0."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))
        return builder.zext(found, I64_)

    return types.int64(types.uint32), code


def bits_in_code(typing: Any, word: Any) -> Any:
    """How many bits of a word stand."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint32(types.uint32), code


# numba says of an intrinsic that it is called with the compiler's context, which it adds itself.
step32 = cast("Callable[..., Any]", intrinsic(step32_code))
points_in_lanes = cast("Callable[..., None]", intrinsic(points_in_lanes_code))
worth_in_lanes = cast("Callable[..., Any]", intrinsic(worth_in_lanes_code))
same_in_lanes = cast("Callable[[Any, int, int, int], Any]", intrinsic(same_in_lanes_code))
bits_in = cast("Callable[[Any], int]", intrinsic(bits_in_code))
lowest_bit = cast("Callable[[Any], int]", intrinsic(lowest_bit_code))


@kernel
def scores_in_lanes(
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
    """
    scores[row]: a[row_a] + b[row_b] + points[k] where bits[k]; found[row]: legal[row] and scores + c > cut.

    a, b, scores int16[.., C]; c int16[lanes], from lane `first` on; the first PLANES of bits uint32[p, C / 32] and
    of points; legal, found uint32[.., C / 32]. c + score may saturate, which leaves the comparison true. Rows are
    given by number because a slice costs as much as scoring a hundred pairs.
    """
    width, length = bits.shape[1], scores.shape[1]
    gains = (
        points[0],
        points[1],
        points[2],
        points[3],
        points[4],
        points[5],
        points[6],
        points[7],
        points[8],
    )
    at_a, at_b, at = row_a * length, row_b * length, row * length
    for w in range(width):
        above = step32(a, at_a, b, at_b, c, first, bits, gains, cut, width, w, scores, at)
        found[row, w] = legal[row, w] & above
