"""What the garbage collector need not look at."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def wait_until_loaded() -> None:
    """Collect nothing while a process starts: a fifth of its start would go into looking at what stays anyway."""
    gc.disable()


def spare_what_is_loaded() -> None:
    """
    Keep modules, classes and routes out of every later collection; to be called when a process is ready.

    They live as long as the process, and a whole collection over a few hundred thousand
    of them holds up everybody for a sixth of a second.
    """
    gc.enable()
    gc.collect()
    gc.freeze()


_works = 0
"""How many works on many rows are going on in this process."""


@contextmanager
def uncollected() -> Iterator[None]:
    """
    Collect nothing while many rows are worked on, by whoever is the last of those who do; on the loop's thread alone.

    Each collection looks at all of them, and none is garbage until the work is done: of a hundred thousand people
    that took half of the time. What nobody refers to is freed as always.
    """
    global _works  # noqa: PLW0603 - the collector is the whole process's
    _works += 1
    gc.disable()
    try:
        yield
    finally:
        _works -= 1
        if not _works:
            gc.enable()
