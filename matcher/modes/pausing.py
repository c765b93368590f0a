"""Stopping on request: long work calls its pause between pieces."""

from collections.abc import Callable

from matcher.errors import Cancelled

Pause = Callable[[], None]


def pause_of(cancelled: Callable[[], bool] | None) -> Pause:
    """A function that raises Cancelled as soon as `cancelled` answers True."""

    def pause() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled

    return pause
