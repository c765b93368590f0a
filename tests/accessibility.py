"""
What axe is asked about a page, in one place.

Only violations are described: without `resultTypes` axe writes down every
element that passed as well, which takes three times as long and is not looked at.
"""

from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING: dict[str, Any] = {"runOnly": RULES, "resultTypes": ["violations"]}
CONTRAST: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
    "resultTypes": ["violations"],
}
