"""How time and memory grow with a pool, from a thousand to three hundred thousand on a side, as numbers and as a picture."""

from itertools import pairwise
from pathlib import Path

from tests.performance import pools
from tests.performance.drawing import Frame, Picture, curve, scales
from tests.performance.pools import Run
from tests.performance.report import Row, machine

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000)
SHAPES = ("loose", "tight", "one-to-one")
PICTURE = Path("docs/pictures/growth.svg")

SECONDS = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
MEGABYTES = (200.0, 300.0, 400.0, 500.0, 700.0, 1000.0, 1500.0, 2000.0, 3000.0)
APART = 15.0  # pixels between two names

Curves = dict[str, list[Run]]


def measure(sizes: tuple[int, ...] = SIZES, picture: Path = PICTURE) -> list[Row]:
    """One run each, in a process of its own; writes the picture."""
    found: Curves = {shape: [] for shape in SHAPES}
    rows = []
    for size in sizes:
        for shape in SHAPES:
            run = pools.run(size, shape)
            found[shape].append(run)
            what = f"{size:,} mentees, {shape}"
            rows += [
                Row(f"{what}: clock", [run.seconds], "s"),
                Row(f"{what}: processor", [run.processor], "s"),
                Row(f"{what}: peak memory", [run.peak], "MB"),
            ]
    picture.write_text(drawn(sizes, found, machine()))
    return rows


def drawn(sizes: tuple[int, ...], found: Curves, where: str) -> str:
    told = "; ".join(
        f"{size:,} mentees {shape}: {found[shape][k].processor:.2f} s of processor, {found[shape][k].peak:.0f} MB"
        for shape in SHAPES
        for k, size in enumerate(sizes)
    )
    picture = Picture("How a run grows with the pool", told, 900, 430)
    across = float(sizes[0]), float(sizes[-1])
    panels = [
        ("Processor time of the exact result", "s", SECONDS, [run_seconds(found[shape]) for shape in SHAPES]),
        (
            "Peak memory of the process",
            "MB",
            MEGABYTES,
            [[run.peak for run in found[shape]] for shape in SHAPES],
        ),
    ]
    for panel, (title, unit, steps, values) in enumerate(panels):
        up = around(steps, [value for line in values for value in line])
        frame = Frame(70 + 450 * panel, 62, 290, 300, across, (up[0], up[-1]))
        picture.text(frame.x - 50, 34, title, "ink head")
        scales(picture, frame, sizes, up, unit)
        ends = [frame.at(across[1], line[-1])[1] for line in values]
        for number, (shape, line, lift) in enumerate(zip(SHAPES, values, lifts(ends), strict=True)):
            curve(picture, frame, list(zip(sizes, line, strict=True)), number, shape, lift)
    picture.text(20, 412, f"Mentees; both scales are logarithmic. Two threads. {where}.", "soft small")
    return picture.svg()


def run_seconds(runs: list[Run]) -> list[float]:
    return [run.processor for run in runs]


def around(steps: tuple[float, ...], values: list[float]) -> tuple[float, ...]:
    """The steps that are needed to hold all values between them."""
    low = max((step for step in steps if step <= min(values)), default=steps[0])
    high = min((step for step in steps if step >= max(values)), default=steps[-1])
    return tuple(step for step in steps if low <= step <= high)


def lifts(ends: list[float]) -> list[float]:
    """How far each name is moved up, so that none lies on another; `ends` are places on the page, downwards."""
    moved = list(ends)
    order = sorted(range(len(ends)), key=lambda k: -ends[k])
    for below, above in pairwise(order):
        moved[above] = min(moved[above], moved[below] - APART)
    return [end - place for end, place in zip(ends, moved, strict=True)]
