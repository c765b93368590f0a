"""Progress out, cancellation in: one object that every block of work touches."""

from collections.abc import Callable

from matcher.errors import Cancelled

Tell = Callable[[str, float], None]
"""Hears the phase and the share of it that is done; a `Watch` is one."""

SHARES = {
    "reading": (0, 5),
    "scoring": (5, 35),
    "solving": (35, 55),
    "explaining": (55, 95),
    "proving": (95, 100),
}
"""Per cent at which each phase begins and ends."""


class Watch:
    """Tells each whole per cent at most once per phase, never a smaller one after a greater: parts of a phase tell their own shares."""

    def __init__(
        self, progress: Callable[[str, int], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self.progress = progress
        self.cancelled = cancelled
        self.told = ("", 0)

    def __call__(self, phase: str, done: float) -> None:
        """
        `done` is the share of this phase, 0 to 1.

        Raises:
            Cancelled: the caller wants no more.
        """
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        begin, end = SHARES[phase]
        news = (phase, begin + int(done * (end - begin)))
        if news == self.told or news[1] < self.told[1]:
            return
        self.told = news
        if self.progress is not None:
            self.progress(*news)
