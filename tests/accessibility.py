"""
What axe is asked about a page, in one place.

Only violations are described: without `resultTypes` axe writes down every
element that passed as well, which takes three times as long and is not looked at.
A context that many pages are opened in gets axe once: to hand it to each page
takes as long as to open one.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING: dict[str, Any] = {"runOnly": RULES, "resultTypes": ["violations"]}
CONTRAST: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
    "resultTypes": ["violations"],
}


def equip(context: BrowserContext) -> None:
    """From now on every page of this context has axe."""
    context.add_init_script(AXE_SCRIPT)


def faults(page: Page, options: dict[str, Any] | None = None) -> list[tuple[str, list[str]]]:
    """What axe says against a page of a context that has it: the rule, and the beginning of each element that broke it."""
    found = page.evaluate(
        "options => axe.run(options).then(found => found.violations)", options or EVERYTHING
    )
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
