"""What was measured, as tables for people: the worst of the runs stands beside their median."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its value in each run, the unit, and the target where there is one (at most, or at least)."""

    what: str
    values: Sequence[float]
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    more_is_better: bool = False

    @property
    def worst(self) -> float:
        is_more_better = self.more_is_better or self.at_least is not None
        return min(self.values) if is_more_better else max(self.values)

    @property
    def is_reached(self) -> bool:
        return (self.at_most is None or self.worst <= self.at_most) and (
            self.at_least is None or self.worst >= self.at_least
        )

    def line(self) -> str:
        target = ""
        if self.at_most is not None:
            target = f"≤ {_number(self.at_most)}"
        elif self.at_least is not None:
            target = f"≥ {_number(self.at_least)}"
        mark = "" if not target else "yes" if self.is_reached else "**no**"
        middle, worst = _number(statistics.median(self.values)), _number(self.worst)
        return f"| {self.what} | {middle} | {worst} | {self.unit} | {target} | {mark} |"


@dataclass
class Report:
    sections: list[tuple[str, list[Row]]] = field(default_factory=list)

    def add(self, title: str, rows: list[Row]) -> None:
        self.sections.append((title, rows))
        print(f"\n{_section(title, rows)}", flush=True)

    def text(self) -> str:
        return "\n\n".join(_section(title, rows) for title, rows in self.sections)

    def missed(self) -> list[Row]:
        return [row for _, rows in self.sections for row in rows if not row.is_reached]


def _section(title: str, rows: list[Row]) -> str:
    head = ["| | median | worst | | target | reached |", "|---|---:|---:|---|---:|---|"]
    return "\n".join([f"## {title}", "", *head, *(row.line() for row in rows)])


def _number(value: float) -> str:
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GB, {platform.system()}, Python {platform.python_version()}"
