"""
The one way to compile a kernel.

Whatever imports this imports numba (116 MiB resident, seconds to load), so `matcher`
itself and the path of small pools do so late, inside functions.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from matcher.compiled import keep

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """
    Compiled at its first call, kept for other processes, and free of the interpreter's lock while it runs.

    Never parallel (threads are ours, over bounded pieces of work) and never fastmath.
    """
    return made(function)


def lean(function: F) -> F:
    """
    A kernel that works on the arrays it is given and makes none, views of some dimensions less apart.

    So nobody need count who still holds an array; numba otherwise does at each touch of a field of a tuple, which took
    more than half the time of inner loops.
    """
    # numba's own kernels ask for this too (numba.cpython.unicode), though its signatures do not tell of it.
    return made(function, _nrt=False)


def inlined(function: F) -> F:
    """As `lean`, and part of whatever calls it: to hand over dozens of arrays costs more than many a loop over 64 words."""
    return made(function, _nrt=False, forceinline=True)


def made(function: F, **options: Any) -> F:
    dispatcher = numba.njit(nogil=True, **options)(function)
    keep(dispatcher, function)
    return cast(F, dispatcher)
