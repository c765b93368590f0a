"""What the garbage collector need not look at."""

import gc


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
