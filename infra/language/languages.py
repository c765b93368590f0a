"""
The languages that we can speak, and which of them a reader gets.

The order is the United Nations' for multilingual pages: that of the English names
of its six languages, and after them the others.
A language is offered once its catalogue is installed.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale

CATALOGUES = Path(__file__).parent / "catalogues"
DOMAIN = "messages"
SOURCE = "en"

Direction = Literal["ltr", "rtl"]

chosen: ContextVar[str] = ContextVar("language", default=SOURCE)


def current() -> str:
    """The language spoken here; `speaking.use` chooses it."""
    return chosen.get()


@dataclass(frozen=True, slots=True)
class Language:
    """`native` is the name in the language itself; `region` only chooses how dates and numbers look."""

    code: str
    native: str
    region: str | None = None
    direction: Direction = "ltr"
    numbering: str = "latn"

    @property
    def locale(self) -> Locale:
        return _locale(self.code, self.region)


@cache
def _locale(code: str, region: str | None) -> Locale:
    return Locale(code, region)


SUPPORTED: dict[str, Language] = {
    language.code: language
    for language in (
        Language("ar", "العربية", direction="rtl", numbering="arab"),
        Language("zh", "中文"),
        Language("en", "English", region="GB"),
        Language("fr", "Français"),
        Language("ru", "Русский"),
        Language("es", "Español"),
        Language("da", "Dansk"),
    )
}


@cache
def installed() -> tuple[str, ...]:
    """The codes of the languages with a catalogue, in the order of the bar."""
    return tuple(c for c in SUPPORTED if (CATALOGUES / c / "LC_MESSAGES" / f"{DOMAIN}.po").is_file())


def language(code: str) -> Language:
    return SUPPORTED[code]


def direction(code: str) -> Direction:
    """Also of languages that we do not speak, since people write in them; unknown codes read left to right."""
    if code in SUPPORTED:
        return SUPPORTED[code].direction
    return (
        "rtl" if code.partition("-")[0] in {"fa", "he", "ps", "ur", "ckb", "dv", "sd", "ug", "yi"} else "ltr"
    )


def negotiate(accept_language: str | None, offered: Sequence[str] | None = None) -> str:
    """
    The offered language that an Accept-Language header likes best (RFC 9110, section 12.5.4).

    `fr-CA` is content with `fr`. Between equals the reader's order decides.
    With no common language it is the source language, or the first offered.
    A single code is a header as well, so a stored choice finds its nearest.
    """
    offers = tuple(offered) if offered is not None else installed()
    fallback = SOURCE if SOURCE in offers else offers[0]
    ranges = sorted(_ranges(accept_language or ""), key=lambda r: -r[1])
    refused = {tag for tag, quality in ranges if quality == 0}
    for tag, quality in ranges:
        if quality == 0:
            break
        if tag == "*":
            return next((o for o in (fallback, *offers) if o not in refused), fallback)
        for wanted in (tag, tag.partition("-")[0]):
            if wanted in offers:
                return wanted
    return fallback


def _ranges(header: str) -> list[tuple[str, float]]:
    ranges = []
    for part in header[:1000].split(","):
        tag, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        try:
            quality = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            continue
        if tag.strip() and 0 <= quality <= 1:
            ranges.append((tag.strip().lower().replace("_", "-"), quality))
    return ranges
