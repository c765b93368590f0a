"""Tasks on several threads, told and stopped from the one that asked."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TypeVar

Pause = Callable[[float], None]
"""Hears the share done (0 to 1); may raise to stop the work. Tasks take less than 0.3 s each."""

T = TypeVar("T")


def in_order(tasks: Iterable[Callable[[], T]], threads: int, pause: Pause | None) -> list[T]:
    """The results in the order of the tasks; `pause` is called after each, in the caller's thread."""
    waiting = list(tasks)
    done: list[T] = []
    if threads <= 1 or len(waiting) <= 1:
        for task in waiting:
            done.append(task())
            if pause is not None:
                pause(len(done) / len(waiting))
        return done
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(task) for task in waiting]
        running = set(futures)
        try:
            while running:
                _, running = wait(running, return_when=FIRST_COMPLETED)
                if pause is not None:
                    pause(1 - len(running) / len(futures))
        except BaseException:
            for future in running:
                future.cancel()
            raise
        return [future.result() for future in futures]
