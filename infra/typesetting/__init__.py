"""
Documents to read and print: tagged PDF that a screen reader can follow (PDF/UA-1), in any of our scripts.

The words go to the typesetter as data and never as its language, so whatever somebody wrote is only text.
It is loaded at the first use: a process that sets nothing carries nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from infra import language

SHEET = Path(__file__).with_name("document.typ")


@dataclass(frozen=True, slots=True)
class Entry:
    """Label and value, beside each other."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what it is about, and groups of entries; an empty group is a line between two others."""

    title: str
    intro: str = ""
    groups: Sequence[Sequence[Entry]] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """`foot` stands on each page, with its number."""

    title: str
    lede: str
    sections: Sequence[Section]
    foot: str
    language: str
    made_at: datetime
    facts: Sequence[Entry] = field(default_factory=list)


def pdf(document: Document) -> bytes:
    """A tagged PDF in A4."""
    import typst

    is_rtl = language.direction(document.language) == "rtl"
    told = asdict(document) | {"rtl": is_rtl, "made_at": document.made_at.isoformat()}
    # The fonts of the machine are left out, so that a document is the same everywhere.
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(_arabic())])
    made = typst.Compiler(
        _sheet(), font_paths=fonts, sys_inputs={"document": json.dumps(told, ensure_ascii=False)}
    ).compile(pdf_standards=["ua-1"], timestamp=document.made_at.replace(microsecond=0))
    return _bytes(made)


def _bytes(made: Any) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"The typesetter gave {type(made).__name__}, not a file.")
    return made


@cache
def _sheet() -> bytes:
    return SHEET.read_bytes()


@cache
def _arabic() -> Path:
    """The folder of the Arabic fonts; those of Latin scripts come with the typesetter."""
    import pylopdf_fonts_ar

    return Path(pylopdf_fonts_ar.__file__).parent
