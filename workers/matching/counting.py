"""What the constraints leave, for a page that asks before a run: no solving, no people."""

from typing import Any

from matcher import LIMITS


def waterfall(pairs: int, left: tuple[int, ...], shown: tuple[str, ...]) -> list[dict[str, Any]]:
    """The constraints that are in use, or take something all the same, each with what it takes and leaves."""
    rows: list[dict[str, Any]] = []
    before = pairs
    for limit, after in zip(LIMITS, left, strict=True):
        if after != before or limit in shown:
            rows.append({"limit": limit, "taken": before - after, "left": after})
        before = after
    return rows
