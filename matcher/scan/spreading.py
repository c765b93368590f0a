"""Tasks on several threads, told and stopped from the one that asked."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Pause = Callable[[float], None]
"""Hears the share done (0 to 1); may raise to stop the work. Tasks take less than 0.3 s each."""

AHEAD = 2
"""Tasks for each thread that are handed out: the one at hand, and the next."""

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
    futures: list[Future[T]] = []
    running: set[Future[T]] = set()

    def some_ended() -> set[Future[T]]:
        _, left = wait(running, return_when=FIRST_COMPLETED)
        if pause is not None:
            pause((len(futures) - len(left)) / len(waiting))
        return left

    with ThreadPoolExecutor(threads) as pool:
        try:
            for task in waiting:
                # To wait costs as much as there are tasks to wait for, and so does to stop.
                if len(running) >= AHEAD * threads:
                    running = some_ended()
                futures.append(pool.submit(task))
                running.add(futures[-1])
            while running:
                running = some_ended()
        except BaseException:
            for future in running:
                future.cancel()
            raise
        return [future.result() for future in futures]
