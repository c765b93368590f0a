"""XLSX and OpenDocument sheets as rows of text."""

import datetime
import posixpath
from dataclasses import dataclass
from xml.parsers import expat

import python_calamine as calamine

from tenants.registration.roster import containers, scanning
from tenants.registration.roster.errors import Damaged, Empty, NoSuchSheet
from tenants.registration.roster.sheet import SheetChoice

_LEFT_ALONE = ("xl/media/", "xl/theme/", "xl/drawings/", "xl/charts/", "xl/printerSettings/", "xl/pivot")

Range = tuple[tuple[int, int], tuple[int, int]]  # first and last (row, column), from 0


@dataclass(frozen=True, slots=True)
class Book:
    """One sheet of a workbook; rows and columns count from 0."""

    name: str
    choices: tuple[SheetChoice, ...]
    cells: list[list[str]]
    formulas: dict[tuple[int, int], str]
    merged: list[Range]


def read(content: bytes, kind: str, sheet: str | None) -> Book:
    """
    The sheet of that name, or the fullest visible one.

    Raises:
        NoSuchSheet: none has that name.
        Empty: there is no sheet, or the sheet holds nothing.
        Damaged, Bomb, TooManyCells: see `errors`.
    """
    parts = containers.unpack(content, _is_xlsx_part if kind == "xlsx" else _is_ods_part)
    scans = _scan_xlsx(parts) if kind == "xlsx" else scanning.scan_ods(parts["content.xml"], "content.xml")
    try:
        with calamine.CalamineWorkbook.from_filelike(containers.repack(parts)) as workbook:
            return _pick(workbook, scans, sheet)
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Damaged(found=kind, part="workbook", mend="save_again") from error


def _is_xlsx_part(name: str) -> bool:
    return name.endswith((".xml", ".rels")) and not name.startswith(_LEFT_ALONE)


def _is_ods_part(name: str) -> bool:
    return name in ("mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml")


def _pick(workbook: "calamine.CalamineWorkbook", scans: dict[str, scanning.Scan], name: str | None) -> Book:
    choices = tuple(
        SheetChoice(meta.name, scans[meta.name].filled, meta.visible == calamine.SheetVisibleEnum.Visible)
        for meta in workbook.sheets_metadata
        if meta.name in scans
    )
    if not choices:
        raise Empty(found="nothing", sheet=None, mend="add_rows")
    if name is None:
        name = max(choices, key=lambda choice: (choice.is_visible, choice.filled)).name
    elif name not in (choice.name for choice in choices):
        raise NoSuchSheet(found=name, expected=[choice.name for choice in choices])
    sheet = workbook.get_sheet_by_name(name)
    rows = [[text_of(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    return Book(
        name, choices, rows, scans[name].formulas, list(sheet.merged_cell_ranges or scans[name].merged)
    )


def text_of(cell: object) -> str:
    """A typed cell as a person would write it: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    return str(cell)


def _scan_xlsx(parts: dict[str, bytes]) -> dict[str, scanning.Scan]:
    """
    Every worksheet of the archive by its name in the workbook.

    Parts that the workbook does not name are scanned as well, and taken out
    when it names something that is no worksheet, so that no unchecked sheet is opened.
    """
    scans = {
        part: scanning.scan_xlsx_sheet(data, part)
        for part, data in parts.items()
        if b"<sheetData" in data or b":sheetData" in data
    }
    return {name: scans[part] for name, part in _sheet_parts(parts) if part in scans}


def _sheet_parts(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []

    def relationship(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            targets[attributes.get("Id", "")] = path

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            identifier = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            named.append((attributes.get("name", ""), targets.get(identifier, "")))

    for part, handler in (("xl/_rels/workbook.xml.rels", relationship), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        try:
            parser.Parse(parts.get(part, b"<none/>"), True)
        except expat.ExpatError as error:
            raise Damaged(found="xml", part=part, mend="save_again") from error
    return named
