"""
What msgspec and Litestar say about an input, turned into codes and places.

msgspec reports in English and by text alone. The patterns below are those of
msgspec 0.22; a message that none of them knows still names its place, with the
code `unusable`.
"""

import re
from typing import Any, Literal

import msgspec
from litestar.exceptions import ValidationException

from infra.errors import Problem

Source = Literal["body", "query", "path", "header", "cookie"]


class Fault(msgspec.Struct, frozen=True):
    """One `errors[]` member before its sentence: a JSON pointer into the body, or a parameter's name."""

    code: str
    facts: dict[str, Any]
    pointer: str | None = None
    parameter: str | None = None
    source: Source = "body"


_KIND = r"`(?P<kind>\w+)[^`]*`"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Object missing required field `(?P<field>[^`]+)`"), "missing"),
    (re.compile(r"Object contains unknown field `(?P<field>[^`]+)`"), "unknown_field"),
    (
        re.compile(_KIND.replace("kind", "expected") + r".*?, got " + _KIND.replace("kind", "found")),
        "wrong_type",
    ),
    (re.compile(r"of length >= (?P<minimum>\d+)"), "too_short"),
    (re.compile(r"of length <= (?P<maximum>\d+)"), "too_long"),
    (re.compile(r"Expected `\w+` >=? (?P<minimum>-?[\d.]+)"), "too_small"),
    (re.compile(r"Expected `\w+` <=? (?P<maximum>-?[\d.]+)"), "too_large"),
    (re.compile(r"Invalid enum value (?P<found>.+)"), "not_a_choice"),
    (re.compile(r"Invalid (?:RFC3339 encoded )?(?P<expected>[\w ]+)"), "bad_format"),
    (re.compile(r"matching regex"), "bad_format"),
)
# Characters. A message may quote a value as long as a body, and what is looked for stands at its beginning.
LONGEST_MESSAGE = 1_000
_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_MISSING_PARAMETER = re.compile(r"Missing required (?P<source>\w+) parameter '(?P<name>[^']+)'")


def faults(error: ValidationException) -> list[Fault]:
    """Every fault that Litestar found in one request."""
    if missing := _MISSING_PARAMETER.match(error.detail):
        return [Fault("missing", {}, parameter=missing["name"], source=_source(missing["source"]))]
    entries = error.extra if isinstance(error.extra, list) else []
    return [_of_entry(entry, str(error.__cause__ or "")) for entry in entries]


def of_problem(problem: Problem) -> Fault:
    """A domain problem names its field as the sender did: `people[0].email`."""
    return Fault(problem.code, problem.facts, pointer=_pointer(_steps(problem.field), {}))


def _of_entry(entry: dict[str, Any], cause: str) -> Fault:
    message = entry.get("message", "")
    code, facts = _code(message)
    source = _source(str(getattr(entry.get("source"), "value", entry.get("source", "body"))))
    key = entry.get("key", "")
    if source != "body":
        return Fault(code, facts, parameter=key, source=source)
    # Litestar takes every `data.` out of the key, so that `metadata.x` loses its middle; msgspec's own text has it whole.
    said, steps = _split(cause)
    if said != message or steps[:1] != ["data"]:
        steps = ["data", *_steps(key)] if key != "data" else ["data"]
    if message == "'data'":
        return Fault("missing", {}, pointer="#")
    return Fault(code, facts, pointer=_pointer(steps[1:], facts))


def _code(message: str) -> tuple[str, dict[str, Any]]:
    for pattern, code in _PATTERNS:
        if found := pattern.search(message[:LONGEST_MESSAGE]):
            # A field may be named "9"; only bounds are numbers.
            facts = found.groupdict().items()
            return code, {name: value if name == "field" else _number(value) for name, value in facts}
    return "unusable", {}


def _split(text: str) -> tuple[str, list[str]]:
    place = _PLACE.search(text)
    return (text[: place.start()], _steps(place["path"])) if place else (text, [])


def _steps(path: str) -> list[str]:
    return [name or index for name, index in _STEP.findall(path)]


def _pointer(steps: list[str], facts: dict[str, Any]) -> str:
    """RFC 6901 in its fragment form, as RFC 9457 shows it. A missing or unknown field is part of its own place."""
    if field := facts.pop("field", None):
        steps = [*steps, field]
    return "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text


def _source(text: str) -> Source:
    known: dict[str, Source] = {"query": "query", "path": "path", "header": "header", "cookie": "cookie"}
    return known.get(text, "body")
