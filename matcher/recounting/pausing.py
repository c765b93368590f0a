"""How far a recount has come, for whoever waits for it or wants to stop it."""

from collections.abc import Callable

Pause = Callable[[float], None] | None
"""Hears the share done, and may raise to stop."""


def part_of(pause: Pause, at: int, count: int) -> Pause:
    """To be told of the share done of part `at` of `count` equal ones."""
    if pause is None:
        return None
    tell = pause
    return lambda done: tell((at + done) / count)


def tell(pause: Pause, done: float) -> None:
    if pause is not None:
        pause(done)
