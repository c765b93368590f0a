"""
The bits of a whole chunk at once: 2,048 lanes in 64 words, which LLVM turns into four registers of AVX-512 or more of others.

numba widens each word to 64 bits before it joins two, and cannot see that arrays lie apart, so its loops take three times as long.
Rows are uint32[64], counted from the beginning of their array whatever its shape, because a slice costs more than the step.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from matcher.scan.bits import CHUNK_WORDS

WORD, LONG = ir.IntType(32), ir.IntType(64)
ROW = ir.VectorType(WORD, CHUNK_WORDS)
ZERO = ir.Constant(ROW, [0] * CHUNK_WORDS)


class Sheaf:
    """Rows of the arrays of one call; an array's number is its place among the arguments, that of the row follows."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.context, self.builder = context, builder
        self.signature, self.arguments = signature, arguments

    def data(self, array: int) -> Any:
        return self.context.make_array(self.signature.args[array])(
            self.context, self.builder, self.arguments[array]
        ).data

    def place(self, array: int, row: Any) -> Any:
        at = self.builder.mul(row, ir.Constant(LONG, CHUNK_WORDS))
        return self.builder.bitcast(self.builder.gep(self.data(array), [at]), ROW.as_pointer())

    def load(self, array: int, row: Any = None) -> Any:
        found = self.builder.load(self.place(array, self.arguments[array + 1] if row is None else row))
        found.align = 4
        return found

    def store(self, value: Any, array: int) -> None:
        self.builder.store(value, self.place(array, self.arguments[array + 1])).align = 4

    def call(self, name: str, answer: Any, value: Any) -> Any:
        """One of LLVM's own functions of a row."""
        known = self.builder.module.globals.get(f"llvm.{name}")
        found = known or ir.Function(self.builder.module, ir.FunctionType(answer, [ROW]), f"llvm.{name}")
        return self.builder.call(found, [value])

    def is_any(self, value: Any) -> Any:
        bits = self.builder.bitcast(self.builder.icmp_unsigned("!=", value, ZERO), ir.IntType(CHUNK_WORDS))
        return self.builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(CHUNK_WORDS), 0))


def pairs_of(*arrays: Any) -> list[Any]:
    """Types of arguments: each array and, counted in rows, where."""
    return [kind for array in arrays for kind in (array, types.int64)]


def copy_code(typing: Any, row: Any, at: Any, out: Any, at_out: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        sheaf.store(sheaf.load(0), 2)

    return types.void(*pairs_of(row, out)), code


def join_all_code(
    typing: Any, table: Any, rows: Any, at: Any, step: Any, count: Any, out: Any, at_out: Any
) -> Any:
    """out = table[rows[at]] | table[rows[at + step]] ..., `count` of them; rows int32, its places counted from its beginning."""
    signature = types.void(table, rows, types.int64, types.int64, types.int64, out, types.int64)

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        found = cgutils.alloca_once_value(builder, ZERO)  # type: ignore[no-untyped-call]  # numba's are bare
        with cgutils.for_range(builder, arguments[4]) as loop:
            place = builder.add(arguments[2], builder.mul(loop.index, arguments[3]))
            row = builder.sext(builder.load(builder.gep(sheaf.data(1), [place])), LONG)
            builder.store(builder.or_(builder.load(found), sheaf.load(0, row)), found)
        sheaf.store(builder.load(found), 5)

    return signature, code


def close_code(typing: Any, held: Any, at: Any, once: Any, at_once: Any, twice: Any, at_twice: Any) -> Any:
    """One door more, open to `held`: once and twice are the lanes through which one at least is closed, and two."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        closed, once = builder.not_(sheaf.load(0)), sheaf.load(2)
        sheaf.store(builder.or_(sheaf.load(4), builder.and_(once, closed)), 4)
        sheaf.store(builder.or_(once, closed), 2)

    return types.void(*pairs_of(held, once, twice)), code


def cut_code(
    typing: Any,
    people: Any,
    at_people: Any,
    these: Any,
    at_these: Any,
    but: Any,
    at_but: Any,
    out: Any,
    at_out: Any,
) -> Any:
    """out = these of people without but; answers whether anybody is there."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        found = builder.and_(builder.and_(sheaf.load(0), sheaf.load(2)), builder.not_(sheaf.load(4)))
        sheaf.store(found, 6)
        return sheaf.is_any(found)

    return types.boolean(*pairs_of(people, these, but, out)), code


def lacks_code(
    typing: Any, people: Any, at_people: Any, one: Any, at_one: Any, other: Any, at_other: Any
) -> Any:
    """Whether anybody of people is neither in one nor in the other."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        either = builder.or_(sheaf.load(2), sheaf.load(4))
        return sheaf.is_any(builder.and_(sheaf.load(0), builder.not_(either)))

    return types.boolean(*pairs_of(people, one, other)), code


def add_three_code(
    typing: Any, one: Any, at_one: Any, two: Any, at_two: Any, three: Any, at_three: Any
) -> Any:
    """The sum of three bits each: its lower digit to `one`, its upper to `three`."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        one, two, three = sheaf.load(0), sheaf.load(2), sheaf.load(4)
        either = builder.xor(one, two)
        sheaf.store(builder.xor(either, three), 0)
        sheaf.store(builder.or_(builder.and_(one, two), builder.and_(either, three)), 4)

    return types.void(*pairs_of(one, two, three)), code


def count_code(typing: Any, row: Any, at: Any) -> Any:
    """How many bits stand."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sheaf = Sheaf(context, builder, signature, arguments)
        return sheaf.call(
            f"vector.reduce.add.v{CHUNK_WORDS}i32",
            WORD,
            sheaf.call(f"ctpop.v{CHUNK_WORDS}i32", ROW, sheaf.load(0)),
        )

    return types.int32(*pairs_of(row)), code


copy_row = cast("Callable[..., None]", intrinsic(copy_code))
join_all = cast("Callable[..., None]", intrinsic(join_all_code))
close_row = cast("Callable[..., None]", intrinsic(close_code))
cut_row = cast("Callable[..., bool]", intrinsic(cut_code))
lacks = cast("Callable[..., bool]", intrinsic(lacks_code))
add_three = cast("Callable[..., None]", intrinsic(add_three_code))
count_row = cast("Callable[..., int]", intrinsic(count_code))
