"""What the garbage collector need not look at."""

import ctypes
import gc

_SYSTEM = ctypes.CDLL(None)


def give_back() -> None:
    """
    Return memory to the system after a job that took much of it: the allocator keeps it else, for as long as we live.

    Does what it can: not every system's allocator can be asked.
    """
    gc.collect()
    if trim := getattr(_SYSTEM, "malloc_trim", None):
        trim(0)


def spare_what_is_loaded() -> None:
    """
    Keep modules, classes and routes out of every later collection; to be called when a process is ready.

    They live as long as the process, and a whole collection over a few hundred thousand
    of them holds up everybody for a sixth of a second.
    """
    gc.collect()
    gc.freeze()
