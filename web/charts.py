"""
Where the parts of a chart stand. Templates draw, this counts.

All lengths are units of the chart's own viewBox, from its start to its end;
where a language runs from right to left, the sheet mirrors the whole drawing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple


class Bar(NamedTuple):
    row: Any
    y: float
    length: float


class Dot(NamedTuple):
    row: Any
    x: float
    y: float


class Step(NamedTuple):
    """`start` and `length` of what counts, `room` of what was possible, `y` of the label's line."""

    row: Any
    y: float
    start: float
    length: float
    room: float


def _at(value: float) -> float:
    return round(value, 1)


def bars(rows: Sequence[Mapping[str, Any]], *, room: float, line: float = 26) -> list[Bar]:
    """Bars below each other, the longest filling the room."""
    most = max((row["value"] for row in rows), default=0) or 1
    return [Bar(row, line * place, _at(room * row["value"] / most)) for place, row in enumerate(rows)]


def share(value: float, most: float, room: float) -> float:
    return _at(room * min(value, most) / most) if most else 0.0


class Strip(NamedTuple):
    """Dots over a line at `base`; the more of them stand above one another, the smaller they are."""

    dots: list[Dot]
    base: float
    radius: float


TOP = 28.0  # room above the highest dot, for the mean
ROOM = 130.0  # what a strip may rise to before its dots get smaller


def dots(rows: Iterable[Mapping[str, Any]], *, low: float, high: float, width: float) -> Strip:
    """One dot for each row, stacked where they would touch; the strip keeps 24 units free at both ends."""
    stacked: dict[int, int] = {}
    placed = []
    for row in rows:
        x = place(row["value"], low=low, high=high, width=width)
        column = round(x / 13)
        placed.append((row, x, stacked.get(column, 0)))
        stacked[column] = stacked.get(column, 0) + 1
    pitch = min(16.0, ROOM / max(stacked.values(), default=1))
    radius = _at(min(6.5, pitch * 0.42))
    base = _at(TOP + max(46.0, pitch * max(stacked.values(), default=1)))
    return Strip(
        [Dot(row, x, _at(base - radius - 4 - pitch * level)) for row, x, level in placed], base, radius
    )


def place(value: float, *, low: float, high: float, width: float) -> float:
    return _at(24 + (width - 48) * (value - low) / ((high - low) or 1))


def scale(low: int, high: int, step: int = 10) -> range:
    """The round numbers under a strip, from the one below the lowest value to the one above the highest."""
    return range(low // step * step, -(-high // step) * step + 1, step)


def waterfall(rows: Sequence[Mapping[str, Any]], *, room: float, line: float = 34) -> list[Step]:
    """What is left after each constraint, and beside it what the constraint took."""
    most = max((row["left"] + row["taken"] for row in rows), default=0) or 1
    return [
        Step(row, line * at, 0, _at(room * row["left"] / most), _at(room * row["taken"] / most))
        for at, row in enumerate(rows)
    ]


def figures(rows: Sequence[Mapping[str, Any]]) -> float:
    """The room that the largest number takes at the end of a bar: figures of 13 px, and a gap."""
    most = max((row["left"] for row in rows), default=0)
    return 12 + 8.0 * len(f"{most:,}")


def reasons(rows: Sequence[Mapping[str, Any]], *, total: float, room: float, line: float = 48) -> list[Step]:
    """The points of each criterion, each bar starting where the one above it ends."""
    found, start = [], 0.0
    for at, row in enumerate(rows):
        scaled = room / total
        found.append(
            Step(row, line * at, _at(start * scaled), _at(row["points"] * scaled), _at(row["most"] * scaled))
        )
        start += row["points"]
    return found


def contributions(rows: Sequence[Mapping[str, Any]], *, total: float, shown: int = 3) -> list[Step]:
    """The strongest reasons in order, then all others as one (row None), as lengths of 200."""
    ordered = sorted(rows, key=lambda row: -row["points"])
    pieces: list[tuple[Mapping[str, Any] | None, float]] = [(row, row["points"]) for row in ordered[:shown]]
    pieces.append((None, sum(row["points"] for row in ordered[shown:])))
    found, start = [], 0.0
    for row, points in pieces:
        length = 200 * points / (total or 1)
        found.append(Step(row, points, _at(start), _at(max(length - 1.5, 0)), _at(length)))
        start += length
    return found


def days(rows: Sequence[Mapping[str, Any]], *, unit: float = 8, highest: float = 64) -> list[Bar]:
    """Heights for a week of due things; a crowded week shrinks, an empty day keeps a line."""
    most = max((row["count"] for row in rows), default=0)
    each = min(unit, highest / most) if most else unit
    return [Bar(row, 0, _at(each * row["count"]) or 1) for row in rows]


def ends(values: Sequence[float]) -> tuple[int, int]:
    """The round numbers that a strip of these values starts and ends with."""
    if not values:
        return 0, 100
    return int(min(values)) // 10 * 10, -(-int(max(values) + 0.999) // 10) * 10
