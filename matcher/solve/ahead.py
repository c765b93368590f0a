"""
What will be wanted soon is fetched from memory while something else is reckoned.

The edges of a large market are in no cache, and an auction or a search comes to its rows in no order that a processor could
foretell: each row costs a wait that is longer than all the work on it. Who knows which row comes next says so here.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from matcher.columns import I32, I64
from matcher.compiling import inlined

LINE = 64
"""Bytes that come together."""

MOST = 128
"""Edges; of a longer row the processor sees for itself that it is read from end to end."""


def fetch_code(typing: Any, array: Any, at: Any) -> Any:
    """Asks for the line of cache that holds array[at], and waits for nothing; `at` may lie outside."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        )
        to_read, keep, data_cache = (ir.Constant(number, value) for value in (0, 3, 1))
        place = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        builder.call(function, [place, to_read, keep, data_cache])
        return context.get_dummy_value()

    return types.void(array, types.intp), code


fetch = cast("Callable[[Any, int], None]", intrinsic(fetch_code))


@inlined
def fetch_edges(indptr: I64, indices: I32, score: I32, i: int) -> None:
    """The row of i."""
    begin = indptr[i]
    # One loop for both: two take a fifth longer for a whole auction.
    for e in range(begin, min(indptr[i + 1], begin + MOST), LINE // score.itemsize):
        fetch(indices, e)
        fetch(score, e)
