"""Rosters made by hand, and the short way from bytes to staged rows."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from tenants.registration.roster import headers, reading, staging
from tenants.registration.roster.choices import Choices
from tenants.registration.roster.rows import Row
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.staging import Staged

ROSTERS = Path(__file__).parents[4] / "tests" / "data" / "rosters"
HEADER = ("Full name", "E-mail", "Role")


def roster(name: str) -> Sheet:
    return reading.read((ROSTERS / name).read_bytes(), name)


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]], name: str = "People") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def as_ods(table: str, **parts: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>{table}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", parts.get("manifest", manifest))
        archive.writestr("content.xml", content)
    return out.getvalue()


def ods_row(*cells: str, attributes: str = "") -> str:
    written = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {attributes}>{written}</table:table-row>"


def stage(sheet: Sheet, choices: dict[str, Any] | None = None, **known: Any) -> Staged:
    columns = headers.columns_of(headers.suggest(sheet))
    return staging.stage(sheet, columns, Choices.from_json(choices or {}), **known)


def staged(
    *rows: Sequence[str], header: Sequence[str] = HEADER, choices: dict[str, Any] | None = None, **known: Any
) -> Staged:
    return stage(reading.read(as_csv([header, *rows]), "people.csv"), choices, **known)


def one(
    column: str, cell: str, choices: dict[str, Any] | None = None, *, role: str = "Both", **known: Any
) -> Row:
    """One good person with one more column."""
    person = ("Ana Babić", "ana@example.org", role, cell)
    return staged(person, header=(*HEADER, column), choices=choices, **known).rows[0]


def codes(row: Row) -> list[tuple[str, str]]:
    return [(problem.severity.value, problem.code) for problem in row.problems]
