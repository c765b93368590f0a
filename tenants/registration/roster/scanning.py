"""
What a spreadsheet library hides: formulas, merged cells, and how far a sheet really spreads.

A sheet with one cell in the last corner unfolds to 17 thousand million cells,
and a repeated row of an OpenDocument sheet does the same in twenty characters;
so extents are counted here before any library allocates them. The parser is
expat, and a document type or an entity in a sheet is refused: no spreadsheet
program writes one.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from tenants.registration.roster.errors import Damaged, TooManyCells

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CELLS = 2_000_000

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Scan:
    """Rows and columns count from 0. `formulas` holds the formula's text by cell, `merged` first and last cells."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    last_row: int = -1
    last_column: int = -1
    filled: int = 0

    def reach(self, row: int, column: int) -> None:
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
        self.filled += 1
        if self.last_row >= MOST_ROWS:
            raise TooManyCells(found=self.last_row + 1, limit=MOST_ROWS, what="rows", mend="split_file")
        if self.last_column >= MOST_COLUMNS:
            raise TooManyCells(
                found=self.last_column + 1, limit=MOST_COLUMNS, what="columns", mend="split_file"
            )
        if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS:
            cells = (self.last_row + 1) * (self.last_column + 1)
            raise TooManyCells(found=cells, limit=MOST_CELLS, what="cells", mend="split_file")


def position(reference: str) -> tuple[int, int] | None:
    """'C5' -> (4, 2)."""
    if not (match := _REFERENCE.fullmatch(reference)):
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _run(data: bytes, part: str, start: object, end: object, text: object) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Damaged(found="xml", part=part, mend="save_again")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start  # type: ignore[assignment]  # expat's stubs know no callable types
    parser.EndElementHandler = end  # type: ignore[assignment]  # the same
    parser.CharacterDataHandler = text  # type: ignore[assignment]  # the same
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Damaged(found="xml", part=part, mend="save_again") from error


def scan_xlsx_sheet(data: bytes, part: str) -> Scan:
    scan = Scan()
    here = (-1, -1)
    formula: list[str] | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal here, formula
        name = name.rpartition(":")[2]
        if name == "row":
            number = attributes.get("r", "")
            here = (int(number) - 1 if number.isascii() and number.isdigit() else here[0] + 1, -1)
        elif name == "c":
            here = position(attributes.get("r", "")) or (here[0], here[1] + 1)
            scan.reach(*here)
        elif name == "f":
            formula = []

    def end(name: str) -> None:
        nonlocal formula
        if formula is not None and name.rpartition(":")[2] == "f":
            # A shared formula is written once; its other cells hold an empty element.
            scan.formulas[here] = "=" + "".join(formula)
            formula = None

    def text(data: str) -> None:
        if formula is not None:
            formula.append(data)

    _run(data, part, start, end, text)
    return scan


def scan_ods(data: bytes, part: str) -> dict[str, Scan]:
    """One scan a table. Empty repeated cells at the ends, which every program writes by the million, do not count."""
    scans: dict[str, Scan] = {}
    scan = Scan()
    row, rows_repeated, column = 0, 1, 0

    def repeated(attributes: dict[str, str], name: str) -> int:
        number = attributes.get(name, "1")
        return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else 1

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal scan, row, rows_repeated, column
        if name == "table:table":
            scan = scans.setdefault(attributes.get("table:name", ""), Scan())
            row = 0
        elif name == "table:table-row":
            rows_repeated, column = repeated(attributes, "table:number-rows-repeated"), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            times = repeated(attributes, "table:number-columns-repeated")
            if "office:value-type" in attributes or "table:formula" in attributes:
                scan.reach(row + rows_repeated - 1, column + times - 1)
                if formula := attributes.get("table:formula"):
                    scan.formulas[(row, column)] = "=" + formula.partition("=")[2]
                across = repeated(attributes, "table:number-columns-spanned")
                down = repeated(attributes, "table:number-rows-spanned")
                if across > 1 or down > 1:
                    scan.merged.append(((row, column), (row + down - 1, column + across - 1)))
            column += times

    def end(name: str) -> None:
        nonlocal row
        if name == "table:table-row":
            row += rows_repeated

    _run(data, part, start, end, None)
    return scans
