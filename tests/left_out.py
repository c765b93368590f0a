"""
What to do with tests whose outside part is missing on this machine: leave them out, loudly.

A green run that quietly left them out would promise what nobody looked at, so the end of the run counts them, and in CI
their absence is a failure.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from infra.embedded import chromium
from tests import certified


@dataclass(frozen=True)
class Part:
    """Tests with the mark `marker` need what `find` looks for."""

    marker: str
    find: Callable[[], object]
    heading: str
    missing: str


PARTS = (
    Part(
        "browser",
        chromium.find,
        "BROWSER TESTS NOT RUN",
        "no Chromium was found, and none could be installed. Name one with CHROMIUM=/path/to/chromium.",
    ),
    Part(
        "certified",
        certified.find,
        "TESTS WITH A CERTIFIED SIGN-IN PROVIDER NOT RUN",
        "Node or the npm package oidc-provider is not there. `make test` fetches both.",
    ),
)
NOT_RUN = pytest.StashKey[dict[str, int]]()
WORKERS = "tests_not_run"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "certified: signs in at a certified provider, which runs in Node")
    config.stash[NOT_RUN] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for part in PARTS:
        left_out = [item for item in items if item.get_closest_marker(part.marker)]
        if left_out and not part.find():
            config.stash[NOT_RUN][part.marker] = len(left_out)
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of several processes has ended: each has left out the same tests."""
    node.config.stash[NOT_RUN] |= getattr(node, "workeroutput", {}).get(WORKERS, {})


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[WORKERS] = session.config.stash[NOT_RUN]
    elif session.config.stash[NOT_RUN] and os.environ.get("CI") == "true":
        session.exitstatus = exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for part in PARTS:
        if count := config.stash[NOT_RUN].get(part.marker):
            terminalreporter.section(part.heading, red=True, bold=True)
            terminalreporter.write_line(f"{count} tests were NOT RUN: {part.missing}", red=True)
