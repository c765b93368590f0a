"""
`python -m infra.embedded.chromium`: prints the path of a Chromium for the browser tests, installing one if it must.

Tried in turn: CHROMIUM, the usual names on PATH, the system's package (as root
on Debian and its kin), and Playwright's own download. Where all fail it prints
nothing and says so; the tests then count what they could not run.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Arabic and the other scripts of our pages need their letters too.
PACKAGES = ("chromium", "fonts-noto-core")
INSTALL_WITHIN_S = 300


def find() -> Path | None:
    """A Chromium that is there already."""
    if named := os.environ.get("CHROMIUM"):
        found = shutil.which(named)
        return Path(found) if found else None
    return next((Path(path) for path in map(shutil.which, NAMES) if path), None)


def find_or_install() -> Path | None:
    if found := find():
        return found
    return next((found for source in (_from_debian, _from_playwright) if (found := source())), None)


def _from_debian() -> Path | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    _tell("Installing Chromium for the browser tests ...")
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if _succeeds(["apt-get", "update"], quiet) and _succeeds(install, quiet):
        return find()
    return None


def _from_playwright() -> Path | None:
    _tell("Asking Playwright for a Chromium of its own ...")
    if not _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ)):
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if _runs(path) else None


def _runs(path: Path) -> bool:
    """A downloaded browser may lack libraries of the system."""
    return _succeeds([str(path), "--version"], dict(os.environ))


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run
    try:
        done = run(command, env=environment, stdout=sys.stderr, timeout=INSTALL_WITHIN_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _tell(f"{command[0]}: {error}")
        return False
    return done.returncode == 0


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


if __name__ == "__main__":
    if path := find_or_install():
        sys.stdout.write(f"{path}\n")
    else:
        _tell("No Chromium could be found or installed: the browser tests will be counted as not run.")
