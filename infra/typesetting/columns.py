"""
A text in one language, or in two beside each other, each in its own direction: tagged PDF (PDF/UA-1).

What people wrote is in whatever language they write, and so stands once, below a label in both.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from infra import language

SHEET = Path(__file__).with_name("columns.typ")
Kind = Literal[
    "title", "heading", "text", "points", "fact", "figures", "same", "signature", "line", "blank", "page"
]


@dataclass(frozen=True, slots=True)
class Part:
    """
    One row: `cells` are in the order of the columns. Of points there is a list in each cell; a fact has the `words`
    of people below its label, a signature its digest. The cells of figures are pairs of a label and a number, beside each other. A blank has as many lines to write on as it has cells; a page begins a new one.
    """

    kind: Kind
    cells: Sequence[Any] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """`languages` are those of the columns, one or two; the first is the document's. `foot` stands on each page."""

    title: str
    languages: Sequence[str]
    parts: Sequence[Part]
    foot: str
    made_at: datetime


def pdf(sheet: Sheet) -> bytes:
    """A tagged PDF in A4."""
    import typst

    told = {
        "title": sheet.title,
        "language": sheet.languages[0],
        "rtl": _is_rtl(sheet.languages[0]),
        "columns": [{"language": one, "rtl": _is_rtl(one)} for one in sheet.languages],
        "parts": [_part(one, sheet.languages) for one in sheet.parts],
        "foot": sheet.foot,
        # In the signs in which the document numbers its points, so that the day and the page beside it are of one kind.
        "pages": "١ / ١" if sheet.languages[0] == "ar" else "1 / 1",
    }
    # The fonts of the machine are left out, so that a document is the same everywhere.
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(_arabic())])
    made = typst.Compiler(
        _sheet(), font_paths=fonts, sys_inputs={"document": json.dumps(told, ensure_ascii=False)}
    ).compile(pdf_standards=["ua-1"], timestamp=sheet.made_at.replace(microsecond=0))
    if not isinstance(made, bytes):
        raise TypeError(f"The typesetter gave {type(made).__name__}, not a file.")
    return made


def _part(one: Part, languages: Sequence[str]) -> dict[str, Any]:
    cells: Any = list(one.cells)
    if one.kind == "points":
        numbered = [
            [
                {"number": f"{language.number(at, spoken)}.", "text": point}
                for at, point in enumerate(column, 1)
            ]
            for column, spoken in zip(one.cells, languages, strict=True)
        ]
        most = max(map(len, numbered))
        blank = {"number": "", "text": ""}
        cells = [[column[at] if at < len(column) else blank for column in numbered] for at in range(most)]
    return {"kind": one.kind, "cells": cells, "words": [_words(text, languages[0]) for text in one.words]}


def _words(text: str, spoken: str) -> dict[str, Any]:
    """In the direction of its first letter, as a browser does with dir=auto; numbers alone as the document."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    first = next((one for one in strong if one in ("L", "R", "AL")), "")
    return {"text": text, "rtl": first != "L" if first else _is_rtl(spoken)}


def _is_rtl(code: str) -> bool:
    return language.direction(code) == "rtl"


@cache
def _sheet() -> bytes:
    return SHEET.read_bytes()


@cache
def _arabic() -> Path:
    """The folder of the Arabic fonts; those of Latin scripts come with the typesetter."""
    import pylopdf_fonts_ar

    return Path(pylopdf_fonts_ar.__file__).parent
