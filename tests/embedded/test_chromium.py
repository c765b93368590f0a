"""Where there is no browser, a run says so; in CI it fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.embedded import chromium

SOME_TESTS = """
import pytest

@pytest.mark.browser
def test_in_a_browser():
    assert False

def test_elsewhere():
    assert True
"""


def test_named_chromium_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = tmp_path / "mine", tmp_path / "chromium"
    for file in (mine, other):
        file.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", str(mine))
    assert chromium.find() == mine

    monkeypatch.setenv("CHROMIUM", "")
    assert chromium.find() == other


@pytest.mark.parametrize(("ci", "code", "processes"), [("", 0, 0), ("true", 1, 1)])
def test_left_out_browser_tests_are_counted(tmp_path: Path, ci: str, code: int, processes: int) -> None:
    (tmp_path / "test_some.py").write_text(SOME_TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: needs a browser")
    environment = {**os.environ, "CHROMIUM": "/nowhere/chromium", "CI": ci, "PYTHONPATH": str(Path.cwd())}

    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "tests.left_out", "-p", "no:cacheprovider",
            f"--numprocesses={processes}", str(tmp_path),
        ],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "BROWSER TESTS NOT RUN" in done.stdout
    assert "1 tests were NOT RUN: no Chromium" in done.stdout
    assert (done.returncode, "1 passed" in done.stdout) == (code, True)
