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
    """Tells each whole per cent at most once per phase, never a smaller one after a greater."""

    def __init__(
        self, progress: Callable[[str, int], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self.progress = progress
        self.cancelled = cancelled
        self.told: tuple[str, int] | None = None

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
        if self.progress is not None and news != self.told:
            self.progress(*news)
        self.told = news


class Rising:
    """One phase whose parts tell their own shares: what is told never falls."""

    def __init__(self, watch: Tell, phase: str) -> None:
        self.watch = watch
        self.phase = phase
        self.share = 0.0

    def __call__(self, done: float) -> None:
        self.share = max(self.share, done)
        self.watch(self.phase, self.share)
