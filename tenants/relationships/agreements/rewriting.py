"""What a programme makes of a text: the points of each section, a title and some words before it."""

from collections.abc import Mapping
from typing import Any

from infra.errors import Invalid, Problem

MAX_POINT = 600
MAX_TITLE = 120
MAX_INTRO = 1_000
MOST_POINTS = 30


def rewritten(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Raises:
        Invalid: nothing written, or too much.
    """
    problems: list[Problem] = []
    sections = []
    for section in before["sections"]:
        code = section["code"]
        lines = [one.strip() for one in str(given.get(code, "")).replace("\0", "").splitlines()]
        points = [one for one in lines if one]
        if not points:
            problems.append(Problem(code, "missing"))
        elif len(points) > MOST_POINTS:
            problems.append(Problem(code, "agreement_points", {"maximum": MOST_POINTS}))
        elif max(map(len, points)) > MAX_POINT:
            problems.append(Problem(code, "too_long", {"maximum": MAX_POINT}))
        sections.append({**section, "points": points})
    title, intro = (str(given.get(name, "")).replace("\0", "").strip() for name in ("title", "intro"))
    if not title:
        problems.append(Problem("title", "missing"))
    for name, text, most in (("title", title, MAX_TITLE), ("intro", intro, MAX_INTRO)):
        if len(text) > most:
            problems.append(Problem(name, "too_long", {"maximum": most}))
    if problems:
        raise Invalid(*problems)
    return {**before, "title": title, "intro": intro, "sections": sections}
