"""What the product logged as a bug, kept for the test that asked too much; and silence about all else."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog


def pytest_configure() -> None:
    """Tracebacks as Python prints them: in colour, with all variables, they would take longer than the tests."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


class Bugs(list[str]):
    """One line a bug: where it was raised and what it said."""

    def note(self, _logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
        error = event.get("exc_info")
        if isinstance(error, BaseException):
            while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
                error = error.exceptions[0]
            frames = [
                f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename
            ]
            place = f"{'/'.join(frames[-1].filename.split('/')[-3:])}:{frames[-1].lineno}" if frames else "?"
            self.append(f"{place}: {type(error).__name__}: {str(error)[:200]}")
        elif name in ("error", "critical", "exception"):
            self.append(str(event.get("event")))
        raise structlog.DropEvent

    def take(self) -> str:
        """The newest one, and forget the others."""
        newest = self[-1] if self else ""
        self.clear()
        return newest


@contextmanager
def listening() -> Iterator[Bugs]:
    """Listens to the log meanwhile."""
    before = structlog.get_config()
    heard = Bugs()
    structlog.configure(processors=[heard.note], cache_logger_on_first_use=False)
    try:
        yield heard
    finally:
        structlog.configure(**before)


@pytest.fixture(scope="module")
def bugs() -> Iterator[Bugs]:
    """What is logged as a bug while the tests of a module run."""
    with listening() as heard:
        yield heard
