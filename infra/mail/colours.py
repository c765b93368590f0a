"""
The organisation's colour in a form that mail programs understand.

Pages write `oklch(.417 chroma hue)`; mail programs know only hexadecimal sRGB. Lightness is
fixed as on pages, so contrast holds for every hue, and chroma gives way until the
colour can be shown. Formulas: B. Ottosson, "A perceptual color space for image
processing" (2020).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

LIGHT, DARK = 0.417, 0.81  # lightness of the brand colour on a light and on a dark ground
MOST_CHROMA = 0.11


@dataclass(frozen=True, slots=True)
class Colours:
    brand: str
    brand_dark: str


@lru_cache(maxsize=256)
def colours(hue: float, chroma: float) -> Colours:
    """Hue in degrees."""
    shown = min(max(chroma, 0.0), MOST_CHROMA)
    return Colours(brand=_hexadecimal(LIGHT, shown, hue), brand_dark=_hexadecimal(DARK, shown, hue))


def _hexadecimal(lightness: float, chroma: float, hue: float) -> str:
    while True:
        channels = _linear(lightness, chroma, hue)
        # Grey is always within sRGB, so this ends.
        if chroma <= 0 or all(-0.0005 <= c <= 1.0005 for c in channels):
            return "#" + "".join(f"{round(255 * _gamma(c)):02x}" for c in channels)
        chroma -= 0.002


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB; outside of 0 to 1 where a screen cannot show it."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    clipped = min(max(channel, 0.0), 1.0)
    return 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
