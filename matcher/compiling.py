"""
The one way to compile a kernel.

Whatever imports this imports numba (116 MiB resident, seconds to load), so `matcher`
itself and the path of small pools do so late, inside functions.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """
    Compiled at its first call, kept in numba's cache, and free of the interpreter's lock while it runs.

    Never parallel (threads are ours, over bounded pieces of work) and never fastmath.
    """
    return cast(F, numba.njit(cache=True, nogil=True)(function))


def lean(function: F) -> F:
    """
    A kernel that works on the arrays it is given and makes none, views of some dimensions less apart.

    So nobody need count who still holds an array; numba otherwise does at each touch of a field of a tuple, which took
    more than half the time of inner loops.
    """
    # numba's own kernels ask for this too (numba.cpython.unicode), though its signatures do not tell of it.
    options: dict[str, Any] = {"_nrt": False}
    return cast(F, numba.njit(cache=True, nogil=True, **options)(function))


def inlined(function: F) -> F:
    """As `lean`, and part of whatever calls it: to hand over dozens of arrays costs more than many a loop over 64 words."""
    options: dict[str, Any] = {"_nrt": False, "forceinline": True}
    return cast(F, numba.njit(cache=True, nogil=True, **options)(function))
