"""Every page in a real browser: axe finds nothing, the console stays silent, and no policy is broken."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.chromium import ARGUMENTS
from tests.serving import Served
from tests.worlds import Looked, Shown

pytestmark = pytest.mark.browser

# One look a page in the short version, so that both schemes and both widths are seen on half of the pages each.
EVERYWHERE = os.environ.get("AXE_EVERYWHERE") == "yes"
SCHEMES = ("light", "dark")
WIDTHS = (390, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def chromium(looked: Looked, chromium_path: Path) -> Iterator[Browser]:
    """Started last: once it runs, no asynchronous fixture can be made in this thread."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium_path), args=ARGUMENTS)
        yield started
        started.close()


def _looks(looked: Looked) -> list[tuple[Shown, str, int, str]]:
    every = [(scheme, width) for scheme in SCHEMES for width in WIDTHS]
    codes = ("en", "ar", "fr")
    seen: set[str] = set()
    found = []
    for shown in looked.shown:
        if shown.path.endswith((".csv", ".xlsx", ".ics", "/export", "/events", "/options")):
            continue  # files, streams and the data of a list: no pages
        if str(shown.route) in seen and "{number}" not in shown.route.path:
            continue
        seen.add(str(shown.route))
        at = len(found)
        if EVERYWHERE:
            found += [(shown, scheme, width, code) for scheme, width in every for code in codes]
        else:
            found.append((shown, *every[at % len(every)], codes[at % len(codes)]))
    return found


def _context(
    chromium: Browser, looked: Looked, served: Served, look: tuple[Shown, str, int, str]
) -> BrowserContext:
    shown, scheme, width, code = look
    world = looked.world
    made = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
    cookies = {"language": code, **world.cookies.get(shown.reader, {})}
    if shown.reader in world.secrets:
        cookies["session"] = world.secrets[shown.reader]
    # With a domain, a cookie of this prefix would be refused; so the address says whose they are, and TLS is feigned.
    made.add_cookies(
        [
            {
                "name": f"__Host-{name}",
                "value": value,
                "url": served.url(world.host).replace("http:", "https:"),
                "secure": True,
            }
            for name, value in cookies.items()
        ]
    )
    return made


def _faults(page: Any, axe: Axe, address: str) -> list[str]:
    """What a page says to the console, what axe says of it, and whether it fits."""
    said: list[str] = []
    page.on("console", lambda told: said.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    answer = page.goto(address, wait_until="load")
    if answer is None or answer.status != 200:
        return [f"status {answer.status if answer else None}"]
    found = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    said += [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        said.append("is wider than the window")
    return said


def test_every_page_is_accessible_and_silent(chromium: Browser, looked: Looked, served: Served) -> None:
    wrong: dict[str, list[str]] = {}
    axe = Axe()
    for look in _looks(looked):
        shown, *how = look
        context = _context(chromium, looked, served, look)
        if faults := _faults(context.new_page(), axe, served.url(looked.world.host, shown.path)):
            wrong[f"{shown} {how}"] = faults
        context.close()
    assert wrong == {}
