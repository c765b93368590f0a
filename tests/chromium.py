"""
What to do with the browser tests where there is no browser: leave them out, loudly.

A green run that quietly left them out would promise what nobody looked at, so
the end of the run counts them, and in CI their absence is a failure.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright import async_api, sync_api

from infra.embedded import chromium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page that is slow on a busy machine is not wrong.
for api in (async_api, sync_api):
    api.expect.set_options(timeout=60_000)
NOT_RUN = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    found = chromium.find()
    assert found, "browser tests are left out where there is no Chromium"
    return found


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if chromium.find():
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.stash[NOT_RUN] = len(left_out)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of several processes has ended: each has left out the same tests."""
    if count := getattr(node, "workeroutput", {}).get("browser_tests_not_run"):
        node.config.stash[NOT_RUN] = count


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["browser_tests_not_run"] = session.config.stash.get(NOT_RUN, 0)
    elif session.config.stash.get(NOT_RUN, 0) and os.environ.get("CI") == "true":
        session.exitstatus = exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if count := config.stash.get(NOT_RUN, 0):
        terminalreporter.section("BROWSER TESTS NOT RUN", red=True, bold=True)
        terminalreporter.write_line(
            f"{count} browser tests were NOT RUN: no Chromium was found, and none could be installed. "
            "Name one with CHROMIUM=/path/to/chromium.",
            red=True,
        )
