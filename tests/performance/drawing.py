"""
Pictures for the pages of `docs/`, drawn by ourselves: no library, a few kilobytes, legible on light and on dark paper.

What they show comes from runs; each says in words what it shows, for those who do not see it.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

STYLE = """
.paper { fill: #fbfaf6 } .ink { fill: #17211f } .soft { fill: #4a5652 } .line { stroke: #d9d6cb; fill: none }
.axis { stroke: #7f857e; fill: none }
.a { stroke: #0b5750 } .b { stroke: #6d2f5b } .c { stroke: #8a4b00 }
.fa { fill: #0b5750 } .fb { fill: #6d2f5b } .fc { fill: #8a4b00 } .late { fill: #a3231b }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round } .chosen { fill: none; stroke: #17211f; stroke-width: 2 }
text { font: 13px system-ui, "Segoe UI", "Noto Sans", sans-serif } .small { font-size: 11.5px } .head { font-weight: 650; font-size: 15px }
@media (prefers-color-scheme: dark) {
.paper { fill: #14181a } .ink { fill: #ecefe9 } .soft { fill: #b3bdb7 } .line { stroke: #333c3e } .axis { stroke: #7c8783 }
.a { stroke: #7fd1c4 } .b { stroke: #e3a7d0 } .c { stroke: #f0b45c }
.fa { fill: #7fd1c4 } .fb { fill: #e3a7d0 } .fc { fill: #f0b45c } .late { fill: #ff9d92 } .chosen { stroke: #ecefe9 }
}
"""

TONES = ("a", "b", "c")
DASHES = ("", "7 4", "2 4")
"""Curves differ by more than colour."""


class Picture:
    """Pieces of SVG, in the order in which they are painted."""

    def __init__(self, title: str, told: str, width: int, height: int) -> None:
        self.head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'role="img" aria-labelledby="title told">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="told">{escape(told)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
        ]
        self.body: list[str] = []

    def text(self, x: float, y: float, said: str, look: str = "ink", *, anchor: str = "start") -> None:
        self.body.append(
            f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'
        )

    def line(self, points: Sequence[tuple[float, float]], look: str, dash: str = "") -> None:
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.body.append(f'<polyline class="{look}" points="{at}"{dashes}/>')

    def dot(self, x: float, y: float, look: str, radius: float = 3.2) -> None:
        self.body.append(f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')

    def box(
        self, x: float, y: float, width: float, height: float, look: str, *, opacity: float = 1.0
    ) -> None:
        clear = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
        self.body.append(
            f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{clear}/>'
        )

    def svg(self) -> str:
        return "\n".join([*self.head, *self.body, "</svg>", ""])


class Frame(NamedTuple):
    """A field with two logarithmic scales."""

    x: float
    y: float
    width: float
    height: float
    across: tuple[float, float]
    """Least and greatest value."""
    up: tuple[float, float]

    def at(self, across: float, up: float) -> tuple[float, float]:
        right = math.log(across / self.across[0]) / math.log(self.across[1] / self.across[0])
        above = math.log(up / self.up[0]) / math.log(self.up[1] / self.up[0])
        return self.x + self.width * right, self.y + self.height * (1 - above)


def scales(picture: Picture, frame: Frame, across: Sequence[float], up: Sequence[float], unit: str) -> None:
    """Lines and numbers at these values."""
    bottom = frame.y + frame.height
    for value in up:
        x, y = frame.at(frame.across[0], value)
        picture.line([(x, y), (x + frame.width, y)], "line")
        picture.text(x - 8, y + 4, f"{value:g} {unit}", "soft small", anchor="end")
    for value in across:
        x, _ = frame.at(value, frame.up[0])
        picture.line([(x, bottom), (x, bottom + 5)], "axis")
        picture.text(x, bottom + 20, f"{value / 1000:g}k", "soft small", anchor="middle")
    picture.line([(frame.x, bottom), (frame.x + frame.width, bottom)], "axis")


def curve(
    picture: Picture, frame: Frame, points: Sequence[tuple[float, float]], number: int, name: str, lift: float
) -> None:
    """One line with its name at its end, `lift` pixels above it."""
    places = [frame.at(*point) for point in points]
    picture.line(places, f"curve {TONES[number]}", DASHES[number])
    for x, y in places:
        picture.dot(x, y, f"f{TONES[number]}")
    x, y = places[-1]
    picture.text(x + 9, y + 4 - lift, name, f"f{TONES[number]} small")
